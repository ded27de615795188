"""SIGTERM and Ctrl-C ask a sender to stop; it ends at a mark, and nobody is lost."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Give the event that both signals set; a second Ctrl-C interrupts at once."""
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

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
