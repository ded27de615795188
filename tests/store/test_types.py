from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from newsletter.model.records import SubscriptionState
from newsletter.store.tables import UtcDateTime, metadata, subscriptions

DAY_ONE = datetime.combine(date(1990, 1, 1), time())
LAST_DAY = datetime.combine(date(2090, 1, 1), time())
MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(st.datetimes(min_value=DAY_ONE, max_value=LAST_DAY, timezones=offsets))
def test_a_moment_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    dialect = create_engine("sqlite://").dialect
    column = UtcDateTime()
    kept = column.process_bind_param(moment, dialect)
    back = column.process_result_value(kept, dialect)
    assert back == moment
    assert back is not None
    assert back.utcoffset() == timedelta(0)


def test_a_word_outside_the_list_is_refused_by_program_and_database() -> None:
    engine = create_engine("sqlite://")
    row = {"subscriber_id": 1, "list_id": 1, "since": MOMENT, "consent": "", "source": ""}
    with engine.begin() as conn:
        metadata.create_all(conn)
        with pytest.raises(StatementError):
            conn.execute(insert(subscriptions).values(**row, state="keen"))
        with pytest.raises(IntegrityError, match="ck_subscriptions_state"):
            conn.exec_driver_sql(
                "INSERT INTO subscriptions VALUES (1, 1, 'keen', '2026-11-24', '', '')"
            )
        conn.execute(insert(subscriptions).values(**row, state=SubscriptionState.ACTIVE))
        state = conn.execute(select(subscriptions.c.state)).scalar_one()
    assert state is SubscriptionState.ACTIVE
