"""When a run goes out, told to people: its planned time, or the end of the hold; reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, NewsletterSettings
from newsletter.errors import NotFound
from newsletter.model.records import (
    ApprovalRow,
    OccurrenceMark,
    OccurrenceRow,
    OccurrenceState,
)
from newsletter.model.schedule import Stage
from newsletter.store import Connection, approvals, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.draft_tries import asked_again

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
