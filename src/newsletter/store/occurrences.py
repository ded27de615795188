"""Planned times. A unique key keeps one row for each; whoever changes `planned` first has it."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import NotFound, UserError
from newsletter.model.records import OccurrenceKind, OccurrenceRow, OccurrenceState, StepRow
from newsletter.store.tables import occurrences, run_steps

_AGAIN = (
    OccurrenceState.PLANNED,
    OccurrenceState.HELD,
    OccurrenceState.SKIPPED,
    OccurrenceState.MISSED,
    OccurrenceState.STOPPED,
)
_OCCURRENCE = select(
    occurrences.c.id,
    occurrences.c.newsletter,
    occurrences.c.issue,
    occurrences.c.kind,
    occurrences.c.local_date,
    occurrences.c.local_time,
    occurrences.c.planned_at,
    occurrences.c.state,
    occurrences.c.why,
    occurrences.c.owner,
    occurrences.c.claimed_at,
    occurrences.c.ended_at,
)


def plan(
    conn: Connection,
    *,
    newsletter: str,
    issue: str | None,
    kind: OccurrenceKind,
    local_date: date,
    local_time: time,
    planned_at: datetime,
) -> OccurrenceRow:
    """Plan a time. An issue's row is moved to it, one of a schedule that is there is given back.

    Raises:
        UserError: the issue runs or has run, or another issue of the newsletter has this time.
    """
    when = {"local_date": local_date, "local_time": local_time, "planned_at": planned_at}
    before = occurrence_for_issue(conn, issue) if issue is not None else None
    if issue is None:
        there = _at(conn, newsletter, local_date, local_time)
        if there is not None:
            return there
    try:
        with conn.begin_nested():
            if before is None:
                fresh = insert(occurrences).values(
                    newsletter=newsletter,
                    issue=issue,
                    kind=kind,
                    state=OccurrenceState.PLANNED,
                    why="",
                    owner="",
                    **when,
                )
                occurrence_id = conn.execute(fresh.returning(occurrences.c.id)).scalar_one()
            else:
                occurrence_id = before.id
                moved = (
                    update(occurrences)
                    .where(occurrences.c.id == before.id, occurrences.c.state.in_(_AGAIN))
                    .values(state=OccurrenceState.PLANNED, kind=kind, why="", owner="", **when)
                    .values(claimed_at=None, ended_at=None)
                )
                if conn.execute(moved).rowcount != 1:
                    msg = f"{issue} cannot be planned anew, its run is {before.state}"
                    raise UserError(msg, hint=f"see `newsletter log {issue}`")
    except IntegrityError as error:
        msg = f"another issue of {newsletter} is planned for {local_date} {local_time}"
        raise UserError(msg, hint="choose another time; see `newsletter plan`") from error
    return get_occurrence(conn, occurrence_id)


def unplan(conn: Connection, issue: str) -> bool:
    """Take an issue's planned time away; false where none was planned (or it runs already)."""
    planned = delete(occurrences).where(
        occurrences.c.issue == issue, occurrences.c.state == OccurrenceState.PLANNED
    )
    return conn.execute(planned).rowcount == 1


def claim(
    conn: Connection, occurrence_id: int, *, owner: str, now: datetime, issue: str | None = None
) -> bool:
    """Take a planned time; false where another has it. issue names the one that is to go out."""
    claimed = update(occurrences).where(
        occurrences.c.id == occurrence_id, occurrences.c.state == OccurrenceState.PLANNED
    )
    values = {"state": OccurrenceState.CLAIMED, "owner": owner, "claimed_at": now}
    if issue is not None:
        values["issue"] = issue
    return conn.execute(claimed.values(values)).rowcount == 1


def give_back(conn: Connection, occurrence_id: int) -> bool:
    """Plan a claimed time again, as it was, for its owner stops; false where it is not claimed."""
    planned = (
        update(occurrences)
        .where(occurrences.c.id == occurrence_id, occurrences.c.state == OccurrenceState.CLAIMED)
        .values(state=OccurrenceState.PLANNED, owner="", claimed_at=None)
    )
    return conn.execute(planned).rowcount == 1


def reclaim(conn: Connection, *, owner: str, now: datetime) -> tuple[OccurrenceRow, ...]:
    """Take over the claims of owners that are gone; for the one holder of the sender's lock."""
    left = _OCCURRENCE.where(
        occurrences.c.state == OccurrenceState.CLAIMED, occurrences.c.owner != owner
    ).order_by(occurrences.c.planned_at, occurrences.c.id)
    taken = [OccurrenceRow(**row) for row in conn.execute(left).mappings()]
    for row in taken:
        mine = (
            update(occurrences)
            .where(occurrences.c.id == row.id, occurrences.c.owner == row.owner)
            .values(owner=owner, claimed_at=now)
        )
        conn.execute(mine)
    return tuple(get_occurrence(conn, row.id) for row in taken)


def end(
    conn: Connection,
    occurrence_id: int,
    *,
    state: OccurrenceState,
    why: str,
    now: datetime,
    before: Collection[OccurrenceState] = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED),
) -> None:
    """Write down what became of a planned time, and why in one sentence.

    Raises:
        UserError: it is in none of the states `before`.
    """
    ended = (
        update(occurrences)
        .where(occurrences.c.id == occurrence_id, occurrences.c.state.in_(before))
        .values(state=state, why=why, ended_at=now)
    )
    if conn.execute(ended).rowcount != 1:
        there = get_occurrence(conn, occurrence_id)
        raise UserError(f"this run is {there.state}, it cannot become {state}")


def get_occurrence(conn: Connection, occurrence_id: int) -> OccurrenceRow:
    """Give a planned time by its number.

    Raises:
        NotFound: there is none.
    """
    wanted = _OCCURRENCE.where(occurrences.c.id == occurrence_id)
    row = conn.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound("planned time", str(occurrence_id))
    return OccurrenceRow(**row)


def occurrence_for_issue(conn: Connection, issue: str) -> OccurrenceRow | None:
    """Give an issue's planned time, whatever became of it; None where it has none."""
    wanted = _OCCURRENCE.where(occurrences.c.issue == issue)
    row = conn.execute(wanted).mappings().one_or_none()
    return OccurrenceRow(**row) if row is not None else None


def list_occurrences(
    conn: Connection,
    states: Collection[OccurrenceState] = tuple(OccurrenceState),
    *,
    issue: str | None = None,
    until: datetime | None = None,
) -> tuple[OccurrenceRow, ...]:
    """Give planned times in these states, the earliest first; until keeps those due by then."""
    wanted = _OCCURRENCE.where(occurrences.c.state.in_(states))
    if issue is not None:
        wanted = wanted.where(occurrences.c.issue == issue)
    if until is not None:
        wanted = wanted.where(occurrences.c.planned_at <= until)
    rows = conn.execute(wanted.order_by(occurrences.c.planned_at, occurrences.c.id)).mappings()
    return tuple(OccurrenceRow(**row) for row in rows)


def next_planned(conn: Connection) -> datetime | None:
    """Give the moment of the next planned time, None where nothing is planned."""
    first = (
        select(occurrences.c.planned_at)
        .where(occurrences.c.state == OccurrenceState.PLANNED)
        .order_by(occurrences.c.planned_at)
        .limit(1)
    )
    return conn.execute(first).scalar_one_or_none()


def add_step(conn: Connection, *, issue: str, occurrence_id: int | None, step: StepRow) -> None:
    """Write down one step of a run; nothing is ever taken away."""
    conn.execute(
        insert(run_steps).values(
            issue=issue,
            occurrence_id=occurrence_id,
            name=step.name,
            started=step.started,
            seconds=step.seconds,
            result=step.result,
        )
    )


def list_steps(
    conn: Connection, *, issue: str, occurrence_id: int | None = None
) -> tuple[StepRow, ...]:
    """Give the steps of an issue's runs in order; occurrence_id keeps one run's and loose ones."""
    wanted = select(
        run_steps.c.name, run_steps.c.started, run_steps.c.seconds, run_steps.c.result
    ).where(run_steps.c.issue == issue)
    if occurrence_id is not None:
        mine = run_steps.c.occurrence_id == occurrence_id
        wanted = wanted.where(or_(mine, run_steps.c.occurrence_id.is_(None)))
    return tuple(
        StepRow(name=name, started=started, seconds=seconds, result=result)
        for name, started, seconds, result in conn.execute(wanted.order_by(run_steps.c.id))
    )


def _at(
    conn: Connection, newsletter: str, local_date: date, local_time: time
) -> OccurrenceRow | None:
    wanted = _OCCURRENCE.where(
        occurrences.c.newsletter == newsletter,
        occurrences.c.local_date == local_date,
        occurrences.c.local_time == local_time,
    )
    row = conn.execute(wanted).mappings().one_or_none()
    return OccurrenceRow(**row) if row is not None else None
