"""How the database is: what `doctor` tells of it. Nothing is made, migrated or written."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.errors import NewsletterError, StoreBusy
from newsletter.store.backup import find_damage
from newsletter.store.engine import Database, parse_url
from newsletter.store.epoch import Standing, standing
from newsletter.store.file_system import network_file_system
from newsletter.store.mark import mark_of
from newsletter.store.schema import host_id, open_database

LEAST_FREE = 50_000_000  # bytes; a mailing to 100,000 readers takes about half of that
_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreHealth:
    """What was seen.

    path: of SQLite's file, None for PostgreSQL. is_new: there is none yet, and never was. fault:
    why it cannot be used, with hint; is_out_of_reach: it may be another time. damage: what SQLite
    found in its pages, "" for nothing. others_read: whether other users of the machine may read
    the file. network: the network file system it is on. server_now: PostgreSQL's clock.
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

    Raises:
        ConfigError: the URL is none, or its driver is not installed.
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
