"""A finished file gets its name only where nobody has it, on file systems without links too."""

import errno
import os
from pathlib import Path

# What link(2) says on vfat and exfat, on some network file systems, and on FUSE without it.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def take_free_name(finished: Path, path: Path) -> None:
    """Return a file in the same folder a name that is free; of several who try, one alone has it.

    finished may be there afterwards, under its own name too. Where the file system has no links,
    the name is taken by an empty file first, which the finished one replaces: a program that is
    killed between the two leaves it empty, and never half written.

    Raises FileExistsError: the name is taken. Raises OSError: no permission, no room; the name is
    as free as it was.
    """
    try:
        os.link(finished, path)  # unlike a rename, it fails where the name is taken
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        return
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        finished.replace(path)
    except OSError:
        path.unlink()
        raise
