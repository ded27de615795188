"""`articles`, `pin`, `block`, `unpin` and `draft`: what there is, and what the next issue takes."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from newsletter.cli.days import DAY
from newsletter.cli.numbers import ArticleNumber
from newsletter.cli.output import as_json, login_name, note, rfc3339, table
from newsletter.cli.texts import REASON, WHO

if TYPE_CHECKING:
    from newsletter.ingest.drafting.choice_words import Score
    from newsletter.ingest.drafting.same_story import Alike
    from newsletter.model.article import Metadatum
    from newsletter.model.source import Ruling
    from newsletter.workflows.stories.draft_next import Drafted
    from newsletter.workflows.stories.list_articles import ListedArticle


@click.command()
@click.argument("article", required=False, type=ArticleNumber(), metavar="ID")
@click.option("--json", "json_", is_flag=True, help="Print as JSON, with every paragraph.")
def articles(article: int | None, *, json_: bool) -> None:
    """What was taken in, what tells the same story, where it ran; with ID one and its changes."""
    from newsletter.app import open_desk
    from newsletter.cli.article_story import print_story, versions_object
    from newsletter.workflows.stories.list_articles import list_articles
    from newsletter.workflows.stories.show_articles import article_story

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
    """Tell what an article is like: the other one, how, and how much of the shorter text."""
    other = pair.other if pair.one == of else pair.one
    return {"article": other, "likeness": str(pair.likeness), "shared": round(pair.shared, 2)}


@click.command()
@click.argument("numbers", nargs=-1, required=True, type=ArticleNumber(), metavar="ID ...")
@click.option("--newsletter", metavar="NAME", help="Whose; may be left out where there is one.")
@click.option("--by", type=WHO, metavar="WHO", help="Who says so; your login name if not given.")
@click.option(
    "--why", type=REASON, default="", metavar="TEXT", help="The reason, for the draft's report."
)
def pin(numbers: tuple[int, ...], *, newsletter: str | None, by: str | None, why: str) -> None:
    """Take articles into the next draft, whatever speaks against them; the first one leads."""
    from newsletter.model.source import Ruling

    _rule(numbers, Ruling.PIN, newsletter=newsletter, by=by, why=why)


@click.command()
@click.argument("numbers", nargs=-1, required=True, type=ArticleNumber(), metavar="ID ...")
@click.option("--newsletter", metavar="NAME", help="Whose; may be left out where there is one.")
@click.option("--by", type=WHO, metavar="WHO", help="Who says so; your login name if not given.")
@click.option(
    "--why", type=REASON, default="", metavar="TEXT", help="The reason, for the draft's report."
)
def block(numbers: tuple[int, ...], *, newsletter: str | None, by: str | None, why: str) -> None:
    """Keep articles, and others that tell the same stories, out of every draft."""
    from newsletter.model.source import Ruling

    _rule(numbers, Ruling.BLOCK, newsletter=newsletter, by=by, why=why)


def _rule(
    numbers: tuple[int, ...], ruling: "Ruling", *, newsletter: str | None, by: str | None, why: str
) -> None:
    from newsletter.app import open_desk
    from newsletter.workflows.stories.rulings import rule

    with open_desk() as desk:
        ruled = rule(
            desk, numbers, ruling, newsletter_name=newsletter, by=by or login_name(), why=why
        )
    for one in ruled:
        made = one.ruling
        click.echo(f'{made.ruling} {made.article_id} for {made.newsletter}: "{one.title}"')


@click.command()
@click.argument("numbers", nargs=-1, required=True, type=ArticleNumber(), metavar="ID ...")
@click.option("--newsletter", metavar="NAME", help="Whose; may be left out where there is one.")
def unpin(numbers: tuple[int, ...], *, newsletter: str | None) -> None:
    """Take back what was ruled on articles: pins, and blocks too."""
    from newsletter.app import open_desk
    from newsletter.workflows.stories.rulings import take_back

    with open_desk() as desk:
        take_back(desk, numbers, newsletter_name=newsletter)
    click.echo(f"no ruling is left on {', '.join(map(str, numbers))}")


@click.command()
@click.argument("newsletter", required=False)
@click.option("--date", "day", type=DAY, help="The issue's date.")
@click.option("--anyway", is_flag=True, help="Draft even while a required source fails.")
@click.option("--no-pictures", is_flag=True, help="Fetch no pictures of the chosen stories.")
@click.option("--json", "json_", is_flag=True, help="Print what was chosen, and why, as JSON.")
def draft(
    newsletter: str | None, *, day: date | None, anyway: bool, no_pictures: bool, json_: bool
) -> None:
    """Write the next issue's file: stories chosen, summarised, callouts placed."""
    from newsletter.app import open_desk, open_fetcher, summary_writer
    from newsletter.workflows.stories.draft_next import draft_next

    with open_desk() as desk:
        drafted = draft_next(
            desk,
            newsletter,
            day,
            writer=summary_writer(desk),
            fetcher=None if no_pictures else open_fetcher(desk),
            anyway=anyway,
        )
    if json_:
        as_json(_draft(drafted))
        return
    made = drafted.draft
    click.echo(drafted.shown)
    for sentence in drafted.failing:
        note(f"warning: {sentence}")
    for story in made.chosen:
        note(f"article {story.article}: {story.section}: {story.why}")
    for left in made.left_out:
        note(f"article {left.article} left out: {left.why}")
    for name in made.callouts:
        note(f"callout: {name}")
    for finding in made.findings:
        note(f"{finding.severity}: {finding.message}")
    note(f"report: {drafted.report}")
    note(f"next: edit it, then newsletter check {made.issue.name}")


def _draft(drafted: "Drafted") -> dict[str, object]:
    made = drafted.draft
    return {
        "issue": made.issue.name,
        "path": drafted.shown,
        "report": drafted.report,
        "chosen": [
            {
                "article": story.article,
                "section": story.section,
                "why": story.why,
                "score": _score(story.score),
                "pinned": story.is_pinned,
                "carried_by": [
                    {
                        "article": carrier.article,
                        "source": carrier.source or None,
                        "url": carrier.url or None,
                    }
                    for carrier in story.carriers
                ],
                "summary": asdict(story.summary),
            }
            for story in made.chosen
        ],
        "left_out": [
            {
                "article": left.article,
                "why": left.why,
                "score": _score(left.score),
                "same_as": left.same_as or None,
            }
            for left in made.left_out
        ],
        "alike": [
            {
                "articles": [pair.one, pair.other],
                "likeness": str(pair.likeness),
                "shared": round(pair.shared, 2),
            }
            for pair in made.alike
        ],
        "callouts": list(made.callouts),
        "findings": [
            {**asdict(f), "file": f.file or None, "line": f.line or None} for f in made.findings
        ],
    }


def _score(score: "Score | None") -> dict[str, float] | None:
    """Give points as people count them; variety is taken off."""
    if score is None:
        return None
    parts = {
        "points": score.total,
        "freshness": score.fresh,
        "source": score.source,
        "place": score.place,
        "carried": score.carried,
        "variety": -score.variety,
    }
    return {name: hundredths / 100 for name, hundredths in parts.items()}
