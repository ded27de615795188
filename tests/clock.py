"""The clock of tests: it stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class FakeClock:
    """Wall and monotonic time, moved by hand; sleeping moves both."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

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
