"""`add`: articles into the database."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import as_json, note

if TYPE_CHECKING:
    from newsletter.model.article import Article


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="URL_OR_FILE ...")
@click.option("--url", default="", metavar="URL", help="The public address of the file's article.")
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def add(sources: tuple[str, ...], *, url: str, json_: bool) -> None:
    """Take in articles: web addresses, saved .html pages, or .txt with the title in line 1."""
    from newsletter.app import open_desk, open_fetcher
    from newsletter.cli.signals import stop_on_signals
    from newsletter.ingest.children import PageReader
    from newsletter.model.source import Change
    from newsletter.workflows.sources.add_article import add_address, add_article

    remote = [source for source in sources if source.startswith(("http://", "https://"))]
    for source in sources:
        if "://" in source and source not in remote:
            message = f"{source} cannot be asked; write an address with https:// or http://"
            raise click.UsageError(message)
    if url and (len(sources) > 1 or remote):
        message = "--url gives one file's address; add the files one by one"
        raise click.UsageError(message)
    answers: list[dict[str, object]] = []
    with open_desk() as desk, PageReader() as reader, stop_on_signals() as stop:
        fetcher = open_fetcher(desk) if remote else None
        for source in sources:
            if fetcher is not None and source in remote:
                added = add_address(desk, source, fetcher=fetcher, reader=reader, stop=stop)
            else:
                added = add_article(desk, Path(source), url=url, reader=reader)
            title = added.article.title.value
            answers.append({"id": added.id, "new": added.change is not Change.SAME, "title": title})
            if not json_:
                known = "" if added.change is Change.NEW else f" ({added.change})"
                click.echo(f'{added.id}  "{title}"{known}')
                _tell(added.article)
    if json_:
        as_json(answers)


def _tell(article: "Article") -> None:
    """Return what was kept and what was set apart, and why."""
    kinds = Counter(str(paragraph.kind) for paragraph in article.paragraphs)
    note("   " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    reasons = Counter(p.reason for p in article.paragraphs if p.reason and str(p.kind) == "noise")
    for reason, count in reasons.items():
        note(f"   {count} noise: {reason}")
    for name in dict.fromkeys(p.callout for p in article.paragraphs if p.callout):
        note(f"   it carries the callout {name}: place it with ::: callout {name}")
    for reason in article.reasons:
        note(f"   look at it: {reason}")
