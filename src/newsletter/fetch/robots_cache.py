"""The robots.txt of each site, read once a day by whichever thread needs it first."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.clock import Clock
from newsletter.fetch.errors import FetchError, LastingFetchError
from newsletter.fetch.patience import Patience
from newsletter.fetch.robots import FAILURE_KEPT_S, KEPT_S, Robots

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

    def __len__(self) -> int:
        """Count the origins that are remembered."""
        return len(self._entries)

    def rules(self, origin: str, patience: Patience, read: Callable[[], Robots]) -> Robots:
        """Return an origin's rules; read() brings them where none are kept.

        Raises:
            FetchError: what read() raised, now or up to five minutes ago: the site is to be left
                alone until its robots.txt can be read.
            Interrupted: when stop is set.
        """
        entry = self._entry(origin)
        with patience.queue(entry.lock):
            if self._clock.monotonic() >= entry.until:
                self._refresh(entry, read)
            if entry.failure is not None:
                raise FetchError(
                    entry.failure.problem,
                    str(entry.failure),
                    status=entry.failure.status,
                    retry_after=entry.failure.retry_after,
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

    def _entry(self, origin: str) -> _Entry:
        with self._guard:
            if len(self._entries) >= MOST_ORIGINS and origin not in self._entries:
                now = self._clock.monotonic()
                kept = {
                    name: entry
                    for name, entry in self._entries.items()
                    if entry.lock.locked() or entry.until > now
                }
                self._entries = kept if len(kept) < MOST_ORIGINS else {}
            return self._entries.setdefault(origin, _Entry())
