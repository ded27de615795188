"""`articles`: what was taken in, and what became of it."""

from typing import TYPE_CHECKING

import click

from newsletter.cli.numbers import ArticleNumber
from newsletter.cli.output import as_json, note, rfc3339, table

if TYPE_CHECKING:
    from newsletter.ingest.drafting.same_story import Alike
    from newsletter.model.article import Metadatum
    from newsletter.workflows.stories.articles import ListedArticle


@click.command()
@click.argument("article", required=False, type=ArticleNumber(), metavar="ID")
@click.option("--json", "json_", is_flag=True, help="Print as JSON, with every paragraph.")
def articles(article: int | None, *, json_: bool) -> None:
    """What was taken in, what tells the same story, where it ran; with ID one and its changes."""
    from newsletter.app import open_desk
    from newsletter.cli.article_story import print_story, versions_object
    from newsletter.workflows.stories.articles import article_story, list_articles

    if article is not None:
        with open_desk() as desk:
            shown, versions = article_story(desk, article)
        if json_:
            as_json(_article(shown) | {"versions": versions_object(versions)})
        else:
            print_story(shown, versions)
        return
    with open_desk() as desk:
        listed = list_articles(desk)
    if json_:
        as_json([_article(one) for one in listed])
        return
    if not listed:
        note('nothing yet; "newsletter fetch" reads the sources, "newsletter add" one article')
        return
    table(
        ("ID", "STATE", "SOURCE", "VERSION", "SAME AS", "RULING", "RAN IN", "TITLE"),
        [
            (
                str(one.row.id),
                str(one.row.article.state),
                one.row.article.source or "by hand",
                str(one.row.version),
                ", ".join(map(str, one.duplicates)) or "-",
                ", ".join(f"{r.ruling} ({r.newsletter})" for r in one.rulings) or "-",
                ", ".join(one.ran_in) or "-",
                one.row.article.title.value,
            )
            for one in listed
        ],
    )
    for one in listed:
        for reason in one.row.article.reasons:
            note(f"{one.row.id}: look at it: {reason}")
        for ruling in one.rulings:
            if ruling.why:
                note(f"{one.row.id}: {ruling.ruling} by {ruling.who}: {ruling.why}")


def _article(one: "ListedArticle") -> dict[str, object]:
    from newsletter.cli.article_story import sightings_object

    article = one.row.article
    return {
        "id": one.row.id,
        "url": article.url or None,
        "source": article.source or None,
        "title": article.title.value,
        "author": _value(article.author),
        "published": _value(article.published),
        "description": _value(article.description),
        "image": _value(article.image),
        "language": article.language or None,
        "state": str(article.state),
        "reasons": list(article.reasons),
        "paragraphs": [
            {
                "text": paragraph.text,
                "kind": str(paragraph.kind),
                "reason": paragraph.reason or None,
                "rule": paragraph.rule or None,
                "callout": paragraph.callout or None,
            }
            for paragraph in article.paragraphs
        ],
        "duplicates": list(one.duplicates),
        "alike": [_pair(pair, one.row.id) for pair in one.alike],
        "rulings": [
            {
                "newsletter": ruling.newsletter,
                "ruling": str(ruling.ruling),
                "by": ruling.who,
                "why": ruling.why or None,
                "at": rfc3339(ruling.at),
                "used_in": ruling.used_in or None,
            }
            for ruling in one.rulings
        ],
        "ran_in": list(one.ran_in),
        "version": one.row.version,
        "sightings": sightings_object(one),
    }


def _value(metadatum: "Metadatum | None") -> str | None:
    return metadatum.value if metadatum is not None else None


def _pair(pair: "Alike", of: int) -> dict[str, object]:
    """Return what an article is like: the other one, how, and how much of the shorter text."""
    other = pair.other if pair.one == of else pair.one
    return {"article": other, "likeness": str(pair.likeness), "shared": round(pair.shared, 2)}
