"""The part of S13 that finds times that no clock shows: "16.10am", "at 25:30"; pure."""

import re
from collections.abc import Iterator

NOON, HOURS, MINUTES = 12, 24, 60
MOST_MEANT = 29  # hours; "at 89:59" is told of a match

_HALF_DAY = re.compile(
    r"(?<![\w.:,/-])(\d{1,2})(?:[.:](\d{2}))?[ \u00a0\u202f]?(?:am|pm|a\.m|p\.m|yb|yh)(?![\w-])",
    re.IGNORECASE,
)
# Words that a time follows; a bare "25:30" may be a score, a race or a verse.
_AFTER_WORD = re.compile(
    r"\b(?:at|until|till|um|ab|gegen|à|dès|vers|jusqu['\u2019]à|las|tan|am|الساعة)[ \u00a0]"
    r"(\d{1,2})(?::(\d{2})|[ \u00a0\u202f]?h(?:eures?)?[ \u00a0\u202f]?(\d{2}))(?![\d:%/]|[.,]\d)",
    re.IGNORECASE,
)
_UHR = re.compile(
    r"(?<![\w.:,/-])(\d{1,2})(?:[.:](\d{2}))?[ \u00a0\u202f](?:uhr|o['\u2019]clock)\b",
    re.IGNORECASE,
)


def impossible_times(text: str) -> Iterator[tuple[int, str]]:
    """Return place and words of each time of day that is none."""
    for hit in _HALF_DAY.finditer(text):
        if int(hit[1]) > NOON or int(hit[2] or 0) >= MINUTES:
            yield hit.start(1), hit[0]
    for pattern in (_AFTER_WORD, _UHR):
        for hit in pattern.finditer(text):
            hour, minute = int(hit[1]), int(next((g for g in hit.groups()[1:] if g), 0))
            is_none = hour <= MOST_MEANT and (hour, minute) > (HOURS, 0)
            if is_none or (hour <= HOURS and minute >= MINUTES):
                yield hit.start(1), hit[0]
