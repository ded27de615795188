"""Days on which a schedule sends nothing: its skip_dates, and public holidays.

The holidays of a country or a part of one come from the package `holidays`, which is imported
where a newsletter asks for them.
"""

from datetime import date
from functools import lru_cache

from newsletter.config.settings import ScheduleSettings


def why_off(schedule: ScheduleSettings, day: date) -> str:
    """Return why the schedule sends nothing on a day; "" where it may."""
    if day in schedule.skip_dates:
        return f"{day} is one of skip_dates"
    named = _holidays(schedule.holidays, day.year).get(day, "") if schedule.holidays else ""
    return f"{day} is a public holiday in {schedule.holidays} ({named})" if named else ""


def knows_holidays(place: str) -> bool:
    """Return whether the holidays of a country ("GB") or a part of one ("GB-ENG") are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 (a tenth of a second)

    country, _, part = place.partition("-")
    parts = list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)


@lru_cache(maxsize=64)
def _holidays(place: str, year: int) -> dict[date, str]:
    """Return the days of a year with their names."""
    from holidays import country_holidays  # noqa: PLC0415 (a tenth of a second)

    country, _, part = place.partition("-")
    found = country_holidays(country, subdiv=part or None, years=year, language="en_US")
    return {day: name for day, name in found.items() if day.year == year}
