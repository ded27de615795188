from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event

from newsletter.model.address import parse_address
from newsletter.model.records import (
    NewSubscriber,
    SubscriptionState,
    SuppressionReason,
)
from newsletter.store import Database
from newsletter.store.subscribers import (
    count_audience,
    list_subscribers,
    suppress,
    take_in,
    unsubscribe,
)

JANE = parse_address("Jane@Reader.example")


def _take(
    database: Database, people: Sequence[NewSubscriber], now: datetime, *, renew: bool = False
) -> list[str]:
    with database.write() as conn:
        taking = partial(
            take_in,
            conn,
            people,
            list_name="daily",
            consent="form, March",
            source="readers.csv",
            now=now,
            renew=renew,
        )
        expected = taking(dry_run=True)
        verdicts = taking()
    assert expected == verdicts
    return [str(verdict) for verdict in verdicts]


def test_the_same_file_twice_changes_nothing(database: Database, now: datetime) -> None:
    people = [
        NewSubscriber(address=JANE, name="Jane", attributes={"city": "Leeds"}),
        NewSubscriber(address=parse_address("jane@reader.EXAMPLE"), name="Second"),
        NewSubscriber(address=parse_address("joe@reader.example")),
    ]
    assert _take(database, people, now) == ["accepted", "unchanged", "accepted"]
    assert _take(database, people, now + timedelta(days=1)) == ["unchanged"] * 3
    with database.read() as conn:
        jane, joe = list_subscribers(conn)
        assert count_audience(conn, "daily") == 2
        assert count_audience(conn, "weekly") == 0
    assert (jane.email, jane.name, jane.attributes) == (
        "Jane@reader.example",
        "Jane",
        {"city": "Leeds"},
    )
    (subscription,) = jane.subscriptions
    assert (subscription.list, subscription.state, subscription.since) == ("daily", "active", now)
    assert (subscription.consent, subscription.source) == ("form, March", "readers.csv")
    assert joe.public_id != jane.public_id


@pytest.mark.covers("I03")
def test_an_import_brings_nobody_back_who_left_or_is_suppressed(
    database: Database, now: datetime
) -> None:
    joe = parse_address("joe@reader.example")
    people = [NewSubscriber(address=JANE), NewSubscriber(address=joe)]
    _take(database, people, now)
    with database.write() as conn:
        assert unsubscribe(conn, JANE, list_name="daily", now=now)
        assert not unsubscribe(conn, JANE, list_name="daily", now=now)
        assert suppress(conn, joe, reason=SuppressionReason.HARD_BOUNCE, now=now)
        assert not suppress(conn, joe, reason=SuppressionReason.BY_HAND, now=now)
    assert _take(database, people, now) == ["ended", "suppressed"]
    with database.read() as conn:
        assert count_audience(conn, "daily") == 0
        left, bounced = list_subscribers(conn, "daily")
    assert left.subscriptions[0].state is SubscriptionState.ENDED
    assert bounced.suppressed is SuppressionReason.HARD_BOUNCE
    assert _take(database, people, now, renew=True) == ["accepted", "suppressed"]
    with database.read() as conn:
        assert count_audience(conn, "daily") == 1


def test_many_are_taken_in_by_few_statements(
    database: Database, subscribe: Callable[[Sequence[str]], None]
) -> None:
    statements: list[str] = []
    with database.write() as conn:
        engine = conn.engine

    @event.listens_for(engine, "before_cursor_execute")
    def count(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    subscribe([f"r{number}@reader.example" for number in range(6000)])
    assert len(statements) < 60
    with database.read() as conn:
        assert count_audience(conn, "daily") == 6000
        assert sum(1 for _ in list_subscribers(conn)) == 6000
