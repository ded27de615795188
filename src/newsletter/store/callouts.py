"""The lives of callouts: changes, versions, uses, answers of their addresses; append only."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, insert, select

from newsletter.model.callout import (
    CalloutOccasion,
    CalloutPlaced,
    CalloutProbe,
    CalloutVersion,
)
from newsletter.model.records import CalloutChange
from newsletter.store.content_tables import callout_probes, callout_uses, callout_versions
from newsletter.store.tables import callout_history


def add_change(conn: Connection, change: CalloutChange) -> None:
    """Write down a change of status; nothing is ever taken away."""
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
    """Return a callout's changes of status by commands, oldest first."""
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


def add_version(conn: Connection, version: CalloutVersion) -> None:
    """Write down a state of a callout's file."""
    conn.execute(
        insert(callout_versions).values(
            callout=version.callout,
            version=version.version,
            sha256=version.sha256,
            wording_sha256=version.wording_sha256,
            content=dict(version.content),
            who=version.who,
            occasion=version.occasion.value,
            seen_at=version.seen_at,
            verified_in=version.verified_in,
            closed_in=version.closed_in,
        )
    )


def list_versions(
    conn: Connection, callout: str, *, only: Sequence[int] = ()
) -> tuple[CalloutVersion, ...]:
    """Return the states of a callout's file, oldest first; only those of these numbers, if any."""
    wanted = select(*callout_versions.c).where(callout_versions.c.callout == callout)
    if only:
        wanted = wanted.where(callout_versions.c.version.in_(only))
    rows = conn.execute(wanted.order_by(callout_versions.c.version)).mappings()
    return tuple(
        CalloutVersion(**{**row, "occasion": CalloutOccasion(row["occasion"])}) for row in rows
    )


def last_version(conn: Connection, callout: str) -> CalloutVersion | None:
    """Return the state in which a callout's file was last seen; None before its first use."""
    number = conn.execute(
        select(callout_versions.c.version)
        .where(callout_versions.c.callout == callout)
        .order_by(callout_versions.c.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if number is None else list_versions(conn, callout, only=[number])[0]


def add_probe(conn: Connection, probe: CalloutProbe) -> None:
    """Write down how an address answered."""
    conn.execute(
        insert(callout_probes).values(
            callout=probe.callout,
            url=probe.url,
            at=probe.at,
            status=probe.status,
            final_url=probe.final_url,
            was_asked=probe.was_asked,
            is_well=probe.is_well,
            problem=probe.problem,
        )
    )


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
        select(
            callout_probes.c.callout,
            callout_probes.c.url,
            callout_probes.c.at,
            callout_probes.c.status,
            callout_probes.c.final_url,
            callout_probes.c.was_asked,
            callout_probes.c.is_well,
            callout_probes.c.problem,
        )
        .where(callout_probes.c.id.in_(newest.group_by(callout_probes.c.url)))
        .order_by(callout_probes.c.id.desc())
    )
    return tuple(CalloutProbe(**row) for row in conn.execute(wanted).mappings())


def add_uses(conn: Connection, uses: Iterable[CalloutPlaced]) -> None:
    """Write down uses."""
    for use in uses:
        conn.execute(
            insert(callout_uses).values(
                callout=use.callout,
                newsletter=use.newsletter,
                issue=use.issue,
                occasion=use.occasion,
                appearance=use.appearance,
                at=use.at,
            )
        )


def last_uses(
    conn: Connection, *, newsletter: str = "", but_issue: str = "", occasions: Sequence[str] = ()
) -> dict[str, CalloutPlaced]:
    """Return each callout's last use: of one newsletter, on these occasions, not in one issue."""
    newest = select(func.max(callout_uses.c.id)).where(callout_uses.c.issue != but_issue)
    if newsletter:
        newest = newest.where(callout_uses.c.newsletter == newsletter)
    if occasions:
        newest = newest.where(callout_uses.c.occasion.in_(occasions))
    wanted = select(
        callout_uses.c.callout,
        callout_uses.c.newsletter,
        callout_uses.c.issue,
        callout_uses.c.occasion,
        callout_uses.c.appearance,
        callout_uses.c.at,
    ).where(callout_uses.c.id.in_(newest.group_by(callout_uses.c.callout)))
    return {row["callout"]: CalloutPlaced(**row) for row in conn.execute(wanted).mappings()}
