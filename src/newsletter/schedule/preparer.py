"""Prepares scheduled runs before their planned time, each in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsletter.errors import Interrupted, NewsletterError
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.schedule.beat import Beat, beating
from newsletter.store import scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import DigestTools
from newsletter.workflows.digest.run_digest import LOOK_AHEAD, advance, due_stage
from newsletter.workflows.notices.find_news import find_lapsing, find_news
from newsletter.workflows.notices.post_notices import Owed, Post, doubt_begun, post_due
from newsletter.workflows.planning.occurrence import run_name
from newsletter.workflows.sending.watch_seals import SealWatch

LOOK_EVERY_S = 1.0
POST_EVERY_S = 2.0
LAPSING_EVERY_S = 600.0
REST_S = 5.0  # before a run whose stage waits or failed is looked at again
REST_AFTER_BUG_S = 60.0


class Preparer:
    """Looks for runs with a stage that is due, and does it."""

    def __init__(
        self,
        desk: Desk,
        tools: DigestTools,
        *,
        say: Callable[[str], None],
        bug: Callable[[Exception], str] = repr,
        make_thread: Callable[..., threading.Thread] = threading.Thread,
    ) -> None:
        self._make_thread = make_thread
        self._desk = desk
        self._tools = tools
        self._say = say
        self._bug = bug
        self._active: dict[int, threading.Thread] = {}
        self._not_before: dict[int, float] = {}  # of the monotonic clock, by run
        self._told: dict[int, str] = {}  # the last error that was said, by run

    def look(self) -> None:
        """Start a thread for each run with a stage that is due and no thread yet."""
        self._active = {number: t for number, t in self._active.items() if t.is_alive()}
        if not self._desk.may_begin():
            return
        desk = self._desk.turn()
        now = desk.clock.now()
        with desk.database.read() as connection:
            begun = scheduled.to_draft(connection, before=now + LOOK_AHEAD)
        for occurrence in begun:
            rests_until = self._not_before.get(occurrence.id, 0.0)
            if occurrence.id in self._active or self._desk.clock.monotonic() < rests_until:
                continue
            if due_stage(desk, occurrence) is None:
                continue
            thread = self._make_thread(
                target=self._advance, args=(occurrence,), name=f"run {occurrence.id}"
            )
            self._active[occurrence.id] = thread
            thread.start()

    def join(self) -> None:
        """Wait for the threads, which end at the stop."""
        for thread in list(self._active.values()):
            thread.join()

    def _advance(self, occurrence: OccurrenceRow) -> None:
        """Do what is due of one run; no error of it ends another's."""
        rest_s = REST_S
        try:
            ended = advance(self._desk, occurrence.id, self._tools)
        except Interrupted:
            return
        except NewsletterError as error:
            self._complain(occurrence, f"error: {error}")
        except Exception as error:  # noqa: BLE001 (other runs go on; the bug is named)
            rest_s = REST_AFTER_BUG_S
            self._complain(occurrence, self._bug(error))
        else:
            self._told.pop(occurrence.id, None)
            if ended.state is not OccurrenceState.PLANNED:
                self._say(f"{run_name(ended)}: {ended.state}: {ended.why}")
        self._not_before[occurrence.id] = self._desk.clock.monotonic() + rest_s

    def _complain(self, occurrence: OccurrenceRow, sentence: str) -> None:
        if self._told.get(occurrence.id) != sentence:
            self._told[occurrence.id] = sentence
            self._say(f"{run_name(occurrence)}: {sentence}")


class Watch:
    """What editors are told, and when: seals that break, runs that ended, appeals that lapse."""

    def __init__(self, desk: Desk, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        self._seals = SealWatch(desk)
        self._lapsing_at = 0.0

    def look(self) -> None:
        """Look once."""
        for sentence in self._seals.look():
            self._say(sentence)
        desk = self._desk.turn()
        find_news(desk)
        now_s = self._desk.clock.monotonic()
        if now_s >= self._lapsing_at:
            self._lapsing_at = now_s + LAPSING_EVERY_S
            find_lapsing(desk)


@contextmanager
def preparing_runs(
    desk: Desk,
    tools: DigestTools,
    make_post: Callable[[Desk], Post],
    *,
    say: Callable[[str], None],
    bug: Callable[[Exception], str] = repr,
) -> Iterator[None]:
    """Prepare runs and tell editors while the caller sends; at its end all has stopped.

    Only for the holder of the sender's lock. Notices go out in a thread of their own: a mail server
    that is slow holds up no run. make_post gives the ways out as the settings name them then.
    """
    doubt_begun(desk)
    preparer = Preparer(desk, tools, say=say, bug=bug)
    watch = Watch(desk, say)

    owed: Owed = {}

    def post_notices() -> None:
        turn = desk.turn()
        for sentence in post_due(turn, make_post(turn), owed):
            say(sentence)

    works = (
        ("prepare", preparer.look, LOOK_EVERY_S),
        ("watch", watch.look, LOOK_EVERY_S),
        ("notices", post_notices, POST_EVERY_S),
    )
    beats = [
        Beat(name, work, every_s=every_s, stop=tools.stop, say=say, bug=bug)
        for name, work, every_s in works
    ]
    try:
        with beating(*beats, stop=tools.stop):
            yield
    finally:
        preparer.join()
