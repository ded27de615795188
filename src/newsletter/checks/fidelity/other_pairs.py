"""Figures of an English text that stand with another word than in its source; pure.

"16 July", where the source has "16 June" and a July of its own; "4.8 percentage points" for 4.8%.
"""

import re
from collections.abc import Iterator

from newsletter.checks.calendar_names import ANY_MONTH
from newsletter.checks.wording import folded

_MONTH = rf"({ANY_MONTH})\b"
_DAY = r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th)?"
_DATE = re.compile(rf"{_DAY} (?:of )?{_MONTH}|\b{_MONTH} (?:the )?{_DAY}(?![\d,.]*\d)")
_NUMBER = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)")
_POINTS = re.compile(rf"{_NUMBER.pattern} percentage[ -]points?\b")
_PERCENT = re.compile(rf"{_NUMBER.pattern} ?(?:%|per ?cent\b)")


def other_pairs(text: str, source: str) -> Iterator[str]:
    """Return the dates and points that put the source's figure to another month or unit."""
    here, there = folded(text), folded(source)
    dated, points = tuple(_dates(here)), tuple(_POINTS.finditer(here))
    if not dated and not points:  # most texts: the source need not be read for them
        return
    numbers = [one[1] for one in _NUMBER.finditer(there)]
    dates = [pair for pair, _ in _dates(there)]
    for (day, month), shown in dated:
        others = [one for one, name in dates if one == day and name != month]
        if others and (day, month) not in dates and len(others) == numbers.count(day):
            yield shown
    percents = [one[1] for one in _PERCENT.finditer(there)]
    for found in points:
        if found[1] in percents and percents.count(found[1]) == numbers.count(found[1]):
            yield found[0]


def _dates(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    for found in _DATE.finditer(text):
        yield (found[1] or found[4], found[2] or found[3]), found[0]
