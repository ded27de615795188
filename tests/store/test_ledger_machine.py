"""The ledger driven at random, beside a model that knows only what the server has taken."""

import tempfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from newsletter.errors import UserError
from newsletter.model.address import parse_address
from newsletter.model.mailing import DeliveryState, MailingState, Outcome, Reply
from newsletter.model.records import NewSubscriber, SuppressionReason
from newsletter.store import ledger, open_database
from newsletter.store.ledger import AttemptResult, LedgerError, MailingNotRunning, StaleToken
from newsletter.store.subscribers import suppress, take_in
from newsletter.store.tables import attempts, deliveries

READERS = 6
FINAL = {"sent", "refused", "suppressed", "expired", "cancelled"}


class Worker:
    """A worker as the ledger cannot see it: what it was granted, what it has handed over."""

    def __init__(self, chunk: ledger.OpenChunk) -> None:
        self.chunk = chunk
        self.marked: dict[int, bool] = {}  # delivery → whether the server took it


class LedgerMachine(RuleBasedStateMachine):
    """Two chunks, any number of workers alive, stalled or dead, one server that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = open_database(f"sqlite:///{self.folder.name}/n.db", create=True)
        self.now = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
        self.workers: list[Worker] = []
        self.taken: dict[int, int] = {}
        self.said_no: set[str] = set()
        self.again: set[int] = set()  # a person asked for another copy of these
        self.before: dict[int, str] = {}
        self.mailing_id = 0

    @initialize()
    def freeze(self) -> None:
        people = [
            NewSubscriber(address=parse_address(f"r{number}@reader.example"))
            for number in range(READERS)
        ]
        with self.database.write() as conn:
            take_in(conn, people, list_name="daily", consent="", source="", now=self.now)
            self.mailing_id = ledger.freeze(
                conn,
                issue="daily",
                newsletter="daily",
                occurrence_id=None,
                issue_sha256="",
                skeleton_sha256="",
                mailing_key="k",
                list_name="daily",
                now=self.now,
                chunk_size=READERS // 2,
            )
            ledger.start_mailing(conn, self.mailing_id, now=self.now)

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(pick=st.integers(0, 1))
    def open(self, pick: int) -> None:
        with self.database.write() as conn:
            todo = ledger.chunks_to_do(conn, self.mailing_id, now=self.now)
            if not todo:
                return
            try:
                chunk = ledger.open_chunk(conn, todo[pick % len(todo)], owner="w", now=self.now)
            except MailingNotRunning:
                return
        self.workers.append(Worker(chunk))

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 9), pick=st.integers(0, READERS), takes=st.booleans())
    def mark_and_perhaps_hand_over(self, which: int, pick: int, *, takes: bool) -> None:
        worker = self.workers[which % len(self.workers)]
        if not worker.chunk.deliveries:
            return
        delivery = worker.chunk.deliveries[pick % len(worker.chunk.deliveries)]
        id_ = delivery.id
        if id_ in worker.marked:
            return
        try:
            with self.database.write() as conn:
                granted = ledger.mark_committing(
                    conn,
                    chunk_id=worker.chunk.id,
                    token=worker.chunk.token,
                    delivery_ids=[id_],
                    now=self.now,
                )
        except (StaleToken, MailingNotRunning):
            return
        if id_ in granted:
            assert delivery.recipient.address not in self.said_no, "mailed after saying no"
            worker.marked[id_] = takes
            if takes:
                self.taken[id_] = self.taken.get(id_, 0) + 1

    @precondition(lambda self: any(worker.marked for worker in self.workers))
    @rule(which=st.integers(0, 9), seen=st.booleans(), late=st.booleans())
    def record(self, which: int, *, seen: bool, late: bool) -> None:
        busy = [worker for worker in self.workers if worker.marked]
        worker = busy[which % len(busy)]
        id_, took = worker.marked.popitem()
        outcome = Outcome.UNKNOWN
        if seen:
            outcome = Outcome.SENT if took else Outcome.DEFERRED if late else Outcome.REFUSED
        elif not took:
            outcome = Outcome.QUEUED
        self._store(worker, id_, outcome)

    @precondition(lambda self: self.workers)
    @rule(
        which=st.integers(0, 9),
        pick=st.integers(0, READERS),
        outcome=st.sampled_from([Outcome.QUEUED, Outcome.DEFERRED, Outcome.REFUSED]),
    )
    def refused_before_the_mark(self, which: int, pick: int, outcome: Outcome) -> None:
        worker = self.workers[which % len(self.workers)]
        if not worker.chunk.deliveries:
            return
        id_ = worker.chunk.deliveries[pick % len(worker.chunk.deliveries)].id
        if id_ not in worker.marked:
            self._store(worker, id_, outcome, marked=False)

    def _store(self, worker: Worker, id_: int, outcome: Outcome, *, marked: bool = True) -> None:
        result = AttemptResult(
            delivery_id=id_,
            outcome=outcome,
            reply=Reply(250, "ok"),
            server="s",
            due_at=self.now + timedelta(minutes=5) if outcome is Outcome.DEFERRED else None,
            counts=outcome is Outcome.DEFERRED,
        )
        try:
            with self.database.write() as conn:
                ledger.record(
                    conn,
                    chunk_id=worker.chunk.id,
                    token=worker.chunk.token,
                    outcomes=[result],
                    now=self.now,
                )
        except LedgerError:
            assert not marked, "the outcome of a granted mark was refused"

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 9))
    def close(self, which: int) -> None:
        worker = self.workers.pop(which % len(self.workers))
        try:
            with self.database.write() as conn:
                ledger.close_chunk(
                    conn, chunk_id=worker.chunk.id, token=worker.chunk.token, now=self.now
                )
        except StaleToken:
            return

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 9))
    def worker_dies(self, which: int) -> None:
        self.workers.pop(which % len(self.workers))

    @rule()
    def all_die_and_one_starts(self) -> None:
        self.workers.clear()
        with self.database.write() as conn:
            ledger.take_back(conn, now=self.now)

    @rule(number=st.integers(0, READERS - 1))
    def reader_says_no(self, number: int) -> None:
        with self.database.write() as conn:
            address = parse_address(f"r{number}@reader.example")
            suppress(conn, address, reason=SuppressionReason.UNSUBSCRIBED, now=self.now)
        self.said_no.add(address.spec)

    @rule(what=st.sampled_from(["pause", "resume", "resume", "cancel"]), really=st.integers(0, 9))
    def hold(self, what: str, really: int) -> None:
        if what == "cancel" and really:
            return
        change = {
            "pause": ledger.pause_mailing,
            "resume": ledger.resume_mailing,
            "cancel": ledger.cancel_mailing,
        }[what]
        try:
            with self.database.write() as conn:
                change(conn, self.mailing_id, now=self.now)
        except UserError:
            return

    @rule()
    def give_up_old_ones(self) -> None:
        old = self.now - timedelta(hours=1)
        with self.database.write() as conn:
            ledger.expire(conn, self.mailing_id, older_than=old, max_attempts=3, now=self.now)

    @rule(
        to=st.sampled_from([DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.QUEUED]),
        number=st.integers(0, READERS - 1),
    )
    def settle(self, to: DeliveryState, number: int) -> None:
        address = f"r{number}@reader.example"
        try:
            with self.database.write() as conn:
                ledger.settle(
                    conn, self.mailing_id, address=address, to=to, by="Jane", now=self.now
                )
        except UserError:
            return
        if to is DeliveryState.QUEUED:
            with self.database.read() as conn:
                chosen = select(deliveries.c.id).where(deliveries.c.address == address)
                self.again.add(conn.execute(chosen).scalar_one())
            for worker in self.workers:  # what it handed over then is no news any more
                worker.marked = {k: v for k, v in worker.marked.items() if k not in self.again}

    @rule()
    def finish(self) -> None:
        with self.database.write() as conn:
            state = ledger.finish_if_done(conn, self.mailing_id, now=self.now)
            account = ledger.account(conn, self.mailing_id)
        if state is MailingState.DONE:
            assert account.left == account.unknown == 0

    @invariant()
    def the_ledger_is_true(self) -> None:
        with self.database.read() as conn:
            rows = conn.execute(select(deliveries.c.id, deliveries.c.state)).all()
            account = ledger.account(conn, self.mailing_id)
            sent = select(attempts.c.delivery_id).where(attempts.c.result == Outcome.SENT)
            counted = list(conn.execute(sent).scalars())
        states = {id_: str(state) for id_, state in rows}
        for id_, state in states.items():
            before = self.before.get(id_, "queued")
            assert before not in FINAL or state == before, f"{before} became {state}"
            copies = self.taken.get(id_, 0)
            if id_ not in self.again:
                assert copies <= 1, "mailed twice"
                assert counted.count(id_) <= 1
                assert not (copies and state in {"queued", "deferred"}), "taken, and still to go"
            assert state != "sent" or copies or id_ in self._settled(), "sent, and never taken"
        assert len(states) in {0, READERS}
        assert (
            account.planned
            == len(states)
            == sum(
                (
                    account.sent,
                    account.refused,
                    account.suppressed,
                    account.expired,
                    account.cancelled,
                    account.unknown,
                    account.left,
                )
            )
        )
        self.before = states

    def _settled(self) -> set[int]:
        with self.database.read() as conn:
            by_hand = select(deliveries.c.id).where(deliveries.c.by_hand)
            return set(conn.execute(by_hand).scalars())

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


@pytest.mark.fuzz
@pytest.mark.covers("I01", "I02", "I03")
def test_no_order_of_events_mails_anybody_twice_or_loses_one() -> None:
    # An example is thirty transactions on a real database: 500 of them say enough in one proof.
    steps = settings(max_examples=min(settings().max_examples, 500), stateful_step_count=30)
    run_state_machine_as_test(LedgerMachine, settings=steps)
