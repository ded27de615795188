"""How far scheduled runs have come, and the rows that a schedule's rule gives."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import UserError
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Moments, ScheduledTime, Stage, Tries
from newsletter.store.occurrences import get_occurrence, list_occurrences
from newsletter.store.occurrences import move as _change
from newsletter.store.rows import read_one, select_row, values_of
from newsletter.store.tables import occurrences, run_stages, run_tries


def passed(conn: Connection, occurrence_id: int) -> dict[Stage, datetime]:
    """Return the stages of a run that are over, each with the moment it ended."""
    wanted = select(run_stages.c.stage, run_stages.c.at)
    rows = conn.execute(wanted.where(run_stages.c.occurrence_id == occurrence_id))
    return {stage: at for stage, at in rows}  # noqa: C416 (rows are no pairs to dict's eyes)


def pass_stage(conn: Connection, occurrence_id: int, stage: Stage, *, now: datetime) -> None:
    """Write down that a stage is over.

    Raises sqlalchemy.exc.IntegrityError: it was already; two processes carry out one run.
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
    wanted = select_row(run_tries, Tries).where(
        run_tries.c.occurrence_id == occurrence_id, run_tries.c.stage == stage
    )
    return read_one(conn, wanted, Tries)


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


_FEW = 50  # rows looked at for the latest that is not gone
_NOT_BEGUN = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD)
FOR_APPROVAL = (Stage.REMINDER, Stage.APPROVAL, Stage.READY)
_SET_ASIDE = (OccurrenceMark.SKIPPED, OccurrenceMark.GONE)


def add_scheduled(
    conn: Connection, newsletter: str, scheduled: ScheduledTime
) -> OccurrenceRow | None:
    """Plan one time of a rule; None where the newsletter has a row for that key already."""
    values = values_of(scheduled.moments) | {"note": scheduled.note}
    fresh = insert(occurrences).values(
        newsletter=newsletter,
        issue=None,
        kind=OccurrenceKind.SCHEDULED,
        local_date=scheduled.local.date(),
        local_time=scheduled.local.time(),
        state=OccurrenceState.PLANNED,
        mark=OccurrenceMark.NONE,
        why="",
        owner="",
        **values,
    )
    try:
        with conn.begin_nested():
            added = conn.execute(fresh.returning(occurrences.c.id)).scalar_one()
    except IntegrityError:
        return None
    return get_occurrence(conn, added)


def attach_issue(conn: Connection, occurrence_id: int, issue: str) -> OccurrenceRow:
    """Return which issue a scheduled time sends; the same again changes nothing.

    Raises UserError: it has another issue, or the issue has another planned time.
    """
    found = get_occurrence(conn, occurrence_id)
    if found.issue == issue:
        return found
    if found.issue is not None:
        msg = f"{found.newsletter} at {found.local_date} {found.local_time} sends {found.issue}"
        raise UserError(msg)
    named = update(occurrences).where(
        occurrences.c.id == occurrence_id, occurrences.c.issue.is_(None)
    )
    try:
        with conn.begin_nested():
            conn.execute(named.values(issue=issue))
    except IntegrityError as error:
        msg = f"{issue} has a planned time of its own"
        raise UserError(msg, hint=f'"newsletter unschedule {issue}" takes it back') from error
    return get_occurrence(conn, occurrence_id)


def detach_issue(conn: Connection, occurrence_id: int) -> None:
    """Take the issue of a planned time back: its file belongs to another day now."""
    _change(conn, occurrence_id, (OccurrenceState.PLANNED,), issue=None)


def to_draft(conn: Connection, *, before: datetime) -> tuple[OccurrenceRow, ...]:
    """Return what a rule has planned and whose draft_at has come, the earliest first."""
    return tuple(
        row
        for row in list_occurrences(conn, (OccurrenceState.PLANNED,))
        if row.kind is OccurrenceKind.SCHEDULED
        and row.draft_at is not None
        and row.draft_at <= before
    )


def move(conn: Connection, occurrence_id: int, found: Moments, *, note: str) -> None:
    """Give a planned time other moments; its key stays."""
    moments = values_of(found)
    _change(conn, occurrence_id, (OccurrenceState.PLANNED,), note=note, **moments)


def force(
    conn: Connection, occurrence_id: int, *, now: datetime, approve_by: datetime, note: str
) -> bool:
    """Have a planned time run now; False where it is not planned any more.

    What was drafted and shown stays; the approval is waited for anew.
    """
    begin_again(conn, occurrence_id, FOR_APPROVAL)
    moments = {"planned_at": now, "draft_at": now, "approve_by": approve_by}
    values = {"mark": OccurrenceMark.FORCED, "note": note, **moments}
    return _change(conn, occurrence_id, (OccurrenceState.PLANNED,), **values)


def set_aside(
    conn: Connection, occurrence_id: int, mark: OccurrenceMark, *, why: str, now: datetime
) -> bool:
    """Leave out a time that has not begun to be sent; False where it is over.

    One that is gone gives its issue back, so that another time can have it.
    """
    values: dict[str, object] = {"mark": mark, "state": OccurrenceState.SKIPPED, "why": why}
    if mark is OccurrenceMark.GONE:
        values["issue"] = None
    return _change(conn, occurrence_id, _NOT_BEGUN, ended_at=now, owner="", **values)


def take_back(
    conn: Connection,
    occurrence_id: int,
    scheduled: ScheduledTime,
    *,
    ended_after: datetime | None = None,
) -> bool:
    """Plan again what was set aside or missed, or held or skipped without an issue after a moment.

    Its stages begin anew. False where it is none of these.
    """
    may_return = [
        occurrences.c.mark.in_(_SET_ASIDE),
        occurrences.c.state == OccurrenceState.MISSED,
    ]
    if ended_after is not None:
        is_judged = occurrences.c.state.in_((OccurrenceState.HELD, OccurrenceState.SKIPPED))
        is_later = occurrences.c.ended_at > ended_after
        may_return.append(is_judged & occurrences.c.issue.is_(None) & is_later)
    again = (
        update(occurrences)
        .where(
            occurrences.c.id == occurrence_id,
            occurrences.c.kind == OccurrenceKind.SCHEDULED,
            or_(*may_return),
        )
        .values(
            mark=OccurrenceMark.NONE,
            state=OccurrenceState.PLANNED,
            why="",
            owner="",
            claimed_at=None,
            ended_at=None,
            note=scheduled.note,
            **values_of(scheduled.moments),
        )
    )
    if conn.execute(again).rowcount != 1:
        return False
    begin_again(conn, occurrence_id)
    return True


def newest(conn: Connection, newsletter: str) -> datetime | None:
    """Return the latest moment that a newsletter's rule was planned for.

    None where nothing was planned, or the last of it is gone: the schedule was taken out.
    """
    wanted = select(occurrences.c.planned_at, occurrences.c.local_date, occurrences.c.mark).where(
        occurrences.c.newsletter == newsletter,
        occurrences.c.kind == OccurrenceKind.SCHEDULED,
        occurrences.c.mark != OccurrenceMark.FORCED,
    )
    rows = conn.execute(wanted.order_by(occurrences.c.planned_at.desc()).limit(_FEW)).all()
    latest = next((row for row in rows if row.mark is not OccurrenceMark.GONE), None)
    is_last = latest is not None and latest.local_date >= rows[0].local_date
    return latest.planned_at if latest is not None and is_last else None
