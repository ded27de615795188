"""What happens to a process: signals, a machine that says no, and the trace of a bug."""

import errno
import os
import signal
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

_ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
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


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Return the event that SIGTERM, SIGHUP and Ctrl-C set; a second Ctrl-C interrupts at once."""
    stop = threading.Event()
    is_asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal is_asked
        del frame
        if is_asked:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            return  # the first may be at it: to set the event again waits for its lock for ever
        is_asked = True
        stop.set()

    has_no_terminal = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    before = {
        number: signal.signal(number, ask)
        for number in _ASKING
        if not (number == signal.SIGHUP and has_no_terminal)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class MachineTrouble(NamedTuple):
    """One sentence for the person, the next step, and the exit code."""

    sentence: str
    hint: str
    exit_code: int


def machine_trouble(error: BaseException) -> MachineTrouble | None:
    """Return what the machine said no to; None for an error of the program."""
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
    """Return which argument or folder is not UTF-8, so that it could not be kept or printed."""
    if not isinstance(error, UnicodeEncodeError):
        return None
    for name in (*arguments, os.environ.get("NEWSLETTER_CONFIG", ""), os.getcwd()):  # noqa: PTH109
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        if shown != name:
            hint = "type it on a terminal set to UTF-8; give a file or folder another name"
            return MachineTrouble(f'"{shown}" is not UTF-8', hint, 2)
    return None


def internal_error(error: Exception) -> str:
    """Keep the trace of a bug, code alone, and return the one line that names it."""
    trouble = machine_trouble(error)
    if trouble is not None:
        return f"error: {trouble.sentence}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "newsletter" in frame.filename] or list(frames)
    where = f"{Path(ours[-1].filename).stem}:{ours[-1].lineno}" if ours else "nowhere"
    log = Path("var") / "newsletter.log"
    kept = f"the trace is in {log}"
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"internal error: {type(error).__name__}\n")
            file.writelines(traceback.format_list(frames))
    except OSError:
        kept = 'run it again with "newsletter --debug …" to see the trace'
    return f"internal error: {type(error).__name__} ({where}); this is a bug, {kept}"
