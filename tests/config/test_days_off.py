"""Days off: skip dates and the public holidays of a place."""

from datetime import date

import pytest

from newsletter.config.settings import ScheduleSettings, knows_holidays, why_off

CHRISTMAS = date(2026, 12, 25)


def test_a_skip_date_and_a_holiday_say_why() -> None:
    skipping = ScheduleSettings(cron="0 6 * * *", skip_dates=(date(2026, 12, 24),))
    assert why_off(skipping, date(2026, 12, 24)) == "2026-12-24 is one of skip_dates"
    assert why_off(skipping, CHRISTMAS) == ""
    english = ScheduleSettings(cron="0 6 * * *", holidays="GB-ENG")
    assert why_off(english, CHRISTMAS) == (
        "2026-12-25 is a public holiday in GB-ENG (Christmas Day)"
    )
    assert why_off(english, date(2026, 12, 24)) == ""


@pytest.mark.parametrize("place", ["XX", "GB-XX", "DE-ENG"])
def test_a_place_nobody_keeps_holidays_of_is_refused(place: str) -> None:
    assert not knows_holidays(place)
