"""Planned times. A unique key keeps one row for each; whoever changes `planned` first has it."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, NoReturn

from sqlalchemy import Connection, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import NotFound, UserError
from newsletter.model.records import (
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
    StepRow,
)
from newsletter.model.schedule import PlannedTime, Stage
from newsletter.store.ledger.reading import mailing_for_issue
from newsletter.store.rows import read_all, read_one, select_row
from newsletter.store.tables import UtcDateTime, occurrences, run_stages, run_steps

UNSCHEDULED = "unscheduled by hand"
_AGAIN = (
    OccurrenceState.PLANNED,
    OccurrenceState.HELD,
    OccurrenceState.SKIPPED,
    OccurrenceState.MISSED,
    OccurrenceState.STOPPED,
)
_JUDGED = (OccurrenceState.HELD, OccurrenceState.SKIPPED, OccurrenceState.MISSED)
_OCCURRENCE = select_row(occurrences, OccurrenceRow)
_BY_TIME = _OCCURRENCE.order_by(occurrences.c.planned_at, occurrences.c.id)


def plan_issue(
    conn: Connection, newsletter: str, issue: str, kind: OccurrenceKind, planned: PlannedTime
) -> OccurrenceRow:
    """Plan an issue at one time, or move the time it has; a held or missed run is planned anew.

    Raises UserError: it is being sent or was, or another issue of the newsletter has this time.
    """
    before = of_issue(conn, issue)
    _make_room(conn, newsletter, planned)
    if before is not None and before.state is OccurrenceState.CLAIMED:
        msg = f"{issue} is about to be sent, it cannot be planned anew"
        raise UserError(msg, hint=f'"newsletter unschedule {issue}" takes it back')
    # a run that found nobody to send to is done, and has no mailing: the issue is free
    is_free = before is None or before.state in _AGAIN or mailing_for_issue(conn, issue) is None
    if before is not None and not is_free:
        msg = f"{issue} cannot be planned anew, its run is {before.state}"
        raise UserError(msg, hint=f'see "newsletter log {issue}"')
    values = {
        "kind": kind,
        "local_date": planned.local.date(),
        "local_time": planned.local.time(),
        "planned_at": planned.at,
        "state": OccurrenceState.PLANNED,
        "why": "",
        "owner": "",
        "claimed_at": None,
        "ended_at": None,
        "draft_at": None,
        "approve_by": None,
        "mark": OccurrenceMark.NONE,
        "note": "",
    }
    try:
        with conn.begin_nested():
            if before is None:
                fresh = insert(occurrences).values(newsletter=newsletter, issue=issue, **values)
                occurrence_id = conn.execute(fresh.returning(occurrences.c.id)).scalar_one()
            else:
                occurrence_id = before.id
                _keep_ending(conn, before)
                if not move(conn, before.id, (before.state,), **values):
                    _refuse(conn, before.id, OccurrenceState.PLANNED)
    except IntegrityError as error:
        msg = f"{newsletter} sends another issue at {planned.local}"
        raise UserError(msg, hint='choose another time; see "newsletter plan"') from error
    return get_occurrence(conn, occurrence_id)


def _keep_ending(conn: Connection, row: OccurrenceRow) -> None:
    """Leave a line of how a run had ended before it is planned anew, where no step tells it."""
    is_over = row.state in _AGAIN and row.ended_at is not None and row.why
    if is_over and not any(row.why in step.result for step in steps(conn, row.id)):
        add_step(
            conn,
            occurrence_id=row.id,
            issue=row.issue or "",
            name=str(row.state),
            started=row.ended_at or row.planned_at,
            seconds=0.0,
            result=row.why[:500],
        )


def _make_room(conn: Connection, newsletter: str, planned: PlannedTime) -> None:
    """Take away a time of the schedule that has no issue yet: this one takes its place."""
    conn.execute(
        delete(occurrences).where(
            occurrences.c.newsletter == newsletter,
            occurrences.c.local_date == planned.local.date(),
            occurrences.c.local_time == planned.local.time(),
            occurrences.c.kind == OccurrenceKind.SCHEDULED,
            occurrences.c.state == OccurrenceState.PLANNED,
            occurrences.c.issue.is_(None),
        )
    )


def unplan(conn: Connection, occurrence_id: int, *, now: datetime) -> None:
    """Take a planned time away; of one that was looked at already, the log keeps a line.

    Raises UserError: it is over, or its mailing has begun.
    """
    looked_at = (OccurrenceState.CLAIMED, OccurrenceState.HELD)
    skipped = {"state": OccurrenceState.SKIPPED, "why": UNSCHEDULED, "owner": "", "ended_at": now}
    if move(conn, occurrence_id, looked_at, **skipped):
        return
    planned = delete(occurrences).where(
        occurrences.c.id == occurrence_id, occurrences.c.state == OccurrenceState.PLANNED
    )
    if conn.execute(planned).rowcount != 1:
        _refuse(conn, occurrence_id, "taken away")


def claim(
    conn: Connection, occurrence_id: int, *, owner: str, now: datetime
) -> OccurrenceRow | None:
    """Take a planned time; None where another was first, or it is not planned any more.

    claimed_at stays that of the first who took it: it is when the run was started.
    """
    first = func.coalesce(occurrences.c.claimed_at, literal(now, UtcDateTime))
    mine = {"state": OccurrenceState.CLAIMED, "owner": owner, "claimed_at": first}
    is_mine = move(conn, occurrence_id, (OccurrenceState.PLANNED,), **mine)
    return get_occurrence(conn, occurrence_id) if is_mine else None


def give_back(conn: Connection, occurrence_id: int) -> None:
    """Plan a claimed time again: its owner is gone. When it was first taken stays known.

    Raises UserError: it is not claimed.
    """
    planned = {"state": OccurrenceState.PLANNED, "owner": ""}
    if not move(conn, occurrence_id, (OccurrenceState.CLAIMED,), **planned):
        _refuse(conn, occurrence_id, "given back")


def finish(
    conn: Connection, occurrence_id: int, state: OccurrenceState, *, why: str, now: datetime
) -> None:
    """Write down what became of a planned or claimed time, and why in one sentence.

    Raises UserError: it is over already.
    """
    begun = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED)
    if not move(conn, occurrence_id, begun, state=state, why=why, ended_at=now):
        _refuse(conn, occurrence_id, state)


def get_occurrence(conn: Connection, occurrence_id: int) -> OccurrenceRow:
    """Return a planned time by its number. Raises NotFound: there is none."""
    row = read_one(conn, _OCCURRENCE.where(occurrences.c.id == occurrence_id), OccurrenceRow)
    if row is None:
        raise NotFound("planned time", str(occurrence_id))
    return row


def of_issue(conn: Connection, issue: str) -> OccurrenceRow | None:
    """Return an issue's planned time, whatever became of it; None where it has none."""
    return read_one(conn, _OCCURRENCE.where(occurrences.c.issue == issue), OccurrenceRow)


def states_of(conn: Connection, issues: Collection[str]) -> dict[str, OccurrenceState]:
    """Give what became of the planned times of issues, by issue; those without one are left out."""
    wanted = select(occurrences.c.issue, occurrences.c.state).where(occurrences.c.issue.in_(issues))
    return {issue: state for issue, state in conn.execute(wanted) if issue is not None}


def at_key(
    conn: Connection, newsletter: str, local_date: date, local_time: time
) -> OccurrenceRow | None:
    """Give what a newsletter has at a local date and time; None where nothing was ever planned."""
    wanted = _OCCURRENCE.where(
        occurrences.c.newsletter == newsletter,
        occurrences.c.local_date == local_date,
        occurrences.c.local_time == local_time,
    )
    return read_one(conn, wanted, OccurrenceRow)


def planned_at(conn: Connection, issue: str) -> datetime | None:
    """Return the moment an issue is planned for, whatever became of it; None where it has none."""
    wanted = select(occurrences.c.planned_at).where(occurrences.c.issue == issue)
    return conn.execute(wanted).scalar_one_or_none()


def list_occurrences(
    conn: Connection, states: Collection[OccurrenceState] = tuple(OccurrenceState)
) -> tuple[OccurrenceRow, ...]:
    """Return planned times in these states, the earliest first."""
    wanted = _BY_TIME.where(occurrences.c.state.in_(states))
    return read_all(conn, wanted, OccurrenceRow)


def of_newsletter(conn: Connection, newsletter: str, since: date) -> tuple[OccurrenceRow, ...]:
    """Return what a newsletter has from a local date on, whatever became of it, in order."""
    wanted = _BY_TIME.where(
        occurrences.c.newsletter == newsletter, occurrences.c.local_date >= since
    )
    return read_all(conn, wanted, OccurrenceRow)


def due(conn: Connection, *, before: datetime) -> tuple[OccurrenceRow, ...]:
    """Return what may be claimed: planned up to and with that moment, the earliest first.

    One of a schedule may be once its stages are over.
    """
    is_ready = exists().where(
        run_stages.c.occurrence_id == occurrences.c.id, run_stages.c.stage == Stage.READY
    )
    wanted = _BY_TIME.where(
        occurrences.c.state == OccurrenceState.PLANNED,
        occurrences.c.planned_at <= before,
        or_(occurrences.c.kind != OccurrenceKind.SCHEDULED, is_ready),
    )
    return read_all(conn, wanted, OccurrenceRow)


def missed_to_come(conn: Connection, *, now: datetime) -> tuple[OccurrenceRow, ...]:
    """Return the times set by `schedule` or `approve` that were missed and are still to come."""
    wanted = _BY_TIME.where(
        occurrences.c.state == OccurrenceState.MISSED,
        occurrences.c.kind == OccurrenceKind.ONE_OFF,
        occurrences.c.planned_at > now,
    )
    return read_all(conn, wanted, OccurrenceRow)


def plan_again(conn: Connection, occurrence_id: int) -> bool:
    """Plan a held, skipped or missed run again at the time it had; false where it is none."""
    _keep_ending(conn, get_occurrence(conn, occurrence_id))
    planned = {"state": OccurrenceState.PLANNED, "why": "", "owner": ""}
    return move(conn, occurrence_id, _JUDGED, **planned, claimed_at=None, ended_at=None)


def ended_since(conn: Connection, since: datetime) -> tuple[OccurrenceRow, ...]:
    """Return the runs that ended after that moment, in the order they ended."""
    wanted = _OCCURRENCE.where(occurrences.c.ended_at > since)
    in_order = wanted.order_by(occurrences.c.ended_at, occurrences.c.id)
    return read_all(conn, in_order, OccurrenceRow)


def claimed(conn: Connection) -> tuple[OccurrenceRow, ...]:
    """Return what some process has taken and not ended."""
    return list_occurrences(conn, (OccurrenceState.CLAIMED,))


def add_step(
    conn: Connection,
    *,
    occurrence_id: int | None,
    issue: str,
    name: str,
    started: datetime,
    seconds: float,
    result: str,
) -> None:
    """Write down one step of a run; nothing is ever taken away."""
    conn.execute(
        insert(run_steps).values(
            occurrence_id=occurrence_id,
            issue=issue,
            name=name,
            started=started,
            seconds=seconds,
            result=result,
        )
    )


def steps(conn: Connection, occurrence_id: int) -> tuple[StepRow, ...]:
    """Return the steps of a run, in order."""
    wanted = select_row(run_steps, StepRow).where(run_steps.c.occurrence_id == occurrence_id)
    return read_all(conn, wanted.order_by(run_steps.c.id), StepRow)


def move(
    conn: Connection,
    occurrence_id: int,
    before: Collection[OccurrenceState],
    **values: Any,  # noqa: ANN401 (columns)
) -> bool:
    """Change a planned time that is in one of these states; False where it is in another."""
    moved = update(occurrences).where(
        occurrences.c.id == occurrence_id, occurrences.c.state.in_(before)
    )
    return conn.execute(moved.values(values)).rowcount == 1


def _refuse(conn: Connection, occurrence_id: int, became: str) -> NoReturn:
    there = get_occurrence(conn, occurrence_id)
    raise UserError(f"this run is {there.state}, it cannot be {became}")
