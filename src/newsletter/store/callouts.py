"""The lives of callouts: versions, uses, answers of their addresses; append only."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, insert, select

from newsletter.model.callout import CalloutPlaced, CalloutProbe, CalloutVersion
from newsletter.store.rows import read_all, read_one, select_row, values_of
from newsletter.store.tables import callout_probes, callout_uses, callout_versions


def add_version(conn: Connection, version: CalloutVersion) -> None:
    """Write down a state of a callout's file."""
    conn.execute(insert(callout_versions).values(values_of(version)))


def list_versions(
    conn: Connection, callout: str, *, only: Sequence[int] = ()
) -> tuple[CalloutVersion, ...]:
    """Return the states of a callout's file, oldest first; only those of these numbers, if any."""
    wanted = select_row(callout_versions, CalloutVersion).where(
        callout_versions.c.callout == callout
    )
    if only:
        wanted = wanted.where(callout_versions.c.version.in_(only))
    return read_all(conn, wanted.order_by(callout_versions.c.version), CalloutVersion)


def last_version(conn: Connection, callout: str) -> CalloutVersion | None:
    """Return the state in which a callout's file was last seen; None before its first use."""
    wanted = select_row(callout_versions, CalloutVersion).where(
        callout_versions.c.callout == callout
    )
    newest = wanted.order_by(callout_versions.c.version.desc()).limit(1)
    return read_one(conn, newest, CalloutVersion)


def add_probe(conn: Connection, probe: CalloutProbe) -> None:
    """Write down how an address answered."""
    conn.execute(insert(callout_probes).values(values_of(probe)))


def last_probes(
    conn: Connection, callout: str, *, answered: bool = True
) -> tuple[CalloutProbe, ...]:
    """Return the last probe of each address of a callout, newest first.

    answered: of those alone that say something about the address.
    """
    newest = select(func.max(callout_probes.c.id)).where(callout_probes.c.callout == callout)
    if answered:
        newest = newest.where(callout_probes.c.was_asked)
    wanted = (
        select_row(callout_probes, CalloutProbe)
        .where(callout_probes.c.id.in_(newest.group_by(callout_probes.c.url)))
        .order_by(callout_probes.c.id.desc())
    )
    return read_all(conn, wanted, CalloutProbe)


def add_uses(conn: Connection, uses: Iterable[CalloutPlaced]) -> None:
    """Write down uses."""
    for use in uses:
        conn.execute(insert(callout_uses).values(values_of(use)))


def last_uses(
    conn: Connection, *, newsletter: str = "", but_issue: str = "", occasions: Sequence[str] = ()
) -> dict[str, CalloutPlaced]:
    """Return each callout's last use: of one newsletter, on these occasions, not in one issue."""
    newest = select(func.max(callout_uses.c.id)).where(callout_uses.c.issue != but_issue)
    if newsletter:
        newest = newest.where(callout_uses.c.newsletter == newsletter)
    if occasions:
        newest = newest.where(callout_uses.c.occasion.in_(occasions))
    wanted = select_row(callout_uses, CalloutPlaced).where(
        callout_uses.c.id.in_(newest.group_by(callout_uses.c.callout))
    )
    return {use.callout: use for use in read_all(conn, wanted, CalloutPlaced)}
