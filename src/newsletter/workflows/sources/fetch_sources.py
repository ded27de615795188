"""One source's reading: its feed, its site's feed, its page or its folder, by what it names."""

import random
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from newsletter.config.settings import SourceSettings
from newsletter.errors import Interrupted, NotFound, NothingToDo, UserError
from newsletter.fetch import Fetcher, FetchError
from newsletter.ingest.identity import guesses, url_key
from newsletter.model.source import Feed, Fetched, FetchKind, Sighting, SourceRow
from newsletter.store import sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.add_article import FolderReader
from newsletter.workflows.sources.read_entries import EntryReader, page_article
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
    NOT_THERE,
    Ended,
    Progress,
    SourceFailedError,
    SourceOutcome,
    SourceTools,
    Tally,
    keep_article,
    no_progress,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Had:
    """A feed that was had: as it was read, or None where it is unchanged, and the answer."""

    fetched: Fetched
    feed: Feed | None
    location: str


def read_listing(
    tools: SourceTools, source: SourceSettings, row: SourceRow, *, tally: Tally, named: bool
) -> tuple[Success, Ended]:
    """Read a feed, or the feed of a site, and what it lists.

    Raises SourceFailedError, Interrupted.
    """
    had = _feed_of(tools, source, row, tally)
    moment = tools.now
    unchanged = had.feed is None
    feed = had.feed if had.feed is not None else _as_carried(tools, source, row)
    tally.entries = len(feed.entries)
    tally.notes += feed.notes
    if not feed.entries and len(feed.notes) > 1:  # it is empty, and something is wrong with it
        raise SourceFailedError("; ".join(feed.notes))
    EntryReader(tools, source, feed, tally=tally, moment=moment, named=named).read()
    fetched = had.fetched
    if unchanged:
        return Success(keep_for=fetched.keep_for, moved_to=fetched.moved_to), Ended.UNCHANGED
    return Success(
        keep_for=fetched.keep_for,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        location=had.location,
        moved_to=fetched.moved_to if source.feed else "",
        title=feed.title,
        ttl_s=feed.ttl_s,
    ), Ended.READ


def _as_carried(tools: SourceTools, source: SourceSettings, row: SourceRow) -> Feed:
    """Return an unchanged feed as it was kept: its entries without their full texts."""
    with tools.desk.database.read() as connection:
        carried = sources.carried(connection, source.name)
    entries = tuple(
        replace(sighting.entry, position=sighting.position)
        for sighting in carried.values()
        if sighting.entry is not None
    )
    return Feed(kind="", title=row.title, url=row.location, entries=entries)


def _feed_of(tools: SourceTools, source: SourceSettings, row: SourceRow, tally: Tally) -> _Had:
    if source.feed:
        return _had_at(tools, source, source.feed, row)
    if row.location:
        try:
            return _had_at(tools, source, row.location, row)
        except SourceFailedError as failed:
            if failed.status not in NOT_THERE:
                raise
            tally.notes.append(f"{row.location} is not there any more; the site was searched anew")
    return _discovered(tools, source, tally)


def _had_at(
    tools: SourceTools, source: SourceSettings, address: str, row: SourceRow | None
) -> _Had:
    try:
        fetched = tools.fetcher.fetch(
            address,
            FetchKind.FEED,
            allow_local=source.allow_local,
            etag=row.etag if row is not None else "",
            last_modified=row.last_modified if row is not None else "",
            stop=tools.stop,
        )
    except FetchError as error:
        raise SourceFailedError.of(error) from error
    if fetched.is_unchanged:
        return _Had(fetched=fetched, feed=None, location=address)
    return _Had(fetched=fetched, feed=_parsed(tools, fetched), location=address)


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
            sentence = str(error)
            try:
                found = reader.find_feeds(fetched.body, url=fetched.url)
            except UserError:
                found = ()
    if found:
        sentence += f"; the page there names the feed {found[0].url}"
    raise SourceFailedError(sentence)


def _discovered(tools: SourceTools, source: SourceSettings, tally: Tally) -> _Had:
    """Find a site's feed: those that its page names, then a few guesses."""
    try:
        page = tools.fetcher.fetch(
            source.site, FetchKind.ARTICLE, allow_local=source.allow_local, stop=tools.stop
        )
    except FetchError as error:
        raise SourceFailedError.of(error) from error
    with tools.readers.borrow() as reader:
        try:
            found = reader.find_feeds(page.body, url=page.url)
        except UserError:
            found = ()
    named = tuple(feed.url for feed in found)
    for address in named or guesses(page.url):
        tools.go_on()
        try:
            had = _had_at(tools, source, address, None)
        except SourceFailedError as failed:
            tally.notes += [f"{address}: {failed.sentence}"] if named else []
            continue
        tally.notes.append(f"found the feed {address}")
        others = [other for other in named if other != address]
        if others:
            tally.notes.append(f"the site names others too: {', '.join(others)}")
        return had
    if named:
        msg = f"none of the {len(named)} feeds that the site names can be read"
    else:
        msg = "no feed was found: the site names none, and there is none at the usual addresses"
    raise SourceFailedError(msg)


def read_page(
    tools: SourceTools, source: SourceSettings, row: SourceRow, *, tally: Tally
) -> tuple[Success, Ended]:
    """Read a page that is an article itself; a change makes a new version.

    Raises SourceFailedError: it could not be had, or is no article.
    """
    try:
        fetched = tools.fetcher.fetch(
            source.page,
            FetchKind.ARTICLE,
            allow_local=source.allow_local,
            etag=row.etag,
            last_modified=row.last_modified,
            stop=tools.stop,
        )
        tally.entries = 1
        moment = tools.now
        if fetched.is_unchanged:
            _see_page_again(tools, source, moment)
            success = Success(keep_for=fetched.keep_for, moved_to=fetched.moved_to)
            return success, Ended.UNCHANGED
        article = page_article(tools, source, fetched)
    except FetchError as error:
        raise SourceFailedError.of(error) from error
    except UserError as error:
        raise SourceFailedError(str(error)) from error
    with tools.write() as connection:
        keys = (url_key(source.page), url_key(fetched.url))
        saved = keep_article(connection, article, now=moment, keys=keys)
        sources.see(connection, saved.id, _page_sighting(source, fetched, moment))
    tally.count(saved)
    return Success(
        keep_for=fetched.keep_for,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        location=source.page,
        moved_to=fetched.moved_to,
        title=article.title.value,
    ), Ended.READ


def _see_page_again(tools: SourceTools, source: SourceSettings, moment: datetime) -> None:
    with tools.write() as connection:
        carried = sources.carried(connection, source.name)
        sources.see_again(connection, source.name, dict.fromkeys(carried, 0), last_seen=moment)


def _page_sighting(source: SourceSettings, fetched: Fetched, moment: datetime) -> Sighting:
    return Sighting(
        source=source.name,
        url=source.page,
        position=0,
        first_seen=moment,
        last_seen=moment,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        asked_at=moment,
        read_at=moment,
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

    Returns how each reading ended, in the order of newsletter.toml; () where nothing was due.

    Raises NotFound: a name stands for no source; NothingToDo: newsletter.toml names no source.
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

    Raises StoreBusy, StoreFull and such: the database could not be written; nothing else is raised.
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
