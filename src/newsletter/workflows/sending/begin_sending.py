"""Begin sending: see that this database may send, from here, before anything is claimed or sent."""

from newsletter.errors import UserError
from newsletter.model.records import OccurrenceRow
from newsletter.store import StoreElsewhere, epoch
from newsletter.store.backup import network_file_system
from newsletter.store.schema import host_id
from newsletter.workflows.desk import Desk


def begin_sending(desk: Desk) -> None:
    """Refuse a restored or moved database; else begin a new epoch, which makes older copies known.

    Only for the holder of the sender's lock, before it takes anything up.

    Raises:
        StoreRestored: the database is an older state than this folder had.
        StoreElsewhere: another machine sent with it last, or it is on a network file system.
    """
    refuse_sending(desk)
    epoch.raise_epoch(desk.database, now=desk.clock.now(), host=host_id())


def begin_freeze(desk: Desk) -> None:
    """Begin a new epoch before a mailing is frozen: a copy from before does not know of it.

    Raises:
        StoreRestored: an older database was put in the place of ours meanwhile.
    """
    epoch.raise_epoch(desk.database, now=desk.clock.now())


def refuse_sending(desk: Desk) -> None:
    """See that this database may send, from here. Reads only.

    Raises:
        StoreRestored, StoreElsewhere: as begin_sending.
    """
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
    """Return why it is not known whether a planned time was sent; "" where it is known.

    The database was restored then from a backup of before, and accepted after.
    """
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
