"""Articles by any of their keys, their versions, sightings, and what is known of sources."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NotFound
from newsletter.model.article import Article, ArticleParagraph, Metadatum, Origin, ParagraphKind
from newsletter.model.source import (
    Change,
    FeedEntry,
    SavedArticle,
    Sighting,
    SourceRow,
    SourceState,
)
from newsletter.store import Database, articles, open_database, sources
from newsletter.store.tables import article_shingles

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


def test_the_first_key_decides_and_the_others_follow(database: Database, now: datetime) -> None:
    with database.write() as conn:
        one = articles.save_article(conn, article("One.", key="a"), keys=["guid"], now=now)
        two = articles.save_article(conn, article("Two.", key="b"), now=now)
        moved = articles.save_article(conn, article("Two.", key="b"), keys=["guid"], now=now)
        assert (moved.id, moved.change) == (two.id, Change.SAME)
        assert articles.find_article(conn, ["guid"]) == two.id
        assert articles.find_article(conn, ["a"]) == one.id


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


def test_whose_article_it_is_changes_no_version(database: Database, now: datetime) -> None:
    with database.write() as conn:
        saved = articles.save_article(conn, article("One.", source=""), now=now)
        owned = articles.save_article(conn, article("One."), now=now)
        by_hand = articles.save_article(conn, article("One.", source=""), now=now)
        assert {owned, by_hand} == {replace(saved, change=Change.SAME)}
        assert articles.get_article(conn, saved.id).article.source == "world"


def test_shingles_are_those_of_the_newest_version(database: Database, now: datetime) -> None:
    with database.write() as conn:
        saved = articles.save_article(conn, article("One."), shingles=b"11", now=now)
        articles.save_article(conn, article("One."), shingles=b"xx", now=now)
        assert conn.execute(article_shingles.select()).all() == [(saved.id, 1, b"11")]
        articles.save_article(conn, article("Two."), shingles=b"22", now=now)
        assert conn.execute(article_shingles.select()).all() == [(saved.id, 2, b"22")]


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


def test_a_source_carries_what_its_last_list_had(database: Database, now: datetime) -> None:
    with database.write() as conn:
        ids = [
            articles.save_article(conn, article("One.", key=str(n)), now=now).id for n in range(3)
        ]
        for position, id_ in enumerate(ids):
            sources.see(conn, id_, sighting(position=position))
        assert list(sources.carried(conn, "world")) == ids
        sources.see_again(conn, "world", {ids[2]: 0, ids[0]: 1}, last_seen=now + HOUR)
        assert list(sources.carried(conn, "world")) == [ids[2], ids[0]]
        assert sources.carried(conn, "sport") == {}


def test_full_texts_are_not_kept_with_the_sighting(database: Database, now: datetime) -> None:
    entry = FeedEntry(position=0, title="A", html="<p>much</p>")
    with database.write() as conn:
        id_ = articles.save_article(conn, article("One."), now=now).id
        sources.see(conn, id_, replace(sighting(), entry=entry))
        assert sources.carried(conn, "world")[id_].entry == replace(entry, html="")
        sources.see(conn, id_, replace(sighting(), entry=None))
        assert sources.carried(conn, "world")[id_].entry is None


def test_more_keys_than_a_query_takes_are_looked_up(database: Database, now: datetime) -> None:
    keys = [f"k{n}" for n in range(2 * sources.MOST_KEYS + 1)]
    with database.write() as conn:
        id_ = articles.save_article(conn, article("One."), keys=keys, now=now).id
        assert {k.article_id for k in sources.known_by(conn, "world", keys).values()} == {id_}
        assert len(sources.known_by(conn, "world", keys)) == len(keys)


def test_what_is_known_of_a_source_comes_back(database: Database, now: datetime) -> None:
    row = SourceRow(
        name="world",
        state=SourceState.FAILING,
        since=now,
        last_error="https://example.org/rss answered 500",
        etag='"x"',
        last_modified="Tue",
        checked_at=now,
        next_at=now + HOUR,
        failures=3,
        address="https://example.org/",
        location="https://example.org/rss",
        moved_to="https://example.org/new",
        title="World",
    )
    with database.write() as conn:
        assert sources.get_source(conn, "world") == SourceRow(name="world")
        sources.save_source(conn, row)
        sources.save_source(conn, replace(row, failures=4, articles=99))
        id_ = articles.save_article(conn, article("One."), now=now).id
        sources.see(conn, id_, sighting())
        read = replace(row, failures=4, articles=1)
        assert sources.get_source(conn, "world") == read
        assert sources.list_sources(conn) == {"world": read}


words = st.sampled_from(["One.", "Two.", "Three."])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('db')}/n.db", create=True)
    yield opened
    opened.close()


class _UndoneError(Exception):
    pass


@given(saves=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", ""]), words)))
def test_every_key_leads_to_the_text_last_saved_under_it(
    shared: Database, saves: list[tuple[str, str, str]]
) -> None:
    written = 0
    with suppress(_UndoneError), shared.write() as conn:
        for own, other, text in saves:
            before = articles.find_article(conn, [own, other])
            saved = articles.save_article(conn, article(text, key=own), keys=[other], now=NOW)
            assert before in (None, saved.id)
            assert (before is None) == (saved.change is Change.NEW)
            for key in filter(None, (own, other)):
                (row,) = articles.list_articles(conn, keys=[key])
                assert (row.id, row.article.paragraphs[0].text) == (saved.id, text)
            written += saved.change is not Change.SAME
        rows = articles.list_articles(conn)
        assert sum(len(articles.article_history(conn, row.id)) for row in rows) == written
        assert sum(row.version for row in rows) == written
        raise _UndoneError
