"""Times of day that a source does not name, though it names others; pure, for English.

"From 10am", where the source says 11am, and the 10 of some date would back the figure.
"""

import re
from collections.abc import Iterator

_TIME = re.compile(
    r"(?<![\w.:,/£$€-])(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?"
    r"(?: ?[ap](?:m\b|\.m\.?)| o['\u2019]clock\b)",
    re.IGNORECASE,
)
_OF_DAY = re.compile(r"(?<![\w.:,/£$€-])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?![\d.:%])")
_NAMED = {"noon": 720, "midday": 720, "midnight": 0}
_WORDS = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?=(?: o['\u2019]clock)?"
    r" (?:in the|at night|this|that|every|on|and|to|until)\b| o['\u2019]clock)",
    re.IGNORECASE,
)
_HOURS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "twelve",
)
_RANGE = re.compile(r"(?<![\w.:,/£$€-])(\d{1,2})(?:[.:]([0-5]\d))? ?(?:-|\u2013|to) ?(?=\d{1,2})")
_ABOUT = re.compile(r"\b(?:about|around|after|before|shortly|nearly|almost|by|past|towards) $")
HALF_DAY, HOUR, NEAR = 720, 60, 30  # minutes


def other_hours(text: str, source: str) -> Iterator[str]:
    """Return each time of a text that is none of its source's, as written."""
    there = set(_minutes(source))
    if not any(_TIME.finditer(source)):
        return
    for hit in _TIME.finditer(text):
        at = _minute_of(hit)
        near = NEAR if _ABOUT.search(text[: hit.start()]) else 0
        is_told = any(abs(at - one) % HALF_DAY <= near for one in there)
        # a figure that stands nowhere is told as such
        stands = re.search(rf"(?<![\d.,:]){hit['hour']}(?!\d)", source)
        if not is_told and stands:
            yield hit[0]


def _minutes(text: str) -> Iterator[int]:
    """Return the times of a text as minutes of half a day."""
    for pattern in (_TIME, _OF_DAY):
        yield from (_minute_of(hit) for hit in pattern.finditer(text))
    for hit in _RANGE.finditer(text):
        yield int(hit[1]) * HOUR % HALF_DAY + int(hit[2] or 0)
    for hit in _WORDS.finditer(text):
        yield (_HOURS.index(hit[1].casefold()) + 1) * HOUR % HALF_DAY
    for name, minutes in _NAMED.items():
        if re.search(rf"\b{name}\b", text, re.IGNORECASE):
            yield minutes % HALF_DAY


def _minute_of(hit: re.Match[str]) -> int:
    return int(hit["hour"]) * HOUR % HALF_DAY + int(hit["minute"] or 0)
