"""Reading sources in threads: several at once for `fetch`, and those that are due in `run`."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from newsletter.config.settings import SourceSettings
from newsletter.errors import NewsletterError
from newsletter.fetch import Fetcher
from newsletter.model.source import SourceState
from newsletter.workflows.desk import Desk
from newsletter.workflows.sources.fetch_sources import due_sources, open_tools, read_source
from newsletter.workflows.sources.source_tools import Ended, SourceOutcome, SourceTools

_log = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 20  # a thread mostly waits for its server's turn, and holds one page at most
WATCH_EVERY_S = 1.0  # while readings go on
REST_S = 60.0  # before a source whose thread failed is read again


def read_at_once(readings: Sequence[Callable[[], T]]) -> list[T]:
    """Do readings beside one another; the results are in the readings' order.

    What one of them raises is raised once all have ended.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="source") as pool:
        futures = [pool.submit(reading) for reading in readings]
    return [future.result() for future in futures]


class SourceReader:
    """Reads each source that is due; watch_every_s is how often more is looked for meanwhile."""

    def __init__(
        self,
        desk: Desk,
        fetcher: Fetcher,
        *,
        stop: threading.Event,
        say: Callable[[str], None],
        bug: Callable[[Exception], str] = repr,
        watch_every_s: float = WATCH_EVERY_S,
    ) -> None:
        self._desk = desk
        self._fetcher = fetcher
        self._stop = stop
        self._say = say
        self._bug = bug
        self._watch_every_s = watch_every_s
        self._told: dict[str, str] = {}  # the last error that was said, by source
        self._not_before: dict[str, float] = {}  # of the monotonic clock, by source

    def look(self) -> None:
        """Read what is due and what becomes due meanwhile; the page readers end with it."""
        desk = self._desk.turn()
        due = self._due(desk)
        if not due:
            return
        active: dict[str, Future[None]] = {}
        with (
            open_tools(desk, self._fetcher, stop=self._stop) as tools,
            ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="source") as pool,
        ):
            while not self._stop.is_set():
                for source in due:
                    if source.name not in active:
                        active[source.name] = pool.submit(self._read, tools, source)
                active = {name: future for name, future in active.items() if not future.done()}
                if not active:
                    return
                self._stop.wait(self._watch_every_s)
                due = self._due_meanwhile(desk)

    def _due_meanwhile(self, desk: Desk) -> list[SourceSettings]:
        try:
            return self._due(desk) if desk.is_current() else []
        except NewsletterError:
            return []  # the next look says so, if it is still so

    def _due(self, desk: Desk) -> list[SourceSettings]:
        if not desk.settings.sources:
            return []
        now_s = self._desk.clock.monotonic()
        due = due_sources(desk)
        return [source for source in due if now_s >= self._not_before.get(source.name, 0.0)]

    def _read(self, tools: SourceTools, source: SourceSettings) -> None:
        """Read one source; no error of it ends the thread of another."""
        try:
            self._tell_outcome(read_source(tools, source, named=False))
        except NewsletterError as error:
            self._rest(source, f"error: {error}")
        except Exception as error:  # noqa: BLE001 (other sources go on; the bug is named)
            self._rest(source, self._bug(error))

    def _rest(self, source: SourceSettings, sentence: str) -> None:
        self._not_before[source.name] = self._desk.clock.monotonic() + REST_S
        self._tell(source.name, sentence)

    def _tell_outcome(self, outcome: SourceOutcome) -> None:
        _log.info(
            "source read",
            extra={
                "source": outcome.name,
                "ended": outcome.ended,
                "state": outcome.row.state,
                "entries": outcome.entries,
                "new": outcome.new,
                "changed": outcome.changed,
                "unread": outcome.unread,
                "next": outcome.row.next_at,
            },
        )
        if outcome.ended is Ended.FAILED:
            self._tell(outcome.name, outcome.sentence())
            return
        was_unwell = self._told.pop(outcome.name, "")
        if outcome.row.state is SourceState.WELL and (was_unwell or outcome.new or outcome.changed):
            self._say(f"{outcome.name}: {outcome.sentence()}")

    def _tell(self, name: str, sentence: str) -> None:
        if self._told.get(name) != sentence:
            self._told[name] = sentence
            self._say(f"{name}: {sentence}")
