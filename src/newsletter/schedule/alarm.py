"""The alarm clock: APScheduler wakes us; what is due is read from the database each time."""

from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

GRACE_S = 86_400  # a late alarm still rings: the occurrences decide what being late means


class Alarm:
    """Calls a function again and again, in a thread of its own; never two calls at once."""

    def __init__(self, look: Callable[[], None], *, every_s: float) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            look,
            "interval",
            seconds=every_s,
            id="look",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=GRACE_S,
        )

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; a call under way is waited for."""
        self._scheduler.shutdown(wait=True)
