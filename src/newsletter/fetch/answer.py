"""What the headers of an answer mean."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from urllib3.response import HTTPResponse

REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
OK = range(200, 300)
ERRORS = 400  # and above: RFC 9110 section 15
NOT_FOUND = 404
GONE = 410
LONGEST = timedelta(days=30)
_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,10})', re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)(?:$|[\s,=])", re.IGNORECASE)
_SENDABLE = re.compile(r"[\x20-\x7e\xa0-\xff]{1,1000}")


def header_values(response: HTTPResponse) -> dict[str, str]:
    """Return the headers with lower-case names, the last of several winning."""
    return {name.lower(): value.strip() for name, value in response.headers.items()}


def keep_for(cache_control: str) -> timedelta | None:
    """Read max-age (RFC 9111, 5.2.2.1); None where nothing is said or keeping is forbidden."""
    found = _MAX_AGE.search(cache_control)
    if not found or _NEVER.search(cache_control):
        return None
    return min(timedelta(seconds=int(found[1])), LONGEST)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); from 0 to 30 days."""
    value = value.strip()[:100]
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST)
    try:
        when = parsedate_to_datetime(value)
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(timedelta(0), min(aware - now, LONGEST))
    except (ValueError, OverflowError):
        return None


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """Make the conditional headers, as received; what cannot stand in a header is left out."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if _SENDABLE.fullmatch(value)}
