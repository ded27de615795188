"""`add`, `articles`, `pin`, `block`, `unpin` and `draft`: from articles to an issue's file."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.app import open_desk, open_fetcher, summary_writer
from newsletter.cli.arguments import ARTICLE, DAY, REASON, by_option, json_option
from newsletter.cli.output import as_json, note, picked, table
from newsletter.cli.process import stop_on_signals
from newsletter.errors import Interrupted, NewsletterError
from newsletter.ingest.children import PageReader
from newsletter.model.source import Change, Ruling
from newsletter.workflows.sources.add_article import add_address, add_article
from newsletter.workflows.stories.articles import article_story, list_articles, rule, take_back
from newsletter.workflows.stories.draft_next import draft_next

if TYPE_CHECKING:
    from newsletter.ingest.drafting.choice import Score
    from newsletter.model.article import Article, Metadatum
    from newsletter.workflows.stories.articles import ListedArticle, VersionLine
    from newsletter.workflows.stories.draft_next import Drafted

_TIME = "%Y-%m-%d %H:%M"


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="URL_OR_FILE ...")
@click.option("--url", default="", metavar="URL", help="The public address of the file's article.")
@json_option
def add(sources: tuple[str, ...], *, url: str, json_: bool) -> int:
    """Add articles: web addresses, saved .html pages, or .txt with the title in line 1.

    One that cannot be added stops no other; the exit code is then 1.
    """
    remote = [source for source in sources if source.startswith(("http://", "https://"))]
    for source in sources:
        if "://" in source and source not in remote:
            message = f"{source} cannot be asked; write an address with https:// or http://"
            raise click.UsageError(message)
    if url and (len(sources) > 1 or remote):
        message = "--url gives one file's address; add the files one by one"
        raise click.UsageError(message)
    answers: list[dict[str, object]] = []
    failed = 0
    with open_desk() as desk, PageReader() as reader, stop_on_signals() as stop:
        fetcher = open_fetcher(desk) if remote else None
        for source in sources:
            try:
                if fetcher is not None and source in remote:
                    added = add_address(desk, source, fetcher=fetcher, reader=reader, stop=stop)
                else:
                    added = add_article(desk, Path(source), url=url, reader=reader)
            except NewsletterError as error:
                if len(sources) == 1 or isinstance(error, Interrupted):
                    raise
                failed += 1
                note(f"error: {source}: {error}" + (f"; {error.hint}" if error.hint else ""))
                continue
            title = added.article.title.value
            answers.append({"id": added.id, "new": added.change is not Change.SAME, "title": title})
            if not json_:
                known = "" if added.change is Change.NEW else f" ({added.change})"
                click.echo(f'{added.id}  "{title}"{known}')
                _note_paragraphs(added.article)
    if json_:
        as_json(answers)
    return 1 if failed else 0


def _note_paragraphs(article: "Article") -> None:
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
@click.argument("article", required=False, type=ARTICLE, metavar="ID")
@click.option("--json", "json_", is_flag=True, help="Print as JSON, with every paragraph.")
def articles(article: int | None, *, json_: bool) -> None:
    """All articles, which tell the same story, where each ran; with ID one and its changes."""
    if article is not None:
        with open_desk() as desk:
            shown, versions = article_story(desk, article)
        if json_:
            changes = [picked(each, "version taken_at changes") for each in versions]
            as_json(_as_object(shown) | {"versions": changes})
        else:
            _print_one(shown, versions)
        return
    with open_desk() as desk:
        listed = list_articles(desk)
    if json_:
        as_json([_as_object(one) for one in listed])
        return
    if not listed:
        note('nothing yet; "newsletter fetch" reads the sources, "newsletter add" adds an article')
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


def _print_one(one: "ListedArticle", versions: "tuple[VersionLine, ...]") -> None:
    article = one.row.article
    click.echo(f"{one.row.id}  {article.title.value}")
    facts = {
        "address": article.url,
        "by": _value(article.author),
        "published": _value(article.published),
        "state": str(article.state),
        "withdrawn": article.withdrawn,
        "ran in": ", ".join(one.ran_in),
    }
    for name, fact in facts.items():
        if fact:
            click.echo(f"    {name}: {fact}")
    for reason in article.reasons:
        click.echo(f"    look at it: {reason}")
    for seen in one.sightings:
        span = f"{seen.first_seen:{_TIME}} to {seen.last_seen:{_TIME}} UTC"
        click.echo(f"    in {seen.source}, place {seen.position + 1}, {span}")
        if seen.problem:
            click.echo(f"        {seen.problem}")
    for version in versions:
        click.echo(f"version {version.version}, {version.taken_at:{_TIME}} UTC")
        for change in version.changes:
            click.echo(f"    {change}")


def _as_object(one: "ListedArticle") -> dict[str, object]:
    article, number = one.row.article, one.row.id
    return {
        "id": number,
        **picked(article, "url source"),
        **{
            name: _value(getattr(article, name))
            for name in ("title", "author", "published", "description", "image")
        },
        **picked(article, "language state reasons"),
        "paragraphs": [
            picked(each, "text kind reason rule callout") for each in article.paragraphs
        ],
        "duplicates": one.duplicates,
        "alike": [  # the other one, how, and how much of the shorter text
            {
                "article": pair.other if pair.one == number else pair.one,
                "likeness": pair.likeness,
                "shared": round(pair.shared, 2),
            }
            for pair in one.alike
        ],
        "rulings": [
            {**picked(each, "newsletter ruling"), "by": each.who, **picked(each, "why at used_in")}
            for each in one.rulings
        ],
        "ran_in": one.ran_in,
        "version": one.row.version,
        "sightings": [
            picked(seen, "source url position first_seen last_seen problem")
            for seen in one.sightings
        ],
    }


def _value(metadatum: "Metadatum | None") -> str | None:
    return metadatum.value if metadatum is not None else None


_numbers = click.argument("numbers", nargs=-1, required=True, type=ARTICLE, metavar="ID ...")
_newsletter = click.option(
    "--newsletter", metavar="NAME", help="Whose; may be left out where there is one."
)


def _ruling_command(ruling: Ruling, help_: str) -> click.Command:
    @click.command(str(ruling), help=help_)
    @_numbers
    @_newsletter
    @by_option("Who decides")
    @click.option(
        "--why", type=REASON, default="", metavar="TEXT", help="The reason, for the draft's report."
    )
    def command(numbers: tuple[int, ...], *, newsletter: str | None, by: str, why: str) -> None:
        with open_desk() as desk:
            ruled = rule(desk, numbers, ruling, newsletter_name=newsletter, by=by, why=why)
        for one in ruled:
            made = one.ruling
            click.echo(f'{made.ruling} {made.article_id} for {made.newsletter}: "{one.title}"')

    return command


pin = _ruling_command(
    Ruling.PIN, "Put articles into the next draft, whatever speaks against them; the first leads."
)
block = _ruling_command(
    Ruling.BLOCK, "Keep articles, and others that tell the same stories, out of every draft."
)


@click.command()
@_numbers
@_newsletter
def unpin(numbers: tuple[int, ...], *, newsletter: str | None) -> None:
    """Take back what was ruled on articles: pins, and blocks too."""
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
        as_json(_draft_object(drafted))
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


def _draft_object(drafted: "Drafted") -> dict[str, object]:
    made = drafted.draft
    return {
        "issue": made.issue.name,
        "path": drafted.shown,
        "report": drafted.report,
        "chosen": [
            {
                **picked(story, "article section why"),
                "score": _score(story.score),
                "pinned": story.is_pinned,
                "carried_by": [picked(each, "article source url") for each in story.carriers],
                "summary": asdict(story.summary),
            }
            for story in made.chosen
        ],
        "left_out": [
            {
                **picked(left, "article why"),
                "score": _score(left.score),
                "same_as": left.same_as or None,
            }
            for left in made.left_out
        ],
        "alike": [
            {
                "articles": [pair.one, pair.other],
                "likeness": pair.likeness,
                "shared": round(pair.shared, 2),
            }
            for pair in made.alike
        ],
        "callouts": made.callouts,
        "findings": [
            {**asdict(f), "file": f.file or None, "line": f.line or None} for f in made.findings
        ],
    }


def _score(score: "Score | None") -> dict[str, float] | None:
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
