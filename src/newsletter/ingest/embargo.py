"""An embargo as press texts state it: in words, at the top of the text.

There is no standard field for it in feeds or pages that publishers use; the words are the custom.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from newsletter.ingest.safe_text import normal

WITHIN = 4  # paragraphs, the headline among them
MOST_LINE = 300  # characters; an article on embargoes is longer and says it later
UNKNOWN = datetime(9999, 12, 31, tzinfo=UTC)  # no readable end: a person decides

_STATED = re.compile(
    r"^(?:\W{0,3}(?:strictly )?embargo(?:ed)? ?(?:until|till|[:\u2013\u2014-]|\d)"
    r"|not for (?:publication|release) (?:before|until)\b"
    r"|.{0,40}\bunder (?:strict )?embargo (?:until|till)\b)"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{'|'.join(_MONTHS)}),? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{'|'.join(_MONTHS)}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"
)
_TIME = re.compile(
    r"\b(?P<h>\d{1,2})[:.](?P<m>\d{2})(?::\d{2})? ?(?P<half>[ap]\.?m\b)?"
    r"|\b(?P<h2>\d{1,2}) ?(?P<half2>[ap]\.?m\b)|\b(?P<word>noon|midday|midnight)\b"
)
_ZONES = {"gmt": 0, "utc": 0, "bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4}
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})\b")


def stated_embargo(texts: Iterable[str]) -> datetime | None:
    """Return the end of the embargo that one of the first texts states; None where none does.

    A day without a time ends with that day, a time without a zone is UTC, an end that cannot be
    read is UNKNOWN.
    """
    for position, text in enumerate(texts):
        if position >= WITHIN:
            return None
        line = normal(text) if len(text) <= MOST_LINE else ""
        if _STATED.search(line):
            return _end_of(line)
    return None


def _end_of(line: str) -> datetime:
    found = _DAY.search(line)
    if found is None:
        return UNKNOWN
    zone = _ZONE.search(line)
    offset = timezone(timedelta(hours=_ZONES[zone[1]])) if zone else UTC
    try:
        if found["iso"]:
            day = datetime.fromisoformat(found["iso"]).replace(tzinfo=offset)
        else:
            month = _MONTHS.index(found["m1"] or found["m2"]) + 1
            year, number = int(found["y1"] or found["y2"]), int(found["d1"] or found["d2"])
            day = datetime(year, month, number, tzinfo=offset)
        return (day + _time_in(f"{line[: found.start()]} {line[found.end() :]}")).astimezone(UTC)
    except (ValueError, OverflowError):
        return UNKNOWN


def _time_in(words: str) -> timedelta:
    """Return the time of day that is named, the day's end where none is."""
    found = _TIME.search(words)
    if found is None:
        return timedelta(days=1)
    if found["word"]:
        return timedelta(hours=0 if found["word"] == "midnight" else 12)
    hour, minute = int(found["h"] or found["h2"]), int(found["m"] or 0)
    half = (found["half"] or found["half2"] or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 (no time of day)
        msg = "no time of day"
        raise ValueError(msg)
    return timedelta(hours=hour, minutes=minute)
