"""The clock of tests: it stands still until a test moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class FakeClock:
    """Wall and monotonic time, moved by hand; sleeping moves both."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._monotonic = 1000.0
        self._looks_awake = 0
        self._asleep_for = timedelta()

    def now(self) -> datetime:
        if self._looks_awake:
            self._looks_awake -= 1
            if not self._looks_awake:
                self.jump(self._now + self._asleep_for)
        return self._now

    def fall_asleep(self, look: int, length: timedelta) -> None:
        """Let the machine sleep before a look at the clock: 1 is the next one."""
        self._looks_awake, self._asleep_for = look, length

    @property
    def is_awake(self) -> bool:
        """Whether the sleep is still to come."""
        return self._looks_awake > 0

    def monotonic(self) -> float:
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        self.forward(timedelta(seconds=max(0.0, seconds)))

    def forward(self, by: timedelta) -> None:
        self._now += by
        self._monotonic += by.total_seconds()

    def jump(self, to: datetime) -> None:
        """Set the wall clock alone, as a person or NTP does."""
        self._now = to


class BusyClock(FakeClock):
    """Something happens beside the program each time that it looks at the clock."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens

    def now(self) -> datetime:
        self._happens()
        return super().now()
