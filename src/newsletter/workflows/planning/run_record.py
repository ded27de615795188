"""What a run did, step by step, kept in the database: evidence and duration."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.records import OccurrenceRow
from newsletter.model.schedule import Stage
from newsletter.store import Connection, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.run_names import run_name

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Evidence:
    """What a step has to show for itself: one line."""

    write: Callable[[Connection, str], None]
    line: str = "done"
    next_at: datetime | None = None
    is_kept: bool = False

    def says(self, line: str) -> None:
        """Return the line."""
        self.line = " ".join(line.split())

    def tried(self, line: str, *, next_at: datetime) -> None:
        """Return that the step's stage is not over, and is tried again at that moment."""
        self.says(line)
        self.next_at = next_at

    def keep(self, connection: Connection) -> None:
        """Write the step down in the transaction that does what it tells: both or neither.

        Else a kill between the two would leave what was done without its line for good. Where the
        step raises, the transaction was undone, and it is written by itself.
        """
        self.write(connection, self.line)
        self.is_kept = True


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Writes the steps of one occurrence."""

    desk: Desk
    occurrence: OccurrenceRow

    @contextmanager
    def step(self, name: str, *, over: tuple[Stage, ...] = ()) -> Iterator[Evidence]:
        """Time a step and keep it; one that raises is kept with the reason and raises on.

        over: the stages of the run that are over with this step, written in the same transaction.
        Where it was tried in vain, they are not, and the first of them is put off.
        """
        clock = self.desk.clock
        started, begun = clock.now(), clock.monotonic()

        def write(connection: Connection, line: str) -> None:
            occurrences.add_step(
                connection,
                occurrence_id=self.occurrence.id,
                issue=self.occurrence.issue or "",
                name=name,
                started=started,
                seconds=clock.monotonic() - begun,
                result=line[:500],
            )

        evidence = Evidence(write)
        is_over = False
        try:
            yield evidence
            is_over = True
        except Exception as error:
            evidence.says(str(error) or type(error).__name__)
            raise
        finally:
            _log.info(
                "step ended",
                extra={
                    "run": run_name(self.occurrence),
                    "step": name,
                    "seconds": round(clock.monotonic() - begun, 3),
                    "result": evidence.line[:500],
                },
            )
            if not (is_over and evidence.is_kept):
                now = clock.now()
                with self.desk.database.write() as connection:
                    write(connection, evidence.line)
                    number, next_at = self.occurrence.id, evidence.next_at
                    if next_at is not None:
                        scheduled.put_off(connection, number, over[0], now=started, next_at=next_at)
                    for stage in over if is_over and next_at is None else ():
                        scheduled.pass_stage(connection, number, stage, now=now)
