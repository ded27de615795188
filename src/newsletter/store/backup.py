"""Backups and the state of the database: copies, damage, free room, network file systems."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.errors import NewsletterError, StoreBusy, UserError
from newsletter.free_name import take_free_name
from newsletter.store.engine import Database, StoreDamaged, fault_of, parse_url, unwritten
from newsletter.store.epoch import BACKUP_AT, Standing, raise_epoch, standing
from newsletter.store.schema import host_id, mark_of, open_database, refuse_unusable, sync_folder


def back_up(url: str, target: Path, *, now: datetime) -> int:
    """Copy the database as it is at one moment, for this user alone; return the size in bytes.

    The copy is on disk under its name at the end, or nothing is there. now is kept in it: up to
    when it knows what was sent. Raises UserError where target cannot be written.
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
        take_free_name(fresh, target)
    except FileExistsError as error:
        raise UserError(f"{target} is there already", hint="name another file") from error
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


MOUNTS = Path("/proc/self/mountinfo")
# Types as mountinfo tells them (proc_pid_mountinfo(5)), a FUSE one by what follows "fuse.". Shares
# of a virtual machine's own host (9p, virtiofs, vboxsf) may be used by one machine alone.
_NETWORK = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "davfs", "gcsfuse", "gfs2", "glusterfs", "goofys", "juicefs"}
    | {"lustre", "nfs", "nfs4", "ocfs2", "rclone", "s3fs", "seaweedfs", "smb3", "smbfs", "sshfs"}
)


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the type of the network file system a path is on; "" where it is on none known."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # no Linux, or no /proc
        return ""
    kind = type_at(path.resolve(), table)
    return kind if kind.removeprefix("fuse.") in _NETWORK else ""


def type_at(path: Path, table: str) -> str:
    """Return the type of the file system an absolute path is on, by the text of mountinfo."""
    found, depth = "", -1
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        point = Path(fields[4].replace(r"\040", " ")) if len(fields) > 4 else None  # noqa: PLR2004
        # what is mounted later on the same point hides what was there before
        if point is not None and path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = after.split(" ", 1)[0], len(point.parts)
    return found


LEAST_FREE = 50_000_000  # bytes; a mailing to 100,000 readers takes about half of that
_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreHealth:
    """What was seen; fault says why it cannot be used, damage what is wrong with its pages.

    path is None for PostgreSQL. is_new: there is none yet. others_read: other users may read the
    file.
    """

    path: Path | None
    is_new: bool = False
    fault: str = ""
    hint: str = ""
    is_out_of_reach: bool = False
    version: str = ""
    size_bytes: int = 0
    free_bytes: int | None = None
    damage: str = ""
    others_read: bool = False
    network: str = ""
    standing: Standing | None = None
    is_elsewhere: bool = False
    server_now: datetime | None = None


def look_at_database(url: str, *, busy_timeout_s: float = 5.0) -> StoreHealth:
    """Look at the database; what is wrong with it is told, not raised.

    Raises ConfigError: the URL is none, or its driver is not installed.
    """
    parsed = parse_url(url)
    is_file = parsed.get_backend_name() == "sqlite"
    path = Path(parsed.database) if is_file and parsed.database else None
    if path is not None and not path.exists() and not mark_of(path).exists():
        return StoreHealth(path=path, is_new=True, free_bytes=_free(path))
    try:
        database = open_database(url, create=False, busy_timeout_s=busy_timeout_s)
        try:
            return _health(database)
        finally:
            database.close()
    except NewsletterError as error:
        is_busy = isinstance(error, StoreBusy)
        return StoreHealth(path=path, fault=error.message, hint=error.hint, is_out_of_reach=is_busy)
    except SQLAlchemyError:  # its text may hold the URL, and that a password
        hint = "look at [database] url, and whether the server runs and lets this user in"
        fault = "the database server cannot be reached"
        return StoreHealth(path=path, fault=fault, hint=hint, is_out_of_reach=True)


def _health(database: Database) -> StoreHealth:
    path = database.path
    found = standing(database)
    version, now = _server(database)
    if path is None:
        return StoreHealth(path=None, version=version, standing=found, server_now=now)
    status = path.stat()
    return StoreHealth(
        path=path,
        version=version,
        size_bytes=status.st_size,
        free_bytes=_free(path),
        damage=find_damage(database),
        others_read=bool(status.st_mode & _OTHERS),
        network=network_file_system(path),
        standing=found,
        is_elsewhere=found.is_elsewhere(host_id()),
    )


def _server(database: Database) -> tuple[str, datetime | None]:
    """Return what kind of database it is, with its version; and PostgreSQL's clock."""
    with database.read() as connection:
        if database.path is not None:
            version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
            return f"SQLite {version}", None
        version = connection.execute(text("SHOW server_version")).scalar_one()
        now = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return f"PostgreSQL {version}", now if isinstance(now, datetime) else None


def _free(path: Path) -> int | None:
    """Return the room left where a file is, or will be."""
    folder = next((each for each in path.parents if each.is_dir()), None)
    return shutil.disk_usage(folder).free if folder is not None else None
