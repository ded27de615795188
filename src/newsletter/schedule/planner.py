"""The planner: keeps the rows of planned times in step with the schedules while `run` runs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.issue_days import IssueDays
from newsletter.workflows.planning.plan_ahead import plan_ahead

EVERY = timedelta(seconds=5)


class Planner:
    """Plans ahead every few seconds of the wall clock, and at once where that has jumped.

    The wall clock, for it goes on while a machine sleeps, as the monotonic one may not.
    """

    def __init__(self, desk: Desk, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        self._days = IssueDays(desk.settings)
        self._last: datetime | None = None

    def look(self) -> None:
        """Plan ahead where it is time to."""
        now = self._desk.clock.now()
        if self._last is not None and timedelta(0) <= now - self._last < EVERY:
            return
        if not self._desk.may_begin():
            return
        for sentence in plan_ahead(self._desk.turn(), self._days):
            self._say(sentence)
        self._last = now
