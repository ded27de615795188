"""One source's reading: its feed, or the feed of its site."""

import random
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from difflib import get_close_matches
from functools import partial

from newsletter.config.settings import SourceSettings
from newsletter.errors import Interrupted, NotFound, NothingToDo, UserError
from newsletter.fetch import Fetcher, FetchError
from newsletter.ingest.children import ReaderPool
from newsletter.ingest.identity import guesses
from newsletter.model.source import Feed, Fetched, FetchKind, SourceRow
from newsletter.store import sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.read_entries import EntryReader
from newsletter.workflows.sources.source_health import (
    Success,
    after_failure,
    after_success,
    as_configured,
    is_due,
    list_sources,
)
from newsletter.workflows.sources.source_tools import (
    NOT_THERE,
    Ended,
    Progress,
    SourceFailedError,
    SourceOutcome,
    SourceTools,
    no_progress,
)


def _read_listing(
    tools: SourceTools, source: SourceSettings, outcome: SourceOutcome, *, named: bool
) -> Success:
    row = outcome.row
    location, fetched = _feed_of(tools, source, outcome)
    moment = tools.now
    feed = _as_carried(tools, row) if fetched.is_unchanged else _parsed(tools, fetched)
    outcome.entries = len(feed.entries)
    outcome.notes += feed.notes
    if not feed.entries and len(feed.notes) > 1:  # it is empty, and something is wrong with it
        raise SourceFailedError("; ".join(feed.notes))
    EntryReader(tools, source, feed, outcome=outcome, moment=moment, named=named).read()
    if fetched.is_unchanged:
        return Success(is_unchanged=True, keep_for=fetched.keep_for, moved_to=fetched.moved_to)
    return Success(
        keep_for=fetched.keep_for,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        location=location,
        moved_to=fetched.moved_to if source.feed else "",
        title=feed.title,
        ttl_s=feed.ttl_s,
    )


def _as_carried(tools: SourceTools, row: SourceRow) -> Feed:
    """Return an unchanged feed as it was kept: its entries without their full texts."""
    with tools.desk.database.read() as connection:
        carried = sources.carried(connection, row.name)
    entries = tuple(
        replace(sighting.entry, position=sighting.position)
        for sighting in carried.values()
        if sighting.entry is not None
    )
    return Feed(kind="", title=row.title, url=row.location, entries=entries)


def _feed_of(
    tools: SourceTools, source: SourceSettings, outcome: SourceOutcome
) -> tuple[str, Fetched]:
    """Fetch a source's feed; returns it with its address."""
    address = source.feed or outcome.row.location
    if address:
        try:
            return address, _fetched(tools, source, address, FetchKind.FEED, outcome.row)
        except SourceFailedError as failed:
            if source.feed or failed.status not in NOT_THERE:
                raise
            outcome.notes.append(f"{address} is not there any more; the site was searched anew")
    return _discovered(tools, source, outcome)


def _fetched(
    tools: SourceTools,
    source: SourceSettings,
    address: str,
    kind: FetchKind,
    row: SourceRow | None = None,
) -> Fetched:
    try:
        return tools.fetcher.fetch(
            address,
            kind,
            allow_local=source.allow_local,
            etag=row.etag if row is not None else "",
            last_modified=row.last_modified if row is not None else "",
            stop=tools.stop,
        )
    except FetchError as error:
        raise SourceFailedError.of(error, source) from error


def _parsed(tools: SourceTools, fetched: Fetched) -> Feed:
    with tools.readers.borrow() as reader:
        try:
            return reader.read_feed(
                fetched.body,
                url=fetched.url,
                content_type=fetched.content_type,
                now=tools.now,
            )
        except UserError as error:
            raise SourceFailedError(str(error)) from error


def _discovered(
    tools: SourceTools, source: SourceSettings, outcome: SourceOutcome
) -> tuple[str, Fetched]:
    page = _fetched(tools, source, source.site, FetchKind.ARTICLE)
    with tools.readers.borrow() as reader:
        try:
            found = reader.find_feeds(page.body, url=page.url)
        except UserError:
            found = ()
    named = tuple(feed.url for feed in found)
    for address in named or guesses(page.url):
        tools.go_on()
        try:
            fetched = _fetched(tools, source, address, FetchKind.FEED)
            _parsed(tools, fetched)
        except SourceFailedError as failed:
            outcome.notes += [f"{address}: {failed}"] if named else []
            continue
        outcome.notes.append(f"found the feed {address}")
        return address, fetched
    raise SourceFailedError("no feed that can be read was found at the site")


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
    """Read sources now."""
    wanted = _wanted(desk, names)
    if not wanted:
        return ()
    with open_tools(desk, fetcher, stop=stop, progress=progress, chance=chance) as tools:

        def read(source: SourceSettings) -> SourceOutcome:
            outcome = read_source(tools, source, named=bool(names))
            say(outcome)
            return outcome

        return tuple(at_once([partial(read, source) for source in wanted]))


@contextmanager
def open_tools(
    desk: Desk,
    fetcher: Fetcher,
    *,
    stop: threading.Event,
    progress: Progress = no_progress,
    chance: Callable[[], float] = random.random,
) -> Iterator[SourceTools]:
    """Give the tools that readings share; at the end the readers' processes end."""
    with closing(ReaderPool()) as readers:
        yield SourceTools(
            desk=desk,
            fetcher=fetcher,
            stop=stop,
            callouts=load_callouts(desk.settings),
            progress=progress,
            chance=chance,
            readers=readers,
        )


def due_sources(desk: Desk) -> tuple[SourceSettings, ...]:
    """Return the sources whose time it is to be read."""
    now = desk.clock.now()
    return tuple(line.source for line in list_sources(desk) if is_due(line.row, now))


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
    """
    with tools.desk.database.read() as connection:
        row = as_configured(sources.get_source(connection, source.name), source)
    outcome = SourceOutcome(name=source.name, row=row)
    result: Success | SourceFailedError
    try:
        tools.go_on()
        result = _read_listing(tools, source, outcome, named=named)
        outcome.ended = Ended.UNCHANGED if result.is_unchanged else Ended.READ
    except Interrupted:
        outcome.ended = Ended.STOPPED
        return outcome
    except SourceFailedError as failed:
        result = failed
        outcome.ended, outcome.may_pass = Ended.FAILED, failed.may_pass
    with tools.write() as connection:
        row = as_configured(sources.get_source(connection, source.name), source)
        now = tools.now
        if isinstance(result, Success):
            row = after_success(row, result, source, now=now)
        else:
            chance = tools.chance()
            row = after_failure(row, result, source, now=now, chance=chance, is_repeat=is_repeat)
        sources.save_source(connection, row)
        outcome.row = sources.get_source(connection, source.name)
    return outcome
