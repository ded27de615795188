"""`add`, `articles` and `draft`: from sources to an issue's file."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.days import DAY
from newsletter.cli.output import as_json, note, table

if TYPE_CHECKING:
    from newsletter.model.article import Article, Metadatum
    from newsletter.model.records import ArticleRow


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE ...")
@click.option("--url", default="", metavar="URL", help="The public address of the file's article.")
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def add(files: tuple[str, ...], *, url: str, json_: bool) -> None:
    """Take in saved articles: .html pages, or .txt with the title in the first line."""
    from newsletter.app import open_desk
    from newsletter.ingest.page_child import PageReader
    from newsletter.workflows.add_article import add_article

    if url and len(files) > 1:
        message = "--url gives one file's address; add the files one by one"
        raise click.UsageError(message)
    remote = [file for file in files if file.startswith(("http://", "https://"))]
    if remote:
        message = f"{remote[0]}: save the page and add the file; pages are not fetched yet"
        raise click.UsageError(message)
    answers: list[dict[str, object]] = []
    with open_desk() as desk, PageReader() as reader:
        for file in files:
            added = add_article(desk, Path(file), url=url, reader=reader)
            answers.append({"id": added.id, "new": added.new, "title": added.article.title.value})
            if not json_:
                known = "" if added.new else " (unchanged)"
                click.echo(f'{added.id}  "{added.article.title.value}"{known}')
                _tell(added.article)
    if json_:
        as_json(answers)


def _tell(article: "Article") -> None:
    """Say what was kept and what was set apart, and why."""
    kinds = Counter(str(paragraph.kind) for paragraph in article.paragraphs)
    note("   " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    reasons = Counter(p.reason for p in article.paragraphs if p.reason and str(p.kind) == "noise")
    for reason, count in reasons.items():
        note(f"   {count} noise: {reason}")
    for name in dict.fromkeys(p.callout for p in article.paragraphs if p.callout):
        note(f"   it carries the callout {name}: place it with ::: callout {name}")
    for reason in article.reasons:
        note(f"   look at it: {reason}")


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print as JSON, with every paragraph.")
def articles(*, json_: bool) -> None:
    """What was taken in, and in which issue each ran."""
    from newsletter.app import open_desk
    from newsletter.workflows.add_article import list_articles

    with open_desk() as desk:
        rows = list_articles(desk)
    if json_:
        as_json([_as_object(row) for row in rows])
        return
    if not rows:
        note('nothing yet; "newsletter add FILE --url URL" takes in an article')
        return
    table(
        ("ID", "STATE", "RAN IN", "TITLE"),
        [
            (
                str(row.id),
                str(row.article.state),
                ", ".join(row.ran_in) or "-",
                row.article.title.value,
            )
            for row in rows
        ],
    )
    for row in rows:
        for reason in row.article.reasons:
            note(f"{row.id}: look at it: {reason}")


def _value(metadatum: "Metadatum | None") -> str | None:
    return metadatum.value if metadatum is not None else None


def _as_object(row: "ArticleRow") -> dict[str, object]:
    article = row.article
    return {
        "id": row.id,
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
        "duplicates": [],
        "ran_in": list(row.ran_in),
    }


@click.command()
@click.argument("newsletter", required=False)
@click.option("--date", "day", type=DAY, help="The issue's date.")
@click.option("--json", "json_", is_flag=True, help="Print what was chosen, and why, as JSON.")
def draft(newsletter: str | None, *, day: date | None, json_: bool) -> None:
    """Write the next issue's file: stories chosen, summarised, callouts placed."""
    from newsletter.app import open_desk, summary_writer
    from newsletter.workflows.draft_next import draft_next

    with open_desk() as desk:
        drafted = draft_next(desk, newsletter, day, writer=summary_writer(desk))
    made = drafted.draft
    if json_:
        as_json(
            {
                "issue": made.issue.name,
                "path": drafted.shown,
                "chosen": [
                    {
                        "article": story.article,
                        "section": story.section,
                        "why": story.why,
                        "summary": asdict(story.summary),
                    }
                    for story in made.chosen
                ],
                "left_out": [asdict(left) for left in made.left_out],
                "callouts": list(made.callouts),
                "findings": [
                    {**asdict(f), "file": f.file or None, "line": f.line or None}
                    for f in made.findings
                ],
            }
        )
        return
    click.echo(drafted.shown)
    for story in made.chosen:
        note(f"article {story.article}: {story.section}: {story.why}")
    for left in made.left_out:
        note(f"article {left.article} left out: {left.why}")
    for name in made.callouts:
        note(f"callout: {name}")
    for finding in made.findings:
        note(f"{finding.severity}: {finding.message}")
    note(f"next: edit it, then newsletter check {made.issue.name}")
