"""Asking the addresses of appeals that stand in planned issues, while `run` does its work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsletter.errors import Interrupted, NewsletterError
from newsletter.fetch import Fetcher
from newsletter.workflows.callout_probes import due_appeals, probe_appeals
from newsletter.workflows.desk import Desk

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
    """Ask appeals' addresses when due, while the caller does something else.

    Args:
        desk: shared with the runner.
        prober: asks the web.
        stop: once set, asking ends at once.
        say: takes a line where an address does not answer as it should.
        bug: keeps the trace of an error nobody foresaw and names it in one line.
    """
    at_work = AppealProber(desk, prober, stop=stop, say=say, bug=bug)
    thread = threading.Thread(target=at_work.serve, name="appeals")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class AppealProber:
    """Looks from time to time whether an appeal is due; see probing_appeals for the arguments."""

    def __init__(
        self,
        desk: Desk,
        prober: Fetcher,
        *,
        stop: threading.Event,
        say: Callable[[str], None],
        bug: Callable[[Exception], str],
    ) -> None:
        self._desk = desk
        self._prober = prober
        self._stop = stop
        self._say = say
        self._bug = bug
        self._told = ""

    def serve(self) -> None:
        """Look until the stop is set."""
        while not self._stop.is_set():
            try:
                self.look()
            except Interrupted:
                return
            except NewsletterError as error:
                self._tell(f"error: {error}")
            except Exception as error:  # noqa: BLE001 (the next look may go better)
                self._tell(self._bug(error))
            self._stop.wait(LOOK_EVERY_S)

    def look(self) -> None:
        """Ask the addresses of the appeals that are due now."""
        desk = self._desk.turn()
        due = due_appeals(desk)
        if not due:
            return
        for probe in probe_appeals(desk, due, self._prober, stop=self._stop):
            if probe.problem:
                word = "could not ask" if not probe.was_asked else "not verified any more"
                self._say(f"{probe.callout}: {word}: {probe.problem}")
        self._told = ""

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:  # once, not at every look
            self._told = sentence
            self._say(sentence)
