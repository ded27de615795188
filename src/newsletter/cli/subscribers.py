"""`subscribers`: the readers."""

from pathlib import Path

import click

from newsletter.app import open_desk
from newsletter.cli.arguments import Group, json_option
from newsletter.cli.output import as_json, note, picked, table
from newsletter.model.text import counted
from newsletter.workflows.subscribers import (
    add_subscriber,
    import_subscribers,
    list_names,
    list_subscribers,
)


@click.group(cls=Group)
def subscribers() -> None:
    """The readers: add, import, list."""


def _one_list(lists: tuple[str, ...], given: str | None) -> str:
    """Take the list that was named, or the only one there is."""
    if given is not None:
        return given
    if len(lists) == 1:
        return lists[0]
    message = f"name the list with --list; lists: {', '.join(lists)}"
    raise click.UsageError(message)


@subscribers.command()
@click.argument("email")
@click.option("--name", default="", help="The person's name.")
@click.option("--list", "list_name", metavar="LIST", help="The mailing list.")
@click.option("--consent", required=True, help="How and when they said yes.")
def add(email: str, *, name: str, list_name: str | None, consent: str) -> None:
    """Subscribe an address."""
    with open_desk() as desk:
        chosen = _one_list(list_names(desk), list_name)
        address, verdict = add_subscriber(desk, email, list_name=chosen, consent=consent, name=name)
    if verdict == "unchanged":
        note(f"{address} is on the list {chosen} already")
    else:
        click.echo(f"{address} is on the list {chosen}")


@subscribers.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--list", "list_name", metavar="LIST", help="The mailing list.")
@click.option("--consent", required=True, help="How and when they said yes.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--json", "json_", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, *, list_name: str | None, consent: str, dry_run: bool, json_: bool) -> None:
    """Subscribe the people in FILE, a CSV with the columns email, name and any attributes."""
    with open_desk() as desk:
        chosen = _one_list(list_names(desk), list_name)
        report = import_subscribers(desk, file, list_name=chosen, consent=consent, dry_run=dry_run)
    if json_:
        keys = ("row", "value", "why")
        answer: dict[str, object] = {
            "accepted": report.accepted,
            "unchanged": report.unchanged,
            "refused": [dict(zip(keys, row, strict=True)) for row in report.refused],
            "looks_wrong": [dict(zip(keys, row, strict=True)) for row in report.looks_wrong],
        }
        as_json({**answer, "rows": list(report.rows)} if dry_run else answer)
        return
    would = "would be " if dry_run else ""
    click.echo(f"{report.accepted} {would}taken in, {report.unchanged} unchanged")
    for row, value, why in report.looks_wrong:
        note(f"row {row}: {value} looks wrong: {why}")
    for row, value, why in report.refused:
        note(f"row {row}: {value or '(empty)'}: {why}")
    if report.refused:
        note(
            f"{counted(len(report.refused), 'row')} refused; correct them and import the file again"
        )


@subscribers.command("list")
@click.option("--list", "list_name", metavar="LIST", help="Only this list.")
@json_option
def list_(*, list_name: str | None, json_: bool) -> None:
    """List everybody with their subscriptions."""
    with open_desk() as desk:
        people = list_subscribers(desk, list_name)
    if json_:
        as_json(
            [
                {
                    "email": person.email,
                    "name": person.name or None,
                    "lists": [picked(each, "list state since") for each in person.subscriptions],
                    "suppressed": person.suppressed,
                }
                for person in people
            ]
        )
        return
    if not people:
        note('nobody yet; "newsletter subscribers add EMAIL --consent TEXT" adds one')
        return
    rows = [
        (
            person.email,
            person.name,
            s.list,
            str(person.suppressed or s.state),
            f"{s.since:%Y-%m-%d}",
        )
        for person in people
        for s in person.subscriptions
    ]
    table(("EMAIL", "NAME", "LIST", "STATE", "SINCE"), rows)
