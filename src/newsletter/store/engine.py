"""The one door to the database: short reading and writing transactions, and clear faults.

On SQLite the program writes the BEGIN itself: a deferred transaction that turns into a writing one
fails at once without waiting, and below synchronous=FULL a power cut loses the last commits. The
schema's state and its migrations are in schema.py.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from newsletter.errors import ConfigError
from newsletter.store.faults import StoreMissing, fault_of

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
        """Return a connection in a writing transaction: committed at the end, or nothing of it.

        Raises:
            StoreBusy: another process writes for longer than the busy time-out; the disk is full.
            StoreMissing: the file was taken away or replaced since the first writing.
        """
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

    Raises:
        ConfigError: it is none, or names a database this program has no driver for.
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

    Changing the mode turns a reader into a writer, for which SQLite does not wait: it fails at once
    where another process does the same (https://www.sqlite.org/c3ref/busy_handler.html). So this
    waits its turn to write, and asks again; once one has changed the mode, nobody has to.
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
