"""The one sender of a folder: an exclusive lock on var/sender.lock that names its holder."""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter.store.engine import unwritten

_HINT = "it must be a file that this user may write, on a disk of this machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds the lock: its process id and command, as the file says; pid 0 where it does not."""

    pid: int
    command: str

    def __str__(self) -> str:
        if not self.pid:
            return "another newsletter command"
        return f"newsletter {self.command} (process {self.pid})"


class SenderLock:
    """Held by whoever sends; the kernel lets it go when the process ends, however it ends."""

    def __init__(self, folder: Path, command: str) -> None:
        self._path = folder / "sender.lock"
        self._command = command
        self._descriptor: int | None = None

    def take(self) -> Holder | None:
        """Take the lock without waiting; None when it is ours, or was before, else its holder.

        Raises:
            StoreReadOnly: the lock file cannot be opened, or locked.
            StoreFull: there is no room for it.
        """
        if self._descriptor is not None:
            return None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unwritten(self._path, error, hint=_HINT) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(os.pread(descriptor, 200, 0))
            os.close(descriptor)
            return holder
        except OSError as error:  # ENOLCK, EOPNOTSUPP: a file system without locks
            os.close(descriptor)
            raise unwritten(self._path, error, hint=_HINT) from error
        self._descriptor = descriptor
        with suppress(OSError):  # a full disk: the lock holds all the same, it only has no name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {self._command}\n".encode(), 0)
        return None

    @property
    def is_held(self) -> bool:
        """Whether we hold the lock, and the file that others would try to lock is still ours."""
        if self._descriptor is None:
            return False
        try:
            ours, found = os.fstat(self._descriptor), self._path.stat()
        except OSError:
            return False
        return (ours.st_dev, ours.st_ino) == (found.st_dev, found.st_ino)

    def release(self) -> None:
        """Let the lock go."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _holder(content: bytes) -> Holder:
    pid, _, command = content.decode("utf-8", "replace").strip().partition(" ")
    return Holder(pid=int(pid) if pid.isdecimal() else 0, command=command)
