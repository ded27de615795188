"""The planned times of a schedule, in every zone and over every change of the clocks."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import strategies as st

from newsletter.config.settings import ScheduleSettings
from newsletter.model.schedule import ScheduledTime, exists, wall
from newsletter.workflows.planning.days import moments, planned_times, why_not

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
YEARS = range(2026, 2036)
SAMPLE = 12  # zones of `make test`; `make prove` takes all


def schedule(cron: str, **more: object) -> ScheduleSettings:
    return ScheduleSettings(cron=cron, **more)  # type: ignore[arg-type] # keys by name


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def between(
    rule: ScheduleSettings, zone: ZoneInfo, first: date, last: date
) -> tuple[ScheduledTime, ...]:
    """Return what is planned on the local days from first to last."""
    begin = datetime.combine(first - 2 * DAY, time(0), tzinfo=UTC)
    found = takewhile(
        lambda one: one.local.date() <= last + DAY, planned_times(rule, zone, after=begin)
    )
    return tuple(one for one in found if first <= one.local.date() <= last)


# Days of both changes in 2026: by an hour at night, by half an hour, and at midnight.
CHANGES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Santiago", date(2026, 4, 5)),
]


@pytest.mark.covers("F41", "F42")
@pytest.mark.parametrize(("name", "change"), CHANGES)
@pytest.mark.parametrize("hour", range(24))
def test_each_local_date_has_one_occurrence_at_every_hour_over_both_changes(
    name: str, change: date, hour: int
) -> None:
    zone = ZoneInfo(name)
    first, last = change - 2 * DAY, change + 2 * DAY
    found = between(schedule(f"30 {hour} * * *"), zone, first, last)
    assert [one.local for one in found] == [
        datetime.combine(first + number * DAY, time(hour, 30)) for number in range(5)
    ]
    for one in found:
        shown = wall(one.moments.planned_at, zone)
        if exists(one.local, zone):
            assert shown == one.local
        else:
            assert timedelta(0) < shown - one.local <= timedelta(hours=1)
            assert "does not exist" in one.note
    moments_ = [one.moments.planned_at for one in found]
    assert len(set(moments_)) == 5


@pytest.mark.covers("F41")
def test_an_hour_that_clocks_skip_is_planned_once_as_much_later() -> None:
    (found,) = between(schedule("30 1 * * *"), LONDON, date(2026, 3, 29), date(2026, 3, 29))
    assert found.moments.planned_at == utc("2026-03-29 01:30")
    assert found.note == (
        "01:30 does not exist on 2026-03-29 in Europe/London: the clocks go forward, so it is 02:30"
    )


@pytest.mark.covers("F42")
def test_an_hour_that_comes_twice_is_planned_once_at_the_first() -> None:
    (found,) = between(schedule("30 1 * * *"), LONDON, date(2026, 10, 25), date(2026, 10, 25))
    assert found.moments.planned_at == utc("2026-10-25 00:30")
    assert "comes twice" in found.note


def test_a_skipped_time_that_falls_on_another_of_the_rule_is_not_planned_beside_it() -> None:
    found = between(schedule("30 1,2 * * *"), LONDON, date(2026, 3, 29), date(2026, 3, 29))
    assert [one.local.time() for one in found] == [time(2, 30)]
    why = why_not(schedule("30 1,2 * * *"), LONDON, datetime.fromisoformat("2026-03-29 01:30"))
    assert why == "the clocks skip 01:30, and 02:30 is planned itself"


def test_days_off_are_left_out_with_their_reason() -> None:
    off = schedule("30 6 * * *", skip_dates=(date(2026, 12, 24),), holidays="GB-ENG")
    found = between(off, LONDON, date(2026, 12, 23), date(2026, 12, 30))
    assert [one.local.day for one in found] == [23, 27, 29, 30]  # 25, 26 and 28 are holidays
    why = why_not(off, LONDON, datetime.fromisoformat("2026-12-25 06:30"))
    assert why == "2026-12-25 is a public holiday in GB-ENG (Christmas Day)"


@pytest.mark.parametrize(
    ("keys", "draft_at", "approve_by"),
    [
        ({"approve_by": time(6, 25)}, "2026-11-24 05:25", "2026-11-24 06:25"),
        (
            {"draft_at": time(18, 0), "approve_by": time(22, 0)},
            "2026-11-23 18:00",
            "2026-11-23 22:00",
        ),
        ({"draft_at": time(6, 30)}, "2026-11-24 06:30", "2026-11-24 06:30"),
    ],
)
def test_draft_and_approval_come_before_the_planned_time_if_need_be_the_day_before(
    keys: dict[str, time], draft_at: str, approve_by: str
) -> None:
    found = moments(schedule("30 6 * * *", **keys), LONDON, date(2026, 11, 24), time(6, 30))
    assert found.planned_at == utc("2026-11-24 06:30")
    assert (found.draft_at, found.approve_by) == (utc(draft_at), utc(approve_by))


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


def _ten_years(zone: ZoneInfo, at: time) -> None:
    """One occurrence for each date of ten years: in order, at its own time, odd only twice a year.

    The local time that each moment shows is what the rule says; a few are later for clocks that
    skip them.
    """
    rule = schedule(f"{at.minute} {at.hour} * * *")
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    found = between(rule, zone, first, last)
    days = (last - first).days + 1
    assert [one.local for one in found] == [
        datetime.combine(first + number * DAY, at) for number in range(days)
    ]
    odd = 0
    for one, following in pairwise(found):
        assert one.moments.planned_at < following.moments.planned_at
        shown = wall(one.moments.planned_at, zone)
        if shown != one.local:
            odd += 1
            assert shown > one.local
            assert not exists(one.local, zone)
        earlier = one.moments.planned_at - timedelta(hours=3)
        if (
            earlier.astimezone(zone).utcoffset()
            == one.moments.planned_at.astimezone(zone).utcoffset()
        ):
            continue  # the clocks did not change, so nothing comes twice
        while earlier < one.moments.planned_at:  # the first moment that shows it, by counting
            assert wall(earlier, zone) != one.local
            earlier += timedelta(minutes=30)
    assert odd <= 2 * len(YEARS)


@pytest.mark.covers("F41", "F42")
def test_ten_years_of_some_zones_have_one_occurrence_a_date() -> None:
    chance = random.Random(20261124)  # noqa: S311 (a sample, no secret)
    for name in chance.sample(sorted(available_timezones()), SAMPLE):
        _ten_years(ZoneInfo(name), time(chance.randrange(24), chance.choice((0, 15, 30, 45))))


@pytest.mark.prove
@pytest.mark.covers("F41", "F42")
@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_ten_years_of_every_zone_have_one_occurrence_a_date(name: str) -> None:
    for at in (time(0, 0), time(0, 30), time(1, 30), time(2, 15), time(6, 30), time(23, 45)):
        _ten_years(ZoneInfo(name), at)
