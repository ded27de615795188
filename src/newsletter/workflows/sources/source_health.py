"""How a source is doing after each reading, and when it may be read again; pure.

well ⇄ failing → quarantined, and gone after 410: docs/design.md has the drawing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.config.settings import SourceSettings
from newsletter.model.source import SourceRow, SourceState

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

    keep_for: timedelta | None = None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    moved_to: str = ""
    title: str | None = None
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A reading that failed: the sentence why, whether it was 410, and Retry-After of 429, 503.

    is_repeat: a further try of one draft, a minute or so after the one before. It is the same
    failure: it brings no quarantine nearer.
    """

    sentence: str
    is_gone: bool = False
    retry_after: timedelta | None = None
    is_repeat: bool = False


def address_of(source: SourceSettings) -> str:
    """Return what newsletter.toml names: the feed, site or page, or the folder."""
    return source.feed or source.site or source.page or source.folder


def as_configured(row: SourceRow, source: SourceSettings) -> SourceRow:
    """Forget what was known of another address: a new one in newsletter.toml is a new source."""
    if row.since is not None and row.address == address_of(source):
        return row
    return SourceRow(name=source.name, address=address_of(source), articles=row.articles)


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
    row: SourceRow, failure: Failure, source: SourceSettings, *, now: datetime, chance: float
) -> SourceRow:
    """Return the row after a reading that failed; what its last good answer said is kept.

    chance, from 0 to 1, spreads the moment of the next try.
    """
    is_counted = not failure.is_repeat or row.failures == 0
    failures = row.failures + is_counted
    if failure.is_gone:
        state = SourceState.GONE
    elif failures >= QUARANTINE_AFTER:
        state = SourceState.QUARANTINED
    else:
        state = SourceState.FAILING
    wait = _wait_after(failures) * (1 + JITTER * (2 * chance - 1))
    put_off_until = None
    if failure.retry_after is not None:
        retry_after = min(failure.retry_after, MOST_RETRY_AFTER)
        wait = max(LEAST_EVERY, source.every, retry_after)
        put_off_until = now + retry_after
    return replace(
        row,
        state=state,
        since=row.since if row.since and row.state is state else now,
        last_error=failure.sentence,
        checked_at=now,
        next_at=None if state is SourceState.GONE else now + wait,
        put_off_until=put_off_until,
        failures=failures,
    )


def _wait_after(failures: int) -> timedelta:
    """Return 1, 2, 4, 8, 16 and from then on 24 hours."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 5)), MOST_WAIT)
