"""The runner of `run`: looks twice a second for what is due, and carries it out in threads."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from newsletter.clock import Clock
from newsletter.config.settings import ApprovalRule, Settings
from newsletter.errors import NewsletterError
from newsletter.model.diagnosis import PartHealth
from newsletter.model.mailing import account_line
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.store import StoreMissing, ledger, occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.days import IssueDays
from newsletter.workflows.planning.plan_ahead import plan_ahead
from newsletter.workflows.sending.begin_sending import take_up
from newsletter.workflows.sending.carry_out import Ending, Sending, carry_out, finish_mailing
from newsletter.workflows.sending.release import Verdict

STILL_AFTER_S = 10.0  # a look may wait five seconds for a locked database


class Pulse:
    """Beats at the begin and the end of each look; one that is new counts as having beaten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat_at = clock.monotonic()
        self._has_looked = False

    def beat(self) -> None:
        """Note that the alarm looks, or has looked."""
        self._beat_at = self._clock.monotonic()
        self._has_looked = True

    def health(self) -> PartHealth:
        """Return whether the alarm looked within the last STILL_AFTER_S seconds."""
        age_s = self._clock.monotonic() - self._beat_at
        if not self._has_looked:
            words = f"has not looked yet, started {age_s:.1f} s ago"
        else:
            words = f"looked for what is due {age_s:.1f} s ago"
        return PartHealth(name="alarm", is_well=age_s < STILL_AFTER_S, words=words)


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


_log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
REST_S = 5.0  # before an issue whose thread failed is looked at again
REST_AFTER_BUG_S = 60.0
LEAD = timedelta(seconds=5)  # composing and checking are done before the planned second


def leads_of(settings: Settings) -> dict[str, timedelta]:
    """Return how long before its planned time a newsletter's issue is taken up.

    An automatic approval is made then, and the hold begins with it: so it is made that much
    earlier, and the first copy goes out at the planned second.
    """
    return {
        newsletter.name: LEAD
        + (newsletter.hold if newsletter.approval is ApprovalRule.AUTOMATIC else timedelta())
        for newsletter in settings.newsletters
    }


class Runner:
    """Carries out occurrences until it is stopped."""

    def __init__(
        self,
        desk: Desk,
        sending: Sending,
        *,
        owner: str,
        new_key: Callable[[], str],
        say: Callable[[str], None],
        bug: Callable[[Exception], str] = repr,
        pulse: Pulse | None = None,
        make_thread: Callable[..., threading.Thread] = threading.Thread,
    ) -> None:
        self._make_thread = make_thread
        self._pulse = pulse or Pulse(desk.clock)
        self._desk = desk
        self._sending = sending
        self._owner = owner
        self._new_key = new_key
        self._say = say
        self._bug = bug
        self._planner = Planner(desk, say)
        self._active: dict[str, threading.Thread] = {}
        self._not_before: dict[str, float] = {}  # by issue, of the monotonic clock
        self._complained = ""
        self._file: tuple[int, int] | None = None
        self._lost: NewsletterError | None = None

    def run(self) -> None:
        """Work until the stop is asked for; then wait for the threads to end at a mark."""
        self.begin()
        alarm = Alarm(self._look_alive, every_s=LOOK_EVERY_S)
        alarm.start()
        self._sending.stop.wait()
        alarm.stop()
        for thread in list(self._active.values()):
            thread.join()
        if self._lost is not None:
            raise self._lost

    def begin(self) -> None:
        """Take up what an earlier process has left; before the first look."""
        _ = self._desk.database, self._desk.composer  # opened once, before threads share them
        self._file = self._database_file()
        for issue in take_up(self._desk):
            self._say(f"{issue}: taken up where an earlier process left it")

    def _database_file(self) -> tuple[int, int] | None:
        """Tell the database's file from any other; None where it is gone, or is no file."""
        path = self._desk.database.path
        try:
            found = path.stat() if path is not None else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found is not None else None

    def _look_alive(self) -> None:
        self._pulse.beat()
        self.look()
        self._pulse.beat()

    def look(self) -> None:
        """Start a thread for each due occurrence and each unfinished mailing without one."""
        self._active = {issue: t for issue, t in self._active.items() if t.is_alive()}
        if self._database_file() != self._file:  # what we write would be seen by nobody
            msg = f"{self._desk.database.path} was taken away or replaced while it was in use"
            self._lost = StoreMissing(msg, hint="put it back, then start again")
            self._sending.stop.set()
            return
        try:
            self._planner.look()  # first: what is too late is not to be started
            self._give_back_stranded()
            self._start_due()
        except NewsletterError as error:
            self._complain(f"error: {error}")
        except Exception as error:  # noqa: BLE001 (the next look may go better; no run dies of one)
            self._complain(self._bug(error))
        else:
            self._complained = ""

    def _complain(self, sentence: str) -> None:
        if sentence != self._complained:  # once, not twice a second
            self._complained = sentence
            self._say(sentence)

    def _give_back_stranded(self) -> None:
        with self._desk.database.read() as connection:
            stranded = [
                occurrence
                for occurrence in occurrences.claimed(connection)
                if occurrence.owner == self._owner and occurrence.issue not in self._active
            ]
        for occurrence in stranded:
            with self._desk.database.write() as connection:
                current = occurrences.get_occurrence(connection, occurrence.id)
                if current.state is OccurrenceState.CLAIMED:
                    occurrences.give_back(connection, occurrence.id)

    def _start_due(self) -> None:
        now = self._desk.clock.now()
        may_begin = self._desk.may_begin()
        leads = leads_of(self._desk.turn().settings)
        with self._desk.database.read() as connection:
            before = now + max(leads.values(), default=LEAD)
            due = occurrences.due(connection, before=before) if may_begin else ()
            unfinished = ledger.unfinished(connection)
        for occurrence in due:
            is_near = occurrence.planned_at <= now + leads.get(occurrence.newsletter, LEAD)
            if occurrence.issue is not None and is_near and self._may_start(occurrence.issue):
                self._claim(occurrence)
        for mailing in unfinished:
            if self._may_start(mailing.issue):
                self._start(mailing.issue, partial(self._finish, mailing.issue, mailing.id))

    def _may_start(self, issue: str) -> bool:
        rests_until = self._not_before.get(issue, 0.0)
        return issue not in self._active and self._desk.clock.monotonic() >= rests_until

    def _claim(self, occurrence: OccurrenceRow) -> None:
        now = self._desk.clock.now()
        with self._desk.database.write() as connection:
            claimed = occurrences.claim(connection, occurrence.id, owner=self._owner, now=now)
        if claimed is None:
            self._say(f"{occurrence.issue}: already taken by another process")
        else:
            _log.info(
                "starting" if occurrence.claimed_at is None else "resuming",
                extra={
                    "occurrence": claimed.id,
                    "issue": claimed.issue,
                    "planned": claimed.planned_at,
                },
            )
            self._start(claimed.issue or "", partial(self._carry_out, claimed))

    def _start(self, issue: str, work: Callable[[], Ending]) -> None:
        thread = self._make_thread(target=self._tell_ending, args=(issue, work), name=issue)
        self._active[issue] = thread
        thread.start()

    def _carry_out(self, occurrence: OccurrenceRow) -> Ending:
        return carry_out(
            self._desk.turn(), occurrence, self._sending, new_key=self._new_key, patient=True
        )

    def _finish(self, issue: str, mailing_id: int) -> Ending:
        return finish_mailing(self._desk.turn(), issue, mailing_id, self._sending, patient=True)

    def _tell_ending(self, issue: str, work: Callable[[], Ending]) -> None:
        """Do a thread's work; what fails is looked at again after a rest."""
        try:
            sentence = ending_sentence(work())
        except NewsletterError as error:
            sentence = str(error)
            self._not_before[issue] = self._desk.clock.monotonic() + REST_S
        except Exception as error:  # noqa: BLE001 (other issues go on; the bug is named)
            sentence = self._bug(error)
            self._not_before[issue] = self._desk.clock.monotonic() + REST_AFTER_BUG_S
        self._say(f"{issue}: {sentence}")


def ending_sentence(ending: Ending) -> str:
    """Say in one line how an occurrence ended."""
    if ending.released is not None and ending.released.verdict is Verdict.NOBODY:
        return f"sent to nobody: {ending.released.why}"
    if ending.released is not None:
        why = f": {ending.released.why}" if ending.released.why else ""
        return f"{ending.released.verdict}{why}"
    account = ending.account
    if account is None:
        return "nothing was done"
    return account_line(account)
