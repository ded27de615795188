"""Moments as feeds write them, as RFC 3339 text; the zone that is stated stays."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz

from newsletter.ingest.pages.page_head import FIRST_YEAR

MOST_DATE_CHARS = 80

# Names beside those of RFC 822 section 5.1 that mean one offset, in minutes.
_ZONES = {
    "BST": 60,
    "WEST": 60,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "JST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
}
_ZONE_NAME = re.compile(r"\b([A-Z]{3,4})\s*$")
# A year that the library would take for one of this century.
_NO_YEAR = re.compile(r"(?:^|[A-Za-z][ -])0\d{3}\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")


def moment(text: str, *, now: datetime, fallback: tuple[int, ...] | None = None) -> str:
    """Return a stated date as RFC 3339, or as a day where that is all that is stated.

    Args:
        text: as it stands in the feed: ISO 8601 or RFC 822.
        now: nothing later than a day after it is believed, nothing before 1990.
        fallback: what another reader made of it, in UTC: year to second.

    Returns:
        "" where there is no date that can be believed. Without a zone it is taken for UTC.
    """
    stated = text.strip()[:MOST_DATE_CHARS]
    if not stated:
        return ""
    found = _iso(stated) or _rfc822(stated)
    if found is None and not _NO_YEAR.search(stated):
        found = _of_parts(fallback)
    if found is None:
        return ""
    if not isinstance(found, datetime):
        return str(found) if found.year >= FIRST_YEAR and found <= _tomorrow(now).date() else ""
    if found.year < FIRST_YEAR or found > _tomorrow(now):
        return ""
    return found.replace(microsecond=0).isoformat()


def _tomorrow(now: datetime) -> datetime:
    return now + timedelta(days=1)


def _iso(text: str) -> datetime | date | None:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", text))
    except ValueError:
        return None
    return _aware(found, found.tzinfo)


def _rfc822(text: str) -> datetime | None:
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, TypeError):  # odd input makes the library stumble
        return None
    if parts is None or _NO_YEAR.search(text):
        return None
    offset = parts[9] or 0
    named = _ZONE_NAME.search(text)
    if named and named[1] in _ZONES:
        offset = 60 * _ZONES[named[1]]
    year, month, day, hour, minute, second = parts[:6]
    try:
        zone = timezone(timedelta(seconds=offset))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _of_parts(parts: tuple[int, ...] | None) -> datetime | None:
    if not parts:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _aware(found: datetime, zone: object) -> datetime | None:
    try:
        moment_ = found if zone else found.replace(tzinfo=UTC)
        moment_.astimezone(UTC)
    except OverflowError:
        return None
    return moment_
