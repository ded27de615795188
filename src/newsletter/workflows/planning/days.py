"""Recurrence: the planned times that a schedule's rule gives in its zone; pure.

An occurrence is keyed by its local date and time as the rule says them, not by an instant: so an
hour that comes twice in autumn gives one, at the first, and one that clocks skip in spring gives
one too, as much later as they skip. APScheduler's own cron rule does neither.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.config.settings import NewsletterSettings, ScheduleSettings, Settings, why_off
from newsletter.errors import NewsletterError, UserError
from newsletter.issues.save import read_head
from newsletter.model.schedule import (
    Moments,
    ScheduledTime,
    exists,
    has_day,
    moment_of,
    parse_cron,
    wall,
)
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, issue_path, shown

DRAFT_LEAD = timedelta(hours=1)  # before approve_by, where draft_at is not set
LONGEST_WAIT = timedelta(days=8 * 366 + 1)  # 29 February may be away for eight years
LAST_YEAR = 2999  # beyond, zones have no rules
_DAY = timedelta(days=1)


def moments(
    schedule: ScheduleSettings, zone: ZoneInfo, local_date: date, local_time: time
) -> Moments:
    """Return the moments of the run that is planned for a local date and time.

    approve_by is the last such time on the wall up to the planned one, the planned moment where it
    is not set. draft_at is the last such time before approve_by, an hour before it where it is not
    set. Where clocks change between them, none comes after the one it should precede.
    """
    local = datetime.combine(local_date, local_time)
    planned_at = moment_of(local, zone)
    approve_local = _last(schedule.approve_by, local) if schedule.approve_by else local
    approve_by = min(moment_of(approve_local, zone), planned_at)
    if schedule.draft_at is None:
        draft_at = approve_by - DRAFT_LEAD
    else:
        draft_at = min(moment_of(_last(schedule.draft_at, approve_local), zone), approve_by)
    return Moments(draft_at=draft_at, approve_by=approve_by, planned_at=planned_at)


def _last(at: time, before: datetime) -> datetime:
    same_day = datetime.combine(before.date(), at)
    return same_day if same_day <= before else same_day - _DAY


def scheduled_time(schedule: ScheduleSettings, zone: ZoneInfo, local: datetime) -> ScheduledTime:
    """Return one time with its moments, and say what the clocks make of it."""
    found = moments(schedule, zone, local.date(), local.time())
    note = ""
    if not exists(local, zone):
        shown = wall(found.planned_at, zone)
        note = (
            f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone.key}: "
            f"the clocks go forward, so it is {shown:%H:%M}"
        )
    elif local.replace(tzinfo=zone, fold=1).utcoffset() != local.replace(tzinfo=zone).utcoffset():
        note = f"{local:%H:%M} comes twice on {local:%Y-%m-%d} in {zone.key}; the first is meant"
    return ScheduledTime(local=local, moments=found, note=note)


def why_not(schedule: ScheduleSettings, zone: ZoneInfo, local: datetime) -> str:
    """Return why a schedule has no such planned time; "" where it has."""
    rule = parse_cron(schedule.cron)
    if not rule.has_day(local.date()) or local.time() not in rule.times:
        return f'the schedule "{schedule.cron}" has no such time'
    if not has_day(local.date(), zone):
        return f"there is no {local.date()} in {zone.key}"
    shown = wall(moment_of(local, zone), zone)
    if shown != local and rule.has_day(shown.date()) and shown.time() in rule.times:
        return f"the clocks skip {local:%H:%M}, and {shown:%H:%M} is planned itself"
    return why_off(schedule, local.date())


def planned_times(
    schedule: ScheduleSettings, zone: ZoneInfo, *, after: datetime
) -> Iterator[ScheduledTime]:
    """Return what is planned after a moment, in order; ends where eight years bring nothing."""
    rule = parse_cron(schedule.cron)
    day = wall(after, zone).date() - _DAY  # what clocks skip may come on the day after
    waiting: list[ScheduledTime] = []
    fruitful = day
    while day - fruitful < LONGEST_WAIT and day.year < LAST_YEAR:
        begun = moment_of(datetime.combine(day, time(0)), zone)
        while waiting and waiting[0].moments.planned_at < begun:
            yield waiting.pop(0)
        if rule.has_day(day) and not why_off(schedule, day):
            for at in rule.times:
                local = datetime.combine(day, at)
                if moment_of(local, zone) > after and not why_not(schedule, zone, local):
                    waiting.append(scheduled_time(schedule, zone, local))
            waiting.sort(key=lambda scheduled: scheduled.moments.planned_at)
            fruitful = day if waiting else fruitful
        day += _DAY
    yield from waiting


_NAMED = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)", re.ASCII)

Head = tuple[str, date]


class IssueDays:
    """Looks through issues/; a file that did not change since the last look is not read again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[str, tuple[tuple[int, int], Head | None]] = {}

    def of(self, newsletter: str, day: date) -> tuple[str, ...]:
        """Return the names of the files that are the newsletter's issue of a day, in order."""
        return tuple(name for name, head in self.heads().items() if head == (newsletter, day))

    def unreadable(self, name: str) -> str:
        """Say with file and line why an issue's front matter cannot be read; "" where it can be."""
        path = self._settings.issues_folder / f"{name}.md"
        if not name or not path.is_file():
            return ""
        try:
            read_head(path, shown=shown(self._settings, path))
        except NewsletterError as error:
            mistakes = "; ".join(str(error).splitlines())
            return f"{mistakes}, so its front matter cannot be read"
        return ""

    def heads(self) -> dict[str, Head | None]:
        """Return newsletter and day of each issue; None where neither file nor name tells."""
        found: dict[str, tuple[tuple[int, int], Head | None]] = {}
        for name in issue_names(self._settings):
            path = self._settings.issues_folder / f"{name}.md"
            try:
                stat = path.stat()
            except OSError:  # taken away meanwhile
                continue
            stamp = (stat.st_mtime_ns, stat.st_size)
            before = self._known.get(name)
            is_same = before is not None and before[0] == stamp
            found[name] = before if before and is_same else (stamp, self._head(name, path))
        self._known = found
        return {name: head for name, (_, head) in found.items()}

    def _head(self, name: str, path: Path) -> Head | None:
        try:
            issue_path(self._settings, name)  # no link out of the folder
            return read_head(path, shown=shown(self._settings, path))
        except NewsletterError:
            return _by_name(name)


def _by_name(name: str) -> Head | None:
    found = _NAMED.fullmatch(name)
    try:
        return (found[2], date.fromisoformat(found[1])) if found else None
    except ValueError:
        return None


def issue_of_day(desk: Desk, newsletter: NewsletterSettings, day: date) -> str | None:
    """Name the issue of a day: the file with that newsletter and date; None where there is none."""
    found = IssueDays(desk.settings).of(newsletter.name, day)
    if len(found) > 1:
        raise UserError(two_files(newsletter.name, day, found), hint=TWO_FILES_HINT)
    return found[0] if found else None


TWO_FILES_HINT = "give one of them another date, or take it away"


def two_files(newsletter: str, day: date, names: tuple[str, ...]) -> str:
    """Return that there are two files where one is wanted."""
    files = " and ".join(f"issues/{name}.md" for name in names)
    return f"{files} are both the issue of {newsletter} for {day}"
