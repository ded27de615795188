"""How long a fetch may take, all in all and at each step (T16)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from newsletter.clock import Clock
from newsletter.errors import Interrupted
from newsletter.fetch.errors import FetchError
from newsletter.model.fetched import FetchProblem

SLICE_S = 0.1  # how late a stop is seen at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds, and bytes of status line and headers together."""

    connect_s: float = 5.0
    read_s: float = 10.0  # of silence
    total_s: float = 30.0  # of one fetch with its redirects and robots.txt, without its pauses
    header_bytes: int = 65_536


class Patience:
    """What is left of one fetch's time; its total is measured by the clock's monotonic time.

    A server that sends a byte now and then never trips a time-out of the socket, so every single
    read looks at the total.
    """

    def __init__(
        self, clock: Clock, limits: Limits, *, who: str, stop: threading.Event | None = None
    ) -> None:
        self.limits = limits
        self.who = who
        self._clock = clock
        self._stop = stop
        self._began = clock.monotonic()
        self._paused_s = 0.0

    @property
    def used_s(self) -> float:
        """Seconds since the start, pauses left out."""
        return self._clock.monotonic() - self._began - self._paused_s

    @property
    def left_s(self) -> float:
        """Seconds left, never more than the total; 0 or less when there are none."""
        return self.limits.total_s - self.used_s

    def next_wait(self, silent_s: float, limit_s: float) -> float:
        """Return how long to wait now, above 0, before this is asked again.

        Args:
            silent_s: how long this step has waited already.
            limit_s: how long it may.

        Raises:
            FetchError: TOO_SLOW, when the step's time or the total is over.
            Interrupted: when stop is set.
        """
        self.look_at_stop()
        if self.left_s <= 0:
            raise self.too_slow(self.limits.total_s)
        if silent_s >= limit_s:
            raise self.too_slow(limit_s)
        return min(SLICE_S, limit_s - silent_s, self.left_s)

    def wait_for(self, wait: Callable[[float], bool], *, limit_s: float) -> None:
        """Wait in slices until wait(seconds) says True."""
        silent_s = 0.0
        while True:
            wait_s = self.next_wait(silent_s, limit_s)
            if wait(wait_s):
                return
            silent_s += wait_s

    def pause(self, seconds: float) -> None:
        """Wait out of politeness; the pause is not counted.

        Raises:
            Interrupted: when stop is set.
        """
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self.look_at_stop()
            before = self._clock.monotonic()
            self._clock.sleep(max(min(SLICE_S, left), 0.001))
            self._paused_s += self._clock.monotonic() - before

    @contextmanager
    def queue(self, lock: threading.Lock) -> Iterator[None]:
        """Hold a lock that another fetch may hold now; the wait for it is not counted.

        Raises:
            Interrupted: when stop is set.
        """
        before = self._clock.monotonic()
        try:
            while not lock.acquire(timeout=SLICE_S):
                self.look_at_stop()
        finally:
            self._paused_s += self._clock.monotonic() - before
        try:
            yield
        finally:
            lock.release()

    def look_at_stop(self) -> None:
        """Raise Interrupted when stop is set."""
        if self._stop is not None and self._stop.is_set():
            msg = f"stopped before {self.who} answered; the next turn asks it again"
            raise Interrupted(msg)

    def too_slow(self, limit_s: float) -> FetchError:
        """Make the error of a server that takes too long."""
        return FetchError(
            FetchProblem.TOO_SLOW,
            f"{self.who} did not answer within {limit_s:g} seconds; "
            "it is asked again at the next turn",
        )
