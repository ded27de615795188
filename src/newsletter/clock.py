"""The time: one Protocol, and the clock of this machine. Nothing else reads the time."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time, monotonic time and waiting; a test sets its own by passing another object."""

    def now(self) -> datetime:
        """Return the aware wall time, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back; only differences mean something."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the aware wall time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since some fixed moment of this boot."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds; a negative number waits not at all."""
        time.sleep(max(0.0, seconds))
