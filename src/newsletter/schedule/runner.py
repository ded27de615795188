"""The runner: finds what is due, claims it, carries each out in a thread of its own.

The alarm only wakes it. Who sends is decided by the occurrence's row, and by the sender's lock that
the caller holds; what was begun by a process that is gone is taken up first.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from newsletter.errors import NewsletterError
from newsletter.model.records import OccurrenceRow
from newsletter.schedule.alarm import Alarm
from newsletter.store import ledger, occurrences
from newsletter.workflows.carry_out import Ending, carry_out, finish_mailing
from newsletter.workflows.desk import Desk
from newsletter.workflows.release import Verdict
from newsletter.workflows.send_mailing import Sending

LOOK_EVERY_S = 0.5
LEAD = timedelta(seconds=5)  # composing and checking are done before the planned second


class Runner:
    """Carries out occurrences until it is stopped.

    Args:
        desk: shared by the threads.
        sending: the servers and the stop.
        owner: who claims: names this process in the database.
        new_key: gives a mailing's key.
        say: takes a line for the person who watches.
    """

    def __init__(
        self,
        desk: Desk,
        sending: Sending,
        *,
        owner: str,
        new_key: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._sending = sending
        self._owner = owner
        self._new_key = new_key
        self._say = say
        self._active: dict[str, threading.Thread] = {}
        self._complained = ""

    def run(self) -> None:
        """Work until the stop is asked for; then wait for the threads to end at a mark."""
        _ = self._desk.database, self._desk.composer  # opened once, before threads share them
        self._take_up()
        alarm = Alarm(self._look, every_s=LOOK_EVERY_S)
        alarm.start()
        self._sending.stop.wait()
        alarm.stop()
        for thread in list(self._active.values()):
            thread.join()

    def _take_up(self) -> None:
        """Go on with what a process that is gone had claimed: we hold the lock, so it is gone."""
        with self._desk.database.write() as connection:
            for occurrence in occurrences.claimed(connection):
                self._say(f"{occurrence.issue}: taken up where an earlier process left it")
                occurrences.give_back(connection, occurrence.id)

    def _look(self) -> None:
        """Start a thread for each due occurrence and each unfinished mailing without one."""
        self._active = {issue: t for issue, t in self._active.items() if t.is_alive()}
        try:
            self._start_due()
        except NewsletterError as error:
            if str(error) != self._complained:  # once, not twice a second
                self._complained = str(error)
                self._say(f"error: {error}")
        else:
            self._complained = ""

    def _start_due(self) -> None:
        until = self._desk.clock.now() + LEAD
        with self._desk.database.read() as connection:
            due = occurrences.due(connection, before=until)
            unfinished = ledger.unfinished(connection)
        for occurrence in due:
            if occurrence.issue is not None and occurrence.issue not in self._active:
                self._claim(occurrence)
        for mailing in unfinished:
            if mailing.issue not in self._active:
                self._start(mailing.issue, partial(self._finish, mailing.issue, mailing.id))

    def _claim(self, occurrence: OccurrenceRow) -> None:
        now = self._desk.clock.now()
        with self._desk.database.write() as connection:
            claimed = occurrences.claim(connection, occurrence.id, owner=self._owner, now=now)
        if claimed is None:
            self._say(f"{occurrence.issue}: already taken by another process")
        else:
            self._start(claimed.issue or "", partial(self._carry_out, claimed))

    def _start(self, issue: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"issue {issue}")
        self._active[issue] = thread
        thread.start()

    def _carry_out(self, occurrence: OccurrenceRow) -> None:
        issue = occurrence.issue or ""
        try:
            ending = carry_out(
                self._desk, occurrence, self._sending, new_key=self._new_key, patient=True
            )
        except NewsletterError as error:
            self._say(f"{issue}: {error}")
            return
        self._say(f"{issue}: {ending_sentence(ending)}")

    def _finish(self, issue: str, mailing_id: int) -> None:
        try:
            ending = finish_mailing(self._desk, issue, mailing_id, self._sending, patient=True)
        except NewsletterError as error:
            self._say(f"{issue}: {error}")
            return
        self._say(f"{issue}: {ending_sentence(ending)}")


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
    parts = [f"{account.sent} of {account.planned} sent"]
    words = ("refused", "suppressed", "expired", "cancelled", "unknown", "left")
    parts += [f"{getattr(account, word)} {word}" for word in words if getattr(account, word)]
    return ", ".join(parts)
