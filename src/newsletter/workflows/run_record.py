"""What a run did, step by step, kept in the database: evidence and duration."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from newsletter.model.records import OccurrenceRow
from newsletter.store import occurrences
from newsletter.workflows.desk import Desk

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Writes the steps of one occurrence."""

    desk: Desk
    occurrence: OccurrenceRow

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and keep it; one that raises is kept with the reason and raises on."""
        clock = self.desk.clock
        started, begun = clock.now(), clock.monotonic()
        result = "done"
        try:
            yield
        except Exception as error:
            result = str(error) or type(error).__name__
            raise
        finally:
            seconds = clock.monotonic() - begun
            _log.info(
                "step ended",
                extra={
                    "occurrence": self.occurrence.id,
                    "issue": self.occurrence.issue,
                    "step": name,
                    "seconds": round(seconds, 3),
                    "result": result[:500],
                },
            )
            with self.desk.database.write() as connection:
                occurrences.add_step(
                    connection,
                    occurrence_id=self.occurrence.id,
                    issue=self.occurrence.issue or "",
                    name=name,
                    started=started,
                    seconds=seconds,
                    result=result[:500],
                )
