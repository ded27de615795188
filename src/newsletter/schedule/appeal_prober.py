"""Asking the addresses of appeals that stand in planned issues, while `run` does its work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsletter.fetch import Fetcher
from newsletter.schedule.beat import Beat, beating
from newsletter.workflows.callouts.probes import due_appeals, probe_appeals
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

    def look() -> None:
        turn = desk.turn()
        for probe in probe_appeals(turn, due_appeals(turn), prober, stop=stop):
            if probe.problem:
                word = "could not ask" if not probe.was_asked else "not verified any more"
                say(f"{probe.callout}: {word}: {probe.problem}")

    beat = Beat("appeals", look, every_s=LOOK_EVERY_S, stop=stop, say=say, bug=bug)
    with beating(beat, stop=stop):
        yield
