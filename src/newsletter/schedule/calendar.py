"""Local times and the moments they mean; pure."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.errors import UserError
from newsletter.model.schedule import PlannedTime, exists, moment_of

_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 2999  # beyond, zones have no rules and sums overflow
_STEP = timedelta(minutes=1)


def parse_local(text: str) -> datetime:
    """Read ``2026-11-24 06:30`` or ``2026-11-24 06:30:15``: a local time without a zone."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text) if _SHAPE.fullmatch(text) else None
    except ValueError as error:
        raise UserError(f"{text!r} is not a time: {error}") from error
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        msg = f"{text!r} is not a time"
        raise UserError(msg, hint='write it as "2026-11-24 06:30" or "2026-11-24 06:30:15"')
    return found


def resolve(local: datetime, zone: ZoneInfo) -> PlannedTime:
    """Turn a local time into a moment; of a time that comes twice (autumn), the first."""
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
