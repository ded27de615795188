"""When a draft whose sources fail is tried again, and until when; pure.

A source that answers 500 at draft_at is often well a minute later, so the day is not given up for
it. The server is asked once a minute at first, then every five minutes, never before the moment
that its Retry-After names. One in quarantine, or gone, is not asked again: it failed for days.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, tzinfo

from newsletter.model.records import OccurrenceRow
from newsletter.model.schedule import Tries
from newsletter.model.source import SourceRow, SourceState

SOON = timedelta(minutes=1)
SOON_TRIES = 10  # after so many it is no hiccup
LATER = timedelta(minutes=5)  # as a source that is well is asked at most
BEFORE_PLANNED = timedelta(minutes=1)  # drafting and checking have to be done by then
TOLD_AFTER = 3  # tries in vain, before editors hear of it
NOT_AGAIN = frozenset({SourceState.QUARANTINED, SourceState.GONE})


def try_until(occurrence: OccurrenceRow, first_at: datetime) -> datetime:
    """Say until when a draft is tried: approve_by, and a minute before the planned time.

    A run whose first try came later (it was forced, or the machine was off) has ten minutes.
    """
    planned = occurrence.planned_at - BEFORE_PLANNED
    until = min(occurrence.approve_by or planned, planned)
    return until if first_at < until else first_at + SOON_TRIES * SOON


def asked_again(occurrence: OccurrenceRow, tried: Tries, zone: tzinfo) -> str:
    """Say when the sources of a run are asked again for its draft, and until when."""
    until = try_until(occurrence, tried.first_at).astimezone(zone)
    return (
        f"its sources are asked again at {tried.next_at.astimezone(zone):%H:%M:%S}, "
        f"until {until:%H:%M}; then it is held"
    )


def next_try(
    occurrence: OccurrenceRow,
    tried: Tries | None,
    failing: Sequence[SourceRow],
    *,
    required: Collection[str],
    now: datetime,
) -> datetime | None:
    """Say when a draft is tried again.

    Args:
        occurrence: the run.
        tried: the tries before the one that has just failed.
        failing: the sources that fail now.
        required: the names of those without which there is no draft; where none is among them,
            one of the failing that is well again is enough.
        now: the moment of this try's end.

    Returns:
        None where it is too late, or nobody may be asked again before it is.
    """
    count, first_at = (tried.count, tried.first_at) if tried else (0, now)
    until = try_until(occurrence, first_at)
    if now >= until:
        return None
    ready = {row.name: _ready_at(row, now) for row in failing}
    is_hopeless = any(at is None or at > until for name, at in ready.items() if name in required)
    moments = [at for at in ready.values() if at is not None and at <= until]
    if is_hopeless or not moments:
        return None
    wait = SOON if count < SOON_TRIES else LATER
    return min(max(now + wait, min(moments)), until)


def may_repeat(row: SourceRow, now: datetime) -> bool:
    """Return whether a source is asked at a further try."""
    at = _ready_at(row, now)
    return at is not None and at <= now


def _ready_at(row: SourceRow, now: datetime) -> datetime | None:
    """Say from when a source may be asked at a further try; None where it is not."""
    if row.state in NOT_AGAIN:
        return None
    return max(row.put_off_until or now, now)
