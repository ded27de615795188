"""The epoch: tells the database that sent last from a restored one, and from another machine's.

It is a number in the database (meta) and in the mark beside it, raised at each start of a sender,
at each freeze and at each backup: first in the database, then in the mark. So a process that ends
in between leaves a mark that is behind, which is harmless; a database that is behind its mark is an
older state of itself. A copy that `newsletter backup` made says so itself (backup_at), in case the
mark was lost with the disk.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert

from newsletter.store.engine import Database, StoreElsewhere, StoreRestored
from newsletter.store.rows import read_all, select_row
from newsletter.store.schema import Mark, database_id, marking, read_mark, read_meta, write_mark
from newsletter.store.tables import meta, restores

EPOCH = "epoch"
EPOCH_AT = "epoch_at"
BACKUP_AT = "backup_at"
SENDER_HOST = "sender_host"
ACCEPT = 'then run "newsletter restore-accept --by NAME"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a database stands to its folder (epoch against the mark's) and its machine.

    known_until: up to when it knows for certain what was sent; None before any sending. is_copy:
    `newsletter backup` made it.
    """

    epoch: int
    marked: int
    known_until: datetime | None
    is_copy: bool
    sender_host: str

    @property
    def is_restored(self) -> bool:
        """Whether this is an older state of the database."""
        return self.is_copy or self.epoch < self.marked

    def is_elsewhere(self, host: str) -> bool:
        """Whether another machine sent last; a machine without an id cannot be told apart."""
        return bool(host and self.sender_host and host != self.sender_host)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRow:
    """A restored database that a person let send again."""

    accepted_by: str
    accepted_at: datetime
    known_until: datetime | None
    epoch_was: int


def standing(database: Database) -> Standing:
    """Return how a database stands."""
    with database.read() as connection:
        facts = read_meta(connection)
    mark = read_mark(database.path) if database.path is not None else None
    moment = facts.get(BACKUP_AT) or facts.get(EPOCH_AT)
    return Standing(
        epoch=int(facts.get(EPOCH, "0")),
        marked=mark.epoch if mark is not None else 0,
        known_until=datetime.fromisoformat(moment) if moment else None,
        is_copy=BACKUP_AT in facts,
        sender_host=facts.get(SENDER_HOST, ""),
    )


def refuse_restored(database: Database, *, host: str) -> None:
    """Raise StoreRestored or StoreElsewhere where this database may not send from this machine."""
    found = standing(database)
    name = database.path or database.url.database
    if found.is_restored:
        msg = f"{name} is a restored backup{_of(found.known_until)}: what was sent since is unknown"
        hint = f"check the mail server's log for what went out since, {ACCEPT}"
        raise StoreRestored(msg, hint=hint)
    if found.is_elsewhere(host):
        msg = f"another machine sent with {name} last: two may not send with one SQLite database"
        hint = f"see that the other one sends no more, {ACCEPT}"
        raise StoreElsewhere(msg, hint=hint)


def raise_epoch(database: Database, *, now: datetime, host: str = "") -> int:
    """Begin a new epoch, in the database and then in its mark; host is who sends from now on.

    Raises StoreRestored where the database is behind its mark: a raise would hide what it is.
    """
    if database.path is None:
        return _raise(database, now=now, host=host)
    with marking(database.path):
        mark = read_mark(database.path)
        with database.read() as connection:
            key = database_id(connection)
            behind = int(read_meta(connection).get(EPOCH, "0")) < (mark.epoch if mark else 0)
        if behind:
            refuse_restored(database, host=host)
        epoch = _raise(database, now=now, host=host)
        write_mark(database.path, Mark(database_id=key, epoch=epoch))
    return epoch


def mark_epoch(database: Database) -> None:
    """Bring the mark up to the database's epoch."""
    if database.path is None:
        return
    with marking(database.path):
        with database.read() as connection:
            key, epoch = database_id(connection), int(read_meta(connection).get(EPOCH, "0"))
        write_mark(database.path, Mark(database_id=key, epoch=epoch))


def accept_restored(
    connection: Connection, found: Standing, *, by: str, now: datetime, host: str
) -> None:
    """Write down that a person lets this database send; mark_epoch() follows the commit."""
    connection.execute(
        insert(restores).values(
            accepted_by=by,
            accepted_at=now,
            known_until=found.known_until,
            epoch_was=found.epoch,
            is_restored=found.is_restored,
        )
    )
    connection.execute(delete(meta).where(meta.c.key == BACKUP_AT))
    set_fact(connection, EPOCH, str(max(found.epoch, found.marked) + 1))
    set_fact(connection, EPOCH_AT, now.isoformat())
    if host:
        set_fact(connection, SENDER_HOST, host)


def list_restores(connection: Connection) -> tuple[RestoreRow, ...]:
    """Return every restored backup that was accepted, the oldest first; moves are left out."""
    wanted = select_row(restores, RestoreRow).where(restores.c.is_restored)
    return read_all(connection, wanted.order_by(restores.c.id), RestoreRow)


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Write a fact about the database in the place of the one before."""
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=value))


def _raise(database: Database, *, now: datetime, host: str) -> int:
    with database.write() as connection:
        epoch = int(read_meta(connection).get(EPOCH, "0")) + 1
        set_fact(connection, EPOCH, str(epoch))
        set_fact(connection, EPOCH_AT, now.isoformat())
        if host:
            set_fact(connection, SENDER_HOST, host)
    return epoch


def _of(moment: datetime | None) -> str:
    return f" of {moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""
