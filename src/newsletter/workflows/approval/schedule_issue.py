"""Schedule and unschedule: one issue at one time."""

from dataclasses import dataclass

from newsletter.errors import NothingToDo
from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceState
from newsletter.model.schedule import PlannedTime
from newsletter.store import approvals, occurrences, scheduled
from newsletter.store.occurrences import UNSCHEDULED
from newsletter.workflows.approval.approve_issue import plan_once, refuse_begun, refuse_past
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared
from newsletter.workflows.issue.compose_issue import prepare, refuse_errors

# A claimed one may be taken back until its mailing is frozen: release looks once more before that.
TAKEN_BACK = (OccurrenceState.PLANNED, OccurrenceState.CLAIMED, OccurrenceState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """What became of the approval: whether one stands for this time, or was just broken."""

    planned: PlannedTime
    approved_by: str = ""
    broke: bool = False


def schedule_issue(desk: Desk, name: str, planned: PlannedTime) -> Scheduled:
    """Plan an issue at one time.

    An approval without a time takes this one; an approval for another time is broken.

    Raises:
        ChecksFailed: an unwaived error is left.
        NothingToDo: the issue has been mailed.
        UserError: the time is past, or the newsletter sends another issue at it.
    """
    prepared = prepare(desk, name)
    now = desk.clock.now()
    refuse_past(planned, now)
    refuse_errors(name, check_prepared(desk, prepared).errors)
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        plan_once(connection, prepared, planned)
        approval = approvals.standing(connection, name)
        if approval is None:
            return Scheduled(planned=planned)
        if approval.planned_at is None:
            approvals.set_planned(
                connection, approval.id, planned_at=planned.at, planned_local=str(planned.local)
            )
        elif approval.planned_at != planned.at:
            why = f"planned for {planned.local} instead of {approval.planned_local}"
            approvals.break_seal(connection, name, why=why, now=now)
            return Scheduled(planned=planned, broke=True)
        return Scheduled(planned=planned, approved_by=approval.approved_by)


def unschedule_issue(desk: Desk, name: str) -> None:
    """Take an issue's planned time back. One that its schedule gave it is skipped.

    Raises:
        NotFound: no such issue.
        NothingToDo: it is not planned, or its mailing has begun.
    """
    with desk.database.write() as connection:
        refuse_begun(connection, name)
        occurrence = occurrences.of_issue(connection, name)
        if occurrence is None or occurrence.state not in TAKEN_BACK:
            msg = f"{name} is not planned"
            raise NothingToDo(msg)
        now = desk.clock.now()
        if occurrence.kind is OccurrenceKind.SCHEDULED:
            scheduled.set_aside(
                connection, occurrence.id, OccurrenceMark.SKIPPED, why=UNSCHEDULED, now=now
            )
        else:
            occurrences.unplan(connection, occurrence.id, now=now)
