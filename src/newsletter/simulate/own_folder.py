"""A temporary folder of one process, which the next one removes where this one was killed."""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "nl-pictures-"
# Chromium makes a socket below it, whose whole path may have 107 bytes (unix(7)); the socket's own
# part has 46, our folder's 21.
MOST_PLACE = 40
_LOCK = "lock"


@contextmanager
def own_folder() -> Iterator[Path]:
    """Return a folder below the system's temporary one; those that dead processes left are removed.

    A process holds a lock in its folder for as long as it lives, whatever ends it.
    """
    place = _place()
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    try:
        with (folder / "lock.new").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (folder / "lock.new").rename(folder / _LOCK)  # under this name it was never free
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a browser that is ending may write in it


def _place() -> Path:
    usual = tempfile.gettempdir()
    return Path(usual if len(os.fsencode(usual)) <= MOST_PLACE else "/tmp")  # noqa: S108


def _sweep(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        try:
            told = folder.lstat()
            if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid():
                continue
            with (folder / _LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # it is at work, or gone by now
