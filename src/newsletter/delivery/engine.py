"""Delivering one mailing by threads of this process: the only loop over attempts there is."""

import os
import random
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.clock import Clock
from newsletter.delivery.connection import Board, Connections, Run
from newsletter.delivery.ledger_writer import LedgerWriter
from newsletter.delivery.outcome import RetryPolicy
from newsletter.delivery.pipeline import CrashPoint, no_crash
from newsletter.delivery.servers import ServerPool, Servers
from newsletter.delivery.smtp import Timeouts
from newsletter.errors import NewsletterError
from newsletter.model.address import Address
from newsletter.model.mailing import Account, Delivery, MailingState
from newsletter.store import Connection, Database, ledger

_WATCH_S = 0.1
_PROGRESS_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How things stand when nothing more can be done now."""

    account: Account
    state: MailingState
    next_due: datetime | None = None
    error: NewsletterError | None = None
    why: str = ""


class LocalEngine:
    """Delivers one mailing, in as many calls as it takes.

    What it learnt of the servers lasts as long as `servers`; who refused the mailing is not asked
    again before `forgive`.
    """

    def __init__(
        self,
        database: Database,
        servers: Servers,
        *,
        clock: Clock,
        timeouts: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        jitter: random.Random | None = None,
        owner: str = "",
        crash_point: CrashPoint = no_crash,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pool = ServerPool(servers)
        self._timeouts = timeouts or Timeouts()
        self._retry = retry or RetryPolicy()
        self._jitter = jitter or random.Random()  # noqa: S311 (spreads retries, guards nothing)
        self._owner = owner or f"{socket.gethostname()}:{os.getpid()}"
        self._crash = crash_point
        self._context = ssl.create_default_context()

    def forgive(self) -> None:
        """Ask servers again that refused the mailing: a person has seen to it."""
        self._pool.forgive()

    def deliver(
        self,
        mailing_id: int,
        *,
        message_for: Callable[[Delivery, datetime], bytes],
        envelope_from: Address,
        stop: threading.Event | None = None,
        progress: Callable[[Account], None] | None = None,
    ) -> DeliveryReport:
        """Send what is due of a running mailing, until nothing is due now or it has to stop.

        message_for makes the wire bytes for a delivery and the moment its attempt started.
        envelope_from is the return path where a server has none of its own. Once stop is set, it
        ends within ten seconds. progress takes the account about once a second.
        """
        stop = stop or threading.Event()
        writer = LedgerWriter(
            self._database, clock=self._clock, crash_point=self._crash, is_stopping=stop.is_set
        )
        run: Run | None = None
        with writer:
            while not stop.is_set():
                # behind the closing of the last pass's chunks
                writer.call(lambda conn: self._expire(conn, mailing_id))
                chunk_ids, started = self._to_do(mailing_id)
                if not chunk_ids or started is None or (run and (run.why or not run.board.taken)):
                    break
                run = Run(
                    mailing_id=mailing_id,
                    board=Board(
                        chunk_ids,
                        writer,
                        owner=self._owner,
                        clock=self._clock,
                        crash_point=self._crash,
                    ),
                    pool=self._pool,
                    writer=writer,
                    clock=self._clock,
                    timeouts=self._timeouts,
                    context=self._context,
                    retry=self._retry,
                    jitter=self._jitter,
                    started=started,
                    message_for=message_for,
                    envelope_from=envelope_from,
                    crash_point=self._crash,
                )
                self._watch(run, mailing_id, stop, progress)
            if writer.failure is None:
                writer.call(lambda conn: self._expire(conn, mailing_id))
                writer.call(
                    lambda conn: ledger.finish_if_done(conn, mailing_id, now=self._clock.now())
                )
        if writer.failure is not None:
            raise writer.failure
        return self._report(mailing_id, run, stopped=stop.is_set())

    def _watch(
        self,
        run: Run,
        mailing_id: int,
        stop: threading.Event,
        progress: Callable[[Account], None] | None,
    ) -> None:
        """Let connections work until they have ended; see to stop and progress meanwhile."""
        connections = Connections(run)
        connections.start(self._pool.most_connections)
        told_at = self._clock.monotonic()
        stopping_at: float | None = None
        try:
            while not connections.wait(_WATCH_S):
                now = self._clock.monotonic()
                if stopping_at is None and stop.is_set():
                    stopping_at = now
                    run.end("stopped")
                if stopping_at is not None and now - stopping_at > self._pool.pace.stop_grace:
                    break
                if progress is not None and now - told_at >= _PROGRESS_S:
                    told_at = now
                    progress(self._account(mailing_id))
        finally:
            run.end("stopped" if stop.is_set() else "")
            connections.finish(self._pool.pace.stop_grace if stopping_at is None else 0.0)
            run.board.close_all()
        if run.failure is not None:
            raise run.failure
        if progress is not None:
            progress(self._account(mailing_id))

    def _to_do(self, mailing_id: int) -> tuple[tuple[int, ...], datetime | None]:
        with self._database.read() as conn:
            mailing = ledger.get_mailing(conn, mailing_id)
            if mailing.state is not MailingState.RUNNING:
                return (), None
            now = self._clock.now()
            return ledger.chunks_to_do(conn, mailing_id, now=now), mailing.started or now

    def _account(self, mailing_id: int) -> Account:
        with self._database.read() as conn:
            return ledger.account(conn, mailing_id)

    def _expire(self, conn: Connection, mailing_id: int) -> int:
        now = self._clock.now()
        return ledger.expire(
            conn,
            mailing_id,
            older_than=now - self._retry.oldest,
            max_attempts=self._retry.most_attempts,
            now=now,
        )

    def _report(self, mailing_id: int, run: Run | None, *, stopped: bool) -> DeliveryReport:
        with self._database.read() as conn:
            mailing = ledger.get_mailing(conn, mailing_id)
            account = ledger.account(conn, mailing_id)
            next_due = ledger.next_due(conn, mailing_id)
            now = self._clock.now()
            waiting_now = bool(ledger.chunks_to_do(conn, mailing_id, now=now))
        if mailing.state is not MailingState.RUNNING:
            return DeliveryReport(account=account, state=mailing.state, why=mailing.why)
        error = run.trouble if run and account.left else None
        rest_s = self._pool.rest_s()
        if rest_s is None:
            next_due = None  # refused by every server: waiting mends nothing, a person has to
        elif account.left:
            # before a server is ready, nothing that is due can go out
            ready_at = now + timedelta(seconds=rest_s)
            next_due = ready_at if waiting_now else next_due and max(next_due, ready_at)
        why = "stopped" if stopped else (run.why if run else "")
        return DeliveryReport(
            account=account, state=mailing.state, next_due=next_due, error=error, why=why
        )
