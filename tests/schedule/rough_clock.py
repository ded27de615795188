"""A clock on which a machine dies, sleeps, or is set wrong between any two looks at it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clock import FakeClock


class Killed(BaseException):
    """The process has ended here; nothing of it goes on, and no handler is to hold it up."""


class Trouble(StrEnum):
    STOP = "stop"  # the process is killed and started again later
    SLEEP = "sleep"  # the machine sleeps; the monotonic clock stands still meanwhile
    JUMP = "jump"  # the wall clock is set wrong, and right again later


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Trouble from a moment of true time on. looks: how often the clock is still read first."""

    kind: Trouble
    at: datetime
    lasts: timedelta
    looks: int
    jump: timedelta = timedelta()


class RoughClock(FakeClock):
    """true() is what an honest clock on the wall shows; now() is what the machine takes for it.

    Only the main thread's looks are counted, so that a seed gives the same year again, and only
    while the program is watched: what people do is no part of it.
    """

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.wrong_by = timedelta()
        self.right_at: datetime | None = None
        self.is_dead = False
        self.is_watched = False
        self._armed: Event | None = None
        self._looks_left = 0
        self._happened: Callable[[Event], None] | None = None

    def true(self) -> datetime:
        return super().now() - self.wrong_by

    def arm(self, event: Event, happened: Callable[[Event], None]) -> None:
        self._armed, self._looks_left, self._happened = event, event.looks, happened

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let trouble come at a look meanwhile."""
        self.is_watched = True
        try:
            yield
        finally:
            self.is_watched = False

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Let no trouble come meanwhile: it is no look of the program's."""
        before, self.is_watched = self.is_watched, False
        try:
            yield
        finally:
            self.is_watched = before

    @property
    def is_armed(self) -> bool:
        return self._armed is not None

    def now(self) -> datetime:
        if threading.current_thread() is not threading.main_thread() or not self.is_watched:
            return super().now()
        if self._armed is not None:
            self._looks_left -= 1
            if self._looks_left <= 0:
                self.strike()
        if self.is_dead:
            raise Killed
        return super().now()

    def strike(self) -> None:
        """Let the armed trouble come now."""
        event, self._armed = self._armed, None
        assert event is not None
        assert self._happened is not None
        self._happened(event)
        match event.kind:
            case Trouble.STOP:
                self.is_dead = True
            case Trouble.SLEEP:
                self.jump(super().now() + event.lasts)
            case Trouble.JUMP:
                self.jump(super().now() + event.jump)
                self.wrong_by += event.jump
                self.right_at = self.true() + event.lasts

    def forward(self, by: timedelta) -> None:
        """Let time pass; the wall clock is set right once it was wrong for long enough."""
        super().forward(by)
        if self.right_at is not None and self.true() >= self.right_at:
            self.right_at = None
            self.jump(self.true())
            self.wrong_by = timedelta()
