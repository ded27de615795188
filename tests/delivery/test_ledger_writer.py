"""The writer thread against a real database that is locked, full or broken."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sending import (
    CLOCK,
    QUICK,
    SENDER,
    SHORT,
    Books,
    make_mailing,
    message_for,
    readers,
    server_at,
)
from smtp_server import Rule, ScriptedServer

from newsletter.delivery.engine import LocalEngine
from newsletter.delivery.ledger_writer import Hold, LedgerWriter
from newsletter.delivery.servers import Servers
from newsletter.errors import StoreBusy
from newsletter.model.address import Address
from newsletter.model.mailing import Delivery, DeliveryState, MailingState, Outcome, Reply
from newsletter.model.records import SuppressionReason
from newsletter.store import Connection, ledger, open_database
from newsletter.store.ledger import AttemptResult, MailingNotRunning, StaleToken
from newsletter.store.subscribers import suppress


def test_marks_are_durable_before_anybody_is_woken_and_refused_ones_say_why(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(4))
    with LedgerWriter(database, clock=CLOCK) as writer:
        (chunk_id,) = writer.call(
            lambda conn: ledger.chunks_to_do(conn, mailing_id, now=CLOCK.now())
        )
        opened = writer.call(
            lambda conn: ledger.open_chunk(conn, chunk_id, owner="a test", now=CLOCK.now())
        )
        hold = Hold(opened.id, opened.token)
        first, second, *_ = opened.deliveries
        assert writer.mark(hold, first.id).wait()
        assert Books(database, mailing_id).states[first.recipient.address] == "committing"
        with pytest.raises(StaleToken):
            writer.mark(Hold(chunk_id, opened.token - 1), second.id).wait()
        paused = writer.submit(lambda conn: ledger.pause_mailing(conn, mailing_id, now=CLOCK.now()))
        with pytest.raises(MailingNotRunning):
            writer.mark(hold, second.id).wait()
        assert paused.result() is None
    assert Books(database, mailing_id).states[second.recipient.address] == "queued"
    database.close()


@pytest.mark.covers("F33")
def test_a_locked_database_stops_the_run_before_the_next_dot_and_known_outcomes_are_kept(
    tmp_path: Path,
) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(30))
    database.close()
    database = open_database(
        f"sqlite:///{tmp_path / 'newsletter.db'}", create=False, busy_timeout_s=0.1
    )
    record = tmp_path / "taken.jsonl"
    release = threading.Event()
    with ScriptedServer(record, [Rule("DOT", pause_s=0.2, match="reader5@")]) as server:

        def lock_out() -> None:
            while not server.rules[0].used:
                CLOCK.sleep(0.005)
            with database.write():
                release.wait()

        thread = threading.Thread(target=lock_out)
        thread.start()
        threading.Timer(1.5, release.set).start()
        engine = LocalEngine(
            database,
            Servers([server_at(server.port, connections=1)], clock=CLOCK, pace=QUICK),
            clock=CLOCK,
            timeouts=SHORT,
        )
        with pytest.raises(StoreBusy):
            engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
        thread.join()
        books = Books(database, mailing_id, record)
        books.check()
        assert books.states["reader5@list.example"] == "sent"  # kept until the lock was gone
        assert books.account.sent == 5
        report = engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
    assert report.state is MailingState.DONE
    books = Books(database, mailing_id, record)
    books.check()
    assert books.account.sent == 30
    database.close()


def test_a_broken_ledger_wakes_every_waiter_and_no_dot_leaves(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(30))
    record = tmp_path / "taken.jsonl"
    with ScriptedServer(record, [Rule("DOT", pause_s=0.5, match="reader5@")]) as server:

        def break_it() -> None:
            while not server.rules[0].used:
                CLOCK.sleep(0.005)
            with database.write() as conn:
                conn.exec_driver_sql(
                    "CREATE TRIGGER broken BEFORE UPDATE ON deliveries "
                    "BEGIN SELECT RAISE(ABORT, 'broken for a test'); END"
                )

        thread = threading.Thread(target=break_it)
        thread.start()
        engine = LocalEngine(
            database,
            Servers([server_at(server.port)], clock=CLOCK, pace=QUICK),
            clock=CLOCK,
            timeouts=SHORT,
        )
        with pytest.raises(Exception, match="broken for a test"):
            engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
        thread.join()
        with database.write() as conn:
            conn.exec_driver_sql("DROP TRIGGER broken")
        engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
    books = Books(database, mailing_id, record)
    books.check()
    assert books.account.left == 0
    assert books.account.unknown <= 2
    database.close()


def test_an_error_of_our_own_in_making_a_message_is_raised_and_loses_nobody(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(10))
    record = tmp_path / "taken.jsonl"
    with ScriptedServer(record) as server:
        engine = LocalEngine(
            database,
            Servers([server_at(server.port)], clock=CLOCK, pace=QUICK),
            clock=CLOCK,
            timeouts=SHORT,
        )
        with pytest.raises(ZeroDivisionError):
            engine.deliver(mailing_id, message_for=lambda *_: bytes(1 // 0), envelope_from=SENDER)
        assert not server.accepted()
        report = engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
    assert report.state is MailingState.DONE
    Books(database, mailing_id, record).check()
    database.close()


def _wait_for_connections(*, begun: bool) -> None:
    while begun != any(thread.name.startswith("delivery-") for thread in threading.enumerate()):
        CLOCK.sleep(0.005)


@pytest.mark.covers("F31")
def test_a_full_disk_stops_the_run_and_after_space_is_back_it_goes_on(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(200))
    record = tmp_path / "taken.jsonl"

    def set_room(pages: int) -> None:
        with database.write() as conn:
            now = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
            conn.exec_driver_sql(f"PRAGMA max_page_count = {now + pages}")

    set_room(1)
    with ScriptedServer(record) as server:
        engine = LocalEngine(
            database,
            Servers([server_at(server.port)], clock=CLOCK, pace=QUICK),
            clock=CLOCK,
            timeouts=SHORT,
        )

        def free_space() -> None:
            _wait_for_connections(begun=True)
            _wait_for_connections(begun=False)  # given up: only known outcomes wait by now
            for _ in range(5):  # each connection of the pool has its own limit
                set_room(10_000)

        freeing = threading.Thread(target=free_space)
        freeing.start()
        with pytest.raises(StoreBusy, match="disk is full"):
            engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
        freeing.join()
        books = Books(database, mailing_id, record)
        books.check()
        assert 0 < books.account.sent < 200
        report = engine.deliver(mailing_id, message_for=message_for, envelope_from=SENDER)
    assert report.state is MailingState.DONE
    books = Books(database, mailing_id, record)
    books.check()
    assert books.account.sent == 200
    database.close()


def _marked(writer: LedgerWriter, mailing_id: int, count: int) -> tuple[Hold, list[Delivery]]:
    """Open the mailing's chunk and mark its first deliveries."""
    (chunk_id,) = writer.call(lambda conn: ledger.chunks_to_do(conn, mailing_id, now=CLOCK.now()))
    opened = writer.call(
        lambda conn: ledger.open_chunk(conn, chunk_id, owner="a test", now=CLOCK.now())
    )
    hold = Hold(opened.id, opened.token)
    deliveries = list(opened.deliveries)
    for delivery in deliveries[:count]:
        assert writer.mark(hold, delivery.id).wait()
    return hold, deliveries


def _cut(delivery: Delivery) -> AttemptResult:
    return AttemptResult(
        delivery_id=delivery.id, outcome=Outcome.QUEUED, reply=None, server="primary", cut=True
    )


@pytest.mark.covers("F16", "F17", "F33")
def test_what_comes_with_an_outcome_waits_for_a_locked_database_too(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(4))
    database.close()
    database = open_database(
        f"sqlite:///{tmp_path / 'newsletter.db'}", create=False, busy_timeout_s=0.05
    )
    with LedgerWriter(database, clock=CLOCK) as writer:
        hold, (first, *_) = _marked(writer, mailing_id, 1)
        dead = Address(local="reader1", domain="list.example")
        refused = AttemptResult(
            delivery_id=first.id,
            outcome=Outcome.REFUSED,
            reply=Reply(550, "nobody", "5.1.1"),
            server="primary",
            counts=True,
        )
        with database.write():
            writer.outcome(
                hold,
                refused,
                also=lambda conn: suppress(
                    conn, dead, reason=SuppressionReason.HARD_BOUNCE, now=CLOCK.now()
                ),
            )
            paused = writer.submit(
                lambda conn: ledger.pause_mailing(conn, mailing_id, now=CLOCK.now())
            )
            with pytest.raises(StoreBusy):  # asked behind them, so they have been tried by now
                writer.call(lambda conn: ledger.account(conn, mailing_id))
        assert paused.result(10) is None
    with database.read() as conn:
        assert ledger.get_mailing(conn, mailing_id).state is MailingState.PAUSED
        assert conn.exec_driver_sql("SELECT email_key FROM suppressions").scalars().all() == [
            dead.key
        ]
    assert Books(database, mailing_id).states[first.recipient.address] == "refused"
    database.close()


@pytest.mark.covers("F21")
def test_a_delivery_may_have_two_endings_in_one_turn(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(4))
    with LedgerWriter(database, clock=CLOCK) as writer:
        hold, (first, second, *_) = _marked(writer, mailing_id, 1)
        begun, goes_on = threading.Event(), threading.Event()

        def hold_up(conn: Connection) -> None:
            del conn
            begun.set()
            goes_on.wait(10)

        writer.submit(hold_up)  # what is queued meanwhile is one turn
        begun.wait(10)
        for delivery in (first, second, first, second):
            writer.outcome(hold, _cut(delivery))
        goes_on.set()
    assert writer.failure is None
    with database.read() as conn:
        rows = conn.exec_driver_sql("SELECT state, tries, cuts FROM deliveries ORDER BY id").all()
    assert [tuple(row) for row in rows] == [("queued", 2, 2)] * 2 + [("queued", 0, 0)] * 2
    database.close()


@pytest.mark.covers("F33")
def test_a_mark_asked_for_when_the_writer_has_ended_is_refused_and_nobody_waits(
    tmp_path: Path,
) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(4))
    with LedgerWriter(database, clock=CLOCK) as writer:
        hold, (first, *_) = _marked(writer, mailing_id, 0)
    with pytest.raises(StoreBusy):
        writer.mark(hold, first.id).future.result(10)
    assert writer.failure is None
    database.close()


@pytest.mark.covers("F10", "F33")
def test_one_that_is_told_to_stop_does_not_wait_a_minute_for_the_database(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(4))
    database.close()
    database = open_database(
        f"sqlite:///{tmp_path / 'newsletter.db'}", create=False, busy_timeout_s=0.05
    )
    writer = LedgerWriter(database, clock=CLOCK, is_stopping=lambda: True)
    with writer:
        hold, (first, *_) = _marked(writer, mailing_id, 1)
        with database.write():
            writer.outcome(hold, _cut(first))
            writer.close()
    assert isinstance(writer.failure, StoreBusy)
    assert Books(database, mailing_id).states[first.recipient.address] == "committing"
    database.close()


@pytest.mark.covers("F21")
def test_a_doubt_bears_the_time_of_its_dot_and_not_that_of_the_restart(tmp_path: Path) -> None:
    database, mailing_id = make_mailing(tmp_path, readers(2))
    with LedgerWriter(database, clock=CLOCK) as writer:
        _marked(writer, mailing_id, 1)
    with database.write() as conn:
        (marked, *_) = ledger.list_deliveries(conn, mailing_id)
        ledger.take_back(conn, now=CLOCK.now() + timedelta(minutes=50))
        (doubted, *_) = ledger.list_deliveries(conn, mailing_id)
    assert (doubted.state, doubted.at) == (DeliveryState.UNKNOWN, marked.at)
    assert doubted.at is not None
    database.close()
