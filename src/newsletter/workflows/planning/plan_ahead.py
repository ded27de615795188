"""Plan ahead: keep a row for the next planned times of each schedule, and judge past ones.

Whoever looks does the same: the rows' unique key decides, and each change is made in a transaction
that has looked once more. Nothing here drafts or sends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from newsletter.config.settings import NewsletterSettings, ScheduleSettings
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import ScheduledTime
from newsletter.store import Connection, approvals, ledger, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.days import (
    IssueDays,
    planned_times,
    scheduled_time,
    two_files,
    why_not,
)
from newsletter.workflows.planning.occurrence import (
    WRONG_CLOCK,
    lateness,
    open_until,
    overtaken,
)

AHEAD = 3  # rows kept for the times to come; what `plan` shows beyond is computed
LOOK_BACK = timedelta(days=40)  # rows older than this are left as they are
MOST_MISSED = 400  # more than a year of days; what a stop left out before is not told one by one
_PASSES = 6  # filling, judging and attaching follow each other


Change = tuple[Callable[[Connection], object], str]  # and the sentence that tells it, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What is known of one newsletter with a schedule at one moment."""

    newsletter: NewsletterSettings
    schedule: ScheduleSettings
    rows: tuple[OccurrenceRow, ...]
    days: IssueDays
    now: datetime
    connection: Connection

    def planned(self) -> Iterator[OccurrenceRow]:
        """Return the rows of the rule that nothing has become of yet, but for those being sent."""
        for row in self.rows:
            is_its = row.kind is OccurrenceKind.SCHEDULED
            is_planned = row.state is OccurrenceState.PLANNED
            if is_its and is_planned and not has_mailing(self.connection, row):
                yield row


def plan_ahead(desk: Desk, days: IssueDays) -> tuple[str, ...]:
    """Bring the rows of all schedules up to this moment; return what changed, in sentences.

    - the next times of each schedule have a row; what a stop or a sleep left out gets one too;
    - a row whose time the schedule has no more is left out, with the reason; one whose moments
      changed with the settings or the zone's rules is moved, with the change in its note;
    - a row past `if_late` is missed, and so is one whose follower is due too: never two at once;
    - one that was missed by a clock which ran ahead is planned again, also a person's own time;
    - the file that is the issue of a row's newsletter and date is attached; a second one that
      appears once the draft is made holds it.
    """
    told: list[str] = []
    for _ in range(_PASSES):
        with desk.database.read() as connection:
            if not any(_changes(desk, connection, days)):
                break
        with desk.database.write() as connection:
            for apply, said in list(_changes(desk, connection, days)):
                apply(connection)
                told += [said] if said else []
    return tuple(told)


def _changes(desk: Desk, connection: Connection, days: IssueDays) -> Iterator[Change]:
    now = desk.clock.now()
    scheduled_names = set()
    for newsletter in desk.settings.newsletters:
        if newsletter.schedule is None:
            continue
        scheduled_names.add(newsletter.name)
        since = (now - LOOK_BACK).astimezone(newsletter.timezone).date()
        view = _View(
            newsletter=newsletter,
            schedule=newsletter.schedule,
            rows=occurrences.of_newsletter(connection, newsletter.name, since),
            days=days,
            now=now,
            connection=connection,
        )
        stage = list(_recomputed(view)) or list(_filled(view))
        yield from stage or list(_judged(view)) or list(_attached(view))
    for row in occurrences.list_occurrences(connection, (OccurrenceState.PLANNED,)):
        if row.kind is not OccurrenceKind.SCHEDULED or row.newsletter in scheduled_names:
            continue
        if not has_mailing(connection, row):
            yield _gone(row, f"{row.newsletter} has no schedule any more", now)
    for row in occurrences.missed_to_come(connection, now=now):
        again = partial(occurrences.plan_again, occurrence_id=row.id)
        yield again, f"{row.issue}: planned again: {WRONG_CLOCK}"


def catch_up(desk: Desk, connection: Connection, name: str) -> None:
    """Bring an issue's planned time up to the settings of now, as the next look of `run` would."""
    row = occurrences.of_issue(connection, name)
    for newsletter in desk.settings.newsletters:
        if row and newsletter.name == row.newsletter and newsletter.schedule is not None:
            view = _View(
                newsletter=newsletter,
                schedule=newsletter.schedule,
                rows=(row,),
                days=IssueDays(desk.settings),
                now=desk.clock.now(),
                connection=connection,
            )
            for apply, _ in list(_recomputed(view)):
                apply(connection)


def name_of(row: OccurrenceRow) -> str:
    """Name a planned time in a sentence."""
    return f"{row.newsletter}, {row.local_date} {row.local_time:%H:%M}"


def _gone(row: OccurrenceRow, why: str, now: datetime) -> Change:
    if row.issue is not None:
        why = f"{why}; {row.issue} is not planned any more"
    leave = partial(
        scheduled.set_aside, occurrence_id=row.id, mark=OccurrenceMark.GONE, why=why, now=now
    )
    return leave, f"{name_of(row)}: left out: {why}"


def _recomputed(view: _View) -> Iterator[Change]:
    zone = view.newsletter.timezone
    for row in view.planned():
        if row.mark is OccurrenceMark.FORCED:
            continue
        why = why_not(view.schedule, zone, row.local)
        if why:
            yield _gone(row, why, view.now)
            continue
        found = scheduled_time(view.schedule, zone, row.local)
        moments = found.moments
        if (row.draft_at, row.approve_by, row.planned_at) != (
            moments.draft_at,
            moments.approve_by,
            moments.planned_at,
        ):
            yield _moved(row, found, view)
    for row in view.rows:
        is_gone = row.mark is OccurrenceMark.GONE
        may_return = is_gone or row.state is OccurrenceState.MISSED
        if row.kind is not OccurrenceKind.SCHEDULED or not may_return:
            continue
        found = scheduled_time(view.schedule, zone, row.local)
        if found.moments.planned_at > view.now and not why_not(view.schedule, zone, row.local):
            why = "the schedule has it again" if is_gone else WRONG_CLOCK
            back = partial(scheduled.take_back, occurrence_id=row.id, scheduled=found)
            yield back, f"{name_of(row)}: planned again: {why}"


def _moved(row: OccurrenceRow, found: ScheduledTime, view: _View) -> Change:
    note = found.note
    said = ""
    if found.moments.planned_at != row.planned_at:
        zone = view.newsletter.timezone
        was, now = (
            f"{moment.astimezone(zone):%H:%M:%S %Z} ({moment:%H:%M} UTC)"
            for moment in (row.planned_at, found.moments.planned_at)
        )
        change = f"moved from {was} to {now}: the settings, or the rules of {zone.key}, changed"
        note = f"{note}; {change}" if note else change
        said = f"{name_of(row)}: {change}"
    return partial(scheduled.move, occurrence_id=row.id, found=found.moments, note=note), said


def _filled(view: _View) -> Iterator[Change]:
    keys = {row.local for row in view.rows}
    newest = scheduled.newest(view.connection, view.newsletter.name)
    start = min(newest, view.now) if newest is not None else view.now
    slept: list[ScheduledTime] = []
    ahead = 0
    for found in planned_times(view.schedule, view.newsletter.timezone, after=start):
        if ahead == AHEAD:
            break
        ahead += found.moments.planned_at > view.now
        if found.local not in keys:
            slept.append(found)
    past = [found for found in slept if found.moments.planned_at <= view.now]
    for found in (*past[-MOST_MISSED:], *slept[len(past) :]):
        add = partial(scheduled.add_scheduled, newsletter=view.newsletter.name, scheduled=found)
        yield add, ""


def _judged(view: _View) -> Iterator[Change]:
    """Write down as missed what is too late, and what the next one has overtaken."""
    for row in view.planned():
        if row.planned_at > view.now:
            continue
        hold_until = None
        approval = approvals.standing(view.connection, row.issue) if row.issue else None
        if approval is not None and approval.approved_at <= view.now:  # else by a wrong clock
            hold_until = approval.approved_at + view.newsletter.hold
        why = lateness(view.newsletter, row, view.now, hold_until)
        why = why or overtaken(row, view.rows, view.now)
        if why:
            yield _ended(row, OccurrenceState.MISSED, why, view.now)


def _ended(row: OccurrenceRow, state: OccurrenceState, why: str, now: datetime) -> Change:
    finish = partial(occurrences.finish, occurrence_id=row.id, state=state, why=why, now=now)
    return finish, f"{name_of(row)}: {state}: {why}"


def _attached(view: _View) -> Iterator[Change]:
    newsletter = view.newsletter.name
    heads = view.days.heads()
    taken: set[str] = set()
    for row in view.planned():
        names = tuple(name for name, head in heads.items() if head == (newsletter, row.local_date))
        has_begun = row.draft_at is not None and row.draft_at <= view.now
        if row.issue is not None and row.issue in heads and row.issue not in names:
            yield from _estranged(view, row, row.issue, has_begun=has_begun)
        elif len(names) > 1 and row.issue is not None and has_begun:  # before, the draft says so
            why = two_files(newsletter, row.local_date, names)
            yield _ended(row, OccurrenceState.HELD, why, view.now)
        elif (
            len(names) == 1
            and row.issue is None
            and names[0] not in taken
            and not is_others(view.connection, row, names[0])
        ):
            taken.add(names[0])
            yield partial(scheduled.attach_issue, occurrence_id=row.id, issue=names[0]), ""


def _estranged(view: _View, row: OccurrenceRow, issue: str, *, has_begun: bool) -> Iterator[Change]:
    """Answer a file that was a row's issue and says another day or newsletter now, or nothing.

    One that cannot be read stays the row's: it is being written, or a person mends it. Where it was
    approved, or its draft should be there, it holds the row.
    """
    unreadable = view.days.unreadable(issue)
    if has_begun or (unreadable and approvals.standing(view.connection, issue) is not None):
        other = f"{issue} is not the issue of {row.newsletter} for {row.local_date} any more"
        yield _ended(row, OccurrenceState.HELD, unreadable or other, view.now)
    elif not unreadable:
        yield partial(scheduled.detach_issue, occurrence_id=row.id), ""


def has_mailing(connection: Connection, row: OccurrenceRow) -> bool:
    """Return whether a run's mailing exists: then the ledger decides about it, and nobody else."""
    return row.issue is not None and ledger.mailing_for_issue(connection, row.issue) is not None


def is_others(connection: Connection, row: OccurrenceRow | None, issue: str) -> bool:
    """Return whether another planned time sends an issue, or it was sent."""
    other = occurrences.of_issue(connection, issue)
    has_time = other is not None and (row is None or other.id != row.id)
    return has_time or ledger.mailing_for_issue(connection, issue) is not None


def attach_by_date(desk: Desk, connection: Connection, name: str) -> None:
    """Plan an issue for the next time that its newsletter's schedule has on its date, if any."""
    days = IssueDays(desk.settings)
    head = days.heads().get(name)
    newsletter = next((n for n in desk.settings.newsletters if head and n.name == head[0]), None)
    if head is None or newsletter is None or newsletter.schedule is None:
        return
    if len(days.of(*head)) != 1 or is_others(connection, None, name):
        return
    now = desk.clock.now()
    known = occurrences.of_newsletter(connection, newsletter.name, head[1])
    forced = [r for r in known if r.local_date == head[1] and r.mark is OccurrenceMark.FORCED]
    to_come = (
        row_at(connection, newsletter, found)
        for found in times_of_day(newsletter, newsletter.schedule, head[1])
        if found.moments.planned_at > now
    )
    row = next((row for row in chain(forced, to_come) if _wants_file(row, now)), None)
    if row is not None:
        if row.state is not OccurrenceState.PLANNED:
            occurrences.plan_again(connection, row.id)
        scheduled.attach_issue(connection, row.id, name)


def times_of_day(
    newsletter: NewsletterSettings, schedule: ScheduleSettings, day: date
) -> Iterator[ScheduledTime]:
    """Return what a schedule has on a local day, past or to come."""
    begin = datetime.combine(day, time(0), tzinfo=newsletter.timezone) - timedelta(days=1)
    for found in planned_times(schedule, newsletter.timezone, after=begin):
        if found.local.date() > day:
            return
        if found.local.date() == day:
            yield found


def row_at(
    connection: Connection, newsletter: NewsletterSettings, found: ScheduledTime
) -> OccurrenceRow:
    """Return the row of a planned time, made where there is none."""
    key = (newsletter.name, found.local.date(), found.local.time())
    row = occurrences.at_key(connection, *key)
    row = row or scheduled.add_scheduled(connection, newsletter.name, found)
    assert row is not None  # noqa: S101 (one of the two is there; nobody else writes meanwhile)
    return row


def _wants_file(row: OccurrenceRow, now: datetime) -> bool:
    if row.kind is not OccurrenceKind.SCHEDULED or row.issue is not None:
        return False
    if row.state is OccurrenceState.PLANNED:
        return True
    was_judged = row.state in {OccurrenceState.HELD, OccurrenceState.SKIPPED}
    is_by_itself = row.mark in {OccurrenceMark.NONE, OccurrenceMark.FORCED}
    return was_judged and is_by_itself and open_until(row) > now
