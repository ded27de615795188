"""Local times and the moments they mean, in every zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import UserError
from newsletter.model.schedule import exists
from newsletter.schedule.calendar import is_twofold, parse_local, resolve

LONDON = ZoneInfo("Europe/London")
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
times = st.datetimes(datetime(1970, 1, 2), datetime(2999, 12, 30)).map(  # noqa: DTZ001 (local)
    lambda moment: moment.replace(microsecond=0)
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(times)
def test_a_time_is_read_as_it_is_written(moment: datetime) -> None:
    assert parse_local(f"{moment:%Y-%m-%d %H:%M:%S}") == moment
    assert parse_local(f" {moment:%Y-%m-%dT%H:%M} ") == moment.replace(second=0)


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", fullmatch=True))
def test_any_text_is_a_time_or_a_sentence(text: str) -> None:
    said = ""
    try:
        moment = parse_local(text)
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/London"):
            resolve(moment, ZoneInfo(zone))
    except UserError as error:
        said = str(error)
    assert not said or "is not a time" in said or "does not exist in" in said


@pytest.mark.covers("F41", "F42")
@given(times, zones)
def test_a_time_that_exists_means_one_moment_that_reads_back_as_it(
    moment: datetime, zone: ZoneInfo
) -> None:
    if not exists(moment, zone):
        with pytest.raises(UserError) as caught:
            resolve(moment, zone)
        following = parse_local(caught.value.hint.split('"')[1])
        assert following > moment
        assert exists(following, zone)
        assert not exists(following - timedelta(minutes=1), zone)
        return
    planned = resolve(moment, zone)
    assert planned.at.astimezone(zone).replace(tzinfo=None) == moment
    assert planned.zone == zone.key
    if is_twofold(moment, zone):
        second = moment.replace(tzinfo=zone, fold=1).astimezone(UTC)
        assert planned.at < second
        assert second.astimezone(zone).replace(tzinfo=None) == moment


@pytest.mark.covers("F41", "F42")
@pytest.mark.parametrize(
    ("text", "zone", "following"),
    [
        ("2026-03-29 01:30", "Europe/London", "2026-03-29 02:00"),
        ("2026-03-08 02:30", "America/New_York", "2026-03-08 03:00"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-04 02:30"),
        ("2011-12-30 12:00", "Pacific/Apia", "2011-12-31 00:00"),
    ],
)
def test_a_skipped_time_is_refused_with_the_next_that_exists(
    text: str, zone: str, following: str
) -> None:
    with pytest.raises(UserError, match=f"does not exist in {zone}") as caught:
        resolve(local(text), ZoneInfo(zone))
    assert f'"{following}"' in caught.value.hint


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "9999-12-31 23:59", "1969-12-31 23:59"])
def test_a_year_beyond_the_rules_of_zones_is_no_time(text: str) -> None:
    with pytest.raises(UserError, match="is not a time"):
        parse_local(text)
