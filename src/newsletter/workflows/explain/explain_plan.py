"""Plan, explained: the runs to come, what each would do now, and what is in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, CalloutIfUnverified, NewsletterSettings
from newsletter.errors import NewsletterError, NotFound, StoreBusy
from newsletter.ingest.drafting.draft_callouts import choose_callouts
from newsletter.issues.callout_rules import appearances, effective_status
from newsletter.model.callout import CalloutUse
from newsletter.model.mailing import MailingState, account_line
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage
from newsletter.store import approvals, ledger, occurrences, scheduled, subscribers
from newsletter.workflows.approval.approve_issue import (
    last_issue_problem,
    seal_diff,
)
from newsletter.workflows.callouts.life import callout_past, told_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import asked_again
from newsletter.workflows.explain.explain_runs import going_out
from newsletter.workflows.issue.compose_issue import prepare
from newsletter.workflows.planning.days import IssueDays, two_files
from newsletter.workflows.planning.occurrence import lateness, ways_on, ways_on_paused
from newsletter.workflows.planning.plan_ahead import has_mailing, is_others, plan_ahead
from newsletter.workflows.project_files import load_callout
from newsletter.workflows.sending.begin_sending import doubt_about, what_bars_sending
from newsletter.workflows.sending.release import (
    HeldError,
    approval_standing,
    candidate_of,
    nobody_on,
)

MOST = 10  # runs
HELD_SHOWN = 5  # those that wait for a person, the latest; `log` has them all
_LOCAL = "%a %Y-%m-%d %H:%M:%S %Z"
_AHEAD = frozenset({OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One run to come: what it would do as things stand, and what is in the way."""

    newsletter: str
    issue: str
    planned: datetime
    local: str
    will: str
    in_the_way: tuple[str, ...]
    note: str = ""
    changes: tuple[str, ...] = ()
    goes_out: datetime | None = None
    is_going_out: bool = False
    is_held: bool = False
    is_paused: bool = False
    ways_on: tuple[str, ...] = ()


def explain_plan(desk: Desk) -> tuple[PlanLine, ...]:
    """Return the next runs, at most MOST, with what each would do if it were now."""
    days = IssueDays(desk.settings)
    barred = what_bars_sending(desk)
    if not barred:
        plan_ahead(desk, days)
    lines = list(_paused(desk, barred))
    for row in _ahead(desk):
        line = _plan_line(desk, row, days)
        if barred and row.state is not OccurrenceState.SKIPPED:
            line = replace(line, will="hold", in_the_way=(barred,), is_going_out=False)
        lines.append(line)
    return tuple(lines)


def _paused(desk: Desk, barred: str) -> Iterator[PlanLine]:
    """Return the mailings that are paused, the oldest first; barred says why nothing is sent."""
    zones = {newsletter.name: newsletter.timezone for newsletter in desk.settings.newsletters}
    with desk.database.read() as connection:
        for mailing in ledger.list_mailings(connection, (MailingState.PAUSED,)):
            run = occurrences.of_issue(connection, mailing.issue)
            planned = run.planned_at if run else mailing.created
            line = account_line(ledger.account(connection, mailing.id))
            yield PlanLine(
                newsletter=mailing.newsletter,
                issue=mailing.issue,
                planned=planned,
                local=f"{planned.astimezone(zones.get(mailing.newsletter, UTC)):{_LOCAL}}",
                will="hold",
                in_the_way=(f"paused: {mailing.why}; {line}", *filter(None, [barred])),
                is_paused=True,
                ways_on=(ways_on_paused(mailing.issue),),
            )


def _ahead(desk: Desk) -> list[OccurrenceRow]:
    now = desk.clock.now()
    with desk.database.read() as connection:
        rows = [
            row
            for row in occurrences.list_occurrences(connection)
            if row.state in _AHEAD or (row.mark is OccurrenceMark.SKIPPED and row.planned_at > now)
            if not has_mailing(connection, row)
        ]
    held = [row for row in rows if row.state is OccurrenceState.HELD][-HELD_SHOWN:]
    rows = held + [row for row in rows if row.state is not OccurrenceState.HELD]
    return sorted(rows, key=lambda row: (row.planned_at, row.newsletter))[:MOST]


def _plan_line(desk: Desk, row: OccurrenceRow, days: IssueDays) -> PlanLine:
    is_held = row.state is OccurrenceState.HELD
    line = PlanLine(
        newsletter=row.newsletter,
        issue=row.issue or "",
        planned=row.planned_at,
        local=f"{row.local_date} {row.local_time}",
        will="hold",
        in_the_way=(),
        is_held=is_held,
    )
    try:
        newsletter = newsletter_named(desk.settings, row.newsletter)
    except NotFound as error:
        return replace(line, in_the_way=(str(error),))
    zone = newsletter.timezone
    with desk.database.read() as connection:
        approval = approvals.standing(connection, row.issue) if row.issue else None
    out = going_out(row, approval, newsletter)
    will, in_the_way = _outlook(desk, row, newsletter, days, out)
    sends = will == "send"
    held_back = f"goes out at {out.astimezone(zone):%H:%M:%S}, after the hold"
    notes = (row.note, held_back if sends and out > row.planned_at else "")
    return replace(
        line,
        local=f"{row.planned_at.astimezone(zone):{_LOCAL}}",
        will=will,
        in_the_way=in_the_way,
        note="; ".join(filter(None, notes)),
        changes=seal_diff(desk, row.issue or "") if will == "hold" else (),
        goes_out=out if sends else None,
        is_going_out=row.state is OccurrenceState.CLAIMED and sends,
        ways_on=ways_on(row, zone, desk.clock.now()) if is_held else (),
    )


Outlook = tuple[str, tuple[str, ...]]  # what it will do, and what is in the way


def _outlook(
    desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings, days: IssueDays, out: datetime
) -> Outlook:
    if row.state in {OccurrenceState.HELD, OccurrenceState.SKIPPED}:
        return ("hold" if row.state is OccurrenceState.HELD else "skip"), (row.why,)
    doubt = doubt_about(desk, row)
    if doubt:
        return "hold", (doubt,)
    if row.kind is OccurrenceKind.SCHEDULED:
        names = days.of(row.newsletter, row.local_date)
        if len(names) > 1:
            return "hold", (two_files(row.newsletter, row.local_date, names),)
        with desk.database.read() as connection:
            if names and is_others(connection, row, names[0]):
                return "skip", (f"{names[0]} is the issue of that day, and has a run of its own",)
    late = lateness(newsletter, row, desk.clock.now(), out)
    if late:
        return "skip", (late,)
    written = row.issue is not None
    return _outlook_of_issue(desk, row) if written else _outlook_before_draft(desk, row, newsletter)


def _outlook_before_draft(
    desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings
) -> Outlook:
    """Return what a run would do whose issue is not written yet; its sources are read first."""
    zone = newsletter.timezone
    holds, callouts = [], []
    with desk.database.read() as connection:
        tried = scheduled.tries(connection, row.id, Stage.FETCH)
        count = subscribers.count_audience(connection, newsletter.list)
        if not count:
            holds.append(nobody_on(newsletter.list))
        elif newsletter.approval is ApprovalRule.AUTOMATIC:
            holds.append(last_issue_problem(connection, newsletter, count))
    for name in newsletter.callouts:
        try:
            callouts.append(load_callout(desk.settings, name))
        except NewsletterError as error:
            holds.append(str(error))
    past = callout_past(desk, newsletter, callouts, row.local_date)
    chosen, _ = choose_callouts(newsletter, callouts, past)
    today = desk.clock.now().astimezone(zone).date()
    closed, warns = _appeals(newsletter, told_uses(desk, chosen, today), row.local_date)
    holds += closed
    if newsletter.schedule is None or newsletter.schedule.draft_at is None:
        why = f"there is no issue for {row.local_date} yet, and the schedule has no draft_at"
        holds.append(why)
    if tried is not None:
        warns.insert(0, asked_again(row, tried, zone))
    if any(holds):
        return "hold", (*filter(None, holds), *warns)
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        return "send", tuple(warns)
    draft_at, approve_by = (
        f"{(moment or row.planned_at).astimezone(zone):%a %H:%M}"
        for moment in (row.draft_at, row.approve_by)
    )
    why = f"its draft is written {draft_at} and needs approval by {approve_by}"
    return "wait for approval", (why, *warns)


def _appeals(
    newsletter: NewsletterSettings, uses: Sequence[CalloutUse], day: date
) -> tuple[list[str], list[str]]:
    """Return which appeals hold a run, not being open, and which will not be open then."""
    closed, later = [], []
    for use in uses:
        name, then = use.callout.name, effective_status(use.callout, day)
        if appearances(use) is None:
            closed.append(f"the appeal {name} is not open: {use.reason}")
        elif appearances(then) is None:
            later.append(f"the appeal {name} will not be open on {day}: {then.reason}")
    if newsletter.callout_if_unverified is CalloutIfUnverified.DROP:
        return [], [f"{each}; it goes out without" for each in closed + later]
    return closed, later


def _outlook_of_issue(desk: Desk, row: OccurrenceRow) -> Outlook:
    name = row.issue or ""
    try:
        prepared = prepare(desk, name)
        candidate = candidate_of(desk, prepared)
    except StoreBusy:
        raise  # this says nothing about the issue
    except (HeldError, NewsletterError) as error:
        return "hold", (str(error),)
    day = row.planned_at.astimezone(prepared.newsletter.timezone).date()
    _, warns = _appeals(prepared.newsletter, prepared.uses, day)
    with desk.database.read() as connection:
        found = approval_standing(connection, row, candidate)
    if not found.count:
        return "hold", (nobody_on(prepared.newsletter.list), *warns)
    if found.waits:
        return "wait for approval", (f'{found.why}: "newsletter approve {name}"', *warns)
    return ("hold", (found.why, *warns)) if found.why else ("send", tuple(warns))
