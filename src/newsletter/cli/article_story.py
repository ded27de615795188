"""One article as `articles ID` prints it: what it is, where it was seen, what changed."""

from collections.abc import Sequence

import click

from newsletter.cli.output import rfc3339
from newsletter.model.article import Metadatum
from newsletter.workflows.stories.articles import ListedArticle, VersionLine


def print_story(one: ListedArticle, versions: Sequence[VersionLine]) -> None:
    """Print it for reading."""
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
        span = f"{seen.first_seen:%Y-%m-%d %H:%M} to {seen.last_seen:%Y-%m-%d %H:%M} UTC"
        click.echo(f"    in {seen.source}, place {seen.position + 1}, {span}")
        if seen.problem:
            click.echo(f"        {seen.problem}")
    for version in versions:
        click.echo(f"version {version.version}, {version.taken_at:%Y-%m-%d %H:%M} UTC")
        for change in version.changes:
            click.echo(f"    {change}")


def sightings_object(one: ListedArticle) -> list[dict[str, object]]:
    """Return where it was seen, for JSON."""
    return [
        {
            "source": seen.source,
            "url": seen.url or None,
            "position": seen.position,
            "first_seen": rfc3339(seen.first_seen),
            "last_seen": rfc3339(seen.last_seen),
            "problem": seen.problem or None,
        }
        for seen in one.sightings
    ]


def versions_object(versions: Sequence[VersionLine]) -> list[dict[str, object]]:
    """Return its versions, for JSON."""
    return [
        {
            "version": version.version,
            "taken_at": rfc3339(version.taken_at),
            "changes": list(version.changes),
        }
        for version in versions
    ]


def _value(metadatum: Metadatum | None) -> str:
    return metadatum.value if metadatum is not None else ""
