"""A thread that does one thing again and again: what it says of errors, and how it ends."""

import threading

from newsletter.errors import Interrupted, UserError
from newsletter.schedule.beat import Beat, beating


def test_an_error_is_said_once_until_it_has_passed_and_an_interrupted_work_is_the_last() -> None:
    lost = UserError("the file is gone")
    endings: list[Exception | None] = [lost, lost, None, lost, KeyError("x"), lost]
    said: list[str] = []

    def work() -> None:
        if not endings:
            raise Interrupted("stopped")
        error = endings.pop(0)
        if error is not None:
            raise error

    stop = threading.Event()
    beat = Beat("test", work, every_s=0, stop=stop, say=said.append)
    with beating(beat, stop=stop):
        beat.join()
    assert stop.is_set()
    once = "error: the file is gone"
    assert said == [once, once, "KeyError('x')", once]
