"""How sentences name a run, and say what became of it."""

from collections.abc import Mapping
from datetime import timedelta

from newsletter.model.counting import lasting
from newsletter.model.records import OccurrenceRow, OccurrenceState

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
    """Name a run in sentences: its issue, or the newsletter and day while it has none."""
    return occurrence.issue or f"{occurrence.newsletter} of {occurrence.local_date}"


def too_late(occurrence: OccurrenceRow, if_late: timedelta) -> str:
    """Say that a run is found later than its newsletter's `if_late` allows."""
    planned = f"{occurrence.planned_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"planned for {planned}, more than {lasting(if_late)} ago"
