"""A thread that does one thing again and again until it is stopped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsletter.errors import Interrupted, NewsletterError
from newsletter.fetch import Fetcher
from newsletter.workflows.callouts.administer import due_appeals, probe_appeals
from newsletter.workflows.desk import Desk


class Beat:
    """Calls `work` every so often in a thread of its own; an error is said once and tried again."""

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        *,
        every_s: float,
        stop: threading.Event,
        say: Callable[[str], None],
        bug: Callable[[Exception], str] = repr,
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._stop = stop
        self._say = say
        self._bug = bug
        self._told = ""
        self._thread = threading.Thread(target=self._serve, name=name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end, which the stop asks for."""
        self._thread.join()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                self._work()
            except Interrupted:  # the work has seen the stop
                return
            except NewsletterError as error:
                self._complain(f"error: {error}")
            except Exception as error:  # noqa: BLE001 (the next beat may go better)
                self._complain(self._bug(error))
            else:
                self._told = ""
            self._stop.wait(self._every_s)

    def _complain(self, sentence: str) -> None:
        if sentence != self._told:  # once, not at every beat
            self._told = sentence
            self._say(sentence)


@contextmanager
def beating(*beats: Beat, stop: threading.Event) -> Iterator[None]:
    """Have the beats beside what the caller does; at its end the stop is set and all have ended."""
    for beat in beats:
        beat.start()
    try:
        yield
    finally:
        stop.set()
        for beat in beats:
            beat.join()


LOOK_EVERY_S = 30.0


@contextmanager
def probing_appeals(
    desk: Desk,
    prober: Fetcher,
    *,
    stop: threading.Event,
    say: Callable[[str], None],
    bug: Callable[[Exception], str] = repr,
) -> Iterator[None]:
    """Ask appeals' addresses when due, while the caller does something else."""

    def look() -> None:
        turn = desk.turn()
        for probe in probe_appeals(turn, due_appeals(turn), prober, stop=stop):
            if probe.problem:
                word = "could not ask" if not probe.was_asked else "not verified any more"
                say(f"{probe.callout}: {word}: {probe.problem}")

    beat = Beat("appeals", look, every_s=LOOK_EVERY_S, stop=stop, say=say, bug=bug)
    with beating(beat, stop=stop):
        yield
