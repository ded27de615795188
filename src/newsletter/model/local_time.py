"""What a time on the wall means where clocks are put forward and back; pure."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_ROUND_THE_DAY = (time(0, 0), time(12, 0), time(23, 59))


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks of the zone ever show that time; a spring change leaves some out."""
    return wall(moment_of(local, zone), zone) == local


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, that a time on the wall means, for a rule that asks no questions.

    Of a time that comes twice (autumn) the first; one that clocks skip (spring) comes as much
    later as they skip: 01:30 becomes 02:30 where 01:00 to 02:00 is left out. Both by PEP 495: the
    offset before the change counts.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive time that clocks of the zone show at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def has_day(day: date, zone: ZoneInfo) -> bool:
    """Return whether the zone has that day at all; Samoa had no 30 December 2011."""
    return any(exists(datetime.combine(day, at), zone) for at in _ROUND_THE_DAY)
