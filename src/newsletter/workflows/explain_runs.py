"""Explain: what ran and why, what will run and what is in the way. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule
from newsletter.errors import NewsletterError, NotFound
from newsletter.model.callout import Appearance
from newsletter.model.composed import ComposedIssue
from newsletter.model.counting import counted
from newsletter.model.mailing import Account, MailingState
from newsletter.model.records import (
    ApprovalRow,
    DeliveryRow,
    MailingRow,
    OccurrenceRow,
    OccurrenceState,
    StepRow,
)
from newsletter.store import Connection, approvals, audience, epoch, ledger, occurrences
from newsletter.workflows.approve_issue import compose_outcomes
from newsletter.workflows.begin_sending import doubt_about, doubt_sentence, what_bars_sending
from newsletter.workflows.check_issue import check_prepared
from newsletter.workflows.compose_issue import Prepared, prepare
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names
from newsletter.workflows.release import (
    HeldError,
    appearances_now,
    fuse_problem,
    last_issue_problem,
    lateness,
    nobody_on,
    person_problem,
    seal_problem,
)

OUTCOMES = {
    OccurrenceState.PLANNED: "planned",
    OccurrenceState.CLAIMED: "running",
    OccurrenceState.DONE: "sent",
    OccurrenceState.HELD: "held",
    OccurrenceState.SKIPPED: "skipped",
    OccurrenceState.MISSED: "missed",
    OccurrenceState.STOPPED: "stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One past or present run, explained. outcome is a word of product's log."""

    newsletter: str
    issue: str
    planned: datetime
    started: datetime | None
    ended: datetime | None
    outcome: str
    why: str
    steps: tuple[StepRow, ...]
    account: Account | None
    approval: ApprovalRow | None = None
    mailing_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One run to come: what it would do as things stand, and what is in the way."""

    newsletter: str
    issue: str
    planned: datetime
    local: str
    will: str
    in_the_way: tuple[str, ...]


def explain_log(desk: Desk, issue: str | None = None) -> tuple[RunLine, ...]:
    """Give every run, or those of one issue, in the order of their planned times.

    Raises:
        NotFound: neither a file nor a run of that name.
    """
    with desk.database.read() as connection:
        lines = [
            _run_line(connection, occurrence)
            for occurrence in occurrences.list_occurrences(connection)
            if issue in {None, occurrence.issue} and occurrence.state is not OccurrenceState.PLANNED
        ]
    if issue is not None and not lines and issue not in issue_names(desk.settings):
        raise NotFound("issue", issue)
    return tuple(lines)


def explain_restores(desk: Desk) -> tuple[str, ...]:
    """Say what the log cannot know: a sentence for each restored backup, and for one not accepted.

    Issues that were sent wholly between the backup and the restoring stand nowhere.
    """
    with desk.database.read() as connection:
        lines = [
            f"{doubt_sentence(row.known_until)}, up to {row.accepted_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"when {row.accepted_by} let it send again"
            for row in epoch.list_restores(connection)
        ]
    barred = what_bars_sending(desk)
    return (*lines, *((f"nothing is sent: {barred}",) if barred else ()))


def _run_line(connection: Connection, occurrence: OccurrenceRow) -> RunLine:
    issue = occurrence.issue or ""
    mailing = ledger.mailing_for_issue(connection, issue)
    account = ledger.account(connection, mailing.id) if mailing else None
    outcome, why = OUTCOMES[occurrence.state], occurrence.why
    if mailing is not None and account is not None:
        outcome, why = _of_mailing(mailing, account, outcome, why)
    return RunLine(
        newsletter=occurrence.newsletter,
        issue=issue,
        planned=occurrence.planned_at,
        started=occurrence.claimed_at,
        ended=(mailing.ended if mailing else None) or occurrence.ended_at,
        outcome=outcome,
        why=why,
        steps=occurrences.steps(connection, occurrence.id),
        account=account,
        approval=approvals.latest(connection, issue),
        mailing_id=mailing.id if mailing else 0,
    )


def _of_mailing(mailing: MailingRow, account: Account, outcome: str, why: str) -> tuple[str, str]:
    if mailing.state is MailingState.CANCELLED:
        return "stopped", why or mailing.why or "stopped by hand"
    if mailing.state is MailingState.PAUSED:
        return "held", f"paused: {mailing.why}"
    if account.left:
        return "running", why
    if account.unknown:
        return (
            "unsettled",
            f"{counted(account.unknown, 'delivery', 'deliveries')} may or may not have been taken",
        )
    return ("sent", why) if outcome in {"sent", "running"} else (outcome, why)


def deliveries_of(desk: Desk, line: RunLine) -> tuple[DeliveryRow, ...]:
    """Give what became of each recipient of a run."""
    if not line.mailing_id:
        return ()
    with desk.database.read() as connection:
        return tuple(ledger.list_deliveries(connection, line.mailing_id))


def explain_plan(desk: Desk, *, most: int = 10) -> tuple[PlanLine, ...]:
    """Give the next runs, with what each would do if it were now."""
    with desk.database.read() as connection:
        ahead = [
            occurrence
            for occurrence in occurrences.list_occurrences(connection)
            if occurrence.state in {OccurrenceState.PLANNED, OccurrenceState.HELD}
            and ledger.mailing_for_issue(connection, occurrence.issue or "") is None
        ]
    barred = what_bars_sending(desk)
    return tuple(_plan_line(desk, occurrence, barred=barred) for occurrence in ahead[:most])


def _plan_line(desk: Desk, occurrence: OccurrenceRow, *, barred: str) -> PlanLine:
    will, in_the_way = ("hold", (barred,)) if barred else _outlook(desk, occurrence)
    try:
        zone = newsletter_named(desk.settings, occurrence.newsletter).timezone
        local = f"{occurrence.planned_at.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"
    except NotFound:
        local = f"{occurrence.local_date} {occurrence.local_time}"
    return PlanLine(
        newsletter=occurrence.newsletter,
        issue=occurrence.issue or "",
        planned=occurrence.planned_at,
        local=local,
        will=will,
        in_the_way=in_the_way,
    )


def _outlook(desk: Desk, occurrence: OccurrenceRow) -> tuple[str, tuple[str, ...]]:
    """Say what release would do now, by its own rules, without writing anything."""
    name = occurrence.issue or ""
    if occurrence.state is OccurrenceState.HELD:
        return "hold", (f"held: {occurrence.why}",)
    doubt = doubt_about(desk, occurrence)
    if doubt:
        return "hold", (doubt,)
    try:
        prepared = prepare(desk, name)
        late = lateness(prepared, occurrence, desk.clock.now())
        if late:
            return "skip", (late,)
        outcomes = compose_outcomes(desk, prepared)
        report = check_prepared(desk, prepared)
        chosen = appearances_now(prepared, report)
        doubt = person_problem(prepared, report)
    except (HeldError, NewsletterError) as error:
        return "hold", (str(error),)
    return _outlook_of_sealed(desk, occurrence, prepared, outcomes, chosen, doubt=doubt)


def _outlook_of_sealed(
    desk: Desk,
    occurrence: OccurrenceRow,
    prepared: Prepared,
    outcomes: Mapping[str, ComposedIssue],
    chosen: Mapping[str, Appearance],
    *,
    doubt: str,
) -> tuple[str, tuple[str, ...]]:
    name = prepared.file.issue.name
    with desk.database.read() as connection:
        approval = approvals.standing(connection, name)
        count = audience.count_audience(connection, prepared.newsletter.list)
        unlike = "" if approval else doubt or last_issue_problem(connection, prepared, count)
    if not count:
        return "hold", (nobody_on(prepared.newsletter.list),)
    if approval is not None:
        why = seal_problem(approval, occurrence, prepared, outcomes, chosen)
        if why:
            return "hold", (f"the approval by {approval.approved_by} is broken: {why}",)
        unlike = fuse_problem(prepared, approval.recipients, count, "were approved")
    elif prepared.newsletter.approval is ApprovalRule.REQUIRED:
        return "wait for approval", (f'nobody has approved it: "newsletter approve {name}"',)
    return ("hold", (unlike,)) if unlike else ("send", ())
