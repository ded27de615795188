"""Says that a run waits for the database, which another process holds past the planned time.

Whoever wants to write waits for some seconds before it fails, and says nothing meanwhile. Readers
need no lock, so this one sees both what is due and that it cannot be begun.
"""

from collections.abc import Callable
from datetime import timedelta

from newsletter.model.records import OccurrenceRow
from newsletter.store import ledger, occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.run_names import run_name

LOOKS = 2  # in a row, before it is said: each of our own writings holds the lock for a moment
OVERDUE = timedelta(seconds=1)


class LockWatch:
    """Looks whether something is due that a lock holds up, and says so once a lock."""

    def __init__(self, desk: Desk, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        self._looks = 0

    def look(self) -> None:
        """Look once."""
        overdue = self._overdue()
        self._looks = self._looks + 1 if overdue and self._desk.database.is_locked() else 0
        if self._looks != LOOKS:
            return
        names = ", ".join(run_name(occurrence) for occurrence in overdue)
        self._say(
            f"{names}: its time has come, and the database is locked by another process; "
            "it goes out when that has finished"
        )

    def _overdue(self) -> tuple[OccurrenceRow, ...]:
        before = self._desk.clock.now() - OVERDUE
        with self._desk.database.read() as connection:
            begun = occurrences.claimed(connection)
            waiting = (*begun, *occurrences.due(connection, before=before))
            return tuple(
                row
                for row in waiting
                if row.planned_at <= before
                and ledger.mailing_for_issue(connection, row.issue or "") is None
            )
