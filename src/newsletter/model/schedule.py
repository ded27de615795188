"""When issues are planned: cron rules, local times, the stages of a run."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

FIELDS = 5
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(
    r"(?:\*|(?P<one>[0-9]{1,2}|[a-z]{3})|(?P<low>[0-9]{1,2}|[a-z]{3})-(?P<high>[0-9]{1,2}|[a-z]{3}))"
    r"(?:/(?P<step>[0-9]{1,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CronRule:
    """What a rule names; weekdays count from Sunday, 0, as crontab(5) does.

    either_day: the day of the month and the weekday are both given, and one of them is enough.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def has_day(self, day: date) -> bool:
        """Return whether the rule names that day."""
        in_month = day.day in self.days
        in_week = day.isoweekday() % 7 in self.weekdays
        either = in_month or in_week
        return day.month in self.months and (either if self.either_day else in_month and in_week)

    @property
    def times(self) -> tuple[time, ...]:
        """The times of each day it names, the earliest first."""
        return tuple(time(hour, minute) for hour in self.hours for minute in self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    what: str
    low: int
    high: int
    names: tuple[str, ...] = ()  # the first one means the field's lowest number

    def number(self, word: str) -> int:
        """Read a number or a name. Raises ValueError: it is none of this field."""
        if word in self.names:
            return self.names.index(word) + self.low
        if not word.isdecimal() or not self.low <= int(word) <= self.high:
            names = f' or "{self.names[0]}" to "{self.names[-1]}"' if self.names else ""
            msg = f'"{word}" is no {self.what}; write {self.low} to {self.high}{names}'
            raise ValueError(msg)
        return int(word)


_MINUTE = _Field(what="minute", low=0, high=59)
_HOUR = _Field(what="hour", low=0, high=23)
_DAY = _Field(what="day of the month", low=1, high=31)
_MONTH = _Field(what="month", low=1, high=12, names=_MONTHS)
_WEEKDAY = _Field(what="weekday", low=0, high=7, names=_DAYS)


@lru_cache(maxsize=256)
def parse_cron(rule: str) -> CronRule:
    """Read a rule such as ``30 6 * * mon-fri``: minute, hour, day of the month, month, weekday.

    Raises ValueError: it has another shape, or never comes true; a sentence says what to write.
    """
    fields = rule.lower().split()
    if len(fields) != FIELDS:
        msg = f'"{" ".join(fields)[:60]}" is no cron rule of five fields; write "30 6 * * mon-fri"'
        raise ValueError(msg)
    minute, hour, day, month, weekday = fields
    read = CronRule(
        minutes=tuple(sorted(_numbers(_MINUTE, minute))),
        hours=tuple(sorted(_numbers(_HOUR, hour))),
        days=frozenset(_numbers(_DAY, day)),
        months=frozenset(_numbers(_MONTH, month)),
        weekdays=frozenset(number % 7 for number in _numbers(_WEEKDAY, weekday)),
        either_day=not day.startswith("*") and not weekday.startswith("*"),
    )
    longest = max(_LONGEST_MONTHS[number - 1] for number in read.months)
    if not read.either_day and min(read.days) > longest:
        msg = (
            f'"{day} {month}" is a day that no such month has; '
            f"write a day of the month up to {longest}"
        )
        raise ValueError(msg)
    return read


def _numbers(field: _Field, text: str) -> set[int]:
    """Read one field: numbers, names, ranges and steps, with commas between them."""
    found: set[int] = set()
    for part in text.split(","):
        shape = _PART.fullmatch(part)
        step = int(shape["step"] or 1) if shape else 0
        if shape is None or not step or (shape["step"] and shape["one"]):
            example = '"mon-fri"' if field is _WEEKDAY else f'"{field.low}-{field.low + 4}"'
            msg = (
                f'"{part[:60]}" is no {field.what}; write a number, a range such as {example}, "*"'
            )
            raise ValueError(msg)
        # 7 is Sunday once more, and would upset a step
        low, high = field.low, 6 if field is _WEEKDAY else field.high
        if shape["one"]:
            low = high = field.number(shape["one"])
        elif shape["low"]:
            low, high = field.number(shape["low"]), field.number(shape["high"])
            high = 7 if field is _WEEKDAY and not high else high  # "sat-sun" ends with Sunday
        if high < low:
            msg = f'"{part}" goes backwards; write the lower one first, or two with a comma'
            raise ValueError(msg)
        found.update(range(low, high + 1, step))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """local is naive, as clocks of the zone show it; at is the aware moment in UTC."""

    local: datetime
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """When a scheduled run does what; aware, in UTC, draft_at <= approve_by <= planned_at."""

    draft_at: datetime
    approve_by: datetime
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTime:
    """One time that a schedule's rule gives: its key, its moments, and what is odd about it.

    local is naive, as the rule says it, also where clocks skip it; note is "" or a sentence.
    """

    local: datetime
    moments: Moments
    note: str = ""


_ROUND_THE_DAY = (time(0, 0), time(12, 0), time(23, 59))


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks of the zone ever show that time; a spring change leaves some out."""
    return wall(moment_of(local, zone), zone) == local


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, that a time on the wall means, by PEP 495 with fold 0.

    Of a time that comes twice the first; one that clocks skip comes as much later as they skip.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive time that clocks of the zone show at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def has_day(day: date, zone: ZoneInfo) -> bool:
    """Return whether the zone has that day at all; Samoa had no 30 December 2011."""
    return any(exists(datetime.combine(day, at), zone) for at in _ROUND_THE_DAY)


class Stage(StrEnum):
    """The stages in their order; each is over once, and the next begins only then.

    ready is no work of its own: the run may be claimed at its planned time.
    """

    FETCH = "fetch"
    DRAFT = "draft"
    RECHECK = "recheck"
    BUILD = "build"
    CHECK = "check"
    EDITORS = "editors"
    REMINDER = "reminder"
    APPROVAL = "approval"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often a stage was tried without getting over; first_at is the first, next_at the next."""

    count: int
    first_at: datetime
    next_at: datetime
