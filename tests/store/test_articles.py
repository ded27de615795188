"""Articles by any of their keys, their versions, sightings, and what is known of sources."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.errors import NotFound
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind
from newsletter.model.source import (
    Change,
    FeedEntry,
    SavedArticle,
    Sighting,
)
from newsletter.store import Database, articles, sources

ISSUE = "2026-11-24-daily"
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def article(text: str, *, key: str = "k", source: str = "world") -> Article:
    return Article(
        key=key,
        url="https://example.org/a",
        source=source,
        title=Metadatum(value="Will China help?", origin=Origin.PAGE),
        paragraphs=(
            ArticleParagraph(text=text, kind=ParagraphKind.BODY, line=3),
            ArticleParagraph(text="Hide Ad", kind=ParagraphKind.NOISE, reason="noise", rule="r"),
        ),
        reasons=("short",),
    )


def test_an_article_that_changed_is_a_new_version(database: Database, now: datetime) -> None:
    one, two = article("One."), article("Two.")
    with database.write() as conn:
        first = articles.save_article(conn, one, now=now)
        again = articles.save_article(conn, one, now=now)
        changed = articles.save_article(conn, two, now=now + HOUR)
        other = articles.save_article(conn, article("One.", key="other"), now=now)
        assert first == SavedArticle(id=first.id, version=1, change=Change.NEW)
        assert again == SavedArticle(id=first.id, version=1, change=Change.SAME)
        assert changed == SavedArticle(id=first.id, version=2, change=Change.CHANGED)
        articles.set_issue_stories(conn, ISSUE, {first.id: "Top story"})
        both = {first.id: "In brief", other.id: "In brief"}
        articles.set_issue_stories(conn, "2026-11-25-daily", both)
        articles.set_issue_stories(conn, "2026-11-25-daily", {first.id: "In brief"})
        row = articles.get_article(conn, first.id)
        assert (row.article, row.version) == (two, 2)
        assert row.ran_in == (ISSUE, "2026-11-25-daily")
        assert [kept for _, kept in articles.article_history(conn, first.id)] == [one, two]
        assert [r.id for r in articles.list_articles(conn, keys=["other"])] == [other.id]
        with pytest.raises(NotFound):
            articles.get_article(conn, 99)


def test_an_article_is_found_by_any_of_its_keys(database: Database, now: datetime) -> None:
    with database.write() as conn:
        first = articles.save_article(
            conn, article("One.", key="url"), keys=["guid:world:7", ""], now=now
        )
        by_guid = articles.save_article(
            conn, article("One.", key="canonical"), keys=["guid:world:7"], now=now
        )
        by_own = articles.save_article(conn, article("One.", key="canonical"), now=now)
        assert {by_guid, by_own} == {replace(first, change=Change.SAME)}
        assert articles.find_article(conn, ["nobody's", "guid:world:7"]) == first.id
        assert articles.find_article(conn, ["nobody's"]) is None
        assert articles.get_article(conn, first.id).article.key == "url"


def test_what_an_editor_wrote_is_never_overwritten(database: Database, now: datetime) -> None:
    mine = Metadatum(value="Our own headline", origin=Origin.EDITOR)
    picture = Metadatum(value="https://example.org/ours.jpg", origin=Origin.EDITOR)
    edited = replace(article("One."), title=mine, image=picture, image_alt="Ours")
    with database.write() as conn:
        saved = articles.save_article(conn, edited, now=now)
        assert articles.save_article(conn, article("One."), now=now).change is Change.SAME
        articles.save_article(conn, replace(article("Two."), image_alt="Theirs"), now=now)
        kept = articles.get_article(conn, saved.id).article
    assert (kept.title, kept.image, kept.image_alt) == (mine, picture, "Ours")
    assert kept.paragraphs[0].text == "Two."


def sighting(source: str = "world", *, position: int = 0, at: datetime = NOW) -> Sighting:
    return Sighting(
        source=source,
        url="https://example.org/a",
        position=position,
        first_seen=at,
        last_seen=at,
        entry=FeedEntry(position=position, title="A", guid="7"),
        etag='"1"',
        asked_at=at,
    )


def test_a_sighting_keeps_when_it_was_first(database: Database, now: datetime) -> None:
    with database.write() as conn:
        id_ = articles.save_article(conn, article("One."), keys=["g"], now=now).id
        sources.see(conn, id_, sighting())
        sources.see(conn, id_, sighting(position=3, at=now + HOUR))
        sources.see(conn, id_, sighting("business", at=now + HOUR))
        (world, business) = sources.sightings_of(conn)[id_]
        assert world == replace(sighting(position=3, at=now + HOUR), first_seen=now)
        assert business.source == "business"
        assert sources.sightings_of(conn, [id_ + 1]) == {}
        known = sources.known_by(conn, "business", ["g", "nobody's", "k"])
        assert known == {
            key: sources.Known(article_id=id_, owner="world", sighting=business)
            for key in ("g", "k")
        }
        assert sources.known_by(conn, "sport", ["g"])["g"].sighting is None


def test_who_writes_late_takes_no_article_off_a_list(database: Database, now: datetime) -> None:
    with database.write() as conn:
        ids = [
            articles.save_article(conn, article(text, key=text), now=now).id for text in ("a", "b")
        ]
        for id_ in ids:
            sources.see(conn, id_, sighting(at=now + HOUR))
        sources.see(conn, ids[0], sighting(at=now))
        sources.see_again(conn, "world", {ids[1]: 4}, last_seen=now)
        assert set(sources.carried(conn, "world")) == set(ids)
