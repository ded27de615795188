"""SIGTERM, Ctrl-C and a terminal that goes ask a sender to stop; it ends at a mark, none lost."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Return the event that these signals set; a second Ctrl-C interrupts at once.

    Under `nohup` a hang-up stays without effect.
    """
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
