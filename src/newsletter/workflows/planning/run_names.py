"""How sentences name a run, and say what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from newsletter.model.records import OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.text import lasting

STATE_WORDS: Mapping[OccurrenceState, str] = {
    OccurrenceState.PLANNED: "planned",
    OccurrenceState.CLAIMED: "going out now",
    OccurrenceState.DONE: "sent",
    OccurrenceState.HELD: "held",
    OccurrenceState.SKIPPED: "skipped",
    OccurrenceState.MISSED: "missed",
    OccurrenceState.STOPPED: "stopped",
}


def run_name(occurrence: OccurrenceRow) -> str:
    """Name a run in sentences: its issue, or the newsletter and its time while it has none."""
    at = f"{occurrence.local_date} {occurrence.local_time:%H:%M}"
    return occurrence.issue or f"{occurrence.newsletter} of {at}"


def open_until(occurrence: OccurrenceRow) -> datetime:
    """Say until when a held run may be approved, and goes out then without being planned anew.

    Its planned time; one that was forced had that behind it from the start, and has `if_late`.
    """
    if occurrence.mark is OccurrenceMark.FORCED and occurrence.approve_by is not None:
        return occurrence.approve_by
    return occurrence.planned_at


def ways_on(held: OccurrenceRow, zone: tzinfo, now: datetime) -> tuple[str, ...]:
    """Return what a person can do about a held run, a sentence for each."""
    issue = held.issue or "ISSUE"
    draft = (
        f"to draft it all the same: newsletter draft {held.newsletter} "
        f"--date {held.local_date} --anyway"
    )
    until = open_until(held)
    if now < until:
        when = "at once" if held.mark is OccurrenceMark.FORCED else "then"
        form = "%a %H:%M" if until - now < timedelta(days=6) else "%a %Y-%m-%d %H:%M"
        approve = (
            f"until {until.astimezone(zone):{form}}: newsletter approve {issue} "
            f"lets it go out {when}"
        )
        send = f"after that: newsletter send {issue}"
    else:
        approve, send = "", f"to send it now: newsletter send {issue}"
    return tuple(way for way in ("" if held.issue else draft, approve, send) if way)


def ways_on_paused(issue: str) -> str:
    """Return what a person can do about a mailing that is paused."""
    return f'"newsletter resume {issue}" goes on, "newsletter stop {issue}" ends it'


def too_late(occurrence: OccurrenceRow, if_late: timedelta) -> str:
    """Return that a run is found later than its newsletter's `if_late` allows."""
    planned = f"{occurrence.planned_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"planned for {planned}, more than {lasting(if_late)} ago, which if_late does not allow"
