"""The one door to the database: short reading and writing transactions, and clear faults."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import disk_usage
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.errors import ConfigError, NewsletterError, StoreBusy, UserError

# ruff: noqa: N818 (named for what happened, as the classes of errors.py)


NO_ROOM = 65_536  # bytes; the index of the write-ahead log alone takes 32,768
_NO_ROOM_CODES = frozenset({errno.ENOSPC, errno.EDQUOT})


class StoreFull(StoreBusy):
    """No room left on the disk; nothing of the transaction was kept."""


class StoreReadOnly(UserError):
    """The database, or its folder, cannot be written."""


class StoreMissing(UserError):
    """There is no database, or it is not the one this folder had."""


class StoreDamaged(UserError):
    """The file is no database, or its pages are broken."""


class StoreOutdated(UserError):
    """The database is older than the program; `newsletter migrate` brings it up."""


class StoreRestored(UserError):
    """The database is an older state than this folder had: a backup was put in its place."""


class StoreElsewhere(UserError):
    """Another machine sent with this database last, or it is on a network file system."""


class StoreNewer(UserError):
    """The database was made by a newer program, which alone may use it."""


def _is_full(path: Path) -> bool:
    """Return whether the disk of a file has less room than SQLite asks for at once."""
    try:
        return disk_usage(path).free < NO_ROOM
    except OSError:
        return False


def unwritten(file: Path, error: OSError, *, hint: str) -> NewsletterError:
    """Return why a file beside the database cannot be written; hint is for other than no room."""
    if error.errno in _NO_ROOM_CODES:
        return StoreFull(
            f"{file} cannot be written, the disk is full", hint="free some space and try again"
        )
    reason = (error.strerror or str(error)).lower()
    return StoreReadOnly(f"{file} cannot be written: {reason}", hint=hint)


_FULL = (StoreFull, "cannot grow, the disk is full", "free some space and try again")
_FAULTS: dict[int, tuple[type[NewsletterError], str, str]] = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: (StoreBusy, "cannot be read or written", "look at the disk, try again"),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, "is not a database", "put a backup in its place"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "is damaged", "put a backup in its place"),
    **dict.fromkeys(
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        (StoreBusy, "is locked by another process", "try again when it has finished"),
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM),
        (StoreReadOnly, "cannot be written", "give this user the right to write it"),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreReadOnly,
        "cannot be opened",
        "look at the rights of the file and its folder",
    ),
}


def fault_of(
    error: BaseException, *, where: str, path: Path | None = None
) -> NewsletterError | None:
    """Translate an error of the SQLite driver; None where it is not one of the machine's.

    Extended codes are judged by their primary code (https://www.sqlite.org/rescode.html section 2).
    """
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None or code & 0xFF not in _FAULTS:
        return None
    code &= 0xFF
    kind, what, hint = _FAULTS[code]
    if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN} and path and not path.exists():
        kind, what, hint = StoreMissing, "is gone", "put it back, or a backup in its place"
    elif code == sqlite3.SQLITE_IOERR and path is not None and _is_full(path):
        kind, what, hint = _FULL  # what SQLite says where the files beside it find no room
    elif code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT}:
        what += f": {error}"
    elif code == sqlite3.SQLITE_CANTOPEN and path and path.is_dir():
        what, hint = "cannot be opened: it is a folder", "move it away"
    return kind(f"{where} {what}", hint=hint)


BUSY_TIMEOUT_S = 5.0
_TURNS = 20  # of other processes that are waited for while a new file gets its mode


class Database:
    """A database that is open; threads may share it. Close it when done."""

    def __init__(self, url: URL, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.url = url
        self._writer = _engine(url, busy_timeout_s=busy_timeout_s, writes=True)
        # SQLite's readers get connections that cannot write: a GET is held to its word (I07)
        self._reader = (
            _engine(url, busy_timeout_s=busy_timeout_s, writes=False)
            if self.path is not None
            else self._writer
        )
        self._file: tuple[int, int] | None = None  # the one that was first written to

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for another kind of database."""
        if self.url.get_backend_name() != "sqlite" or not self.url.database:
            return None
        return Path(self.url.database)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Return a connection that sees one unchanging state and cannot write."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Return a connection in a writing transaction: committed at the end, or nothing of it."""
        with self._writer.begin() as connection:
            self._refuse_another_file()
            yield connection

    def is_locked(self) -> bool:
        """Return whether some process writes at this moment; False for another kind of database."""
        if self.path is None:
            return False
        try:
            with closing(sqlite3.connect(_place(self.url), uri=True, timeout=0)) as connection:
                connection.isolation_level = None
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        return False

    def _refuse_another_file(self) -> None:
        """See that what is written will be found: SQLite writes on into a file without a name."""
        if self.path is None:
            return
        try:
            found = self.path.stat()
        except FileNotFoundError:
            found = None
        file = (found.st_dev, found.st_ino) if found is not None else None
        self._file = self._file or file
        if file is None or file != self._file:
            msg = f"{self.path} was taken away or replaced while it was in use"
            raise StoreMissing(msg, hint="put it back, then start again")

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()


def parse_url(text: str) -> URL:
    """Read a database URL.

    Raises ConfigError: it is none, or names a database this program has no driver for.
    """
    problem = "database.url: not a database this program knows; write sqlite:///var/newsletter.db"
    try:
        url = make_url(text)
        url.get_dialect().import_dbapi()
    except ImportError as error:
        problem = "database.url: its driver is not installed; write sqlite:///var/newsletter.db"
        raise ConfigError((problem,)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError((problem,)) from error
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ConfigError(("database.url: it names no file; write sqlite:///var/newsletter.db",))
    return url


def _place(url: URL) -> str:
    # mode=rw never makes a file: an empty ledger in the place of a lost one would mail all again
    return f"file:{quote(url.database or '')}?mode=rw"


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Have the write-ahead log, also where other processes begin with a new file at once.

    SQLite does not wait where two change the mode (https://www.sqlite.org/c3ref/busy_handler.html):
    so this waits its turn to write, and asks again.
    """
    for _ in range(_TURNS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _engine(url: URL, *, busy_timeout_s: float, writes: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    place = _place(url)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(place, uri=True, timeout=busy_timeout_s, check_same_thread=False)

    engine = create_engine(url, creator=connect)
    where = Path(url.database or "").name

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        if writes:
            _log_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        fault = fault_of(
            context.original_exception,
            where=where,
            path=Path(url.database) if url.database else None,
        )
        if fault is not None:
            raise fault from context.original_exception

    return engine
