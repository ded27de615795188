"""The one thread that writes the ledger while a mailing goes out.

Connection threads queue marks, outcomes and other changes; each turn takes all that is queued as
one transaction, commits, and wakes the waiters. Whatever fails, every waiter is woken: a message
whose mark did not become durable never gets its final dot.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, Self, TypeVar

from newsletter.clock import Clock
from newsletter.delivery.pipeline import CrashPoint, no_crash
from newsletter.errors import NewsletterError, StoreBusy
from newsletter.store import Connection, Database, ledger
from newsletter.store.ledger import AttemptResult, MailingNotRunning, StaleToken

T = TypeVar("T")

KEEP_TRYING_S = 60.0  # outcomes wait that long for a locked database or a full disk
_BETWEEN_TRIES_S = 0.2
_HURRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Hold:
    """A chunk as one opening of it holds it; every later write carries both."""

    chunk_id: int
    token: int


class Ticket:
    """A mark on its way; the pipeline waits for it."""

    __slots__ = ("delivery_id", "future", "hold")

    def __init__(self, hold: Hold, delivery_id: int) -> None:
        self.hold = hold
        self.delivery_id = delivery_id
        self.future: Future[bool] = Future()

    def wait(self) -> bool:
        """Wait until the mark is durable (True), or this one delivery is held back (False)."""
        return self.future.result()

    @property
    def is_granted(self) -> bool:
        """Whether the mark is durable."""
        return self.future.done() and self.future.exception() is None and self.future.result()

    @property
    def is_held_back(self) -> bool:
        """Whether the ledger has moved this delivery elsewhere: its reader said no."""
        return self.future.done() and self.future.exception() is None and not self.future.result()

    @property
    def is_stale(self) -> bool:
        """Whether the chunk is another worker's by now."""
        return self.future.done() and isinstance(self.future.exception(), StaleToken)

    def withdraw(self) -> bool:
        """Take the question back where the writer has not begun with it."""
        return self.future.cancel()


class _Change(Generic[T]):
    """Any other change, run inside the turn's transaction; is_kept: tried again as outcomes are."""

    def __init__(self, run: Callable[[Connection], T], *, is_kept: bool) -> None:
        self.run = run
        self.is_kept = is_kept
        self.future: Future[T] = Future()


class _Turn:
    """What one transaction will hold."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[Hold, AttemptResult]] = []
        self.releases: list[Ticket] = []
        self.marks: list[Ticket] = []
        self.changes: list[_Change[Any]] = []

    def __bool__(self) -> bool:
        return bool(self.outcomes or self.releases or self.marks or self.changes)


class LedgerWriter:
    """Owns the writing connection; a context manager that drains its queue at the end."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        crash_point: CrashPoint = no_crash,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._crash = crash_point
        self._is_stopping = is_stopping
        self._queued = threading.Condition()
        self._turn = _Turn()
        self._closing = False
        self._failure: BaseException | None = None
        self._answer: BaseException | None = None  # to whoever asks when nobody serves any more
        self._thread = threading.Thread(target=self._serve, name="ledger-writer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def failure(self) -> BaseException | None:
        """What ended the writer early; outcomes queued since then are lost to the ledger."""
        return self._failure

    def mark(self, hold: Hold, delivery_id: int) -> Ticket:
        """Ask for mark 2 of one delivery."""
        ticket = Ticket(hold, delivery_id)
        with self._queued:
            if self._answer is not None:
                ticket.future.set_exception(self._answer)
            else:
                self._turn.marks.append(ticket)
                self._queued.notify()
        return ticket

    def outcome(
        self,
        hold: Hold,
        result: AttemptResult,
        *,
        also: Callable[[Connection], object] | None = None,
    ) -> None:
        """Queue an outcome, and what is to be stored with it; the next turn takes both."""
        with self._queued:
            self._turn.outcomes.append((hold, result))
            if also is not None:
                self._turn.changes.append(_Change(also, is_kept=True))
            self._queued.notify()

    def release(self, ticket: Ticket) -> None:
        """Take a mark back, if it was granted, that no dot followed and no attempt used."""
        with self._queued:
            self._turn.releases.append(ticket)
            self._queued.notify()

    def submit(self, run: Callable[[Connection], T]) -> "Future[T]":
        """Queue any other change; what it raises is in the future, and then it changed nothing."""
        return self._queue(_Change(run, is_kept=True))

    def call(self, run: Callable[[Connection], T]) -> T:
        """Make a change and wait until it is durable; a busy database is told at once."""
        return self._queue(_Change(run, is_kept=False)).result()

    def _queue(self, change: _Change[T]) -> "Future[T]":
        with self._queued:
            if self._answer is not None:
                change.future.set_exception(self._answer)
            else:
                self._turn.changes.append(change)
                self._queued.notify()
        return change.future

    def close(self) -> None:
        """Store what is queued and end the thread."""
        with self._queued:
            self._closing = True
            self._queued.notify()
        self._thread.join()

    def _serve(self) -> None:
        kept = _Turn()  # what a busy database has not taken yet
        busy_since = 0.0
        while True:
            with self._queued:
                while not (self._turn or kept or self._closing):
                    self._queued.wait()
                turn, self._turn = self._turn, _Turn()
                if not turn and not kept:
                    # a connection that could not be woken in time may still ask: no dot for it
                    self._answer = StoreBusy("the run has ended")
                    return
            turn.outcomes[:0] = kept.outcomes
            turn.releases[:0] = kept.releases
            turn.changes[:0] = kept.changes
            was_kept, kept = bool(kept), _Turn()
            try:
                self._write(turn)
            except StoreBusy as busy:
                # no dot leaves; but an outcome that is known is worth waiting for
                kept.outcomes, kept.releases = turn.outcomes, turn.releases
                kept.changes = [change for change in turn.changes if change.is_kept]
                turn.changes = [change for change in turn.changes if not change.is_kept]
                _wake(turn, busy)
                if not was_kept:
                    busy_since = self._clock.monotonic()
                patience_s = _HURRY_S if self._is_stopping() else KEEP_TRYING_S
                if self._clock.monotonic() - busy_since > patience_s:
                    _wake(kept, busy)
                    self._fail(busy)
                    return
                self._clock.sleep(_BETWEEN_TRIES_S)
            except BaseException as error:  # noqa: BLE001 (raised again in the calling thread)
                _wake(turn, error)
                self._fail(error)
                return

    def _write(self, turn: _Turn) -> None:
        asked = [mark for mark in turn.marks if mark.future.set_running_or_notify_cancel()]
        turn.marks = asked
        done: list[Callable[[], None]] = []
        with self._database.write() as conn:
            now = self._clock.now()
            # before the outcomes: the delivery may have been tried once more since
            for hold, tickets in _by_hold(t for t in turn.releases if t.is_granted).items():
                ledger.unmark(
                    conn,
                    chunk_id=hold.chunk_id,
                    token=hold.token,
                    delivery_ids=[ticket.delivery_id for ticket in tickets],
                    now=now,
                )
            for hold, outcomes in _in_rounds(turn.outcomes):
                ledger.record(
                    conn, chunk_id=hold.chunk_id, token=hold.token, outcomes=outcomes, now=now
                )
            # a pause that was queued holds the marks queued with it
            done += [_run(conn, change) for change in turn.changes]
            for hold, tickets in _by_hold(asked).items():
                done += _mark(conn, hold, tickets, now=now)
        if turn.outcomes:
            self._crash("store")
        for wake in done:
            wake()

    def _fail(self, error: BaseException) -> None:
        with self._queued:
            self._failure = self._answer = error
            turn, self._turn = self._turn, _Turn()
        _wake(turn, error)


def _in_rounds(
    outcomes: Iterable[tuple[Hold, AttemptResult]],
) -> list[tuple[Hold, list[AttemptResult]]]:
    """Sort outcomes by hold; a delivery with two of them, in order, comes once in each round."""
    rounds: dict[tuple[int, Hold], list[AttemptResult]] = defaultdict(list)
    times: Counter[int] = Counter()
    for hold, result in outcomes:
        rounds[times[result.delivery_id], hold].append(result)
        times[result.delivery_id] += 1
    ordered = sorted(rounds.items(), key=lambda each: each[0][0])
    return [(hold, results) for (_, hold), results in ordered]


def _by_hold(tickets: Iterable[Ticket]) -> dict[Hold, list[Ticket]]:
    sorted_out: dict[Hold, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        sorted_out[ticket.hold].append(ticket)
    return sorted_out


def _mark(
    conn: Connection, hold: Hold, tickets: list[Ticket], *, now: datetime
) -> list[Callable[[], None]]:
    """Mark in the open transaction; the tickets may be told only once that is committed."""
    try:
        granted = ledger.mark_committing(
            conn,
            chunk_id=hold.chunk_id,
            token=hold.token,
            delivery_ids=[ticket.delivery_id for ticket in tickets],
            now=now,
        )
    except (StaleToken, MailingNotRunning) as refused:
        return [partial(ticket.future.set_exception, refused) for ticket in tickets]
    return [partial(t.future.set_result, t.delivery_id in granted) for t in tickets]


def _run(conn: Connection, change: _Change[Any]) -> Callable[[], None]:
    try:
        with conn.begin_nested():
            result = change.run(conn)
    except StoreBusy:
        raise
    except NewsletterError as error:
        return partial(change.future.set_exception, error)
    return partial(change.future.set_result, result)


def _wake(turn: _Turn, error: BaseException) -> None:
    for future in (*(t.future for t in turn.marks), *(c.future for c in turn.changes)):
        if not future.done():
            future.set_exception(error)
