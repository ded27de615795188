"""`add`: articles into the database."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import as_json, note

if TYPE_CHECKING:
    from newsletter.model.article import Article


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
