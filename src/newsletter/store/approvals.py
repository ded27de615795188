"""Approvals: who said yes to which bytes, for whom and when."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from newsletter.model.records import ApprovalRow
from newsletter.store.tables import approvals

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
    break_seal(conn, issue, why=SUPERSEDED, now=now)
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


def standing(conn: Connection, issue: str) -> ApprovalRow | None:
    """Return the approval of an issue that stands, None where none does."""
    wanted = _APPROVAL.where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
    row = conn.execute(wanted).mappings().one_or_none()
    return ApprovalRow(**row) if row is not None else None


def latest(conn: Connection, issue: str) -> ApprovalRow | None:
    """Return the last approval an issue had, whether it stands or was broken."""
    wanted = _APPROVAL.where(approvals.c.issue == issue).order_by(approvals.c.id.desc()).limit(1)
    row = conn.execute(wanted).mappings().one_or_none()
    return ApprovalRow(**row) if row is not None else None


def break_seal(conn: Connection, issue: str, *, why: str, now: datetime) -> bool:
    """Let the standing approval stand no longer, and say why; false where none stood."""
    broken = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(broken_at=now, broken_why=why)
    )
    return conn.execute(broken).rowcount == 1


def set_planned(
    conn: Connection, approval_id: int, *, planned_at: datetime, planned_local: str
) -> bool:
    """Return a standing approval its planned time, which one without a time takes once.

    Returns:
        False where it stands no longer or has a time already (another one breaks the seal).
    """
    timed = (
        update(approvals)
        .where(
            approvals.c.id == approval_id,
            approvals.c.broken_at.is_(None),
            approvals.c.planned_at.is_(None),
        )
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    return conn.execute(timed).rowcount == 1


def move_planned(conn: Connection, issue: str, *, planned_at: datetime, planned_local: str) -> None:
    """Return the standing approval another planned time: `send` confirms it for now."""
    moved = (
        update(approvals)
        .where(approvals.c.issue == issue, approvals.c.broken_at.is_(None))
        .values(planned_at=planned_at, planned_local=planned_local)
    )
    conn.execute(moved)
