"""Local times and the moments they mean; pure."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.errors import UserError
from newsletter.model.schedule import PlannedTime, exists, moment_of

_SHAPE = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 2999  # beyond, zones have no rules and sums overflow
_STEP = timedelta(minutes=1)


def parse_local(text: str) -> datetime:
    """Read ``2026-11-24 06:30`` or ``2026-11-24 06:30:15``: a local time without a zone.

    Raises UserError: the text has another shape, or names no day or time.
    """
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        msg = f"{text!r} is not a time"
        raise UserError(msg, hint='write it as "2026-11-24 06:30" or "2026-11-24 06:30:15"')
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"{text!r} is not a time of this age"
        raise UserError(msg, hint=f"write a year from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (local by meaning)
    except ValueError as error:
        raise UserError(f"{text!r} is not a time: {error}") from error


def resolve(local: datetime, zone: ZoneInfo) -> PlannedTime:
    """Turn a local time into a moment; of a time that comes twice (autumn), the first.

    Raises UserError: clocks of the zone skip that time; the message names the next that exists.
    """
    if not exists(local, zone):
        following = local.replace(second=0)
        while not exists(following, zone):
            following += _STEP
        msg = f"{local} does not exist in {zone.key}: the clocks go forward"
        raise UserError(msg, hint=f'the next time that does is "{following:%Y-%m-%d %H:%M}"')
    return PlannedTime(local=local, zone=zone.key, at=moment_of(local, zone))


def is_twofold(local: datetime, zone: ZoneInfo) -> bool:
    """Return whether the zone's clocks show that time twice (they go back)."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return exists(local, zone) and first != second
