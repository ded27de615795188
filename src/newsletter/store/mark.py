"""The mark beside a SQLite file: which database this folder has, and how far it had come.

The mark stays where it is when a backup is copied into place, so that a database which is behind
its mark is known as a restored one (threat F36). Its epoch never goes down.
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.store.faults import StoreMissing, StoreReadOnly, unwritten

# What flock(2) says of a folder where file systems have no such lock, as NFS (flock(2), "NFS
# details"). Nobody may send from there; two that write the mark leave it behind, which harms none.
_NO_LOCKS = frozenset({errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
# What reading a damaged mark may raise: a link to itself, a number without end, lists without end.
_NO_MARK = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The id of the folder's database, and the highest epoch it has had; 0 before any sending."""

    database_id: str
    epoch: int = 0


def mark_of(path: Path) -> Path:
    """Name the file that tells that this folder had a database, and which."""
    return path.with_name(path.name + ".mark")


def read_mark(path: Path) -> Mark | None:
    """Read the mark of the database at `path`; None where there is none.

    Raises:
        StoreMissing: it is no file, or cannot be understood.
        StoreReadOnly: this user may not read it.
    """
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
    """Put the mark of the database at `path` on disk; one of a higher epoch stays.

    Only within `marking`: two at once would write the same fresh file.

    Raises:
        StoreReadOnly: the folder cannot be written.
        StoreFull: there is no room; the mark of before stays.
    """
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
