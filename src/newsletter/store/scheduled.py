"""The rows of planned times that a schedule's rule gives: kind `scheduled`, one for each key.

The unique key of newsletter, local date and local time decides that there is one; occurrences.py
claims and ends them as any other.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import UserError
from newsletter.model.records import (
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
)
from newsletter.model.schedule import Moments, ScheduledTime
from newsletter.store.occurrences import get_occurrence, list_occurrences
from newsletter.store.tables import occurrences


def add_scheduled(
    conn: Connection, newsletter: str, scheduled: ScheduledTime
) -> OccurrenceRow | None:
    """Plan one time of a rule; None where the newsletter has a row for that key already."""
    local = scheduled.local
    values = _values(scheduled.moments) | {"note": scheduled.note}
    try:
        with conn.begin_nested():
            added = conn.execute(
                insert(occurrences)
                .values(
                    newsletter=newsletter,
                    issue=None,
                    kind=OccurrenceKind.SCHEDULED,
                    local_date=local.date(),
                    local_time=local.time(),
                    state=OccurrenceState.PLANNED,
                    mark=OccurrenceMark.NONE,
                    why="",
                    owner="",
                    **values,
                )
                .returning(occurrences.c.id)
            ).scalar_one()
    except IntegrityError:
        return None
    return get_occurrence(conn, added)


def attach_issue(conn: Connection, occurrence_id: int, issue: str) -> OccurrenceRow:
    """Say which issue a scheduled time sends; the same again changes nothing.

    Raises:
        UserError: it has another issue, or the issue has another planned time.
    """
    found = get_occurrence(conn, occurrence_id)
    if found.issue == issue:
        return found
    if found.issue is not None:
        msg = f"{found.newsletter} at {found.local_date} {found.local_time} sends {found.issue}"
        raise UserError(msg)
    try:
        with conn.begin_nested():
            conn.execute(
                update(occurrences)
                .where(occurrences.c.id == occurrence_id, occurrences.c.issue.is_(None))
                .values(issue=issue)
            )
    except IntegrityError as error:
        msg = f"{issue} has a planned time of its own"
        raise UserError(msg, hint=f'"newsletter unschedule {issue}" takes it back') from error
    return get_occurrence(conn, occurrence_id)


def detach_issue(conn: Connection, occurrence_id: int) -> None:
    """Take the issue of a planned time back; its file is gone, or belongs to another day now."""
    conn.execute(
        update(occurrences)
        .where(occurrences.c.id == occurrence_id, occurrences.c.state == OccurrenceState.PLANNED)
        .values(issue=None)
    )


def to_draft(conn: Connection, *, before: datetime) -> tuple[OccurrenceRow, ...]:
    """Give what a rule has planned and whose draft_at has come, the earliest first."""
    return tuple(
        row
        for row in list_occurrences(conn, (OccurrenceState.PLANNED,))
        if row.kind is OccurrenceKind.SCHEDULED
        and row.draft_at is not None
        and row.draft_at <= before
    )


def of_newsletter(conn: Connection, newsletter: str) -> tuple[OccurrenceRow, ...]:
    """Give every scheduled time of a newsletter, whatever became of it, the earliest first."""
    return tuple(
        row
        for row in list_occurrences(conn)
        if row.newsletter == newsletter and row.kind is OccurrenceKind.SCHEDULED
    )


def move(conn: Connection, occurrence_id: int, found: Moments, *, note: str) -> None:
    """Give a planned time other moments; its key stays."""
    conn.execute(
        update(occurrences)
        .where(occurrences.c.id == occurrence_id, occurrences.c.state == OccurrenceState.PLANNED)
        .values(note=note, **_values(found))
    )


def set_mark(
    conn: Connection,
    occurrence_id: int,
    mark: OccurrenceMark,
    *,
    state: OccurrenceState,
    why: str = "",
    note: str = "",
    ended: datetime | None = None,
) -> bool:
    """Set a time apart that is planned, or that was set apart; False where it is neither."""
    touched = conn.execute(
        update(occurrences)
        .where(
            occurrences.c.id == occurrence_id,
            (occurrences.c.state == OccurrenceState.PLANNED)
            | occurrences.c.mark.in_((OccurrenceMark.SKIPPED, OccurrenceMark.GONE)),
        )
        .values(mark=mark, state=state, why=why, note=note, ended_at=ended)
    )
    return touched.rowcount == 1


def newest(conn: Connection, newsletter: str) -> datetime | None:
    """Give the latest moment a rule of the newsletter was planned for; None where it never was."""
    wanted = (
        select(occurrences.c.planned_at)
        .where(
            occurrences.c.newsletter == newsletter,
            occurrences.c.kind == OccurrenceKind.SCHEDULED,
        )
        .order_by(occurrences.c.planned_at.desc())
        .limit(1)
    )
    return conn.execute(wanted).scalar_one_or_none()


def _values(found: Moments) -> dict[str, datetime]:
    return {
        "planned_at": found.planned_at,
        "draft_at": found.draft_at,
        "approve_by": found.approve_by,
    }
