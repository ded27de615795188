from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from newsletter.errors import UserError
from newsletter.model.address import parse_address
from newsletter.model.mailing import (
    Account,
    ChunkState,
    DeliveryState,
    MailingState,
    Outcome,
    Reply,
)
from newsletter.model.records import SuppressionReason
from newsletter.store import Connection, Database, ledger
from newsletter.store.ledger import (
    AttemptResult,
    MailingExists,
    MailingNotRunning,
    OpenChunk,
    StaleToken,
)
from newsletter.store.subscribers import suppress, unsubscribe
from newsletter.store.tables import (
    chunks,
    deliveries,
    lists,
    mailings,
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
