"""Ask no host too often, and nothing that its robots.txt forbids."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from protego import Protego

from newsletter.clock import Clock
from newsletter.errors import Interrupted
from newsletter.fetch.answer import FetchError, LastingFetchError
from newsletter.model.source import FetchProblem

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
        """Return how long to wait now, above 0; this step has waited silent_s of its limit_s.

        Raises FetchError: TOO_SLOW, when the step's time or the total is over; Interrupted.
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
        while not wait(wait_s := self.next_wait(silent_s, limit_s)):
            silent_s += wait_s

    def pause(self, seconds: float) -> None:
        """Wait out of politeness, which is not counted; or raise Interrupted."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self.look_at_stop()
            before = self._clock.monotonic()
            self._clock.sleep(max(min(SLICE_S, left), 0.001))
            self._paused_s += self._clock.monotonic() - before

    @contextmanager
    def queue(self, lock: threading.Lock) -> Iterator[None]:
        """Hold a lock that another fetch may hold now; the wait for it is not counted."""
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
            FetchProblem.TOO_SLOW, f"{self.who} did not answer within {limit_s:g} seconds"
        )


LONGEST_PAUSE_S = 60.0  # a longer one is another turn's; no thread sits it out
MOST_HOSTS = 1_000


@dataclass(slots=True)
class _Lane:
    """A host's turn; next_at is monotonic seconds."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0


class Pace:
    """Shared by all threads that fetch."""

    def __init__(self, clock: Clock, pace_s: float) -> None:
        self._clock = clock
        self._pace_s = pace_s
        self._guard = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    @contextmanager
    def turn(self, host: str, patience: Patience, *, delay_s: float = 0.0) -> Iterator[None]:
        """Hold a host's turn during the block; the next comes delay_s (of robots.txt) later.

        Raises FetchError: REFUSED with retry_after, where the pause would be longer than
        LONGEST_PAUSE_S; Interrupted.
        """
        with self._guard:
            if len(self._lanes) >= MOST_HOSTS:  # what nobody holds and no pause is left of
                now = self._clock.monotonic()
                self._lanes = {
                    name: lane
                    for name, lane in self._lanes.items()
                    if lane.lock.locked() or lane.next_at > now
                }
            lane = self._lanes.setdefault(host, _Lane())
        with patience.queue(lane.lock):
            pause_s = lane.next_at - self._clock.monotonic()
            if pause_s > LONGEST_PAUSE_S:
                raise FetchError(
                    FetchProblem.REFUSED,
                    f"{host} wants {pause_s:.0f} more seconds before the next request",
                    retry_after=timedelta(seconds=pause_s),
                )
            patience.pause(pause_s)
            try:
                yield
            finally:
                lane.next_at = self._clock.monotonic() + max(self._pace_s, delay_s)


ROBOTS_PATH = "/robots.txt"
KEPT_S = 24 * 3600.0
FAILURE_KEPT_S = 300.0  # so that the entries of one feed do not each ask a failing server
MOST_BYTES = 512_000  # RFC 9309 section 2.5 wants at least 500 kibibytes
LONGEST_DELAY_S = 24 * 3600.0
MOST_PAIRS = 1_000_000
FEWER_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin; None where there are none, so everything is allowed."""

    rules: Protego | None
    agent: str

    def allows(self, url: str) -> bool:
        """Return whether the address may be asked."""
        return self.rules is None or self.rules.can_fetch(url, self.agent)

    @property
    def delay_s(self) -> float:
        """Crawl-delay in seconds, 0 where it is not stated."""
        delay_s = self.rules.crawl_delay(self.agent) if self.rules else None
        return min(delay_s, LONGEST_DELAY_S) if delay_s and math.isfinite(delay_s) else 0.0


def read_robots(raw: bytes, agent: str) -> Robots:
    """Read a robots.txt; what is no rule in it is passed over.

    A group costs its agents times its rules, so a file with very many of both is read by its first
    thousand lines.
    """
    text = raw[:MOST_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    lines = text.splitlines()
    agents = sum(line.lstrip()[:4].lower() == "user" for line in lines)
    if agents * (len(lines) - agents) > MOST_PAIRS or agents > FEWER_LINES:
        text = "\n".join(lines[:FEWER_LINES])
    return Robots(Protego.parse(text), agent)


MOST_ORIGINS = 1_000


@dataclass(slots=True)
class _Entry:
    """What is known of one origin until a monotonic second; neither rules nor failure: nothing."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0.0
    rules: Robots | None = None
    failure: FetchError | None = None


class RobotsCache:
    """Shared by all threads that fetch."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def rules(self, origin: str, patience: Patience, read: Callable[[], Robots]) -> Robots:
        """Return an origin's rules; read() brings them where none are kept.

        Raises FetchError: what read() raised, now or up to five minutes ago: the site is to be left
        alone until its robots.txt can be read; Interrupted.
        """
        with self._guard:
            if len(self._entries) >= MOST_ORIGINS:
                self._entries = {}
            entry = self._entries.setdefault(origin, _Entry())
        with patience.queue(entry.lock):
            if self._clock.monotonic() >= entry.until:
                self._refresh(entry, read)
            if entry.failure is not None:
                failure = entry.failure
                raise FetchError(
                    failure.problem,
                    str(failure),
                    status=failure.status,
                    retry_after=failure.retry_after,
                )
            return entry.rules or Robots(None, "")

    def _refresh(self, entry: _Entry, read: Callable[[], Robots]) -> None:
        entry.rules = entry.failure = None
        try:
            entry.rules = read()
            kept_s = KEPT_S
        except LastingFetchError:
            raise  # about us: the next who asks may be allowed more
        except FetchError as error:
            entry.failure = error
            kept_s = FAILURE_KEPT_S
        entry.until = self._clock.monotonic() + kept_s
