"""Force and skip: what a person does to the next run of a newsletter's schedule."""

from datetime import date, datetime

from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings, ScheduleSettings, why_off
from newsletter.errors import NothingToDo, UserError
from newsletter.model.records import (
    ApprovalRow,
    OccurrenceKind,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
)
from newsletter.model.schedule import PlannedTime
from newsletter.store import Connection, approvals, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.days import IssueDays, planned_times, scheduled_time
from newsletter.workflows.planning.occurrence import STATE_WORDS
from newsletter.workflows.planning.plan_ahead import (
    has_mailing,
    plan_ahead,
    row_at,
    times_of_day,
)


def force_next(desk: Desk, name: str, *, by: str) -> tuple[OccurrenceRow, bool]:
    """Have the next run of a newsletter's schedule start now; the ones after stay as they are.

    Returns the run, and whether an approval for its planned time was broken.
    """
    newsletter, schedule = _scheduled(desk, name)
    plan_ahead(desk, IssueDays(desk.settings))
    now = desk.clock.now()
    with desk.database.write() as connection:
        row = _next(desk, connection, newsletter, schedule)
        if row.mark is OccurrenceMark.FORCED:
            msg = f"{_named(row)} was forced already; it runs now"
            raise NothingToDo(msg, hint='"newsletter run" carries it out')
        was = row.planned_at.astimezone(newsletter.timezone)
        note = f"forced by {by}; it was planned for {was:%Y-%m-%d %H:%M:%S %Z}"
        scheduled.force(connection, row.id, now=now, approve_by=now + schedule.if_late, note=note)
        local = now.astimezone(newsletter.timezone).replace(tzinfo=None, microsecond=0)
        planned = PlannedTime(local=local, zone=newsletter.timezone.key, at=now)
        _, broke = give_time(connection, row.issue or "", planned, now=now, what="forced to run at")
        return occurrences.get_occurrence(connection, row.id), broke


def give_time(
    connection: Connection, issue: str, planned: PlannedTime, *, now: datetime, what: str
) -> tuple[ApprovalRow | None, bool]:
    """Give an approval without a time this one, and break one that is for another.

    Returns the approval that stands then, and whether it was broken.
    """
    approval = approvals.standing(connection, issue)
    if approval is not None and approval.planned_at is None:
        approvals.set_planned(
            connection, approval.id, planned_at=planned.at, planned_local=str(planned.local)
        )
    elif approval is not None and approval.planned_at != planned.at:
        why = f"{what} {planned.local} instead of {approval.planned_local}"
        return None, approvals.break_seal(connection, issue, why=why, now=now)
    return approval, False


def skip_run(
    desk: Desk, name: str, day: date | None, *, by: str, plans_ahead: bool = True
) -> tuple[OccurrenceRow, ...]:
    """Leave out the next run of a newsletter's schedule, or what it has on a day.

    Without plans_ahead only runs that are planned already are known: mistakes in the settings must
    not take back what another schedule has planned.
    """
    newsletter, schedule = _scheduled(desk, name)
    if plans_ahead:
        plan_ahead(desk, IssueDays(desk.settings))
    now = desk.clock.now()
    with desk.database.write() as connection:
        if day is None:
            rows: tuple[OccurrenceRow, ...] = (_next(desk, connection, newsletter, schedule),)
        else:
            rows = _of_day(connection, newsletter, schedule, day, now=now)
        for row in rows:
            _refuse_ended(connection, row)
            scheduled.set_aside(
                connection, row.id, OccurrenceMark.SKIPPED, why=f"skipped by {by}", now=now
            )
        return tuple(occurrences.get_occurrence(connection, row.id) for row in rows)


def unskip_run(desk: Desk, name: str, day: date | None) -> tuple[OccurrenceRow, ...]:
    """Take back a skip: of a day, or of all times to come."""
    newsletter, schedule = _scheduled(desk, name)
    now = desk.clock.now()
    with desk.database.write() as connection:
        since = day or now.astimezone(newsletter.timezone).date()
        rows = [
            row
            for row in occurrences.of_newsletter(connection, name, since)
            if row.mark is OccurrenceMark.SKIPPED
            and row.planned_at > now
            and day in {None, row.local_date}
        ]
        for row in rows:
            found = scheduled_time(schedule, newsletter.timezone, row.local)
            scheduled.take_back(connection, row.id, found)
        if not rows:
            msg = f"nothing of {name} to come is skipped{f' on {day}' if day else ''}"
            raise NothingToDo(msg, hint='see "newsletter plan"')
        return tuple(occurrences.get_occurrence(connection, row.id) for row in rows)


def _scheduled(desk: Desk, name: str) -> tuple[NewsletterSettings, ScheduleSettings]:
    newsletter = newsletter_named(desk.settings, name)
    if newsletter.schedule is None:
        msg = f"{name} has no schedule"
        hint = f'write [newsletters.{name}.schedule] in newsletter.toml, or "newsletter send ISSUE"'
        raise UserError(msg, hint=hint)
    return newsletter, newsletter.schedule


def _named(row: OccurrenceRow) -> str:
    return f"the run of {row.newsletter} at {row.local_date} {row.local_time:%H:%M}"


def _next(
    desk: Desk, connection: Connection, newsletter: NewsletterSettings, schedule: ScheduleSettings
) -> OccurrenceRow:
    for row in occurrences.list_occurrences(connection, (OccurrenceState.PLANNED,)):
        is_its = row.kind is OccurrenceKind.SCHEDULED and row.newsletter == newsletter.name
        if is_its and not has_mailing(connection, row):
            return row
    for found in planned_times(schedule, newsletter.timezone, after=desk.clock.now()):
        row = row_at(connection, newsletter, found)
        if row.state is OccurrenceState.PLANNED and row.kind is OccurrenceKind.SCHEDULED:
            return row
    raise NothingToDo(f"the schedule of {newsletter.name} has no time to come")


def _of_day(
    connection: Connection,
    newsletter: NewsletterSettings,
    schedule: ScheduleSettings,
    day: date,
    *,
    now: datetime,
) -> tuple[OccurrenceRow, ...]:
    """Return the runs of a day; those that are past only where nothing became of them."""
    found = tuple(times_of_day(newsletter, schedule, day))
    if not found:
        why = why_off(schedule, day) or f'"{schedule.cron}" does not name that day'
        msg = f"the schedule of {newsletter.name} has no run on {day}: {why}"
        raise NothingToDo(msg, hint='see "newsletter plan"')
    rows = []
    for one in found:
        key = (newsletter.name, day, one.local.time())
        if one.moments.planned_at <= now and occurrences.at_key(connection, *key) is None:
            raise UserError(f"{one.local:%Y-%m-%d %H:%M} is past", hint='see "newsletter log"')
        rows.append(row_at(connection, newsletter, one))
    return tuple(rows)


def _refuse_ended(connection: Connection, row: OccurrenceRow) -> None:
    if row.mark is OccurrenceMark.SKIPPED:
        msg = f"{_named(row)} is skipped already"
        raise NothingToDo(msg, hint='"newsletter skip --undo" takes it back')
    hint = f'"newsletter unschedule {row.issue}" takes it back'
    if row.kind is not OccurrenceKind.SCHEDULED:
        raise UserError(f"{_named(row)} was planned by hand", hint=hint)
    if has_mailing(connection, row) or row.state is OccurrenceState.CLAIMED:
        hint = f'"newsletter stop {row.issue}" ends it'
        raise UserError(f"{_named(row)} has begun", hint=hint)
    if row.state not in {OccurrenceState.PLANNED, OccurrenceState.HELD}:
        msg = f"{_named(row)} is over: {STATE_WORDS[row.state]}"
        raise UserError(msg, hint='see "newsletter log"')
