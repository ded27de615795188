"""How far a scheduled run has come. A stage is written once it is over, never before."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from newsletter.model.run import Stage
from newsletter.store.run_tables import run_stages


def passed(conn: Connection, occurrence_id: int) -> dict[Stage, datetime]:
    """Give the stages of a run that are over, each with the moment it ended."""
    wanted = select(run_stages.c.stage, run_stages.c.at)
    rows = conn.execute(wanted.where(run_stages.c.occurrence_id == occurrence_id))
    return {stage: at for stage, at in rows}  # noqa: C416 (rows are no pairs to dict's eyes)


def pass_stage(conn: Connection, occurrence_id: int, stage: Stage, *, now: datetime) -> None:
    """Write down that a stage is over.

    Raises:
        sqlalchemy.exc.IntegrityError: it was already; two processes carry out one run.
    """
    conn.execute(insert(run_stages).values(occurrence_id=occurrence_id, stage=stage, at=now))


def begin_again(
    conn: Connection, occurrence_id: int, stages: Collection[Stage] = tuple(Stage)
) -> None:
    """Have these stages of a run done once more: its time is another one now."""
    again = delete(run_stages).where(
        run_stages.c.occurrence_id == occurrence_id, run_stages.c.stage.in_(stages)
    )
    conn.execute(again)
