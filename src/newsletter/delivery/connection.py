"""One connection thread: leases a server, opens a session, feeds the pipeline, judges endings."""

import logging
import random
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.clock import Clock
from newsletter.delivery.board import Board, Task
from newsletter.delivery.ledger_writer import LedgerWriter, Ticket
from newsletter.delivery.outcome import Ending, Phase, address_is_dead, asks_to_slow_down, ending_of
from newsletter.delivery.pipeline import CrashPoint, MarkRefused, Pipeline
from newsletter.delivery.reply import reply_text
from newsletter.delivery.retry import Again, RetryPolicy, next_attempt
from newsletter.delivery.servers import Lease, ServerPool
from newsletter.delivery.smtp import Session, SessionLost, SessionRefused, Timeouts, open_session
from newsletter.delivery.wire import Parcel, content_of, envelope_address
from newsletter.errors import NewsletterError
from newsletter.model.address import Address
from newsletter.model.mailing import Delivery, Outcome, Reply
from newsletter.model.records import SuppressionReason
from newsletter.store import Connection
from newsletter.store.ledger import AttemptResult, MailingNotRunning, StaleToken
from newsletter.store.subscribers import suppress

_log = logging.getLogger(__name__)

MOST_CUTS = 3  # connections lost on one delivery before it, and not the server, is to blame


@dataclass(kw_only=True)
class Run:
    """What the connections of one run share."""

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
    pause: Callable[[str], None]
    crash_point: CrashPoint
    why: str = ""  # why it ended with work left, "" where it did not
    failure: BaseException | None = None
    trouble: NewsletterError | None = None  # the servers' part in it
    ending: threading.Event = field(default_factory=threading.Event)
    refusals: "Refusals" = field(init=False)

    def __post_init__(self) -> None:
        self.refusals = Refusals(self.pool.pace.alike_refusals)

    def end(self, why: str) -> None:
        """Let every connection finish the message it is at, and take no other."""
        self.why = self.why or why
        self.ending.set()
        self.board.end()

    def fail(self, error: BaseException) -> None:
        """End for a reason of our own; the first one is raised in the calling thread."""
        self.failure = self.failure or error
        self.end("it failed")


class Refusals:
    """Counts refusals alike in a row: many mean that it is us, not the readers."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._alike: Counter[tuple[Phase, int, str]] = Counter()

    def accepted(self) -> None:
        """Begin anew: the server does take our mail."""
        with self._lock:
            self._alike.clear()

    def are_too_many(self, ending: Ending) -> bool:
        """Count one; True the moment they are too many."""
        reply = ending.reply
        if reply is None:
            return False
        key = (ending.phase, reply.code, reply.enhanced)
        with self._lock:
            self._alike = Counter({key: self._alike[key] + 1})  # another kind begins anew
            return self._alike[key] == self._most


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
            rest_s = run.pool.permit(self._lease.server)
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
            reply = Reply(553, f"never offered: {error}", "5.1.3")
            ending = Ending(outcome=Outcome.REFUSED, phase=Phase.SESSION, reply=reply)
            self._store(task, ending)
            return None
        try:
            message = self._run.message_for(delivery, self._run.clock.now())
            return Parcel(key=delivery.id, to=to, content=content_of(message))
        except ValueError as error:
            # one reader's values; where it is the issue, refusals alike soon pause the mailing
            reply = Reply(554, f"never offered: {error}", "5.6.0")
            ending = Ending(outcome=Outcome.REFUSED, phase=Phase.SESSION, reply=reply)
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
        counts = outcome is not Outcome.QUEUED
        due_at: datetime | None = None
        if outcome is Outcome.DEFERRED:
            now = run.clock.now()
            decision = next_attempt(
                outcome,
                delivery.attempts + 1,
                policy=run.retry,
                started=run.started,
                now=now,
                jitter=run.jitter.random(),
            )
            due_at = decision.at if isinstance(decision, Again) else now  # expires at the end
        result = AttemptResult(
            delivery_id=delivery.id,
            outcome=outcome,
            reply=ending.reply,
            server=self._lease.server.name,
            due_at=due_at,
            counts=counts,
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
        """Make sure that an address which the server says is dead is never mailed again."""
        if ending.reply is None or not address_is_dead(ending):
            return None
        address = envelope_address(delivery.recipient.address)
        note, now = reply_text(ending.reply), self._run.clock.now()
        return lambda conn: suppress(
            conn, address, reason=SuppressionReason.HARD_BOUNCE, now=now, note=note
        )

    def _note(self, ending: Ending) -> None:
        """Let the servers' pace, and the run, learn from an ending."""
        run, reply = self._run, ending.reply
        match ending.outcome:
            case Outcome.SENT:
                run.pool.took(self._lease)
                run.refusals.accepted()
            case Outcome.REFUSED if run.refusals.are_too_many(ending) and reply is not None:
                reason = f"{run.pool.pace.alike_refusals} refusals alike: {reply_text(reply)}"
                run.pause(reason)
                run.end(reason)
            case Outcome.DEFERRED if reply is not None:
                if asks_to_slow_down(reply):
                    run.pool.slow_down(self._lease)
                elif ending.phase is Phase.SENDER:
                    run.pool.busy_at_mail(self._lease)
            case _:
                pass
