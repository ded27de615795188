"""The schema's version and the mark that tells a project from one that never had a database.

An empty database in the place of a lost one would mail everybody again, so none is made where the
mark says there was one. Migrations run by explicit command, never at opening, save for a new one.
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection, column, insert, inspect, select, table

from newsletter import __version__
from newsletter.clock import Clock, SystemClock
from newsletter.store.engine import (
    BUSY_TIMEOUT_S,
    Database,
    StoreMissing,
    StoreNewer,
    StoreOutdated,
    StoreReadOnly,
    parse_url,
    unwritten,
)
from newsletter.store.tables import meta, metadata

# What flock(2) says of a folder where file systems have no such lock, as NFS (flock(2), "NFS
# details"). Nobody may send from there; two that write the mark leave it behind, which harms none.
_NO_LOCKS = frozenset({errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
# What reading a damaged mark may raise: a link to itself, a number without end, lists without end.
_NO_MARK = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The id of the folder's database, and the highest epoch it has had; 0 before any sending."""

    database_id: str
    epoch: int = 0


def mark_of(path: Path) -> Path:
    """Name the file that tells that this folder had a database, and which."""
    return path.with_name(path.name + ".mark")


def read_mark(path: Path) -> Mark | None:
    """Read the mark of the database at `path`; None where there is none."""
    mark = mark_of(path)
    remove = "remove it if the database is the right one"
    try:
        if not stat.S_ISREG(mark.stat().st_mode):  # to open a named pipe would wait for ever
            msg = f"{mark} is no file"
            raise StoreMissing(msg, hint=remove)
        content = json.loads(mark.read_text(encoding="utf-8"))
        return Mark(database_id=str(content["database_id"]), epoch=int(content.get("epoch", 0)))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        msg = f"{mark} cannot be read"
        raise StoreReadOnly(msg, hint="give this user the right to read it") from error
    except _NO_MARK as error:
        msg = f"{mark} cannot be read"
        raise StoreMissing(msg, hint=remove) from error


def write_mark(path: Path, mark: Mark) -> None:
    """Put the mark of the database at `path` on disk, within `marking`; a higher epoch stays."""
    before = read_mark(path)
    epoch = mark.epoch
    if before is not None and before.database_id == mark.database_id:
        epoch = max(epoch, before.epoch)
    file = mark_of(path)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as opened:
            opened.write(json.dumps({"database_id": mark.database_id, "epoch": epoch}) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        with suppress(OSError):  # what cannot be made cannot be taken away either
            fresh.unlink(missing_ok=True)
        hint = "give this user the right to write the folder"
        raise unwritten(file, error, hint=hint) from error


@contextmanager
def marking(path: Path) -> Iterator[None]:
    """Keep other processes from writing the mark meanwhile; theirs take no longer than a commit."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        yield
    finally:
        os.close(folder)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on disk: a new name is lost in a power cut without (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if TYPE_CHECKING:
    from alembic.config import Config

MIGRATE = "newsletter migrate"
# The first and last of migrations/versions, kept here so that a command starts without Alembic.
BASE = "0004"
HEAD = "0004"
_VERSION = table("alembic_version", column("version_num"))
MACHINE_ID = Path("/etc/machine-id")


class SchemaState(StrEnum):
    """How the database's schema stands to this program's."""

    ABSENT = "absent"
    TOO_OLD = "too old"  # of before the first release
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def open_database(
    url: str,
    *,
    create: bool,
    clock: Clock | None = None,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> Database:
    """Open the database and see that this program may use it.

    create makes a new one where there never was one. Raises StoreMissing, StoreOutdated or
    StoreNewer, and StoreDamaged, StoreReadOnly or StoreBusy where it cannot be used now.
    """
    database = Database(parse_url(url), busy_timeout_s=busy_timeout_s)
    try:
        _refuse_lost(database, create=create)
        state = schema_state(database)
        if state is SchemaState.ABSENT and create:
            migrate(database, clock=clock)
        else:
            _refuse_other_version(database, state)
        _compare_mark(database)
    except BaseException:
        database.close()
        raise
    return database


def create_database(url: str, *, clock: Clock | None = None) -> Database:
    """Migrate the database, or make a new one even where the old one is lost: a person has said so.

    An existing database that is not the marked one is refused all the same (StoreMissing).
    """
    database = Database(parse_url(url))
    try:
        if database.path is not None and _is_absent(database.path):
            mark_of(database.path).unlink(missing_ok=True)
        if schema_state(database) is not SchemaState.ABSENT:
            _compare_mark(database)
        migrate(database, clock=clock)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database, *, clock: Clock | None = None) -> None:
    """Bring the schema to this version, in one transaction, and write the mark."""
    from alembic import command  # noqa: PLC0415 (migrating is rare, and it is slow to load)

    if database.path is not None:
        _make_file(database.path)
    with database.write() as connection:
        match state := _state(connection):
            case SchemaState.ABSENT:
                metadata.create_all(connection)
                command.stamp(_alembic(connection), "head")
                _write_meta(connection, now=(clock or SystemClock()).now())
            case SchemaState.OLDER | SchemaState.CURRENT:
                command.upgrade(_alembic(connection), "head")
            case SchemaState.NEWER | SchemaState.TOO_OLD:
                _refuse_other_version(database, state)
    _write_mark(database)


def schema_state(database: Database) -> SchemaState:
    """Return how the database's schema stands to this program's; a missing file is absent."""
    if database.path is not None and _is_absent(database.path):
        return SchemaState.ABSENT
    with database.read() as connection:
        return _state(connection)


def database_id(conn: Connection) -> str:
    """Return the id the database got when it was made; it never changes."""
    return read_meta(conn)["database_id"]


def read_meta(conn: Connection) -> dict[str, str]:
    """Return the facts about the database: database_id, created, created_by, host; see epoch.py."""
    rows = conn.execute(select(meta.c.key, meta.c.value))
    return {row.key: row.value for row in rows}


def host_id(file: Path = MACHINE_ID) -> str:
    """Name this machine, so that a database that was moved is known; "" where it has no id.

    The id itself is for nobody else to see (machine-id(5)): a hash of it stands for it.
    """
    try:
        machine = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return sha256(f"newsletter {machine}".encode()).hexdigest()[:32] if machine else ""


def refuse_unusable(database: Database) -> None:
    """See that there is a database of this version or an older one."""
    _refuse_lost(database, create=False)
    state = schema_state(database)
    if state not in {SchemaState.OLDER, SchemaState.TOO_OLD}:
        _refuse_other_version(database, state)


def _alembic(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    migrations = resources.files("newsletter.store") / "migrations"
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _state(connection: Connection) -> SchemaState:
    if not inspect(connection).has_table(_VERSION.name):
        return SchemaState.ABSENT
    revision = connection.execute(select(_VERSION.c.version_num)).scalar()
    if revision is None:
        return SchemaState.ABSENT
    if revision < BASE:
        return SchemaState.TOO_OLD
    if revision < HEAD:
        return SchemaState.OLDER
    return SchemaState.CURRENT if revision == HEAD else SchemaState.NEWER


def _is_absent(path: Path) -> bool:
    """Return whether there is no database file; an empty one is as good as none."""
    try:
        return path.stat().st_size == 0
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:  # a link to itself, a name too long, a folder closed to us
        msg = f"{path.name} cannot be opened: {(error.strerror or str(error)).lower()}"
        hint = "put the database itself there, and look at the rights of its folder"
        raise StoreReadOnly(msg, hint=hint) from error


def _refuse_lost(database: Database, *, create: bool) -> None:
    path = database.path
    if path is None:
        return
    had_one = mark_of(path).exists()  # asked first: another process may be making both just now
    if not _is_absent(path):
        return
    if had_one:
        msg = f"{path} is gone, and this folder had a database"
        hint = f"put a backup in its place, or begin with an empty one by `{MIGRATE}`"
        raise StoreMissing(msg, hint=hint)
    if not create:
        raise StoreMissing(f"{path} is not there", hint=f"make it by `{MIGRATE}`")


def _refuse_other_version(database: Database, state: SchemaState) -> None:
    name = database.path or database.url.database
    match state:
        case SchemaState.CURRENT:
            return
        case SchemaState.NEWER:
            msg = f"{name} was made by a newer newsletter than this one ({__version__})"
            raise StoreNewer(msg, hint="use the newer program")
        case SchemaState.OLDER:
            msg = f"{name} is of an older newsletter"
            raise StoreOutdated(msg, hint=f"make a backup, then run `{MIGRATE}`")
        case SchemaState.TOO_OLD:
            msg = f"{name} is of a newsletter from before the first release, and can't be migrated"
            hint = "export the readers with that version, move the file and its .mark away, import"
            raise StoreOutdated(msg, hint=hint)
        case SchemaState.ABSENT:
            raise StoreMissing(f"{name} holds no tables", hint=f"make them by `{MIGRATE}`")


def _write_meta(connection: Connection, *, now: datetime) -> None:
    facts = {
        "database_id": uuid4().hex,
        "created": now.isoformat(),
        "created_by": __version__,
        "host": host_id(),
    }
    connection.execute(insert(meta), [{"key": key, "value": facts[key]} for key in facts])


def _compare_mark(database: Database) -> None:
    if database.path is None:
        return
    mark = read_mark(database.path)
    if mark is None:
        _write_mark(database)  # the process that made it ended in between
        return
    with database.read() as connection:
        found = database_id(connection)
    if mark.database_id != found:
        msg = f"{database.path} is not the database this folder had"
        hint = f"put the right one back, or remove {mark_of(database.path).name} if this is it"
        raise StoreMissing(msg, hint=hint)


def _write_mark(database: Database) -> None:
    if database.path is None:
        return
    with marking(database.path):
        with database.read() as connection:
            facts = read_meta(connection)
        mark = Mark(database_id=facts["database_id"], epoch=int(facts.get("epoch", "0")))
        write_mark(database.path, mark)


def _make_file(path: Path) -> None:
    """Make an empty file for a new database, for this user's eyes only: it holds addresses."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except (NotADirectoryError, FileExistsError, PermissionError) as error:
        msg = f"{folder} cannot be made: {(error.strerror or str(error)).lower()}"
        raise StoreReadOnly(msg, hint="move away what is in its place, or name another") from error
