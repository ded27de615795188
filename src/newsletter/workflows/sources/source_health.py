"""How a source is doing after each reading, and when it may be read again; pure."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.errors import NothingToDo
from newsletter.model.source import FeedEntry, Sighting, SourceRow, SourceState
from newsletter.store import sources
from newsletter.workflows.desk import Desk
from newsletter.workflows.sources.source_tools import GONE, SourceFailedError

LEAST_EVERY = timedelta(minutes=5)
MOST_EVERY = timedelta(days=1)  # no server puts us off for longer by Cache-Control or ttl
FIRST_WAIT = timedelta(hours=1)
MOST_WAIT = timedelta(days=1)
MOST_RETRY_AFTER = timedelta(days=7)
JITTER = 0.1  # a tenth sooner or later, so that what failed together does not come back together
QUARANTINE_AFTER = 8  # failures in a row: about three days

UNWELL = frozenset({SourceState.FAILING, SourceState.QUARANTINED, SourceState.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """A reading that went well, 304 among them.

    keep_for is Cache-Control's max-age, None where it says nothing. What else is None stays what it
    was: a 304 tells nothing of the feed.
    """

    is_unchanged: bool = False
    keep_for: timedelta | None = None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    moved_to: str = ""
    title: str | None = None
    ttl_s: int | None = None


def address_of(source: SourceSettings) -> str:
    """Return what newsletter.toml names: the feed or the site."""
    return source.feed or source.site


def as_configured(row: SourceRow, source: SourceSettings) -> SourceRow:
    """Return what is known of a source as newsletter.toml has it: another address is another."""
    address = address_of(source)
    if row.since is None or row.address.partition(" ")[0] != address:
        return SourceRow(name=source.name, address=address, articles=row.articles)
    return row


def is_due(row: SourceRow, now: datetime) -> bool:
    """Return whether it is time to read a source that nobody named."""
    if row.state is SourceState.GONE:
        return False
    if row.checked_at is not None and row.checked_at > now:
        return True  # the clock was wrong then, and so is next_at
    return row.next_at is None or row.next_at <= now


def after_success(
    row: SourceRow, success: Success, source: SourceSettings, *, now: datetime
) -> SourceRow:
    """Return the row after a reading that went well."""
    ttl_s = row.ttl_s if success.ttl_s is None else success.ttl_s
    asked_for = max(success.keep_for or LEAST_EVERY, timedelta(seconds=ttl_s))
    return replace(
        row,
        state=SourceState.WELL,
        since=row.since if row.since and row.state is SourceState.WELL else now,
        last_error="",
        etag=row.etag if success.etag is None else success.etag,
        last_modified=row.last_modified if success.last_modified is None else success.last_modified,
        checked_at=now,
        next_at=now + max(LEAST_EVERY, source.every, min(asked_for, MOST_EVERY)),
        put_off_until=None,
        failures=0,
        location=row.location if success.location is None else success.location,
        moved_to="" if success.moved_to == address_of(source) else success.moved_to,
        title=row.title if success.title is None else success.title,
        ttl_s=ttl_s,
    )


def after_failure(
    row: SourceRow,
    failed: SourceFailedError,
    source: SourceSettings,
    *,
    now: datetime,
    chance: float,
    is_repeat: bool = False,
) -> SourceRow:
    """Return the row after a reading that failed; what its last good answer said is kept.

    chance, from 0 to 1, spreads the moment of the next try. is_repeat: a further try of one draft,
    which is the same failure and brings no quarantine nearer.
    """
    failures = row.failures + (not is_repeat or row.failures == 0)
    if failed.status == GONE:
        state = SourceState.GONE
    elif failures >= QUARANTINE_AFTER:
        state = SourceState.QUARANTINED
    else:
        state = SourceState.FAILING
    wait = _wait_after(failures) * (1 + JITTER * (2 * chance - 1))
    put_off_until = None
    if failed.retry_after is not None:
        retry_after = min(failed.retry_after, MOST_RETRY_AFTER)
        wait = max(LEAST_EVERY, source.every, retry_after)
        put_off_until = now + retry_after
    return replace(
        row,
        state=state,
        since=row.since if row.since and row.state is state else now,
        last_error=str(failed),
        checked_at=now,
        next_at=None if state is SourceState.GONE else now + wait,
        put_off_until=put_off_until,
        failures=failures,
    )


def _wait_after(failures: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(failures - 1, 5)), MOST_WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source of newsletter.toml and what is known of it."""

    source: SourceSettings
    row: SourceRow


def list_sources(desk: Desk) -> tuple[SourceLine, ...]:
    """Return every source of newsletter.toml, in its order."""
    with desk.database.read() as connection:
        rows = sources.list_sources(connection)
    return tuple(
        SourceLine(
            source=source,
            row=as_configured(rows.get(source.name, SourceRow(name=source.name)), source),
        )
        for source in desk.settings.sources
    )


def sources_of(desk: Desk, newsletter: NewsletterSettings) -> tuple[SourceLine, ...]:
    """Return the sources of a newsletter: every one where it names none."""
    lines = list_sources(desk)
    if not newsletter.sources:
        return lines
    return tuple(line for line in lines if line.source.name in newsletter.sources)


def refuse_failing(desk: Desk, newsletter: NewsletterSettings, *, anyway: bool) -> tuple[str, ...]:
    """Return a sentence for each source that fails, or was never read though it is required."""
    sentences = []
    held = []
    for line in sources_of(desk, newsletter):
        name, row = line.source.name, line.row
        if row.state in UNWELL:
            sentences.append(f"the source {name} is {row.state}: {row.last_error}")
        elif line.source.required and row.since is None:
            sentences.append(f"the source {name} was not read yet")
        else:
            continue
        if line.source.required:
            held.append(name)
    if held and not anyway:
        msg = f"{'; '.join(sentences)}; {newsletter.name} requires {' and '.join(held)}"
        hint = f'"newsletter fetch {held[0]}" asks it now; "newsletter draft --anyway" goes without'
        raise NothingToDo(msg, hint=hint)
    return tuple(sentences)


WATCHED_FOR = timedelta(days=2)
AGAIN_AFTER = timedelta(hours=1)
CHANGED_AFTER = timedelta(minutes=5)  # a feed that stamps its entries anew each time is no reason


def is_pages_turn(
    entry: FeedEntry, sighting: Sighting | None, *, now: datetime, named: bool
) -> bool:
    """Return whether to ask for an entry's page: hourly for two days, or where it has changed."""
    if sighting is None or sighting.asked_at is None or named:
        return True
    rested = now - sighting.asked_at
    if has_changed(entry, sighting.entry):
        return rested >= CHANGED_AFTER
    return rested >= AGAIN_AFTER and now - _born(entry, sighting) < WATCHED_FOR


def _born(entry: FeedEntry, sighting: Sighting) -> datetime:
    for text in (entry.updated, entry.published):
        with suppress(ValueError, TypeError):  # TypeError: it names no zone
            return min(datetime.fromisoformat(text), sighting.last_seen)
    return sighting.first_seen


def has_changed(entry: FeedEntry, before: FeedEntry | None) -> bool:
    """Return whether a feed says something else of an entry than before; its place is no matter."""
    if before is None:
        return True
    return replace(entry, html="", position=0) != replace(before, html="", position=0)
