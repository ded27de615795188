"""The append-only history of what people declared about callouts."""

from sqlalchemy import Connection, insert, select

from newsletter.model.records import CalloutChange
from newsletter.store.tables import callout_history


def add_change(conn: Connection, change: CalloutChange) -> None:
    """Write down a change; nothing is ever taken away."""
    conn.execute(
        insert(callout_history).values(
            callout=change.callout,
            who=change.who,
            at=change.at,
            was=change.was,
            became=change.became,
            source=change.source,
        )
    )


def list_changes(conn: Connection, callout: str) -> tuple[CalloutChange, ...]:
    """Give a callout's changes, oldest first."""
    wanted = (
        select(
            callout_history.c.callout,
            callout_history.c.who,
            callout_history.c.at,
            callout_history.c.was,
            callout_history.c.became,
            callout_history.c.source,
        )
        .where(callout_history.c.callout == callout)
        .order_by(callout_history.c.id)
    )
    return tuple(CalloutChange(**row) for row in conn.execute(wanted).mappings())
