"""Overtaken: of two planned times of one newsletter that are due together, only the later is sent.

So what a stop or a sleep left over never goes out beside the next issue.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from newsletter.model.records import (
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
)

ABOUT_TO_BE = timedelta(seconds=5)  # what is due so soon is due too; rules are a minute apart
_OVERTAKING = frozenset(
    {
        OccurrenceState.PLANNED,
        OccurrenceState.CLAIMED,
        OccurrenceState.HELD,
        OccurrenceState.DONE,
    }
)


def overtaken(row: OccurrenceRow, others: Iterable[OccurrenceRow], now: datetime) -> str:
    """Return which later time of the rule is due as well; "" where none is, or a person forced it.

    others: of the same newsletter, in the order of their planned times; pure.
    """
    if row.kind is not OccurrenceKind.SCHEDULED or row.mark is OccurrenceMark.FORCED:
        return ""
    later = [
        other
        for other in others
        if other.kind is OccurrenceKind.SCHEDULED
        and other.mark is not OccurrenceMark.FORCED
        and other.state in _OVERTAKING
        and row.planned_at < other.planned_at <= now + ABOUT_TO_BE
    ]
    if not later:
        return ""
    return f"the one of {later[-1].local_date} {later[-1].local_time:%H:%M} is due too"
