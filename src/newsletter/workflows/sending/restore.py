"""Restore-accept: a person lets a restored database send again, and what is in doubt is held."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import NothingToDo, UserError
from newsletter.model.records import OccurrenceKind, OccurrenceRow, OccurrenceState
from newsletter.store import Connection, StoreDamaged, epoch, ledger, notices, occurrences
from newsletter.store.backup import find_damage
from newsletter.store.schema import host_id
from newsletter.workflows.desk import Desk
from newsletter.workflows.sending.begin_sending import doubt_sentence
from newsletter.workflows.sending.sender_lock import SenderLock

MOVED = "the database came here from another machine, which may have sent since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was held: issues whose mailing is paused, and issues whose planned time is held."""

    is_restored: bool
    known_until: datetime | None
    paused: tuple[str, ...]
    held: tuple[str, ...]


def accept_restored(desk: Desk, *, by: str) -> Accepted:
    """Let this database send, from this machine, but for what may have been sent already.

    Of a restored one, every mailing with somebody left is paused, and every planned time of an
    issue is held, also one ahead: a person's `send` may have been quicker; notices that wait are
    not told, for they may have been. Of one that only came from another machine, the planned times
    ahead and the notices stay.

    Raises:
        NothingToDo: there is nothing to accept.
        UserError: somebody is sending.
        StoreDamaged: the file is not whole.
    """
    if not by.strip():
        msg = "nobody is named"
        raise UserError(msg, hint="say who accepts it: --by NAME")
    with SenderLock(desk.settings.var_folder, "restore-accept") as lock:
        holder = lock.take()
        if holder is not None:
            raise UserError(f"{holder} holds the sender", hint="stop it first")
        found = epoch.standing(desk.database)
        if not found.is_restored and not found.is_elsewhere(host_id()):
            msg = "this database is no restored one; there is nothing to accept"
            raise NothingToDo(msg)
        damage = find_damage(desk.database)
        if damage:
            msg = f"{desk.database.path} is damaged: {damage}"
            raise StoreDamaged(msg, hint="put another backup in its place")
        accepted = _accept(desk, found, by=by)
        epoch.mark_epoch(desk.database)
    return accepted


def _accept(desk: Desk, found: epoch.Standing, *, by: str) -> Accepted:
    now = desk.clock.now()
    reason = doubt_sentence(found.known_until) if found.is_restored else MOVED
    with desk.database.write() as connection:
        ledger.take_back(connection, now=now)
        if found.is_restored:
            notices.doubt_unfinished(connection, why=reason)
        numbers = ledger.pause_in_doubt(connection, reason=reason)
        mailings = [ledger.get_mailing(connection, number) for number in numbers]
        for mailing in mailings:
            _leave_step(connection, mailing.occurrence_id, mailing.issue, reason, by=by, now=now)
        held = [
            occurrence
            for occurrence in occurrences.list_occurrences(
                connection, (OccurrenceState.PLANNED, OccurrenceState.CLAIMED)
            )
            if ledger.mailing_for_issue(connection, occurrence.issue or "") is None
            and _is_in_doubt(occurrence, is_restored=found.is_restored, now=now)
        ]
        for occurrence in held:
            occurrences.finish(connection, occurrence.id, OccurrenceState.HELD, why=reason, now=now)
            _leave_step(connection, occurrence.id, occurrence.issue or "", reason, by=by, now=now)
        epoch.accept_restored(connection, found, by=by, now=now, host=host_id())
    return Accepted(
        is_restored=found.is_restored,
        known_until=found.known_until,
        paused=tuple(mailing.issue for mailing in mailings),
        held=tuple(occurrence.issue or str(occurrence.planned_at) for occurrence in held),
    )


def _is_in_doubt(occurrence: OccurrenceRow, *, is_restored: bool, now: datetime) -> bool:
    """Return whether a planned time may have been sent by now.

    A later one of a schedule that no issue was made for cannot have been.
    """
    if occurrence.planned_at <= now:
        return True
    named = occurrence.issue is not None or occurrence.kind is not OccurrenceKind.SCHEDULED
    return is_restored and named


def _leave_step(
    connection: Connection,
    occurrence_id: int | None,
    issue: str,
    reason: str,
    *,
    by: str,
    now: datetime,
) -> None:
    occurrences.add_step(
        connection,
        occurrence_id=occurrence_id,
        issue=issue,
        name="restore",
        started=now,
        seconds=0.0,
        result=f"{reason}; accepted by {by}"[:500],
    )
