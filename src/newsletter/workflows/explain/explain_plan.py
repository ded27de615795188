"""Plan, explained: the runs to come, what each would do now, and what is in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from newsletter.checks.issue.callouts import WARN_DAYS
from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, CalloutIfUnverified, NewsletterSettings
from newsletter.errors import NewsletterError, NotFound, StoreBusy
from newsletter.ingest.drafting.draft_callouts import choose_callouts
from newsletter.issues.callout_rules import appearances, effective_status
from newsletter.model.callout import Callout, CalloutUse
from newsletter.model.mailing import MailingState
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage
from newsletter.store import approvals, ledger, occurrences, scheduled, subscribers
from newsletter.workflows.approval.approve_issue import (
    compose_variants,
    last_issue_problem,
    seal_diff,
)
from newsletter.workflows.callouts.life import callout_past, told_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import asked_again
from newsletter.workflows.explain.explain_runs import going_out
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import prepare
from newsletter.workflows.planning.days import IssueDays, two_files
from newsletter.workflows.planning.occurrence import lateness, ways_on, ways_on_paused
from newsletter.workflows.planning.plan_ahead import has_mailing, is_others, plan_ahead
from newsletter.workflows.project_files import load_callout
from newsletter.workflows.sending.begin_sending import doubt_about, what_bars_sending
from newsletter.workflows.sending.release import (
    HeldError,
    appearances_now,
    approval_standing,
    nobody_on,
    person_problem,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Sentences by what they lead to; warns change nothing."""

    holds: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


def doubts_before_draft(desk: Desk, newsletter: NewsletterSettings, row: OccurrenceRow) -> Doubts:
    """Return what a run without an issue would meet, but for its sources, which are read first."""
    holds: list[str] = []
    warns: list[str] = []
    with desk.database.read() as connection:
        tried = scheduled.tries(connection, row.id, Stage.FETCH)
        count = subscribers.count_audience(connection, newsletter.list)
        if not count:
            holds.append(nobody_on(newsletter.list))
        elif newsletter.approval is ApprovalRule.AUTOMATIC:
            unlike = last_issue_problem(connection, newsletter, count)
            holds += [unlike] if unlike else []
    if tried is not None:
        warns.append(asked_again(row, tried, newsletter.timezone))
    callouts: list[Callout] = []
    for name in newsletter.callouts:
        try:
            callouts.append(load_callout(desk.settings, name))
        except NewsletterError as error:
            holds.append(str(error))
    past = callout_past(desk, newsletter, callouts, row.local_date)
    chosen, _ = choose_callouts(newsletter, callouts, past)
    today = desk.clock.now().astimezone(newsletter.timezone).date()
    lapse = lapsing(newsletter, told_uses(desk, chosen, today), row.local_date, today=today)
    return Doubts(holds=(*holds, *lapse.holds), warns=(*warns, *lapse.warns))


def lapsing(
    newsletter: NewsletterSettings, uses: Sequence[CalloutUse], day: date, *, today: date
) -> Doubts:
    """Return which appeals are not open now, which holds a run, and which will not be on its day.

    Editors are told three days before a verification lapses, on whatever day the run is.
    """
    closed, later, soon = [], [], []
    for use in uses:
        name = use.callout.name
        then = effective_status(use.callout, day)
        if appearances(use) is None:
            closed.append(f"the appeal {name} is not open: {use.reason}")
        elif appearances(then) is None:
            later.append(f"the appeal {name} will not be open on {day}: {then.reason}")
        elif use.days_left is not None and use.days_left <= WARN_DAYS:
            last_day = today + timedelta(days=use.days_left)
            soon.append(f"the verification of the appeal {name} is good until {last_day}")
    if newsletter.callout_if_unverified is CalloutIfUnverified.DROP:
        gone = [f"{each}; it goes out without" for each in closed + later]
        return Doubts(warns=(*gone, *soon))
    return Doubts(holds=tuple(closed), warns=(*later, *soon))


MOST = 10  # runs
HELD_SHOWN = 5  # those that wait for a person, the latest; `log` has them all
_LOCAL = "%a %Y-%m-%d %H:%M:%S %Z"
_AHEAD = frozenset({OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One run to come: what it would do as things stand, and what is in the way.

    issue is "" before the draft. note says what the clocks or a change of the settings did to it.
    goes_out is when it goes out where it will: its planned time, or the end of a longer hold.
    is_going_out: `run` has taken it up. is_held: a person has to decide, and so where is_paused,
    whose mailing has begun; ways_on says how, a sentence for each. changes are the lines of a diff
    from what was approved to what is there.
    """

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
    """Return the next runs, at most MOST, with what each would do if it were now.

    Before them all mailings that are paused, for nothing becomes of them without a person.
    """
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
    """Give the mailings that are paused, the oldest first; barred says why nothing is sent now."""
    zones = {newsletter.name: newsletter.timezone for newsletter in desk.settings.newsletters}
    with desk.database.read() as connection:
        for mailing in ledger.list_mailings(connection, (MailingState.PAUSED,)):
            run = occurrences.of_issue(connection, mailing.issue)
            planned = run.planned_at if run else mailing.created
            account = ledger.account(connection, mailing.id)
            local = planned.astimezone(zones.get(mailing.newsletter, UTC))
            yield PlanLine(
                newsletter=mailing.newsletter,
                issue=mailing.issue,
                planned=planned,
                local=f"{local:{_LOCAL}}",
                will="hold",
                in_the_way=(
                    f"paused: {mailing.why}; {account.sent:,} of {account.planned:,} sent, "
                    f"{account.left:,} left",
                    *((barred,) if barred else ()),
                ),
                is_paused=True,
                ways_on=(ways_on_paused(mailing.issue),),
            )


def _ahead(desk: Desk) -> tuple[OccurrenceRow, ...]:
    """Return the rows to come in order, and of the held ones the latest."""
    now = desk.clock.now()
    with desk.database.read() as connection:
        rows = [
            row
            for row in occurrences.list_occurrences(connection)
            if _is_shown(row, now) and not has_mailing(connection, row)
        ]
    held = [row for row in rows if row.state is OccurrenceState.HELD][-HELD_SHOWN:]
    rows = held + [row for row in rows if row.state is not OccurrenceState.HELD]
    return tuple(sorted(rows, key=lambda row: (row.planned_at, row.newsletter))[:MOST])


def _is_shown(row: OccurrenceRow, now: datetime) -> bool:
    is_skipped = row.mark is OccurrenceMark.SKIPPED and row.planned_at > now
    return row.state in _AHEAD or is_skipped


def _plan_line(desk: Desk, row: OccurrenceRow, days: IssueDays) -> PlanLine:
    is_held = row.state is OccurrenceState.HELD
    try:
        newsletter = newsletter_named(desk.settings, row.newsletter)
    except NotFound as error:
        return PlanLine(
            newsletter=row.newsletter,
            issue=row.issue or "",
            planned=row.planned_at,
            local=f"{row.local_date} {row.local_time}",
            will="hold",
            in_the_way=(str(error),),
            is_held=is_held,
        )
    zone = newsletter.timezone
    with desk.database.read() as connection:
        approval = approvals.standing(connection, row.issue) if row.issue else None
    out = going_out(row, approval, newsletter)
    will, in_the_way = _outlook(desk, row, newsletter, days, out)
    sends = will == "send"
    held_back = f"goes out at {out.astimezone(zone):%H:%M:%S}, after the hold"
    notes = (row.note, held_back if sends and out > row.planned_at else "")
    return PlanLine(
        newsletter=row.newsletter,
        issue=row.issue or "",
        planned=row.planned_at,
        local=f"{row.planned_at.astimezone(zone):{_LOCAL}}",
        will=will,
        in_the_way=in_the_way,
        note="; ".join(filter(None, notes)),
        changes=seal_diff(desk, row.issue or "") if will == "hold" else (),
        goes_out=out if sends else None,
        is_going_out=row.state is OccurrenceState.CLAIMED and sends,
        is_held=is_held,
        ways_on=ways_on(row, zone, desk.clock.now()) if is_held else (),
    )


def _outlook(
    desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings, days: IssueDays, out: datetime
) -> tuple[str, tuple[str, ...]]:
    """Return what a run would do now, by its own rules, without writing anything."""
    if row.state in {OccurrenceState.HELD, OccurrenceState.SKIPPED}:
        return ("hold" if row.state is OccurrenceState.HELD else "skip"), (row.why,)
    doubt = doubt_about(desk, row)
    if doubt:
        return "hold", (doubt,)
    found = _outlook_of_files(desk, row, days)
    if found is not None:
        return found
    late = lateness(newsletter, row, desk.clock.now(), out)
    if late:
        return "skip", (late,)
    if row.issue is None:
        return _outlook_before_draft(desk, row, newsletter)
    return _outlook_of_issue(desk, row, row.issue)


def _outlook_of_files(
    desk: Desk, row: OccurrenceRow, days: IssueDays
) -> tuple[str, tuple[str, ...]] | None:
    """Say that there are two files for a run, or none that it may send; None where all is well."""
    if row.kind is not OccurrenceKind.SCHEDULED:
        return None
    names = days.of(row.newsletter, row.local_date)
    if len(names) > 1:
        return "hold", (two_files(row.newsletter, row.local_date, names),)
    with desk.database.read() as connection:
        if names and is_others(connection, row, names[0]):
            return "skip", (f"{names[0]} is the issue of that day, and has a run of its own",)
    return None


def _outlook_before_draft(
    desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings
) -> tuple[str, tuple[str, ...]]:
    """Return what a run would do whose issue is not written yet."""
    doubts = doubts_before_draft(desk, newsletter, row)
    if doubts.holds:
        return "hold", (*doubts.holds, *doubts.warns)
    if newsletter.schedule is None or newsletter.schedule.draft_at is None:
        why = f"there is no issue for {row.local_date} yet, and the schedule has no draft_at"
        return "hold", (why, *doubts.warns)
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        return "send", doubts.warns
    draft_at, approve_by = (
        f"{(moment or row.planned_at).astimezone(newsletter.timezone):%a %H:%M}"
        for moment in (row.draft_at, row.approve_by)
    )
    why = f"its draft is written {draft_at} and needs approval by {approve_by}"
    return "wait for approval", (why, *doubts.warns)


def _outlook_of_issue(desk: Desk, row: OccurrenceRow, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        prepared = prepare(desk, name)
        checked = compose_for_checks(desk, prepared)
        variants = compose_variants(desk, prepared, checked)
        report = check_prepared(desk, prepared, checked)
        chosen = appearances_now(prepared, report)
        doubt = person_problem(prepared, report)
    except StoreBusy:
        raise  # this says nothing about the issue
    except (HeldError, NewsletterError) as error:
        return "hold", (str(error),)
    day = row.planned_at.astimezone(prepared.newsletter.timezone).date()
    lapse = lapsing(prepared.newsletter, prepared.uses, day, today=prepared.on)
    with desk.database.read() as connection:
        found = approval_standing(connection, row, prepared, variants, chosen, doubt=doubt)
    if not found.count:
        return "hold", (nobody_on(prepared.newsletter.list), *lapse.warns)
    if found.waits:
        why = f'{found.why}: "newsletter approve {name}"'
        return "wait for approval", (why, *lapse.warns)
    if found.why:
        return "hold", (found.why, *lapse.warns)
    return "send", lapse.warns
