import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from newsletter.errors import NotFound, UserError
from newsletter.model.address import parse_address
from newsletter.model.mailing import (
    Account,
    ChunkState,
    DeliveryState,
    MailingState,
    Outcome,
    Reply,
)
from newsletter.model.records import SubscriptionState, SuppressionReason
from newsletter.store import Connection, Database, ledger
from newsletter.store.ledger import (
    AttemptResult,
    ChunkDone,
    LedgerError,
    MailingExists,
    MailingNotRunning,
    OpenChunk,
    StaleToken,
)
from newsletter.store.subscribers import suppress, unsubscribe
from newsletter.store.tables import (
    attempts,
    chunks,
    deliveries,
    lists,
    mailings,
    settlements,
    subscribers,
    subscriptions,
)

Begin = Callable[..., int]
ISSUE = "2026-11-24-daily"


def _open(conn: Connection, mailing_id: int, now: datetime, *, owner: str = "w1") -> OpenChunk:
    (chunk_id,) = ledger.chunks_to_do(conn, mailing_id, now=now)
    return ledger.open_chunk(conn, chunk_id, owner=owner, now=now)


def _mark(conn: Connection, chunk: OpenChunk, now: datetime, *places: int) -> frozenset[int]:
    return ledger.mark_committing(
        conn,
        chunk_id=chunk.id,
        token=chunk.token,
        delivery_ids=[chunk.deliveries[place].id for place in places],
        now=now,
    )


def _record(
    conn: Connection,
    chunk: OpenChunk,
    now: datetime,
    place: int,
    outcome: Outcome,
    *,
    reply: Reply | None = None,
    due_at: datetime | None = None,
) -> frozenset[int]:
    result = AttemptResult(
        delivery_id=chunk.deliveries[place].id,
        outcome=outcome,
        reply=reply,
        server="primary",
        due_at=due_at,
        counts=outcome is Outcome.DEFERRED,
        cut=outcome is Outcome.QUEUED,
    )
    return ledger.record(conn, chunk_id=chunk.id, token=chunk.token, outcomes=[result], now=now)


def _states(database: Database) -> list[str]:
    with database.read() as conn:
        states = conn.execute(select(deliveries.c.state).order_by(deliveries.c.id)).scalars()
        return [str(state) for state in states]


def test_a_freeze_stores_everybody_once_in_chunks(database: Database, begin: Begin) -> None:
    mailing_id = begin(7, chunk_size=3)
    with database.read() as conn:
        per_chunk = conn.execute(
            select(chunks.c.no, func.count())
            .join(deliveries, deliveries.c.chunk_id == chunks.c.id)
            .group_by(chunks.c.no)
        ).all()
        account = ledger.account(conn, mailing_id)
    assert [tuple(row) for row in per_chunk] == [(0, 3), (1, 3), (2, 1)]
    assert account == Account(planned=7, left=7)


@pytest.mark.covers("F45", "I01")
def test_an_issue_has_one_mailing_ever(database: Database, begin: Begin, now: datetime) -> None:
    mailing_id = begin(2)
    with database.write() as conn:
        ledger.cancel_mailing(conn, mailing_id, now=now)
    with pytest.raises(MailingExists, match=ISSUE):
        begin(2)
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(mailings)).scalar_one() == 1


def test_the_database_itself_refuses_a_second_row_for_a_reader(
    database: Database, begin: Begin
) -> None:
    begin(2)
    same = update(deliveries).values(recipient_id=1)
    with pytest.raises(Exception, match="UNIQUE constraint failed"), database.write() as conn:
        conn.execute(same)


@pytest.mark.covers("F55")
def test_a_mailing_to_nobody_is_done(database: Database, begin: Begin, now: datetime) -> None:
    mailing_id = begin(0)
    with database.write() as conn:
        assert ledger.unfinished(conn)[0].id == mailing_id
        assert ledger.finish_if_done(conn, mailing_id, now=now) is MailingState.DONE
        assert ledger.unfinished(conn) == ()
        assert ledger.account(conn, mailing_id) == Account(planned=0)


def test_a_message_taken_is_sent(database: Database, begin: Begin, now: datetime) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        assert _mark(conn, chunk, now, 0) == {chunk.deliveries[0].id}
        late = _record(conn, chunk, now, 0, Outcome.SENT, reply=Reply(250, "ok", "2.0.0"))
        assert late == frozenset()
        assert ledger.close_chunk(conn, chunk_id=chunk.id, token=chunk.token, now=now) == "done"
        assert ledger.finish_if_done(conn, mailing_id, now=now) is MailingState.DONE
        (row,) = ledger.list_deliveries(conn, mailing_id, (DeliveryState.SENT,))
        (line,) = conn.execute(select(attempts)).mappings()
    assert (row.address, row.server, row.code, row.enhanced) == (
        "r1@reader.example",
        "primary",
        250,
        "2.0.0",
    )
    assert (line["no"], line["result"], line["text"], line["at"]) == (1, Outcome.SENT, "ok", now)


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.UNKNOWN])
def test_nothing_is_sent_or_unknown_without_a_mark(
    database: Database, begin: Begin, now: datetime, outcome: Outcome
) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
    with pytest.raises(LedgerError, match="queued"), database.write() as conn:
        _record(conn, chunk, now, 0, outcome)
    assert _states(database) == ["queued"]


def test_refusals_before_the_mark_need_none(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(3)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _record(conn, chunk, now, 0, Outcome.REFUSED, reply=Reply(550, "no such user", "5.1.1"))
        _record(conn, chunk, now, 1, Outcome.DEFERRED, due_at=now + timedelta(minutes=5))
        _record(conn, chunk, now, 2, Outcome.QUEUED)
        cuts = select(deliveries.c.cuts, deliveries.c.attempts).order_by(deliveries.c.id)
        assert [tuple(row) for row in conn.execute(cuts)] == [(0, 0), (0, 1), (1, 0)]
    assert _states(database) == ["refused", "deferred", "queued"]


def test_a_deferred_one_waits_until_it_is_due(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(1)
    later = now + timedelta(minutes=5)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _record(conn, chunk, now, 0, Outcome.DEFERRED, reply=Reply(451, "later"), due_at=later)
        assert _mark(conn, chunk, now, 0) == frozenset()
        closed = ledger.close_chunk(conn, chunk_id=chunk.id, token=chunk.token, now=now)
        assert closed is ChunkState.WAITING
        assert ledger.chunks_to_do(conn, mailing_id, now=now) == ()
        assert ledger.next_due(conn, mailing_id) == later
        assert ledger.finish_if_done(conn, mailing_id, now=now) is MailingState.RUNNING
        again = _open(conn, mailing_id, later)
        assert [delivery.attempts for delivery in again.deliveries] == [1]


@pytest.mark.covers("I02")
def test_what_a_dead_worker_had_marked_is_unknown_and_is_never_granted_again(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(3)
    with database.write() as conn:
        dead = _open(conn, mailing_id, now)
        _mark(conn, dead, now, 0, 1)
    with database.write() as conn:
        again = _open(conn, mailing_id, now, owner="w2")
        assert [delivery.id for delivery in again.deliveries] == [dead.deliveries[2].id]
        assert again.token == dead.token + 1
        granted = ledger.mark_committing(
            conn,
            chunk_id=again.id,
            token=again.token,
            delivery_ids=[delivery.id for delivery in dead.deliveries],
            now=now,
        )
        assert granted == {dead.deliveries[2].id}
    assert _states(database) == ["unknown", "unknown", "committing"]


@pytest.mark.covers("F48", "T51")
def test_a_worker_whose_chunk_was_taken_gets_no_mark(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(2)
    with database.write() as conn:
        slow = _open(conn, mailing_id, now)
        quick = _open(conn, mailing_id, now, owner="w2")
    with pytest.raises(StaleToken), database.write() as conn:
        _mark(conn, slow, now, 0)
    with pytest.raises(StaleToken), database.write() as conn:
        ledger.close_chunk(conn, chunk_id=slow.id, token=slow.token, now=now)
    with database.write() as conn:
        assert len(_mark(conn, quick, now, 0, 1)) == 2


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SENT, "sent"),
        (Outcome.REFUSED, "refused"),
        (Outcome.QUEUED, "queued"),
        (Outcome.UNKNOWN, "unknown"),
    ],
)
def test_a_late_outcome_of_the_same_token_counts(
    database: Database, begin: Begin, now: datetime, outcome: Outcome, state: str
) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        slow = _open(conn, mailing_id, now)
        _mark(conn, slow, now, 0)
    with database.write() as conn:
        other = _open(conn, mailing_id, now, owner="w2")
        ledger.close_chunk(conn, chunk_id=other.id, token=other.token, now=now)
    with database.write() as conn:
        _record(conn, slow, now, 0, outcome)
    assert _states(database) == [state]
    with database.read() as conn:  # a message that may go again is within reach again
        assert bool(ledger.chunks_to_do(conn, mailing_id, now=now)) == (state == "queued")


def test_an_outcome_after_a_person_settled_it_moves_nothing_and_is_kept(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        slow = _open(conn, mailing_id, now)
        _mark(conn, slow, now, 0)
        _open(conn, mailing_id, now, owner="w2")
        ledger.settle(
            conn,
            mailing_id,
            address="R1@Reader.example",
            to=DeliveryState.CANCELLED,
            by="Jane",
            now=now,
        )
        late = _record(conn, slow, now, 0, Outcome.SENT, reply=Reply(250, "ok"))
        assert late == {slow.deliveries[0].id}
        assert conn.execute(select(attempts.c.result)).scalars().all() == [Outcome.SENT]
        (settled,) = conn.execute(select(settlements)).mappings()
    assert (settled["settled_by"], settled["became"], settled["at"]) == ("Jane", "cancelled", now)
    assert _states(database) == ["cancelled"]


def test_an_outcome_stored_twice_is_a_bug_that_shows(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _mark(conn, chunk, now, 0)
        _record(conn, chunk, now, 0, Outcome.SENT)
    with pytest.raises(LedgerError, match="sent"), database.write() as conn:
        _record(conn, chunk, now, 0, Outcome.REFUSED)


def test_a_mark_without_its_dot_is_taken_back(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(2)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        granted = _mark(conn, chunk, now, 0, 1)
        ledger.unmark(conn, chunk_id=chunk.id, token=chunk.token, delivery_ids=granted, now=now)
        assert conn.execute(select(func.count()).select_from(attempts)).scalar_one() == 0
    assert _states(database) == ["queued", "queued"]
    with pytest.raises(LedgerError), database.write() as conn:
        ledger.unmark(conn, chunk_id=chunk.id, token=chunk.token, delivery_ids=granted, now=now)


@pytest.mark.covers("I03", "F56")
def test_who_says_no_is_not_opened_and_not_granted(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(4)
    with database.write() as conn:
        suppress(
            conn,
            parse_address("R1@reader.example"),
            reason=SuppressionReason.COMPLAINT,
            now=now,
        )
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        assert len(chunk.deliveries) == 3
    with database.write() as conn:
        unsubscribe(conn, parse_address("r2@reader.example"), list_name="daily", now=now)
        suppress(
            conn, parse_address("r3@reader.example"), reason=SuppressionReason.BY_HAND, now=now
        )
    with database.write() as conn:
        assert _mark(conn, chunk, now, 0, 1, 2) == {chunk.deliveries[2].id}
    assert _states(database) == ["suppressed", "suppressed", "suppressed", "committing"]
    with database.read() as conn:
        assert ledger.account(conn, mailing_id) == Account(planned=4, suppressed=3, left=1)


@pytest.mark.covers("F55")
def test_a_list_deleted_after_the_freeze_changes_nothing(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(2)
    with database.write() as conn:
        conn.execute(subscriptions.delete())
        conn.execute(lists.delete())
    with database.write() as conn:
        assert len(_open(conn, mailing_id, now).deliveries) == 2


def test_a_pause_takes_hold_at_the_next_mark_and_tells_why(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(2)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _mark(conn, chunk, now, 0)
        ledger.pause_mailing(conn, mailing_id, now=now, reason="20 refusals alike")
    with pytest.raises(MailingNotRunning) as refused, database.write() as conn:
        _mark(conn, chunk, now, 1)
    assert refused.value.state is MailingState.PAUSED
    with database.write() as conn:  # the one under way keeps its outcome
        _record(conn, chunk, now, 0, Outcome.SENT)
        closed = ledger.close_chunk(conn, chunk_id=chunk.id, token=chunk.token, now=now)
        assert closed is ChunkState.OPEN
        assert ledger.get_mailing(conn, mailing_id).why == "20 refusals alike"
        with pytest.raises(MailingNotRunning):
            ledger.open_chunk(conn, chunk.id, owner="w2", now=now)
        ledger.resume_mailing(conn, mailing_id, now=now)
        assert len(_open(conn, mailing_id, now).deliveries) == 1
    with pytest.raises(UserError, match="running"), database.write() as conn:
        ledger.resume_mailing(conn, mailing_id, now=now)


def test_a_cancelled_mailing_sends_no_more_and_keeps_what_was_under_way(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(4)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _mark(conn, chunk, now, 0, 1, 2)
        assert ledger.cancel_mailing(conn, mailing_id, now=now) == 1
        _record(conn, chunk, now, 0, Outcome.SENT)
        _record(conn, chunk, now, 1, Outcome.DEFERRED, due_at=now)
        _record(conn, chunk, now, 2, Outcome.UNKNOWN)
        assert _record(conn, chunk, now, 3, Outcome.REFUSED) == {chunk.deliveries[3].id}
        assert ledger.account(conn, mailing_id) == Account(
            planned=4, sent=1, cancelled=2, unknown=1
        )


def test_nothing_left_but_doubts_is_not_done_until_they_are_settled(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(3)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _mark(conn, chunk, now, 0, 1, 2)
        _record(conn, chunk, now, 0, Outcome.UNKNOWN)
        _record(conn, chunk, now, 1, Outcome.UNKNOWN)
        _record(conn, chunk, now, 2, Outcome.UNKNOWN)
        closed = ledger.close_chunk(conn, chunk_id=chunk.id, token=chunk.token, now=now)
        assert closed is ChunkState.DONE
        assert ledger.finish_if_done(conn, mailing_id, now=now) is MailingState.RUNNING
        assert ledger.unfinished(conn) == ()
    for address, to in (
        ("r1@reader.example", DeliveryState.SENT),
        ("r2@reader.example", DeliveryState.CANCELLED),
    ):
        with database.write() as conn:
            ledger.settle(conn, mailing_id, address=address, to=to, by="Jane", now=now)
    with pytest.raises(UserError, match="may still take"), database.write() as conn:
        ledger.settle(
            conn,
            mailing_id,
            address="r3@reader.example",
            to=DeliveryState.QUEUED,
            by="Jane",
            now=now + timedelta(minutes=14),
        )
    later = now + timedelta(minutes=15)
    with database.write() as conn:
        ledger.settle(
            conn,
            mailing_id,
            address="r3@reader.example",
            to=DeliveryState.QUEUED,
            by="Jane",
            now=later,
        )
        again = _open(conn, mailing_id, later)
        assert len(again.deliveries) == 1
        _mark(conn, again, later, 0)
        _record(conn, again, later, 0, Outcome.SENT)
        assert ledger.finish_if_done(conn, mailing_id, now=later) is MailingState.DONE
        by_hand = [row.by_hand for row in ledger.list_deliveries(conn, mailing_id)]
        assert by_hand == [True, True, False]


def test_only_doubts_of_that_mailing_are_settled(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(1)
    settle = partial(
        ledger.settle, mailing_id=mailing_id, to=DeliveryState.SENT, by="Jane", now=now
    )
    with pytest.raises(UserError, match="not in doubt, it is queued"), database.write() as conn:
        settle(conn, address="r1@reader.example")
    with pytest.raises(NotFound), database.write() as conn:
        settle(conn, address="r9@reader.example")


def test_a_held_chunk_is_not_sent_again_by_hand(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(2)
    later = now + timedelta(hours=1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _mark(conn, chunk, now, 0)
        _record(conn, chunk, now, 0, Outcome.UNKNOWN)
    again = partial(
        ledger.settle,
        mailing_id=mailing_id,
        address="r1@reader.example",
        to=DeliveryState.QUEUED,
        by="Jane",
        now=later,
    )
    with pytest.raises(UserError, match="still holds"), database.write() as conn:
        again(conn)
    with database.write() as conn:
        assert ledger.take_back(conn, now=now) == (chunk.id,)
        again(conn)
    assert _states(database) == ["queued", "queued"]


def test_tried_too_often_or_too_old_is_given_up(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(3)
    due = now + timedelta(minutes=5)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _record(conn, chunk, now, 0, Outcome.DEFERRED, due_at=now)
        _record(conn, chunk, now, 0, Outcome.DEFERRED, due_at=due)
        _record(conn, chunk, now, 1, Outcome.DEFERRED, due_at=due)
        old = now - timedelta(days=1)
        given_up = ledger.expire(conn, mailing_id, older_than=old, max_attempts=2, now=now)
        assert given_up == 1
    assert _states(database) == ["expired", "deferred", "queued"]
    with database.write() as conn:
        young = now + timedelta(seconds=1)
        ledger.expire(conn, mailing_id, older_than=young, max_attempts=8, now=now)
    assert _states(database) == ["expired", "expired", "queued"]


def test_a_done_chunk_is_not_opened_again(database: Database, begin: Begin, now: datetime) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _record(conn, chunk, now, 0, Outcome.REFUSED)
        ledger.close_chunk(conn, chunk_id=chunk.id, token=chunk.token, now=now)
    with pytest.raises(ChunkDone), database.write() as conn:
        ledger.open_chunk(conn, chunk.id, owner="w1", now=now)


def test_a_long_reply_is_cut_to_its_bound(database: Database, begin: Begin, now: datetime) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        chunk = _open(conn, mailing_id, now)
        _record(conn, chunk, now, 0, Outcome.REFUSED, reply=Reply(550, "x" * 4000, "5.1.1"))
        assert conn.execute(select(func.length(attempts.c.text))).scalar_one() == 500


def test_a_recipient_carries_the_frozen_address_and_todays_name(
    database: Database, begin: Begin, now: datetime
) -> None:
    mailing_id = begin(1)
    with database.write() as conn:
        conn.execute(update(subscribers).values(email="new@reader.example", name="Ruth"))
    with database.write() as conn:
        (delivery,) = _open(conn, mailing_id, now).deliveries
    assert (delivery.recipient.address, delivery.recipient.name) == ("r1@reader.example", "Ruth")
    assert len(delivery.recipient.public_id) == 32


def test_a_pending_subscription_is_no_audience(
    database: Database, subscribe: Callable[[Sequence[str]], None], begin: Begin, now: datetime
) -> None:
    subscribe(["r8@reader.example", "r9@reader.example"])
    with database.write() as conn:
        conn.execute(
            update(subscriptions)
            .where(subscriptions.c.subscriber_id == 1)
            .values(state=SubscriptionState.PENDING)
        )
    mailing_id = begin(0)
    with database.write() as conn:
        (delivery,) = _open(conn, mailing_id, now).deliveries
    assert delivery.recipient.address == "r9@reader.example"


@pytest.mark.covers("T51")
def test_of_two_processes_that_open_a_chunk_one_gets_its_marks(begin: Begin, url: str) -> None:
    begin(50)
    program = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from newsletter.store import open_database, ledger\n"
        "now = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)\n"
        "database = open_database(sys.argv[1], create=False)\n"
        "with database.write() as conn:\n"
        "    chunk = ledger.open_chunk(conn, 1, owner=sys.argv[2], now=now)\n"
        "print('open', flush=True)\n"
        "sys.stdin.readline()\n"
        "try:\n"
        "    with database.write() as conn:\n"
        "        granted = ledger.mark_committing(conn, chunk_id=1, token=chunk.token,\n"
        "            delivery_ids=[d.id for d in chunk.deliveries], now=now)\n"
        "    print(len(granted))\n"
        "except ledger.StaleToken:\n"
        "    print('stale')\n"
    )
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, owner],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for owner in ("w1", "w2")
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "open\n"
    told = sorted(worker.communicate("go\n")[0].strip() for worker in workers)
    assert told == ["50", "stale"]


@pytest.mark.prove
def test_100000_readers_are_frozen_and_opened_in_chunks_of_500(
    database: Database, begin: Begin, subscribe: Callable[[Sequence[str]], None], now: datetime
) -> None:
    subscribe([f"r{number}@reader.example" for number in range(1, 100_001)])
    mailing_id = begin(0)
    with database.write() as conn:
        account = ledger.account(conn, mailing_id)
        first, second, *rest = ledger.chunks_to_do(conn, mailing_id, now=now)
        ledger.open_chunk(conn, first, owner="w1", now=now)
        opened = ledger.open_chunk(conn, second, owner="w1", now=now)
    assert account == Account(planned=100_000, left=100_000)
    assert (len(rest), len(opened.deliveries)) == (198, 500)
