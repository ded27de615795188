"""Exceptions that named persons made, one for a check of an issue."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.model.finding import Waiver
from newsletter.store.tables import waivers


def keep(conn: Connection, *, issue: str, waiver: Waiver, now: datetime) -> None:
    """Keep an exception with the issue; a newer one for the same check replaces it."""
    values = {"waived_by": waiver.by, "reason": waiver.reason, "at": now}
    again = update(waivers).where(waivers.c.issue == issue, waivers.c.check_id == waiver.check)
    if conn.execute(again.values(values)).rowcount == 0:
        conn.execute(insert(waivers).values(issue=issue, check_id=waiver.check, **values))


def of_issue(conn: Connection, issue: str) -> tuple[Waiver, ...]:
    """Return an issue's exceptions, by check."""
    kept = (
        select(waivers.c.check_id, waivers.c.waived_by, waivers.c.reason, waivers.c.at)
        .where(waivers.c.issue == issue)
        .order_by(waivers.c.check_id)
    )
    return tuple(
        Waiver(check=check, by=by, reason=reason, at=at)
        for check, by, reason, at in conn.execute(kept)
    )


def remove(conn: Connection, *, issue: str, check: str) -> bool:
    """Take an exception back; False where there is none."""
    gone = delete(waivers).where(waivers.c.issue == issue, waivers.c.check_id == check)
    return conn.execute(gone).rowcount > 0
