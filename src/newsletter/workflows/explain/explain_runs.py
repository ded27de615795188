"""When a run goes out, told to people: its planned time, or the end of the hold; reads only."""

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
_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """When the first copy may leave; held_by says "" where that is the planned time."""

    at: datetime
    held_by: str = ""

    def sentence(self, newsletter: NewsletterSettings) -> str:
        """Say it with the time in the newsletter's zone."""
        at = f"goes out at {self.at.astimezone(newsletter.timezone):%H:%M:%S}"
        return f"{at} ({self.held_by})" if self.held_by else at


def going_out(
    row: OccurrenceRow, approval: ApprovalRow | None, newsletter: NewsletterSettings
) -> GoingOut:
    """Give the moment that release waits for: the later of the planned time and the hold's end."""
    if approval is None:
        return GoingOut(at=row.planned_at)
    ends = approval.approved_at + newsletter.hold
    if ends <= row.planned_at or not newsletter.hold:
        return GoingOut(at=max(ends, row.planned_at))
    return GoingOut(at=ends, held_by=f"hold of {_length(newsletter.hold)} after the approval")


def approved_words(desk: Desk, approval: ApprovalRow) -> tuple[datetime | None, str]:
    """Say when what was just approved goes out; None and "" where nothing is planned."""
    with desk.database.read() as connection:
        row = occurrences.of_issue(connection, approval.issue)
    if row is None or row.state not in _LEFT:
        return None, ""
    newsletter = newsletter_named(desk.settings, row.newsletter)
    out = going_out(row, approval, newsletter)
    if row.mark is OccurrenceMark.FORCED:
        is_now = out.at <= desk.clock.now()
        return out.at, f"forced: it {'goes out now' if is_now else out.sentence(newsletter)}"
    planned = f"planned for {approval.planned_local or f'{row.local_date} {row.local_time}'}"
    if out.held_by:
        return out.at, f"{planned}; it {out.sentence(newsletter)}"
    return out.at, f'{planned}; "newsletter run" sends it'


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
    if out.at <= desk.clock.now():
        return "goes out as soon as its steps are over"
    return out.sentence(newsletter)


def _length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    if seconds > _MINUTE_S and seconds % _MINUTE_S == 0:
        return f"{seconds // _MINUTE_S}m"
    return f"{seconds}s"


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
    """One past or present run, explained; outcome is a word of OUTCOMES or of the mailing.

    note says that it was forced, begun late or put off by a hold, or what the clocks or a change
    of the settings did to its time.
    changes are the lines of a diff from what was approved to what is there, where that holds it;
    ways_on says what a person can do about it then. Both are of the log of one issue alone.
    """

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
    """Return every run, or those of one issue, in the order of their planned times.

    Raises NotFound: neither a file nor a run of that name.
    """
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
    """Add what changed since the approval, and what a person can do, to a held run."""
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
    """Return whether anything was done for a planned time: a scheduled one begins at its draft."""
    if occurrence.state is not OccurrenceState.PLANNED:
        return True
    return bool(occurrences.steps(connection, occurrence.id))


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
    hold = _hold_words(desk, occurrence, approval, mailing)
    notes = (occurrence.note, _late_words(occurrence), hold)
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


def _hold_words(
    desk: Desk, occurrence: OccurrenceRow, approval: ApprovalRow | None, mailing: MailingRow | None
) -> str:
    """Say that a mailing began after its planned time since a hold had to pass; "" where none had.

    The hold is that of the settings now: where it has been made longer since, nothing is said.
    """
    if mailing is None or approval is None or mailing.created < approval.approved_at:
        return ""
    try:
        newsletter = newsletter_named(desk.settings, occurrence.newsletter)
    except NotFound:  # not in newsletter.toml any more
        return ""
    out = going_out(occurrence, approval, newsletter)
    if not out.held_by or mailing.created < out.at:
        return ""
    return f"waited until {out.at.astimezone(newsletter.timezone):%H:%M:%S}: {out.held_by}"


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
