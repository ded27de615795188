"""Cron rules: which days and times each names, and what is refused with what to write."""

from datetime import date, time, timedelta

import pytest
from hypothesis import strategies as st

from newsletter.model.schedule import parse_cron

YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def days(rule: str) -> list[date]:
    return [day for day in YEAR if parse_cron(rule).has_day(day)]


def test_names_and_ranges_mean_their_numbers() -> None:
    assert parse_cron("30 6 * * mon-fri") == parse_cron("30 6 * * 1-5")
    assert parse_cron("30 6 * JAN,mar SUN") == parse_cron("30 6 * 1,3 0")
    assert parse_cron("0 6 * * 7") == parse_cron("0 6 * * sun")
    assert parse_cron("0 6 * * sat-sun") == parse_cron("0 6 * * 0,6")
    assert parse_cron("0 6 1-31 * *").days == parse_cron("0 6 * * *").days


def test_a_rule_names_times_in_order() -> None:
    assert parse_cron("30 17,6 * * *").times == (time(6, 30), time(17, 30))
    assert parse_cron("*/20 9-10 * * *").times == tuple(
        time(hour, minute) for hour in (9, 10) for minute in (0, 20, 40)
    )
    assert parse_cron("10-40/15 9 * * *").times == (time(9, 10), time(9, 25), time(9, 40))


def test_weekdays_are_those_of_the_calendar() -> None:
    assert {day.isoweekday() for day in days("0 6 * * mon-fri")} == {1, 2, 3, 4, 5}
    assert len(days("0 6 * * mon-fri")) == 261
    assert {day.isoweekday() for day in days("0 6 * * */2")} == {7, 2, 4, 6}


def test_where_both_kinds_of_day_are_given_either_is_enough() -> None:
    both = days("0 6 13 * fri")
    assert all(day.day == 13 or day.isoweekday() == 5 for day in both)
    assert len(both) == 52 + 12 - 3  # three Fridays of 2026 are a 13th
    assert days("0 6 */2 * fri") == [
        day for day in YEAR if day.day % 2 == 1 and day.isoweekday() == 5
    ]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("30 6 * *", "of five fields"),
        ("30 6 * * * *", "of five fields"),
        ("@daily", "of five fields"),
        ("60 6 * * *", '"60" is no minute; write 0 to 59'),
        ("30 24 * * *", '"24" is no hour; write 0 to 23'),
        ("30 6 0 * *", '"0" is no day of the month; write 1 to 31'),
        ("30 6 * 13 *", '"13" is no month; write 1 to 12 or "jan" to "dec"'),
        ("30 6 * * 8", '"8" is no weekday; write 0 to 7 or "sun" to "sat"'),
        ("30 6 * * mo", '"mo" is no weekday; write a number, a range such as "mon-fri"'),
        ("30 6 * * mon#1", '"mon#1" is no weekday'),
        ("30 6 L * *", '"l" is no day of the month'),
        ("30 6 * * fri-mon", '"fri-mon" goes backwards'),
        ("50-10 6 * * *", '"50-10" goes backwards'),
        ("*/0 6 * * *", '"*/0" is no minute'),
        ("5/15 6 * * *", '"5/15" is no minute'),
        ("30 6, * * *", '"" is no hour'),
        ("30 6 31 2,4 *", "a day that no such month has; write a day of the month up to 30"),
        ("30 6 30 feb *", "up to 29"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_to_write(rule: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        parse_cron(rule)
    assert sentence in str(caught.value)


field = st.text(alphabet="0123456789*-,/monfrijanL#@ ", min_size=1, max_size=8)
