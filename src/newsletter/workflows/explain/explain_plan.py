"""What stands in the way of a run whose issue is not written yet, or whose day is still to come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from newsletter.checks.issue.callouts import WARN_DAYS
from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, CalloutIfUnverified, NewsletterSettings
from newsletter.errors import NewsletterError, NotFound, NothingToDo, StoreBusy
from newsletter.ingest.drafting.choice import choose
from newsletter.ingest.drafting.draft import issue_name
from newsletter.ingest.drafting.draft_callouts import choose_callouts
from newsletter.issues.callout_rules import appearances, effective_status
from newsletter.model.callout import Appearance, Callout, CalloutUse
from newsletter.model.composed import ComposedIssue
from newsletter.model.mailing import MailingState
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage
from newsletter.model.text import counted
from newsletter.store import Connection, approvals, ledger, occurrences, scheduled, subscribers
from newsletter.workflows.approval.approve_issue import (
    compose_variants,
    fuse_problem,
    last_issue_problem,
    seal_diff,
)
from newsletter.workflows.callouts.life import callout_past, told_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import asked_again
from newsletter.workflows.explain.explain_runs import GoingOut, going_out
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import Prepared, prepare
from newsletter.workflows.planning.days import IssueDays, planned_times, two_files
from newsletter.workflows.planning.occurrence import lateness, ways_on, ways_on_paused
from newsletter.workflows.planning.plan_ahead import is_others, used_up
from newsletter.workflows.project_files import load_callout
from newsletter.workflows.sending.begin_sending import doubt_about, what_bars_sending
from newsletter.workflows.sending.release import (
    HeldError,
    appearances_now,
    nobody_on,
    person_problem,
    seal_problem,
)
from newsletter.workflows.sources.source_health import UNWELL, refuse_failing, sources_of
from newsletter.workflows.stories.story_memory import shelf_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Sentences by what they lead to; warns change nothing."""

    holds: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


def doubts_before_draft(
    desk: Desk, newsletter: NewsletterSettings, row: OccurrenceRow, *, is_next: bool
) -> Doubts:
    """Return what a run without an issue would meet.

    Sources and stories are told of the next run alone: by the one after, both will be others.
    """
    holds: list[str] = []
    skips: list[str] = []
    warns: list[str] = []
    with desk.database.read() as connection:
        tried = scheduled.tries(connection, row.id, Stage.FETCH)
        count = subscribers.count_audience(connection, newsletter.list)
        if not count:
            holds.append(nobody_on(newsletter.list))
        elif newsletter.approval is ApprovalRule.AUTOMATIC:
            unlike = last_issue_problem(connection, newsletter, count)
            holds += [unlike] if unlike else []
    drafts = newsletter.schedule is not None and newsletter.schedule.draft_at is not None
    if is_next and drafts:
        failing, does_hold = _sources(desk, newsletter)
        (holds if does_hold else warns).extend(failing)
        known = _stories(desk, newsletter, row.local_date)
        if known < newsletter.fewest_stories:
            stories = counted(known, "story", "stories")
            least = newsletter.fewest_stories
            skips.append(f"{stories} known for it so far, and fewest_stories is {least}")
        if tried is not None:
            warns.append(asked_again(row, tried, newsletter.timezone))
        elif failing or skips:
            at = (row.draft_at or row.planned_at).astimezone(newsletter.timezone)
            warns.append(f"its sources are read again for the draft, {at:%a %H:%M}")
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
    return Doubts(holds=(*holds, *lapse.holds), skips=tuple(skips), warns=(*warns, *lapse.warns))


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


def _sources(desk: Desk, newsletter: NewsletterSettings) -> tuple[tuple[str, ...], bool]:
    """Return a sentence for each failing source, and whether they hold the run."""
    try:
        failing = refuse_failing(desk, newsletter, anyway=False)
    except NothingToDo as error:
        return (str(error),), True
    own = sources_of(desk, newsletter)
    all_fail = bool(own) and all(line.row.state in UNWELL for line in own)
    return failing, all_fail


def _stories(desk: Desk, newsletter: NewsletterSettings, day: date) -> int:
    """Count the stories that a draft would choose from what is known now."""
    shelf = shelf_for(desk, newsletter, issue=issue_name(newsletter, day))
    choice = choose(
        newsletter,
        desk.settings.sources,
        shelf.candidates,
        shelf.stories,
        now=desk.clock.now(),
    )
    return len(choice.picks)


MOST = 10  # runs
HELD_SHOWN = 5  # those that wait for a person, the latest; `log` has them all
_LOCAL = "%a %Y-%m-%d %H:%M:%S %Z"
_AHEAD = frozenset({OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One run to come: what it would do as things stand, and what is in the way.

    issue is "" before the draft. note says what the clocks or a change of the settings did to it,
    and when it goes out where a hold goes past its time: goes_out is that moment, planned_at as a
    rule. is_going_out: `run` has taken it up, and would send it as things stand. is_held: a person
    has to decide; ways_on says how, a sentence for each. is_paused: so has one, and its mailing has
    begun.
    changes are the lines of a diff from what was approved to what is there, where that holds it.
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
    Times that a schedule has beyond the rows that `run` keeps are computed.
    """
    days = IssueDays(desk.settings)
    barred = what_bars_sending(desk)
    lines = list(_paused(desk, barred))
    first: set[str] = set()  # newsletters of which the next run was told
    for row in _ahead(desk):
        row = _with_file(desk, row, days)  # noqa: PLW2901 (the same run, better known)
        is_next = row.newsletter not in first
        if row.kind is OccurrenceKind.SCHEDULED and row.state is OccurrenceState.PLANNED:
            first.add(row.newsletter)
        line = _plan_line(desk, row, days, is_next=is_next)
        if barred and row.state is not OccurrenceState.SKIPPED:
            line = replace(line, will="hold", in_the_way=(barred,), is_going_out=False)
        lines.append(line)
    return tuple(lines)


def barren_schedules(desk: Desk) -> tuple[str, ...]:
    """Return which schedules have no time to come: all days that they name are left out."""
    now = desk.clock.now()
    return tuple(
        f"the schedule of {newsletter.name} has no time to come: skip_dates and holidays leave "
        f'out every day that "{newsletter.schedule.cron}" names'
        for newsletter in desk.settings.newsletters
        if newsletter.schedule is not None
        and next(planned_times(newsletter.schedule, newsletter.timezone, after=now), None) is None
    )


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
    """Return the rows to come in order; a time without a row gets one that is nowhere kept."""
    now = desk.clock.now()
    with desk.database.read() as connection:
        rows = [row for row in occurrences.list_occurrences(connection) if _is_shown(row, now)]
        rows = [row for row in rows if not _is_begun(connection, row)]
        for newsletter in desk.settings.newsletters:
            rows += _computed(connection, newsletter, now=now)
    held = [row for row in rows if row.state is OccurrenceState.HELD][-HELD_SHOWN:]
    rows = held + [row for row in rows if row.state is not OccurrenceState.HELD]
    return tuple(sorted(rows, key=lambda row: (row.planned_at, row.newsletter))[:MOST])


def _is_shown(row: OccurrenceRow, now: datetime) -> bool:
    is_skipped = row.mark is OccurrenceMark.SKIPPED and row.planned_at > now
    return row.state in _AHEAD or is_skipped


def _is_begun(connection: Connection, row: OccurrenceRow) -> bool:
    return row.issue is not None and ledger.mailing_for_issue(connection, row.issue) is not None


def _computed(
    connection: Connection, newsletter: NewsletterSettings, *, now: datetime
) -> list[OccurrenceRow]:
    if newsletter.schedule is None:
        return []
    found = []
    for one in islice(planned_times(newsletter.schedule, newsletter.timezone, after=now), MOST):
        day, at = one.local.date(), one.local.time()
        if occurrences.at_key(connection, newsletter.name, day, at) is None:
            found.append(
                OccurrenceRow(
                    id=0,
                    newsletter=newsletter.name,
                    issue=None,
                    kind=OccurrenceKind.SCHEDULED,
                    local_date=day,
                    local_time=at,
                    planned_at=one.moments.planned_at,
                    draft_at=one.moments.draft_at,
                    approve_by=one.moments.approve_by,
                    state=OccurrenceState.PLANNED,
                    note=one.note,
                )
            )
    return found


def _with_file(desk: Desk, row: OccurrenceRow, days: IssueDays) -> OccurrenceRow:
    """Return a run the file that it would have at the next look of `run`."""
    if row.issue is not None or row.kind is not OccurrenceKind.SCHEDULED:
        return row
    names = days.of(row.newsletter, row.local_date)
    with desk.database.read() as connection:
        if len(names) != 1 or is_others(connection, row, names[0]):
            return row
    return replace(row, issue=names[0])


def _plan_line(desk: Desk, row: OccurrenceRow, days: IssueDays, *, is_next: bool) -> PlanLine:
    notes = [row.note] if row.note else []
    out = None
    is_held = row.state is OccurrenceState.HELD
    zone: tzinfo = UTC
    try:
        newsletter = newsletter_named(desk.settings, row.newsletter)
        zone = newsletter.timezone
        out = _going_out(desk, row, newsletter)
        local = f"{row.planned_at.astimezone(newsletter.timezone):{_LOCAL}}"
        will, in_the_way = _outlook(desk, row, newsletter, days, is_next=is_next)
        if out.held_by and will == "send":
            notes.append(out.sentence(newsletter))
    except NotFound as error:
        local = f"{row.local_date} {row.local_time}"
        will, in_the_way = "hold", (str(error),)
    return PlanLine(
        newsletter=row.newsletter,
        issue=row.issue or "",
        planned=row.planned_at,
        local=local,
        will=will,
        in_the_way=in_the_way,
        note="; ".join(notes),
        changes=seal_diff(desk, row.issue or "") if will == "hold" else (),
        goes_out=out.at if out is not None and will == "send" else None,
        is_going_out=row.state is OccurrenceState.CLAIMED and will == "send",
        is_held=is_held,
        ways_on=ways_on(row, zone, desk.clock.now()) if is_held else (),
    )


def _going_out(desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings) -> GoingOut:
    with desk.database.read() as connection:
        approval = approvals.standing(connection, row.issue) if row.issue else None
    return going_out(row, approval, newsletter)


def _outlook(
    desk: Desk,
    row: OccurrenceRow,
    newsletter: NewsletterSettings,
    days: IssueDays,
    *,
    is_next: bool,
) -> tuple[str, tuple[str, ...]]:
    """Return what a run would do now, by its own rules, without writing anything."""
    if row.state is OccurrenceState.HELD:
        return "hold", (row.why,)
    if row.state is OccurrenceState.SKIPPED:
        return "skip", (row.why,)
    doubt = doubt_about(desk, row)
    if doubt:
        return "hold", (doubt,)
    found = _outlook_of_files(desk, row, days)
    if found is None and row.issue is None:
        found = _outlook_before_draft(desk, row, newsletter, is_next=is_next)
    return found or _outlook_of_issue(desk, row)


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
            return "skip", (used_up(connection, names[0]),)
    return None


def _outlook_before_draft(
    desk: Desk, row: OccurrenceRow, newsletter: NewsletterSettings, *, is_next: bool
) -> tuple[str, tuple[str, ...]]:
    """Return what a run would do whose issue is not written yet."""
    late = lateness(newsletter, row, desk.clock.now())
    if late:
        return "skip", (late,)
    doubts = doubts_before_draft(desk, newsletter, row, is_next=is_next)
    if doubts.skips or doubts.holds:
        return ("hold" if doubts.holds else "skip"), (*doubts.holds, *doubts.skips, *doubts.warns)
    if newsletter.schedule is None or newsletter.schedule.draft_at is None:
        why = f"there is no issue for {row.local_date} yet, and the schedule has no draft_at"
        return "hold", (why, *doubts.warns)
    if newsletter.approval is ApprovalRule.REQUIRED:
        why = (
            f"nobody has approved it: its draft is made {_clock(row.draft_at, row, newsletter)}, "
            f"and wants an approval by "
            f"{_clock(row.approve_by, row, newsletter)}"
        )
        return "wait for approval", (why, *doubts.warns)
    return "send", doubts.warns


def _clock(moment: datetime | None, row: OccurrenceRow, newsletter: NewsletterSettings) -> str:
    return f"{(moment or row.planned_at).astimezone(newsletter.timezone):%a %H:%M}"


def _outlook_of_issue(desk: Desk, row: OccurrenceRow) -> tuple[str, tuple[str, ...]]:
    name = row.issue or ""
    try:
        prepared = prepare(desk, name)
        out = _going_out(desk, row, prepared.newsletter)
        late = lateness(prepared.newsletter, row, desk.clock.now(), out.at)
        if late:
            return "skip", (late,)
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
    will, in_the_way = _outlook_of_sealed(desk, row, prepared, variants, chosen, doubt=doubt)
    return will, (*in_the_way, *lapse.warns)


def _outlook_of_sealed(
    desk: Desk,
    occurrence: OccurrenceRow,
    prepared: Prepared,
    variants: Mapping[str, ComposedIssue],
    chosen: Mapping[str, Appearance],
    *,
    doubt: str,
) -> tuple[str, tuple[str, ...]]:
    name = prepared.file.issue.name
    with desk.database.read() as connection:
        approval = approvals.standing(connection, name)
        count = subscribers.count_audience(connection, prepared.newsletter.list)
        unlike = (
            "" if approval else doubt or last_issue_problem(connection, prepared.newsletter, count)
        )
    if not count:
        return "hold", (nobody_on(prepared.newsletter.list),)
    if approval is not None:
        why = seal_problem(approval, occurrence, prepared, variants, chosen)
        if why:
            return "hold", (f"the approval by {approval.approved_by} is broken: {why}",)
        unlike = fuse_problem(prepared.newsletter, approval.recipients, count, "were approved")
    elif prepared.newsletter.approval is ApprovalRule.REQUIRED:
        return "wait for approval", (f'nobody has approved it: "newsletter approve {name}"',)
    return ("hold", (unlike,)) if unlike else ("send", ())
