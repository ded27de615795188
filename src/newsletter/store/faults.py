# ruff: noqa: N818 (named for what happened, as the classes of errors.py)
"""What a database error means to the person: one sentence, the next step, an exit code."""

import errno
import sqlite3
from pathlib import Path
from shutil import disk_usage

from newsletter.errors import NewsletterError, StoreBusy, UserError

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
    """Return that a file beside the database, or a copy of it, cannot be written.

    hint is the next step where it is not for want of room.
    """
    if error.errno in _NO_ROOM_CODES:
        return StoreFull(
            f"{file} cannot be written, the disk is full", hint="free some space and try again"
        )
    reason = (error.strerror or str(error)).lower()
    return StoreReadOnly(f"{file} cannot be written: {reason}", hint=hint)


def fault_of(  # noqa: C901, PLR0911 (one line a code)
    error: BaseException, *, where: str, path: Path | None = None
) -> NewsletterError | None:
    """Translate an error of the SQLite driver; None where it is not one of the machine's.

    where is how the database is named to the person, path the file it is in. Extended codes
    (SQLITE_IOERR_WRITE …) are judged by their primary code (https://www.sqlite.org/rescode.html
    section 2).
    """
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return StoreBusy(
                f"{where} is locked by another process", hint="try again when it has finished"
            )
        case sqlite3.SQLITE_FULL:
            return StoreFull(
                f"{where} cannot grow, the disk is full", hint="free some space and try again"
            )
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if path and not path.exists():
            return StoreMissing(f"{where} is gone", hint="put it back, or a backup in its place")
        case sqlite3.SQLITE_IOERR if path is not None and _is_full(path):
            # what SQLite says where the files beside the database find no room
            return StoreFull(
                f"{where} cannot grow, the disk is full", hint="free some space and try again"
            )
        case sqlite3.SQLITE_IOERR:
            return StoreBusy(
                f"{where} cannot be read or written: {error}", hint="look at the disk, try again"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreReadOnly(
                f"{where} cannot be written", hint="give this user the right to write it"
            )
        case sqlite3.SQLITE_CANTOPEN:
            return _unopened(where, path)
        case sqlite3.SQLITE_NOTADB:
            return StoreDamaged(f"{where} is not a database", hint="put a backup in its place")
        case sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(f"{where} is damaged: {error}", hint="put a backup in its place")
        case _:
            return None


def _unopened(where: str, path: Path | None) -> StoreReadOnly:
    if path and path.is_dir():
        return StoreReadOnly(f"{where} cannot be opened: it is a folder", hint="move it away")
    return StoreReadOnly(
        f"{where} cannot be opened", hint="look at the rights of the file and its folder"
    )
