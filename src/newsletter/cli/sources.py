"""`fetch` and `sources`: reading what others publish, and how each source is doing."""

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from newsletter.app import open_desk, open_fetcher
from newsletter.cli.arguments import json_option
from newsletter.cli.output import as_json, note, picked, table
from newsletter.cli.process import stop_on_signals
from newsletter.errors import Interrupted
from newsletter.schedule.source_reader import read_at_once
from newsletter.workflows.sources.fetch_sources import fetch_sources
from newsletter.workflows.sources.source_health import address_of, list_sources
from newsletter.workflows.sources.source_tools import Ended

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.workflows.desk import Desk
    from newsletter.workflows.sources.source_health import SourceLine
    from newsletter.workflows.sources.source_tools import SourceOutcome

RETRY, REFUSED = 3, 4
WEEK = timedelta(days=6)


class _Teller:
    """Says how readings go, from many threads: a line each at their end."""

    def __init__(self, desk: "Desk", *, quiet: bool) -> None:
        self._desk = desk
        self._quiet = quiet
        self._lock = threading.Lock()
        self._told: set[str] = set()

    def progress(self, name: str, done: int, of: int) -> None:
        del done
        with self._lock:
            if of > 1 and name not in self._told and not self._quiet:
                note(f"{name}: reading {of} pages")
            self._told.add(name)

    def outcome(self, outcome: "SourceOutcome") -> None:
        if self._quiet:
            return
        due = outcome.row.next_at if outcome.ended is Ended.FAILED else None
        again = f"; next try {_local(self._desk, due)}" if due else ""
        with self._lock:
            click.echo(f"{outcome.name}: {outcome.sentence()}{again}")
            for sentence in outcome.notes:
                note(f"    {sentence}")
            if outcome.row.moved_to:
                note(f"    {_moved(outcome.name, outcome.row.moved_to)}")


def _local(desk: "Desk", moment: "datetime") -> str:
    local = moment.astimezone(desk.settings.newsletters[0].timezone)
    return f"{local:%a %H:%M}" if moment - desk.clock.now() < WEEK else f"{local:%a %d %b %H:%M}"


def _moved(name: str, address: str) -> str:
    return f'it has moved for good: write the address "{address}" into [sources.{name}]'


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE ...")
@click.option("--json", "json_", is_flag=True, help="Print what each reading brought, as JSON.")
def fetch(sources: tuple[str, ...], *, json_: bool) -> int:
    """Read the sources that are due, or those named, and the articles that they list."""
    with open_desk() as desk, stop_on_signals() as stop:
        teller = _Teller(desk, quiet=json_)
        outcomes = fetch_sources(
            desk,
            sources,
            open_fetcher(desk),
            say=teller.outcome,
            stop=stop,
            at_once=read_at_once,
            progress=teller.progress,
        )
        if json_:
            as_json([_outcome_object(outcome) for outcome in outcomes])
        elif not outcomes:
            _tell_nothing_due(desk)
        if stop.is_set():
            msg = "stopped before the end; what was read is kept"
            raise Interrupted(msg, hint='"newsletter fetch" reads the rest when it is due')
    failed = [outcome for outcome in outcomes if outcome.ended is Ended.FAILED]
    if not failed:
        return 0
    return RETRY if any(outcome.may_pass for outcome in failed) else REFUSED


def _tell_nothing_due(desk: "Desk") -> None:
    times = [line.row.next_at for line in list_sources(desk) if line.row.next_at]
    when = f"; the next is due {_local(desk, min(times))}" if times else ""
    note(f'no source is due{when}; "newsletter fetch NAME" asks one now')


def _outcome_object(outcome: "SourceOutcome") -> dict[str, object]:
    return {
        **picked(outcome, "name ended"),
        "state": outcome.row.state,
        **picked(outcome, "entries new changed unread"),
        **picked(outcome.row, "last_error next_at"),
        "notes": outcome.notes,
    }


@click.command()
@json_option
def sources(*, json_: bool) -> None:
    """Each source and how it is doing."""
    with open_desk() as desk:
        lines = list_sources(desk)
        if json_:
            as_json([_as_object(line) for line in lines])
            return
        if not lines:
            note('no source is named; write a table [sources.NAME] with feed = "https://…"')
            return
        table(
            ("NAME", "STATE", "SINCE", "ARTICLES", "NEXT", "ADDRESS"),
            [_as_row(desk, line) for line in lines],
        )
    for line in lines:
        name, row = line.source.name, line.row
        if row.last_error:
            note(f"{name}: {row.last_error}")
        if row.moved_to:
            note(f"{name}: {_moved(name, row.moved_to)}")


def _as_row(desk: "Desk", line: "SourceLine") -> tuple[str, ...]:
    row = line.row
    zone = desk.settings.newsletters[0].timezone
    required = " (required)" if line.source.required else ""
    return (
        line.source.name + required,
        str(row.state) if row.since else "not read yet",
        f"{row.since.astimezone(zone):%Y-%m-%d %H:%M}" if row.since else "-",
        str(row.articles),
        _local(desk, row.next_at) if row.next_at else "by name" if row.since else "now",
        row.location or address_of(line.source),
    )


def _as_object(line: "SourceLine") -> dict[str, object]:
    return {
        "name": line.source.name,
        **picked(line.row, "state since last_error articles"),
        "required": line.source.required,
        **picked(line.row, "failures checked_at next_at location moved_to"),
    }
