"""One request at a time for each host, with a pause before the next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from newsletter.clock import Clock
from newsletter.fetch.errors import FetchError
from newsletter.fetch.patience import Patience
from newsletter.model.fetched import FetchProblem

LONGEST_PAUSE_S = 60.0  # a longer one is another turn's; no thread sits it out
MOST_HOSTS = 1_000


@dataclass(slots=True)
class _Lane:
    """A host's turn; next_at is monotonic seconds, users counts who holds or awaits it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    users: int = 0


class Pace:
    """Shared by all threads that fetch."""

    def __init__(self, clock: Clock, pace_s: float) -> None:
        self._clock = clock
        self._pace_s = pace_s
        self._guard = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def __len__(self) -> int:
        """Count the hosts that are remembered."""
        return len(self._lanes)

    @contextmanager
    def turn(self, host: str, patience: Patience, *, delay_s: float = 0.0) -> Iterator[None]:
        """Hold a host's turn during the block.

        Args:
            host: which.
            patience: of the fetch that waits; what it waits here is not counted.
            delay_s: what robots.txt asks for between this request and the next, seconds.

        Raises:
            FetchError: REFUSED with retry_after, where the pause would be longer than
                LONGEST_PAUSE_S.
            Interrupted: when stop is set.
        """
        lane = self._enter(host)
        try:
            with patience.queue(lane.lock):
                self._wait(lane, host, patience)
                try:
                    yield
                finally:
                    lane.next_at = self._clock.monotonic() + max(self._pace_s, delay_s)
        finally:
            with self._guard:
                lane.users -= 1

    def _wait(self, lane: _Lane, host: str, patience: Patience) -> None:
        pause_s = lane.next_at - self._clock.monotonic()
        if pause_s > LONGEST_PAUSE_S:
            raise FetchError(
                FetchProblem.REFUSED,
                f"{host} wants {pause_s:.0f} more seconds before the next request; "
                "it is asked again at a later turn",
                retry_after=timedelta(seconds=pause_s),
            )
        patience.pause(pause_s)

    def _enter(self, host: str) -> _Lane:
        with self._guard:
            if len(self._lanes) >= MOST_HOSTS and host not in self._lanes:
                now = self._clock.monotonic()
                self._lanes = {
                    name: lane
                    for name, lane in self._lanes.items()
                    if lane.users or lane.next_at > now
                }
            lane = self._lanes.setdefault(host, _Lane())
            lane.users += 1
            return lane
