"""Release: decide, at its planned moment, whether an issue goes out, and freeze it.

What goes out was sealed. What was not sealed, has changed since, or is not verified any more holds
the occurrence, with the reason in words. Nothing here sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from newsletter.config.settings import ApprovalRule, CalloutIfUnverified
from newsletter.errors import NewsletterError
from newsletter.issues.callout_status import appearances
from newsletter.model.callout import Appearance
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Report
from newsletter.model.records import ApprovalRow, OccurrenceRow, OccurrenceState
from newsletter.store import Connection, approvals, audience, ledger, occurrences
from newsletter.workflows.approve_issue import compose_outcomes, seal
from newsletter.workflows.check_issue import check_prepared
from newsletter.workflows.compose_issue import Prepared, outcome_key, prepare
from newsletter.workflows.desk import Desk
from newsletter.workflows.run_record import RunRecord

DEFAULT_IF_LATE = timedelta(hours=2)
AUTOMATIC = "automatic"
APPEAL_STATUS = "S04"


class Verdict(StrEnum):
    """What a release came to."""

    FROZEN = "frozen"
    HELD = "held"
    MISSED = "missed"
    NOBODY = "nobody"
    WITHDRAWN = "withdrawn"  # unscheduled or moved while it was being looked at
    STOPPED = "stopped"  # the program was told to stop before the first copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """How a release ended; mailing_id where it was frozen, why in one sentence where it was not."""

    verdict: Verdict
    why: str = ""
    mailing_id: int = 0


class _HeldError(Exception):
    """The issue may not go out as things stand; str() is the reason."""


def release(
    desk: Desk,
    occurrence: OccurrenceRow,
    *,
    wait_until: Callable[[datetime], bool],
    new_key: Callable[[], str],
) -> Released:
    """Take a claimed occurrence up to its frozen mailing.

    Args:
        desk: settings, clock, database, composer.
        occurrence: claimed by this process.
        wait_until: waits for a moment, with the hold in mind; False when told to stop.
        new_key: gives a mailing's key: letters and digits, unguessable.
    """
    name = occurrence.issue or ""
    record = RunRecord(desk, occurrence)
    now = desk.clock.now()
    try:
        prepared = prepare(desk, name)
    except NewsletterError as error:
        return _end(desk, occurrence, Verdict.HELD, f"the issue cannot be read: {error}")
    schedule = prepared.newsletter.schedule
    if_late = schedule.if_late if schedule else DEFAULT_IF_LATE
    if now > occurrence.planned_at + if_late:
        late = f"planned for {occurrence.planned_at:%Y-%m-%d %H:%M:%S} UTC, more than {if_late} ago"
        return _end(desk, occurrence, Verdict.MISSED, late)
    try:
        with record.step("build"):
            outcomes = compose_outcomes(desk, prepared)
        with record.step("check"):
            chosen = _appearances(prepared, check_prepared(desk, prepared))
        composed = outcomes[outcome_key(chosen)]
        with record.step("approval"):
            approval = _approval(desk, occurrence, prepared, outcomes, chosen)
    except (_HeldError, NewsletterError) as error:
        return _end(desk, occurrence, Verdict.HELD, str(error))
    if approval is None:
        nobody = f'nobody is subscribed to the list "{prepared.newsletter.list}"'
        return _end(desk, occurrence, Verdict.NOBODY, nobody)
    if not wait_until(max(occurrence.planned_at, approval.approved_at + prepared.newsletter.hold)):
        return Released(verdict=Verdict.STOPPED)
    with record.step("freeze"):
        return _freeze(desk, occurrence, prepared, composed, approval=approval, key=new_key())


def _appearances(prepared: Prepared, report: Report) -> dict[str, Appearance]:
    """Decide what dec.md's table gives for a real send now.

    Raises:
        _HeldError: a check blocks, or an appeal is not verified and may not be dropped.
    """
    drops = prepared.newsletter.callout_if_unverified is CalloutIfUnverified.DROP
    chosen: dict[str, Appearance] = {}
    for use in prepared.uses:
        appearance = appearances(use)
        if appearance is None and not drops:
            msg = f"the appeal {use.callout.name} is not open: {use.reason}"
            raise _HeldError(msg)
        chosen[use.callout.name] = appearance or Appearance.LEFT_OUT
    errors = [f for f in report.errors if not (drops and f.id == APPEAL_STATUS)]
    if errors:
        msg = "checks block it: " + ", ".join(f"{f.check}: {f.message}" for f in errors)
        raise _HeldError(msg)
    return chosen


def _approval(
    desk: Desk,
    occurrence: OccurrenceRow,
    prepared: Prepared,
    outcomes: Mapping[str, ComposedIssue],
    chosen: dict[str, Appearance],
) -> ApprovalRow | None:
    """Compare the seal with what would go out; None when there is nobody to send to.

    Raises:
        _HeldError: no approval, or a broken one, or another audience than was approved.
    """
    name = occurrence.issue or ""
    now = desk.clock.now()
    with desk.database.write() as connection:
        count = audience.count_audience(connection, prepared.newsletter.list)
        if count == 0:
            return None
        approval = approvals.standing(connection, name)
        if approval is None and prepared.newsletter.approval is ApprovalRule.AUTOMATIC:
            return seal(
                connection,
                name,
                outcomes,
                fingerprint=outcomes[outcome_key(chosen)].fingerprint,
                list_name=prepared.newsletter.list,
                recipients=count,
                by=AUTOMATIC,
                now=now,
            )
        if approval is None:
            last = approvals.latest(connection, name)
            broken = f" since the approval was broken: {last.broken_why}" if last else ""
            msg = f"nobody has approved it{broken}"
            raise _HeldError(msg)
        why = _broken(approval, occurrence, prepared, outcomes, chosen)
        if why:
            approvals.break_seal(connection, name, why=why, now=now)
    if why:
        msg = f"the approval by {approval.approved_by} is broken: {why}"
        raise _HeldError(msg)
    _fuse(prepared, approval, count)
    return approval


def _broken(
    approval: ApprovalRow,
    occurrence: OccurrenceRow,
    prepared: Prepared,
    outcomes: Mapping[str, ComposedIssue],
    chosen: dict[str, Appearance],
) -> str:
    key = outcome_key(chosen)
    if approval.seals.get(key) != outcomes[key].fingerprint:
        return "the issue, its template, its callout or its sender changed after the approval"
    if approval.list != prepared.newsletter.list:
        return f'the list is "{prepared.newsletter.list}" and was "{approval.list}"'
    if approval.planned_at not in {None, occurrence.planned_at}:
        return f"it was approved for {approval.planned_local}"
    return ""


def _fuse(prepared: Prepared, approval: ApprovalRow, count: int) -> None:
    allowed = prepared.newsletter.audience_fuse * approval.recipients
    if abs(count - approval.recipients) > allowed:
        msg = (
            f"the list has {count:,} readers and {approval.recipients:,} were approved, "
            f"more than {prepared.newsletter.audience_fuse:.0%} apart"
        )
        raise _HeldError(msg)


def _freeze(
    desk: Desk,
    occurrence: OccurrenceRow,
    prepared: Prepared,
    composed: ComposedIssue,
    *,
    approval: ApprovalRow,
    key: str,
) -> Released:
    """Store the mailing and its deliveries, if the occurrence and the seal still stand."""
    now = desk.clock.now()
    name = prepared.file.issue.name
    with desk.database.write() as connection:
        if not _still_stands(connection, occurrence, approval):
            return Released(verdict=Verdict.WITHDRAWN, why="it was changed while it waited")
        mailing_id = ledger.freeze(
            connection,
            issue=name,
            newsletter=prepared.newsletter.name,
            occurrence_id=occurrence.id,
            issue_sha256=sha256(prepared.file.source.encode()).hexdigest(),
            skeleton_sha256=composed.fingerprint,
            mailing_key=key,
            list_name=prepared.newsletter.list,
            planned=None,
            now=now,
        )
        ledger.start_mailing(connection, mailing_id, now=now)
    return Released(verdict=Verdict.FROZEN, mailing_id=mailing_id)


def _still_stands(connection: Connection, occurrence: OccurrenceRow, approval: ApprovalRow) -> bool:
    now_there = occurrences.of_issue(connection, occurrence.issue or "")
    standing = approvals.standing(connection, occurrence.issue or "")
    return (
        now_there is not None
        and now_there.id == occurrence.id
        and now_there.state is OccurrenceState.CLAIMED
        and now_there.planned_at == occurrence.planned_at
        and standing is not None
        and standing.id == approval.id
    )


_ENDS = {
    Verdict.HELD: OccurrenceState.HELD,
    Verdict.MISSED: OccurrenceState.MISSED,
    Verdict.NOBODY: OccurrenceState.DONE,
}


def _end(desk: Desk, occurrence: OccurrenceRow, verdict: Verdict, why: str) -> Released:
    with desk.database.write() as connection:
        occurrences.finish(connection, occurrence.id, _ENDS[verdict], why=why, now=desk.clock.now())
    return Released(verdict=verdict, why=why)
