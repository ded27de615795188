"""What a machine says no to, wherever in the program: room, memory, files, threads, rights."""

import errno
import os
from collections.abc import Iterable
from typing import NamedTuple

_CODES = {  # 2: the person can change it; 3: later may do
    errno.EACCES: 2,
    errno.EPERM: 2,
    errno.EROFS: 2,
    errno.ENOSPC: 3,
    errno.EDQUOT: 3,
    errno.EFBIG: 3,
    errno.EIO: 3,  # a disk that fails, or a terminal that has gone
    errno.EMFILE: 3,
    errno.ENFILE: 3,
    errno.ENOMEM: 3,
}
_NO_THREAD = "can't start new thread"  # what Python's threading says, in a RuntimeError


class MachineTrouble(NamedTuple):
    """One sentence for the person, the next step, and the exit code."""

    sentence: str
    hint: str
    exit_code: int


def machine_trouble(error: BaseException) -> MachineTrouble | None:
    """Tell an error of the machine from one of the program; None for the latter."""
    again = "give this machine more, or end something on it; then run the same again"
    if isinstance(error, MemoryError):
        return MachineTrouble("there is not enough memory", again, 3)
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return MachineTrouble("no further thread can be started, for want of memory", again, 3)
    if isinstance(error, OSError) and error.errno in _CODES:
        what = f"{error.filename or 'a file'}: {(error.strerror or '').lower()}"
        return MachineTrouble(what, "", _CODES[error.errno])
    return None


def name_trouble(error: BaseException, arguments: Iterable[str]) -> MachineTrouble | None:
    """Tell of an argument, or of the folder, that is not UTF-8 and could not be kept or printed."""
    if not isinstance(error, UnicodeEncodeError):
        return None
    for name in (*arguments, os.environ.get("NEWSLETTER_CONFIG", ""), os.getcwd()):  # noqa: PTH109
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        if shown != name:
            hint = "type it on a terminal set to UTF-8; give a file or folder another name"
            return MachineTrouble(f'"{shown}" is not UTF-8', hint, 2)
    return None
