"""What a run did, step by step, kept in the database: evidence and duration."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.records import OccurrenceRow
from newsletter.model.run import Stage
from newsletter.store import occurrences, stages
from newsletter.workflows.desk import Desk
from newsletter.workflows.run_names import run_name

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Evidence:
    """What a step has to show for itself: one line."""

    line: str = "done"
    next_at: datetime | None = None

    def says(self, line: str) -> None:
        """Give the line."""
        self.line = " ".join(line.split())

    def tried(self, line: str, *, next_at: datetime) -> None:
        """Say that the step's stage is not over, and is tried again at that moment."""
        self.says(line)
        self.next_at = next_at


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
        evidence = Evidence()
        is_over = False
        try:
            yield evidence
            is_over = True
        except Exception as error:
            evidence.says(str(error) or type(error).__name__)
            raise
        finally:
            seconds = clock.monotonic() - begun
            _log.info(
                "step ended",
                extra={
                    "run": run_name(self.occurrence),
                    "step": name,
                    "seconds": round(seconds, 3),
                    "result": evidence.line[:500],
                },
            )
            now = clock.now()
            with self.desk.database.write() as connection:
                occurrences.add_step(
                    connection,
                    occurrence_id=self.occurrence.id,
                    issue=self.occurrence.issue or "",
                    name=name,
                    started=started,
                    seconds=seconds,
                    result=evidence.line[:500],
                )
                number, next_at = self.occurrence.id, evidence.next_at
                if next_at is not None:
                    stages.put_off(connection, number, over[0], now=started, next_at=next_at)
                for stage in over if is_over and next_at is None else ():
                    stages.pass_stage(connection, number, stage, now=now)
