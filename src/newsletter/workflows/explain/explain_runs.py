"""Log, explained: what became of each run, and when one goes out; reads only."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, NewsletterSettings
from newsletter.errors import NotFound
from newsletter.model.mailing import Account, MailingState
from newsletter.model.records import (
    ApprovalRow,
    DeliveryRow,
    MailingRow,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
    StepRow,
)
from newsletter.model.schedule import Stage
from newsletter.model.text import counted, lasting
from newsletter.store import Connection, approvals, epoch, ledger, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import asked_again
from newsletter.workflows.planning.occurrence import ways_on, ways_on_paused
from newsletter.workflows.project_files import issue_names
from newsletter.workflows.sending.begin_sending import doubt_sentence, what_bars_sending

_LEFT = frozenset({OccurrenceState.PLANNED, OccurrenceState.CLAIMED})


def going_out(
    row: OccurrenceRow, approval: ApprovalRow | None, newsletter: NewsletterSettings
) -> datetime:
    """Return what release waits for: the later of the planned time and the hold's end."""
    if approval is None:
        return row.planned_at
    return max(row.planned_at, approval.approved_at + newsletter.hold)


def approved_words(desk: Desk, approval: ApprovalRow) -> tuple[datetime | None, str]:
    """Say when what was just approved goes out; None and "" where nothing is planned."""
    with desk.database.read() as connection:
        row = occurrences.of_issue(connection, approval.issue)
    if row is None or row.state not in _LEFT:
        return None, ""
    newsletter = newsletter_named(desk.settings, row.newsletter)
    out = going_out(row, approval, newsletter)
    planned = f"planned for {approval.planned_local or f'{row.local_date} {row.local_time}'}"
    if row.mark is OccurrenceMark.FORCED:
        planned = "forced"
    elif out == row.planned_at:
        return out, f'{planned}; "newsletter run" sends it'
    if out <= desk.clock.now():
        return out, f"{planned}; it goes out now"
    hold = lasting(newsletter.hold)
    at = out.astimezone(newsletter.timezone)
    return out, f"{planned}; it goes out at {at:%H:%M:%S}, {hold} after the approval"


def running_words(connection: Connection, desk: Desk, row: OccurrenceRow) -> str:
    """Return what a run that has begun, and has no mailing yet, waits for; "" where it is over."""
    if row.state not in _LEFT:
        return ""
    try:
        newsletter = newsletter_named(desk.settings, row.newsletter)
    except NotFound as error:
        return str(error)
    if row.issue is None:
        tried = scheduled.tries(connection, row.id, Stage.FETCH)
        return asked_again(row, tried, newsletter.timezone) if tried else "its draft is being made"
    approval = approvals.standing(connection, row.issue)
    if approval is None and newsletter.approval is ApprovalRule.REQUIRED:
        until = (row.approve_by or row.planned_at).astimezone(newsletter.timezone)
        return f"waits for approval until {until:%H:%M}"
    out = going_out(row, approval, newsletter)
    if out <= desk.clock.now():
        return "goes out as soon as its steps are over"
    return f"goes out at {out.astimezone(newsletter.timezone):%H:%M:%S}"


LATE = timedelta(minutes=1)  # a look every half second, and a slow machine, are no lateness
OUTCOMES = {
    OccurrenceState.PLANNED: "running",  # its draft is made, and its time is still to come
    OccurrenceState.CLAIMED: "running",
    OccurrenceState.DONE: "sent",
    OccurrenceState.HELD: "held",
    OccurrenceState.SKIPPED: "skipped",
    OccurrenceState.MISSED: "missed",
    OccurrenceState.STOPPED: "stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One past or present run, explained; outcome is a word of OUTCOMES or of the mailing."""

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
    note: str = ""
    changes: tuple[str, ...] = ()
    ways_on: tuple[str, ...] = ()


def explain_log(desk: Desk, issue: str | None = None) -> tuple[RunLine, ...]:
    """Return every run, or those of one issue, in the order of their planned times."""
    with desk.database.read() as connection:
        found = [
            (occurrence, _run_line(desk, connection, occurrence))
            for occurrence in occurrences.list_occurrences(connection)
            if issue in {None, occurrence.issue} and _has_begun(connection, occurrence)
        ]
    if issue is None:
        return tuple(line for _, line in found)
    if not found and issue not in issue_names(desk.settings):
        raise NotFound("issue", issue)
    return tuple(_of_held(desk, occurrence, line) for occurrence, line in found)


def _of_held(desk: Desk, occurrence: OccurrenceRow, line: RunLine) -> RunLine:
    if line.outcome != "held":
        return line
    from newsletter.workflows.approval.approve_issue import seal_diff  # noqa: PLC0415 (loads every check

    changes = seal_diff(desk, line.issue)
    if occurrence.state is not OccurrenceState.HELD:  # its mailing is paused
        return replace(line, changes=changes, ways_on=(ways_on_paused(line.issue),))
    names = {newsletter.name: newsletter.timezone for newsletter in desk.settings.newsletters}
    ways_now = ways_on(occurrence, names.get(line.newsletter, UTC), desk.clock.now())
    return replace(line, changes=changes, ways_on=ways_now)


def _has_begun(connection: Connection, occurrence: OccurrenceRow) -> bool:
    if occurrence.state is not OccurrenceState.PLANNED:
        return True
    return bool(occurrences.steps(connection, occurrence.id))


def explain_restores(desk: Desk) -> tuple[str, ...]:
    """Return what the log cannot know: a sentence for each restored backup."""
    with desk.database.read() as connection:
        lines = [
            f"{doubt_sentence(row.known_until)}, up to {row.accepted_at:%Y-%m-%d %H:%M:%S} "
            f"UTC, when {row.accepted_by} let it send again"
            for row in epoch.list_restores(connection)
        ]
    barred = what_bars_sending(desk)
    return (*lines, *((f"nothing is sent: {barred}",) if barred else ()))


def _run_line(desk: Desk, connection: Connection, occurrence: OccurrenceRow) -> RunLine:
    issue = occurrence.issue or ""
    mailing = ledger.mailing_for_issue(connection, issue)
    approval = approvals.latest(connection, issue)
    account = ledger.account(connection, mailing.id) if mailing else None
    outcome, why = OUTCOMES[occurrence.state], occurrence.why
    if mailing is None:
        why = why or running_words(connection, desk, occurrence)
    if mailing is not None and account is not None:
        outcome, why = _of_mailing(mailing, account, outcome, why)
    notes = (occurrence.note, _late_words(occurrence))
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
        approval=approval,
        mailing_id=mailing.id if mailing else 0,
        note="; ".join(filter(None, notes)),
    )


def _late_words(occurrence: OccurrenceRow) -> str:
    """Say how long after its planned time a run was begun; "" where that is less than a minute."""
    if occurrence.claimed_at is None:
        return ""
    late = occurrence.claimed_at - occurrence.planned_at
    return f"late: begun {lasting(late)} after its planned time" if late >= LATE else ""


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
    """Return what became of each recipient of a run."""
    if not line.mailing_id:
        return ()
    with desk.database.read() as connection:
        return tuple(ledger.list_deliveries(connection, line.mailing_id))
