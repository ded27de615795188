"""The part of S13 that looks at dates in figures: "Saturday 28/11/2027", "30.13.2026"; pure."""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.checks.days.day_names import DayNames, made_of

MOST_IN_FIELD = 50

_AFTER_DAY = re.compile(r",? (\d{1,2})[./](\d{1,2})[./](20\d\d)\b")
_ANYWHERE = re.compile(r"(?<![\w./-])(\d{1,2})[./](\d{1,2})[./](20\d\d)(?![\w/])")


def dates_in_figures(text: str, names: DayNames) -> Iterator[tuple[int, str, str, str]]:
    """Return place, message, evidence and remedy where neither order of day and month is right."""
    for start, weekday, name in islice(names.weekdays_in(text), MOST_IN_FIELD):
        hit = _AFTER_DAY.match(text, start + len(name))
        if hit is None:
            continue
        first, second, year = map(int, hit.groups())
        days = [d for d in (made_of(year, second, first), made_of(year, first, second)) if d]
        if days and all(day.weekday() != weekday for day in days):
            told = f"{name}{hit[0]}; {days[0]:%A} {days[0].day} {days[0]:%B} it is"
            message = "a date has the wrong day of the week"
            yield start, message, told, "put the weekday or the date right"
    for hit in islice(_ANYWHERE.finditer(text), MOST_IN_FIELD):
        first, second, year = map(int, hit.groups())
        if not (made_of(year, second, first) or made_of(year, first, second)):
            yield hit.start(), "there is no such day", hit[0], "look it up in a calendar"
