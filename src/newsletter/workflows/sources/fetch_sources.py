"""Fetch: read the sources that are due, or those that are named, and their articles.

Sources are read beside one another by whatever the caller gives as at_once; one that fails holds up
no other. What a reading did to a source's state is decided in source_health.py.
"""

import random
import threading
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches

from newsletter.config.settings import SourceSettings
from newsletter.errors import Interrupted, NotFound, NothingToDo
from newsletter.fetch import Fetcher
from newsletter.model.source import SourceRow
from newsletter.store import sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.read_folder import FolderReader
from newsletter.workflows.sources.read_source import read_listing, read_page
from newsletter.workflows.sources.source_health import (
    Failure,
    Success,
    after_failure,
    after_success,
    as_configured,
    is_due,
)
from newsletter.workflows.sources.source_tools import (
    GONE,
    Ended,
    Progress,
    SourceFailedError,
    SourceOutcome,
    SourceTools,
    Tally,
    no_progress,
)

Reading = Callable[[], SourceOutcome]
AtOnce = Callable[[Sequence[Reading]], Sequence[SourceOutcome]]


def in_turn(readings: Sequence[Reading]) -> Sequence[SourceOutcome]:
    """Do one reading after another."""
    return [reading() for reading in readings]


def fetch_sources(
    desk: Desk,
    names: Collection[str],
    fetcher: Fetcher,
    *,
    say: Callable[[SourceOutcome], None],
    stop: threading.Event,
    at_once: AtOnce = in_turn,
    progress: Progress = no_progress,
    chance: Callable[[], float] = random.random,
) -> tuple[SourceOutcome, ...]:
    """Read sources now.

    Args:
        desk: settings, clock, database.
        names: which; none for every source that is due. A named one is asked whatever its `every`,
            its state and its Retry-After, and so is every page that its feed lists.
        fetcher: asks the web.
        say: takes each outcome as its reading ends, from whatever thread.
        stop: once set, readings end as soon as what they have in hand is kept.
        at_once: does several readings, in threads or not.
        progress: takes a source's name, and how many of how many of its pages are done.
        chance: gives numbers from 0 to 1, by which next tries are spread.

    Returns:
        How each reading ended, in the order of newsletter.toml; () where nothing was due.

    Raises:
        NotFound: a name stands for no source.
        NothingToDo: newsletter.toml names no source.
    """
    wanted = _wanted(desk, names)
    if not wanted:
        return ()
    with open_tools(desk, fetcher, stop=stop, progress=progress, chance=chance) as tools:

        def reading(source: SourceSettings) -> Reading:
            def read() -> SourceOutcome:
                outcome = read_source(tools, source, named=bool(names))
                say(outcome)
                return outcome

            return read

        return tuple(at_once([reading(source) for source in wanted]))


def open_tools(
    desk: Desk,
    fetcher: Fetcher,
    *,
    stop: threading.Event,
    progress: Progress = no_progress,
    chance: Callable[[], float] = random.random,
) -> SourceTools:
    """Return the tools that readings share; use as a context manager."""
    callouts = tuple(load_callouts(desk.settings))
    return SourceTools(
        desk, fetcher, stop=stop, callouts=callouts, progress=progress, chance=chance
    )


def due_sources(desk: Desk) -> tuple[SourceSettings, ...]:
    """Return the sources whose time it is to be read."""
    now = desk.clock.now()
    with desk.database.read() as connection:
        rows = sources.list_sources(connection)
    return tuple(
        source
        for source in desk.settings.sources
        if is_due(as_configured(rows.get(source.name, SourceRow(name=source.name)), source), now)
    )


def _wanted(desk: Desk, names: Collection[str]) -> tuple[SourceSettings, ...]:
    known = desk.settings.sources
    if not known:
        msg = "newsletter.toml names no source"
        raise NothingToDo(msg, hint='write a table [sources.NAME] with feed = "https://…"')
    every = [source.name for source in known]
    for name in names:
        if name not in every:
            near = get_close_matches(name[:100], every, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(every)}"
            raise NotFound("source", name[:100], hint=hint)
    if names:
        return tuple(source for source in known if source.name in names)
    return due_sources(desk)


def read_source(
    tools: SourceTools, source: SourceSettings, *, named: bool, is_repeat: bool = False
) -> SourceOutcome:
    """Read one source and write down how it is doing since.

    is_repeat: a further try of one draft, which is not counted as a failure of its own.

    Raises:
        StoreBusy, StoreFull and such: the database could not be written; nothing else is raised.
    """
    tally = Tally()
    with tools.desk.database.read() as connection:
        row = as_configured(sources.get_source(connection, source.name), source)
    result: Success | Failure
    may_pass = True
    try:
        tools.go_on()
        result, ended = _read(tools, source, row, tally=tally, named=named)
    except Interrupted:
        return _outcome(source, Ended.STOPPED, row, tally)
    except SourceFailedError as failed:
        may_pass, ended = failed.may_pass, Ended.FAILED
        result = Failure(
            sentence=failed.sentence,
            is_gone=failed.status == GONE,
            retry_after=failed.retry_after,
            is_repeat=is_repeat,
        )
    with tools.write() as connection:
        row = as_configured(sources.get_source(connection, source.name), source)
        now = tools.now
        if isinstance(result, Success):
            row = after_success(row, result, source, now=now)
        else:
            row = after_failure(row, result, source, now=now, chance=tools.chance())
        sources.save_source(connection, row)
        row = sources.get_source(connection, source.name)
    return _outcome(source, ended, row, tally, may_pass=may_pass)


def _read(
    tools: SourceTools, source: SourceSettings, row: SourceRow, *, tally: Tally, named: bool
) -> tuple[Success, Ended]:
    if source.folder:
        return FolderReader(tools, source, tally=tally).read()
    if source.page:
        return read_page(tools, source, row, tally=tally)
    return read_listing(tools, source, row, tally=tally, named=named)


def _outcome(
    source: SourceSettings, ended: Ended, row: SourceRow, tally: Tally, *, may_pass: bool = True
) -> SourceOutcome:
    return SourceOutcome(
        name=source.name,
        ended=ended,
        row=row,
        entries=tally.entries,
        new=tally.new,
        changed=tally.changed,
        unread=tally.unread,
        notes=tuple(tally.notes),
        may_pass=may_pass,
    )
