"""`newsletter run` without its beats: its parts work one after another, by a clock that we move."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from clock import FakeClock

from newsletter.config.settings import SmtpSettings
from newsletter.delivery.servers import Pace, Servers
from newsletter.fetch import Fetcher
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.schedule.preparer import Preparer, Watch
from newsletter.schedule.runner import LEAD, Runner
from newsletter.store import occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import DigestTools
from newsletter.workflows.digest.run_digest import LOOK_AHEAD, REMIND_BEFORE
from newsletter.workflows.notices.post_notices import Post, doubt_begun, post_due
from newsletter.workflows.sending.begin_sending import begin_sending
from newsletter.workflows.sending.carry_out import Sending

PACE = Pace(between_openings=0, patience=0)
SECOND = timedelta(seconds=1)


class _Here(threading.Thread):
    """A thread that works where it is started, so that the order is always the same."""

    def start(self) -> None:
        self.run()

    def is_alive(self) -> bool:
        return False


class _Wait(threading.Event):
    """A stop whose waiting moves the clock; people work meanwhile."""

    def __init__(self, clock: FakeClock, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._clock, self._meanwhile = clock, meanwhile

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.forward(timedelta(seconds=timeout or 0))
        if threading.current_thread() is threading.main_thread():
            self._meanwhile()
        return self.is_set()


def _nothing() -> None:
    """Do nothing while the program waits."""


class Process:
    """One start of the program; turn() is one beat of all its parts."""

    def __init__(
        self,
        desk: Desk,
        clock: FakeClock,
        servers: Sequence[SmtpSettings],
        post: Post,
        *,
        name: str,
        new_key: Callable[[], str],
        said: list[str],
        meanwhile: Callable[[], None] = _nothing,
    ) -> None:
        begin_sending(desk)
        doubt_begun(desk)
        stop = _Wait(clock, meanwhile)
        fetcher = Fetcher(clock=clock, user_agent="newsletter/test", pace_s=0)
        self._desk, self._post, self._said = desk, post, said
        self._watch = Watch(desk, said.append)
        self._preparer = Preparer(
            desk,
            DigestTools(fetcher=fetcher, stop=stop),
            say=said.append,
            bug=_bug,
            make_thread=_Here,
        )
        self._runner = Runner(
            desk,
            Sending(servers=Servers(servers, clock=clock, pace=PACE), stop=stop),
            owner=name,
            new_key=new_key,
            say=said.append,
            bug=_bug,
            make_thread=_Here,
        )
        self._runner.begin()

    def turn(self) -> None:
        """Prepare, watch, send and tell what is due now."""
        self._preparer.look()
        self._watch.look()
        self._runner.look()
        self._watch.look()
        self._said += post_due(self._desk, self._post)


def _bug(error: Exception) -> str:
    raise AssertionError("a bug") from error


def next_moment(desk: Desk, now: datetime, *, within: timedelta) -> datetime:
    """Return the next moment at which something may be due."""
    moments = [now + within]
    with desk.database.read() as connection:
        for row in occurrences.list_occurrences(connection, (OccurrenceState.PLANNED,)):
            moments += _moments(row)
    return min(moment for moment in moments if moment > now)


def _moments(row: OccurrenceRow) -> Iterator[datetime]:
    yield from (row.planned_at, row.planned_at - LEAD, row.planned_at - LOOK_AHEAD)
    for moment in (row.draft_at, row.approve_by):
        if moment is not None:
            yield from (moment, moment - LOOK_AHEAD, moment - REMIND_BEFORE)
