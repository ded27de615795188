"""Words with a capital that name a time, or a name in another of its forms; pure.

"Thursday" for 3 December, "September" for the third quarter, "Victorian" for 1875, "before
Christmas"; and in Welsh "Fôn" for "Môn", whose first letter changes behind other words.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from newsletter.checks.calendar_names import MONTHS, WEEKDAYS
from newsletter.checks.derived_figures import years_in
from newsletter.checks.wording import folded

_QUARTERS = ("first", "second", "third", "fourth")
# An age by the years it lasted: the reigns of England.
_AGES = {
    "tudor": range(1485, 1604),
    "elizabethan": range(1558, 1604),
    "jacobean": range(1603, 1626),
    "georgian": range(1714, 1838),
    "regency": range(1795, 1838),
    "victorian": range(1837, 1902),
    "edwardian": range(1901, 1915),
}
_FEASTS = frozenset(
    (
        *("christmas", "easter", "ramadan", "eid", "diwali", "hanukkah", "passover"),
        *("thanksgiving", "halloween", "whitsun", "noël", "navidad", "pâques", "nadolig"),
    )
)
_BEFORE, _AHEAD = 7, 15  # days that a weekday may lie from the day it is read
# What stands for what at the beginning of a Welsh word.
_MUTATIONS = (
    *(("ngh", "c"), ("ng", "g"), ("mh", "p"), ("nh", "t"), ("dd", "d"), ("ch", "c"), ("ph", "p")),
    *(("th", "t"), ("f", "b"), ("f", "m"), ("g", "c"), ("b", "p"), ("d", "t"), ("m", "b")),
    *(("n", "d"), ("l", "ll"), ("r", "rh"), ("", "g")),
)


def is_backed_time(word: str, source: str, on: date | None) -> bool:
    """Whether a word names a time that the source tells by a date or year, or a feast that it may.

    A feast is backed where the source names none: another one in its place would be a change.
    """
    plain = folded(word)
    if plain in WEEKDAYS:
        return on is not None and any(_has_date(source, day) for day in _near(plain, on))
    if plain in MONTHS:
        quarter = _QUARTERS[MONTHS.index(plain) // 3]
        return f"{quarter} quarter" in folded(source)
    if plain in _AGES:
        return any(year in _AGES[plain] for year in years_in(folded(source)))
    return plain in _FEASTS and _FEASTS.isdisjoint(re.findall(r"\w+", folded(source)))


def days_of_weekdays(text: str, source: str, on: date | None) -> frozenset[str]:
    """Return the days of the dates in a text that its source tells by weekday."""
    there = set(re.findall(r"\w+", folded(source)))
    if on is None or there.isdisjoint(WEEKDAYS):
        return frozenset()
    around = [day for name in WEEKDAYS if name in there for day in _near(name, on)]
    return frozenset(str(day.day) for day in around if _has_date(text, day))


def unmutated(word: str) -> Iterator[str]:
    """Return the forms that a Welsh name may have where nothing stands before it: Fôn, Môn."""
    plain = word.casefold()
    for changed, first in _MUTATIONS:
        if plain.startswith(changed):
            yield (first + plain[len(changed) :]).capitalize()


def _near(weekday: str, on: date) -> Iterator[date]:
    for apart in range(-_BEFORE, _AHEAD):
        day = on + timedelta(days=apart)
        if WEEKDAYS[day.weekday()] == weekday:
            yield day


def _has_date(source: str, day: date) -> bool:
    month = MONTHS[day.month - 1]
    short = month[:3]
    number = rf"\b{day.day}(?:st|nd|rd|th)?\b"
    name = rf"(?:{month}|{short}\.?)"
    plain = folded(source)
    either = rf"{number}(?: (?:and|to|or) \d+)? {name}\b|{name} (?:\d+ (?:and|to|or) )?{number}"
    return re.search(either, plain) is not None
