"""Backup: a whole copy of a SQLite database while others write, by SQLite's online backup."""

import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from newsletter.errors import UserError
from newsletter.free_name import take_free_name
from newsletter.store.engine import Database, parse_url
from newsletter.store.epoch import BACKUP_AT, raise_epoch, standing
from newsletter.store.faults import StoreDamaged, fault_of, unwritten
from newsletter.store.mark import sync_folder
from newsletter.store.schema import refuse_unusable


def back_up(url: str, target: Path, *, now: datetime) -> int:
    """Copy the database as it is at one moment; an older one that waits for `migrate` too.

    Args:
        url: SQLAlchemy's form, of a SQLite file.
        target: where the copy goes; only this user may read it.
        now: kept in the copy: up to when it knows what was sent.

    Returns:
        The size in bytes. The copy is on disk then, under its name, or nothing is there.

    Raises:
        UserError: target is there already, or its folder is not, or cannot be written; or this is
            no SQLite database.
        StoreMissing, StoreNewer, StoreDamaged, StoreBusy, StoreFull: as the store says.
    """
    database = Database(parse_url(url))
    try:
        if database.path is None:
            msg = "only a SQLite database is backed up by this command"
            raise UserError(msg, hint="use pg_dump for PostgreSQL")
        refuse_unusable(database)
        _refuse_target(target)
        return _copy(database, database.path, target, now=now)
    except OSError as error:
        hint = "name a file in a folder that this user may write"
        raise unwritten(target, error, hint=hint) from error
    finally:
        database.close()


def find_damage(database: Database) -> str:
    """Let SQLite look through every page; give what it finds in one line, "" for nothing."""
    if database.path is None:
        return ""
    with database.read() as connection:
        found = [
            str(each) for each in connection.exec_driver_sql("PRAGMA quick_check(1)").scalars()
        ]
    return "" if found == ["ok"] else "; ".join(found)


def _refuse_target(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UserError(f"{target} is there already", hint="name another file, or move it away")
    if not target.parent.is_dir():
        raise UserError(f"there is no folder {target.parent}", hint="make it first")


def _copy(database: Database, path: Path, target: Path, *, now: datetime) -> int:
    # for this user's eyes alone from the first moment (0600): it holds addresses. Not named by the
    # process id, which in a container is the same each time: one that was killed leaves its file.
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        try:
            _fill(path, fresh, now=now)
        except sqlite3.Error as error:
            fault = fault_of(error, where=target.name)
            if fault is None:
                raise
            raise fault from error
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
            size = file.seek(0, os.SEEK_END)
        # what is sent from now on is sent in a later epoch than the copy's
        if not standing(database).is_restored:
            raise_epoch(database, now=now)
        _name(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
        for end in ("-journal", "-wal", "-shm"):
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    sync_folder(target.parent)
    return size


def _fill(path: Path, fresh: Path, *, now: datetime) -> None:
    """Copy in one step: one reading transaction, beside which others go on writing (WAL)."""
    with (
        closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(fresh, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        copy.execute(
            "INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", (BACKUP_AT, now.isoformat())
        )
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        msg = f"{path} is damaged: {found}; no backup was made"
        raise StoreDamaged(msg, hint="keep the backups there are")


def _name(fresh: Path, target: Path) -> None:
    """Return the copy its name, unless somebody was quicker: nothing is overwritten."""
    try:
        take_free_name(fresh, target)
    except FileExistsError as error:
        raise UserError(f"{target} is there already", hint="name another file") from error
