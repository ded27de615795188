"""Approvals: who said yes to which bytes, for whom and when; and waivers of single checks."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from newsletter.model.finding import Waiver
from newsletter.model.records import ApprovalRow
from newsletter.store.tables import approvals, waivers

SUPERSEDED = "approved anew"

_APPROVAL = select(
    approvals.c.id,
    approvals.c.issue,
    approvals.c.fingerprint,
    approvals.c.seals,
    approvals.c.list,
    approvals.c.recipients,
    approvals.c.planned_at,
    approvals.c.planned_local,
    approvals.c.approved_by,
    approvals.c.approved_at,
    approvals.c.broken_at,
    approvals.c.broken_why,
)


def approve(
    conn: Connection,
    *,
    issue: str,
    fingerprint: str,
    seals: Mapping[str, str],
    list_name: str,
    recipients: int,
    planned_at: datetime | None,
    planned_local: str,
    by: str,
    now: datetime,
) -> ApprovalRow:
    """Store a person's yes; an earlier one of the issue stands no longer."""
    break_approval(conn, issue, why=SUPERSEDED, now=now)
    approval_id = conn.execute(
        insert(approvals)
        .values(
            issue=issue,
            fingerprint=fingerprint,
            seals=dict(seals),
            list=list_name,
            recipients=recipients,
            planned_at=planned_at,
            planned_local=planned_local,
            approved_by=by,
            approved_at=now,
            broken_why="",
        )
        .returning(approvals.c.id)
    ).scalar_one()
    row = conn.execute(_APPROVAL.where(approvals.c.id == approval_id)).mappings().one()
    return ApprovalRow(**row)


def standing_approval(conn: Connection, issue: str) -> ApprovalRow | None:
    """Give the approval of an issue that stands, None where none does."""
    standing = _APPROVAL.where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
    row = conn.execute(standing).mappings().one_or_none()
    return ApprovalRow(**row) if row is not None else None


def list_approvals(conn: Connection, issue: str) -> tuple[ApprovalRow, ...]:
    """Give every approval an issue ever had, oldest first."""
    rows = conn.execute(
        _APPROVAL.where(approvals.c.issue == issue).order_by(approvals.c.id)
    ).mappings()
    return tuple(ApprovalRow(**row) for row in rows)


def break_approval(conn: Connection, issue: str, *, why: str, now: datetime) -> bool:
    """Let the standing approval stand no longer, and say why; false where none stood."""
    broken = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(broken_at=now, broken_why=why)
    )
    return conn.execute(broken).rowcount == 1


def set_planned(conn: Connection, issue: str, *, planned_at: datetime, planned_local: str) -> bool:
    """Give a standing approval its planned time, which one without a time takes once.

    Returns:
        False where none stands or it has a time already (another one breaks the seal).
    """
    timed = (
        update(approvals)
        .where(
            approvals.c.issue == issue,
            approvals.c.broken_at.is_(None),
            approvals.c.planned_at.is_(None),
        )
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    return conn.execute(timed).rowcount == 1


def move_planned(conn: Connection, issue: str, *, planned_at: datetime, planned_local: str) -> None:
    """Give the standing approval another planned time: `send` confirms it for now."""
    moved = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    conn.execute(moved)


def waive(conn: Connection, issue: str, waiver: Waiver, *, now: datetime) -> None:
    """Keep an exception with the issue; a newer one for the same check replaces it."""
    values = {"waived_by": waiver.by, "reason": waiver.reason, "at": now}
    again = update(waivers).where(waivers.c.issue == issue, waivers.c.check_id == waiver.check)
    if conn.execute(again.values(values)).rowcount == 0:
        conn.execute(insert(waivers).values(issue=issue, check_id=waiver.check, **values))


def list_waivers(conn: Connection, issue: str) -> tuple[Waiver, ...]:
    """Give an issue's exceptions, by check."""
    kept = (
        select(waivers.c.check_id, waivers.c.waived_by, waivers.c.reason)
        .where(waivers.c.issue == issue)
        .order_by(waivers.c.check_id)
    )
    return tuple(
        Waiver(check=check, by=by, reason=reason) for check, by, reason in conn.execute(kept)
    )
