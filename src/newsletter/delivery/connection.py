"""The work of one run: chunks opened one by one, their deliveries handed to connections in order.

A chunk is closed once all its deliveries have an ending; a delivery whose attempt came to nothing
goes to the back of the queue.
"""

import logging
import random
import ssl
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsletter.clock import Clock
from newsletter.delivery.ledger_writer import Hold, LedgerWriter, Ticket
from newsletter.delivery.outcome import (
    Ending,
    Phase,
    RetryPolicy,
    address_is_dead,
    asks_to_slow_down,
    ending_of,
    retry_at,
)
from newsletter.delivery.pipeline import (
    CrashPoint,
    MarkRefused,
    Parcel,
    Pipeline,
    content_of,
    envelope_address,
)
from newsletter.delivery.servers import Lease, ServerPool
from newsletter.delivery.smtp import (
    Session,
    SessionLost,
    SessionRefused,
    Timeouts,
    open_session,
    reply_text,
)
from newsletter.errors import NewsletterError
from newsletter.model.address import Address
from newsletter.model.mailing import Delivery, Outcome, Reply
from newsletter.model.records import SuppressionReason
from newsletter.store import Connection, ledger
from newsletter.store.ledger import (
    AttemptResult,
    ChunkDone,
    MailingNotRunning,
    OpenChunk,
    StaleToken,
)
from newsletter.store.subscribers import suppress


@dataclass(frozen=True, slots=True)
class Task:
    """One delivery to be attempted under one opening of its chunk."""

    hold: Hold
    delivery: Delivery

    def after_cut(self) -> "Task":
        """Return the same task with one more lost connection to its name."""
        cut = replace(self.delivery, cuts=self.delivery.cuts + 1)
        return replace(self, delivery=cut)


class Board:
    """What is to be done; connection threads take from it."""

    def __init__(
        self,
        chunk_ids: Iterable[int],
        writer: LedgerWriter,
        *,
        owner: str,
        clock: Clock,
        crash_point: CrashPoint,
    ) -> None:
        self._writer = writer
        self._owner = owner
        self._clock = clock
        self._crash = crash_point
        self._changed = threading.Condition()
        self._to_open = deque(chunk_ids)
        self._opening = False
        self._pending: deque[Task] = deque()
        self._left: dict[Hold, int] = {}  # deliveries of open chunks without an ending
        self._ended = False
        self.taken = 0

    def take(self, *, wait: bool = True) -> Task | None:
        """Return the next task, opening the next chunk where needed; None: nothing to take."""
        if wait:
            self.has_work()
        with self._changed:
            if self._ended or not self._pending:
                return None
            self.taken += 1
            return self._pending.popleft()

    def has_work(self) -> bool:
        """Whether there is a task, opening the next chunk, or waiting for one, to find out."""
        while True:
            with self._changed:
                if self._ended or self._pending:
                    return not self._ended
                if not (self._opening or self._to_open):
                    return False
                if self._opening:
                    self._changed.wait()
                    continue
                self._opening = True
                chunk_id = self._to_open.popleft()
            self._open(chunk_id)

    def done(self, task: Task) -> None:
        """Take note that a delivery needs no more of this run."""
        with self._changed:
            if task.hold not in self._left:
                return
            self._left[task.hold] -= 1
            if self._left[task.hold]:
                return
            del self._left[task.hold]
        self._close_chunk(task.hold)

    def again(self, task: Task) -> None:
        """Put a task back, behind the others."""
        with self._changed:
            if task.hold in self._left:
                self._pending.append(task)
                self._changed.notify_all()

    def drop_chunk(self, hold: Hold) -> None:
        """Forget a chunk that is another worker's by now."""
        with self._changed:
            self._left.pop(hold, None)
            self._pending = deque(task for task in self._pending if task.hold != hold)

    def end(self) -> None:
        """Hand out nothing more; whoever waits is woken."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close_all(self) -> None:
        """Return back every chunk still open; call it when no connection works any more."""
        with self._changed:
            holds, self._left = list(self._left), {}
            self._pending.clear()
        for hold in holds:
            self._close_chunk(hold)

    def _open(self, chunk_id: int) -> None:
        opened: OpenChunk | None = None
        try:
            opened = self._writer.call(
                lambda conn: ledger.open_chunk(
                    conn, chunk_id, owner=self._owner, now=self._clock.now()
                )
            )
            self._crash("claim")
        except ChunkDone:
            pass
        finally:
            empty: Hold | None = None
            with self._changed:
                self._opening = False
                if opened is not None:
                    hold = Hold(opened.id, opened.token)
                    if opened.deliveries:
                        self._left[hold] = len(opened.deliveries)
                        self._pending.extend(Task(hold, d) for d in opened.deliveries)
                    else:
                        empty = hold
                self._changed.notify_all()
        if empty is not None:
            self._close_chunk(empty)

    def _close_chunk(self, hold: Hold) -> None:
        self._writer.submit(
            lambda conn: ledger.close_chunk(
                conn, chunk_id=hold.chunk_id, token=hold.token, now=self._clock.now()
            )
        )


_log = logging.getLogger(__name__)

MOST_CUTS = 3  # connections lost on one delivery before it, and not the server, is to blame


@dataclass(kw_only=True)
class Run:
    """What the connections of one run share."""

    mailing_id: int
    board: Board
    pool: ServerPool
    writer: LedgerWriter
    clock: Clock
    timeouts: Timeouts
    context: ssl.SSLContext
    retry: RetryPolicy
    jitter: random.Random
    started: datetime
    message_for: Callable[[Delivery, datetime], bytes]
    envelope_from: Address
    crash_point: CrashPoint
    why: str = ""  # why it ended with work left, "" where it did not
    failure: BaseException | None = None
    trouble: NewsletterError | None = None  # the servers' part in it
    ending: threading.Event = field(default_factory=threading.Event)
    alike: Counter[tuple[Phase, int, str]] = field(default_factory=Counter)  # refusals in a row
    lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self, why: str) -> None:
        """Let every connection finish the message it is at, and take no other."""
        self.why = self.why or why
        self.ending.set()
        self.board.end()

    def pause(self, reason: str) -> None:
        """Pause the mailing, and end."""
        self.writer.submit(
            lambda conn: ledger.pause_mailing(
                conn, self.mailing_id, now=self.clock.now(), reason=reason
            )
        )
        self.end(reason)

    def accepted(self) -> None:
        """Count refusals anew: the server does take our mail."""
        with self.lock:
            self.alike.clear()

    def refused(self, phase: Phase, reply: Reply) -> bool:
        """Count a refusal; True the moment so many alike in a row mean us, not the readers."""
        key = (phase, reply.code, reply.enhanced)
        with self.lock:
            self.alike = Counter({key: self.alike[key] + 1})  # another kind begins anew
            return self.alike[key] == self.pool.pace.alike_refusals

    def fail(self, error: BaseException) -> None:
        """End for a reason of our own; the first one is raised in the calling thread."""
        self.failure = self.failure or error
        self.end("it failed")


class Connections:
    """The threads of one run, started, woken and joined by their owner."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._threads: list[threading.Thread] = []
        self._sessions: set[Session] = set()
        self._lock = threading.Lock()

    def start(self, count: int) -> None:
        """Start that many."""
        for number in range(1, count + 1):
            # a daemon: a name look-up cannot be woken, and must not keep the process alive
            thread = threading.Thread(target=self._work, name=f"delivery-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait at most that long; True once all have ended."""
        alive = next((thread for thread in self._threads if thread.is_alive()), None)
        if alive is not None:
            alive.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def finish(self, grace_s: float) -> None:
        """Return them that long to reach a mark, then cut their sessions, and join them."""
        give_up_at = self._run.clock.monotonic() + grace_s
        while not self.wait(0.05) and self._run.clock.monotonic() < give_up_at:
            pass
        with self._lock:
            for session in self._sessions:
                session.abort()
        for thread in self._threads:
            thread.join(1.0)

    def _work(self) -> None:
        run = self._run
        try:
            while not run.ending.is_set() and run.board.has_work():
                lease = run.pool.lease()
                if lease is None:
                    self._stand_down()
                    return
                if isinstance(lease, float):
                    if lease > run.pool.pace.patience:
                        self._stand_down()
                        return
                    run.pool.wait(lease)
                    continue
                try:
                    self._use(lease)
                finally:
                    run.pool.release(lease)
        except BaseException as error:  # noqa: BLE001 (raised again in the calling thread)
            run.fail(error)

    def _stand_down(self) -> None:
        run = self._run
        run.trouble = run.trouble or run.pool.trouble
        run.why = run.why or "no server can be used now"

    def _use(self, lease: Lease) -> None:
        run = self._run
        session: Session | None = None
        try:
            session = open_session(
                lease.server, clock=run.clock, timeouts=run.timeouts, context=run.context
            )
            with self._lock:
                self._sessions.add(session)
            feed = TaskFeed(run, lease)
            sender = lease.server.return_path or run.envelope_from
            Pipeline(session, sender, feed, crash_point=run.crash_point).run()
            session.quit()
        except SessionLost as lost:
            if not run.ending.is_set():
                # after some messages it is a limit on connections, not on the pace
                if lost.reply is not None and not lease.taken and asks_to_slow_down(lost.reply):
                    run.pool.slow_down(lease)
                run.pool.lost(lease, lost)
        except SessionRefused as refused:
            run.trouble = refused
            run.pool.refused(lease, refused)
        except (MarkRefused, StaleToken):
            pass  # the feed has seen to it; only the session is spent
        except MailingNotRunning as refused:
            run.end(str(refused))
        finally:
            if session is not None:
                with self._lock:
                    self._sessions.discard(session)
                session.close()


class TaskFeed:
    """Feeds one session from the board, and its endings to the ledger."""

    def __init__(self, run: Run, lease: Lease) -> None:
        self._run = run
        self._lease = lease
        self._given = 0
        self._tasks: dict[int, Task] = {}
        self._tickets: dict[int, Ticket] = {}

    def next(self, *, wait: bool) -> Parcel | None:
        """Return the next parcel, once the server's pace allows it."""
        run = self._run
        while not run.ending.is_set() and self._given < run.pool.pace.messages_per_connection:
            rest_s = run.pool.permit(self._lease)
            if rest_s > 0:
                if not wait or rest_s > run.pool.pace.patience:
                    return None
                run.ending.wait(rest_s)
                continue
            task = run.board.take(wait=wait)
            if task is None:
                return None
            parcel = self._parcel(task)
            if parcel is not None:
                self._given += 1
                self._tasks[parcel.key] = task
                return parcel
        return None

    def ask_mark(self, parcel: Parcel) -> Ticket:
        """Ask the ledger."""
        ticket = self._run.writer.mark(self._tasks[parcel.key].hold, parcel.key)
        self._tickets[parcel.key] = ticket
        return ticket

    def ended(self, parcel: Parcel, ending: Ending) -> None:
        """Store how an attempt ended, and decide whether there will be another."""
        task = self._tasks.pop(parcel.key)
        ticket = self._tickets.pop(parcel.key, None)
        if ticket is not None:
            ticket.withdraw()
        self._note(ending)
        self._store(task, ending)

    def refuse(self, parcel: Parcel, reply: Reply) -> None:
        """Store a refusal of our own: it says nothing of the server, nor of the issue."""
        self._store(self._tasks.pop(parcel.key), ending_of(reply, Phase.RECIPIENT))

    def give_back(self, parcel: Parcel) -> None:
        """Put a task back as it was; a mark that was granted is taken back first."""
        task = self._tasks.pop(parcel.key)
        ticket = self._tickets.pop(parcel.key, None)
        if ticket is not None and not ticket.withdraw():
            if ticket.is_held_back:
                self._run.board.done(task)
                return
            if ticket.is_stale:
                self._run.board.drop_chunk(task.hold)
                return
            self._run.writer.release(ticket)
        self._run.board.again(task)

    def _parcel(self, task: Task) -> Parcel | None:
        delivery = task.delivery
        try:
            to = envelope_address(delivery.recipient.address)
        except ValueError as error:
            self._store(task, _never_offered(553, error, "5.1.3"))
            return None
        try:
            message = self._run.message_for(delivery, self._run.clock.now())
            return Parcel(key=delivery.id, to=to, content=content_of(message))
        except ValueError as error:
            # one reader's values; where it is the issue, refusals alike soon pause the mailing
            ending = _never_offered(554, error, "5.6.0")
            self._note(ending)
            self._store(task, ending)
            return None
        except BaseException:
            self._run.board.again(task)
            raise

    def _store(self, task: Task, ending: Ending) -> None:
        run, delivery = self._run, task.delivery
        outcome = ending.outcome
        is_cut = outcome is Outcome.QUEUED and (
            ending.reply is None or ending.phase is Phase.RECIPIENT
        )
        if is_cut and delivery.cuts + 1 >= MOST_CUTS:
            outcome = Outcome.DEFERRED
        due_at: datetime | None = None
        if outcome is Outcome.DEFERRED:
            now = run.clock.now()
            again_at = retry_at(
                delivery.attempts + 1,
                policy=run.retry,
                started=run.started,
                now=now,
                jitter=run.jitter.random(),
            )
            due_at = again_at or now  # expires at the end
        result = AttemptResult(
            delivery_id=delivery.id,
            outcome=outcome,
            reply=ending.reply,
            server=self._lease.server.name,
            due_at=due_at,
            counts=outcome is not Outcome.QUEUED,
            cut=is_cut,
        )
        if outcome is not Outcome.SENT:  # what went well is counted, not listed
            _log.info(
                "attempt ended",
                extra={
                    "delivery": delivery.id,
                    "outcome": outcome,
                    "server": self._lease.server.name,
                    "code": ending.reply.code if ending.reply else None,
                    "enhanced": ending.reply.enhanced if ending.reply else None,
                    "again": due_at,
                },
            )
        run.writer.outcome(task.hold, result, also=self._suppression(delivery, ending))
        if outcome is Outcome.QUEUED:
            run.board.again(task.after_cut() if is_cut else task)
        else:
            run.board.done(task)

    def _suppression(
        self, delivery: Delivery, ending: Ending
    ) -> Callable[[Connection], object] | None:
        if ending.reply is None or not address_is_dead(ending):
            return None
        address = envelope_address(delivery.recipient.address)
        note, now = reply_text(ending.reply), self._run.clock.now()
        return lambda conn: suppress(
            conn, address, reason=SuppressionReason.HARD_BOUNCE, now=now, note=note
        )

    def _note(self, ending: Ending) -> None:
        run, reply = self._run, ending.reply
        match ending.outcome:
            case Outcome.SENT:
                run.pool.took(self._lease)
                run.accepted()
            case Outcome.REFUSED if reply is not None and run.refused(ending.phase, reply):
                run.pause(f"{run.pool.pace.alike_refusals} refusals alike: {reply_text(reply)}")
            case Outcome.DEFERRED if reply is not None and asks_to_slow_down(reply):
                run.pool.slow_down(self._lease)
            case Outcome.DEFERRED if ending.phase is Phase.SENDER:
                run.pool.busy_at_mail(self._lease)
            case _:
                pass


def _never_offered(code: int, error: ValueError, enhanced: str) -> Ending:
    reply = Reply(code, f"never offered: {error}", enhanced)
    return Ending(outcome=Outcome.REFUSED, phase=Phase.SESSION, reply=reply)
