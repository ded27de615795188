"""Begin to send: the one sender's lock, what bars sending, and what a restored database needs."""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from newsletter.errors import NewsletterError, NothingToDo, StoreBusy, UserError
from newsletter.model.diagnosis import PartHealth
from newsletter.model.mailing import MailingState
from newsletter.model.records import OccurrenceKind, OccurrenceRow, OccurrenceState
from newsletter.store import (
    StoreDamaged,
    StoreElsewhere,
    epoch,
    ledger,
    notices,
    occurrences,
)
from newsletter.store.backup import LEAST_FREE, find_damage, network_file_system
from newsletter.store.engine import unwritten
from newsletter.store.schema import SchemaState, host_id, schema_state
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.occurrence import run_name

_HINT = "it must be a file that this user may write, on a disk of this machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds the lock: its process id and command, as the file says; pid 0 where it does not."""

    pid: int
    command: str

    def __str__(self) -> str:
        if not self.pid:
            return "another newsletter command"
        return f"newsletter {self.command} (process {self.pid})"


class SenderLock:
    """Held by whoever sends; the kernel lets it go when the process ends, however it ends."""

    def __init__(self, folder: Path, command: str) -> None:
        self._path = folder / "sender.lock"
        self._command = command
        self._descriptor: int | None = None

    def take(self) -> Holder | None:
        """Take the lock without waiting; None when it is ours, or was before, else its holder."""
        if self._descriptor is not None:
            return None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unwritten(self._path, error, hint=_HINT) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(os.pread(descriptor, 200, 0))
            os.close(descriptor)
            return holder
        except OSError as error:  # ENOLCK, EOPNOTSUPP: a file system without locks
            os.close(descriptor)
            raise unwritten(self._path, error, hint=_HINT) from error
        self._descriptor = descriptor
        with suppress(OSError):  # a full disk: the lock holds all the same, it only has no name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {self._command}\n".encode(), 0)
        return None

    @property
    def is_held(self) -> bool:
        """Whether we hold the lock, and the file that others would try to lock is still ours."""
        if self._descriptor is None:
            return False
        try:
            ours, found = os.fstat(self._descriptor), self._path.stat()
        except OSError:
            return False
        return (ours.st_dev, ours.st_ino) == (found.st_dev, found.st_ino)

    def release(self) -> None:
        """Let the lock go."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


def is_unheld(folder: Path) -> bool:
    """Return whether whoever held the sender's lock is gone; False where nobody can tell."""
    try:
        with (folder / "sender.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(content: bytes) -> Holder:
    pid, _, command = content.decode("utf-8", "replace").strip().partition(" ")
    return Holder(pid=int(pid) if pid.isdecimal() else 0, command=command)


def begin_sending(desk: Desk) -> None:
    """Refuse a restored or moved database; else begin a new epoch, which makes older copies known.

    Only for the holder of the sender's lock, before it takes anything up.
    """
    refuse_sending(desk)
    epoch.raise_epoch(desk.database, now=desk.clock.now(), host=host_id())


def refuse_sending(desk: Desk) -> None:
    """See that this database may send, from here. Reads only."""
    path = desk.database.path
    kind = network_file_system(path) if path is not None else ""
    if kind:
        msg = f"{path} is on a network file system ({kind}), where SQLite cannot keep what is sent"
        hint = (
            'name a file on a disk of this machine: [database] url = "sqlite:////…/newsletter.db"'
        )
        raise StoreElsewhere(msg, hint=hint)
    epoch.refuse_restored(desk.database, host=host_id())


def what_bars_sending(desk: Desk) -> str:
    """Return why nothing can be sent with this database now; "" where something can."""
    try:
        refuse_sending(desk)
    except UserError as error:
        return str(error)
    return ""


def doubt_about(desk: Desk, occurrence: OccurrenceRow) -> str:
    """Return why it is not known whether a planned time was sent; "" where it is known."""
    with desk.database.read() as connection:
        for row in epoch.list_restores(connection):
            after = row.known_until is None or row.known_until <= occurrence.planned_at
            if after and occurrence.planned_at <= row.accepted_at:
                return doubt_sentence(row.known_until)
    return ""


def doubt_sentence(known_until: object) -> str:
    """Return what a restored database does not know."""
    of = f" of {known_until:%Y-%m-%d %H:%M:%S} UTC" if known_until else ""
    return f"the database was restored from a backup{of}; what was sent since is unknown"


def readiness(desk: Desk, lock: SenderLock) -> tuple[PartHealth, ...]:
    """Return how the database, the sender's lock, the disk and the followed settings are."""
    held = lock.is_held
    sender = "this process is the one that sends" if held else "this process does not hold the lock"
    found = [
        _database(desk),
        PartHealth(name="sender", is_well=held, words=sender),
        _disk(desk.settings.var_folder),
    ]
    if desk.followed is not None:
        is_well, words = desk.followed.standing()
        found.append(PartHealth(name="settings", is_well=is_well, words=words))
    return tuple(found)


OVERDUE = timedelta(seconds=10)


def stalled(desk: Desk) -> tuple[str, ...]:
    """Return what should be moving and is not, since no process that sends is alive.

    The kernel lets the sender's lock go with its process; where it was never taken, or the database
    may have senders on other machines, nothing is said.
    """
    if not is_unheld(desk.settings.var_folder) or desk.database.path is None:
        return ()
    zones = {newsletter.name: newsletter.timezone for newsletter in desk.settings.newsletters}
    waits = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED)
    before = desk.clock.now() - OVERDUE
    said = []
    with desk.database.read() as connection:
        for mailing in ledger.list_mailings(connection, (MailingState.RUNNING,)):
            left = ledger.account(connection, mailing.id).left
            last = ledger.last_moved(connection, mailing.id) or mailing.created
            since = last.astimezone(zones.get(mailing.newsletter, UTC))
            if left:
                said.append(
                    f"{mailing.issue} has stopped moving: {left:,} left, "
                    f'no "newsletter run" is alive since {since:%H:%M:%S}'
                )
        for row in occurrences.list_occurrences(connection, waits):
            if row.planned_at > before or ledger.mailing_for_issue(connection, row.issue or ""):
                continue
            at = row.planned_at.astimezone(zones.get(row.newsletter, UTC))
            said.append(f'{run_name(row)} was due at {at:%H:%M}: no "newsletter run" is alive')
    return tuple(said)


_SCHEMAS = {
    SchemaState.CURRENT: "is there, and of this version",
    SchemaState.OLDER: "is of an older version; newsletter migrate brings it up",
    SchemaState.TOO_OLD: "is of a version from before the first release",
    SchemaState.NEWER: "is of a newer version than this program",
    SchemaState.ABSENT: "is not there",
}


def _database(desk: Desk) -> PartHealth:
    try:
        state = schema_state(desk.database)
    except NewsletterError as error:
        is_busy = isinstance(error, StoreBusy)
        words = "is locked or out of reach" if is_busy else "cannot be read"
        return PartHealth(name="database", is_well=False, words=words)
    return PartHealth(name="database", is_well=state is SchemaState.CURRENT, words=_SCHEMAS[state])


def _disk(folder: Path) -> PartHealth:
    try:
        room = os.statvfs(folder)
    except OSError:
        return PartHealth(name="disk", is_well=False, words="cannot be looked at")
    if room.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return PartHealth(name="disk", is_well=False, words="cannot be written")
    free = room.f_bavail * room.f_frsize
    # some file systems make room for names as they need it, and tell 0 of 0
    is_full = free < LEAST_FREE or bool(room.f_files and not room.f_favail)
    words = f"has {free / 1_000_000:,.0f} MB left"
    return PartHealth(name="disk", is_well=not is_full, words=words)


def take_up(desk: Desk) -> tuple[str, ...]:
    """Plan again what was claimed, and doubt what was marked. Returns the issues planned again.

    Only for the holder of the sender's lock, before it sends anything itself: whoever claimed or
    marked before is gone then, for the kernel has let its lock go.
    """
    with desk.database.write() as connection:
        ledger.take_back(connection, now=desk.clock.now())
        left = occurrences.claimed(connection)
        for occurrence in left:
            occurrences.give_back(connection, occurrence.id)
    return tuple(occurrence.issue or "" for occurrence in left)


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
    """
    if not by.strip():
        raise UserError("nobody is named", hint="say who accepts it: --by NAME")
    with SenderLock(desk.settings.var_folder, "restore-accept") as lock:
        holder = lock.take()
        if holder is not None:
            raise UserError(f"{holder} holds the sender", hint="stop it first")
        found = epoch.standing(desk.database)
        if not found.is_restored and not found.is_elsewhere(host_id()):
            raise NothingToDo("this database is no restored one; there is nothing to accept")
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
        for number, issue in (
            *((mailing.occurrence_id, mailing.issue) for mailing in mailings),
            *((occurrence.id, occurrence.issue or "") for occurrence in held),
        ):
            occurrences.add_step(
                connection,
                occurrence_id=number,
                issue=issue,
                name="restore",
                started=now,
                seconds=0.0,
                result=f"{reason}; accepted by {by}"[:500],
            )
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
