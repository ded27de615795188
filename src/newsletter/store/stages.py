"""How far a scheduled run has come. A stage is written once it is over, never before."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.model.run import Stage, Tries
from newsletter.store.run_tables import run_stages, run_tries


def passed(conn: Connection, occurrence_id: int) -> dict[Stage, datetime]:
    """Return the stages of a run that are over, each with the moment it ended."""
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
    for table in (run_stages, run_tries):
        again = delete(table).where(
            table.c.occurrence_id == occurrence_id, table.c.stage.in_(stages)
        )
        conn.execute(again)


def tries(conn: Connection, occurrence_id: int, stage: Stage) -> Tries | None:
    """Return how often a stage of a run was tried without getting over; None where it never was."""
    wanted = select(run_tries.c.count, run_tries.c.first_at, run_tries.c.next_at).where(
        run_tries.c.occurrence_id == occurrence_id, run_tries.c.stage == stage
    )
    for count, first_at, next_at in conn.execute(wanted):
        return Tries(count=count, first_at=first_at, next_at=next_at)
    return None


def put_off(
    conn: Connection, occurrence_id: int, stage: Stage, *, now: datetime, next_at: datetime
) -> None:
    """Write down that a stage was tried, did not get over, and is tried again at next_at."""
    again = (
        update(run_tries)
        .where(run_tries.c.occurrence_id == occurrence_id, run_tries.c.stage == stage)
        .values(count=run_tries.c.count + 1, next_at=next_at)
    )
    if conn.execute(again).rowcount == 0:
        first = insert(run_tries).values(
            occurrence_id=occurrence_id, stage=stage, count=1, first_at=now, next_at=next_at
        )
        conn.execute(first)
