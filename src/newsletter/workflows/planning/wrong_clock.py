"""A wrong clock: which runs that it judged while it ran ahead are planned again.

A run that was missed while its time is still to come was judged by a clock that ran ahead, or this
clock is behind: either way its time is yet to be.
"""

from datetime import datetime, timedelta

from newsletter.model.records import OccurrenceMark, OccurrenceRow, OccurrenceState

WRONG_CLOCK = "it was judged while the clock was wrong"
CLOCK_STEP = timedelta(minutes=1)  # a clock that is set back by less was not wrong, only corrected


def may_return(row: OccurrenceRow, now: datetime) -> bool:
    """Return whether a schedule's row that is over may be planned again, if its time is to come.

    What ended at a moment that is still to come was ended by a clock that ran ahead, or this clock
    is behind: nobody can tell. So only a run that had no issue yet comes back; of any other a
    person decides.
    """
    if row.mark is OccurrenceMark.GONE or row.state is OccurrenceState.MISSED:
        return True
    is_judged = row.state in {OccurrenceState.HELD, OccurrenceState.SKIPPED}
    is_by_hand = row.mark is not OccurrenceMark.NONE
    if not is_judged or is_by_hand or row.ended_at is None or row.issue is not None:
        return False
    return row.ended_at > now + CLOCK_STEP
