"""Release: compare an issue with its approval at the planned time, and freeze its mailing."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from newsletter.checks.registry import wants_person
from newsletter.config.settings import ApprovalRule, CalloutIfUnverified, NewsletterSettings
from newsletter.errors import NewsletterError, StoreBusy
from newsletter.issues.callout_rules import appearances
from newsletter.model.callout import Appearance
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Report
from newsletter.model.records import ApprovalRow, OccurrenceRow, OccurrenceState
from newsletter.model.text import counted
from newsletter.store import Connection, approvals, epoch, ledger, occurrences, subscribers
from newsletter.workflows.approval.approve_issue import (
    compose_variants,
    fuse_problem,
    last_issue_problem,
    seal,
)
from newsletter.workflows.callouts.life import SEND, record_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import Prepared, prepare, variant_key
from newsletter.workflows.planning.occurrence import Evidence, RunRecord, lateness, overtaken
from newsletter.workflows.sending.begin_sending import doubt_about
from newsletter.workflows.stories.story_memory import record_issue


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


class HeldError(Exception):
    """The issue may not go out as things stand; str() is the reason."""

    def __init__(self, why: str, verdict: Verdict = Verdict.HELD) -> None:
        super().__init__(why)
        self.verdict = verdict


AUTOMATIC = "automatic"
APPEAL_STATUS = "S04"
CHANGED_WHILE_WAITING = "it was changed while it waited"
SECOND_LOOK = timedelta(seconds=1)  # before the planned time: enough to compose and check in


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What would go out: each variant, the key of the one chosen now."""

    prepared: Prepared
    variants: Mapping[str, ComposedIssue]
    key: str
    doubt: str = ""


def release(
    desk: Desk,
    occurrence: OccurrenceRow,
    *,
    wait_until: Callable[[datetime], bool],
    new_key: Callable[[], str],
) -> Released:
    """Take a claimed occurrence up to its frozen mailing.

    Raises StoreBusy: the database cannot be used now; nothing was decided.
    """
    record = RunRecord(desk, occurrence)
    try:
        judged = _judged_twice(desk, record, wait_until)
        if judged is None:
            return Released(verdict=Verdict.STOPPED)
        candidate, approval = judged
        newsletter = candidate.prepared.newsletter
        held_from = min(approval.approved_at, desk.clock.now())
        _refuse_late(occurrence, newsletter, held_from)  # asleep while it was judged
        hold_until = held_from + newsletter.hold
        if not wait_until(max(occurrence.planned_at, hold_until)):
            return Released(verdict=Verdict.STOPPED)
        _refuse_late(occurrence, newsletter, desk.clock.now(), hold_until)  # asleep meanwhile
        if not desk.is_current() or not _is_unchanged(desk, candidate.prepared):
            raise HeldError(CHANGED_WHILE_WAITING, Verdict.WITHDRAWN)  # noqa: TRY301 (as the rest)
        with record.step("freeze") as evidence:
            mailing_id = _freeze(
                desk,
                occurrence,
                candidate,
                approval=approval,
                hold_until=hold_until,
                key=new_key(),
                evidence=evidence,
            )
        return Released(verdict=Verdict.FROZEN, mailing_id=mailing_id)
    except HeldError as error:
        if error.verdict is Verdict.WITHDRAWN or not desk.is_current():
            return Released(verdict=Verdict.WITHDRAWN, why=CHANGED_WHILE_WAITING)
        return _end(desk, occurrence, error.verdict, str(error))


def _judged_twice(
    desk: Desk, record: RunRecord, wait_until: Callable[[datetime], bool]
) -> tuple[Candidate, ApprovalRow] | None:
    """Judge ahead of the planned second, and where that would hold it, once more right before it.

    Somebody may be saving a file at the moment of the first look: half of it is written. None when
    told to stop in between.
    """
    second_look = record.occurrence.planned_at - SECOND_LOOK
    if desk.clock.now() < second_look:
        try:
            return _judged(desk, record, is_last=False)
        except HeldError as error:
            if error.verdict is not Verdict.HELD:
                raise
        if not wait_until(second_look):
            return None
    return _judged(desk, record, is_last=True)


def _judged(desk: Desk, record: RunRecord, *, is_last: bool) -> tuple[Candidate, ApprovalRow]:
    """Return what would go out, and the approval that covers it.

    A seal that does not hold is broken by the last look alone.
    """
    occurrence = record.occurrence
    doubt = doubt_about(desk, occurrence)
    if doubt:
        raise HeldError(doubt)
    try:
        prepared = prepare(desk, occurrence.issue or "")
    except StoreBusy:
        raise  # this says nothing about the issue
    except NewsletterError as error:
        raise HeldError(f"the issue cannot be read: {error}") from error
    _refuse_late(occurrence, prepared.newsletter, desk.clock.now())
    try:
        candidate = candidate_of(desk, prepared, record.step)
        with record.step("approval") as evidence:
            approval = _approval(desk, occurrence, candidate, may_break=is_last)
            evidence.says(f"{approval.approved_by}; seal and list are as approved")
    except StoreBusy:
        raise
    except NewsletterError as error:
        raise HeldError(str(error)) from error
    return candidate, approval


def candidate_of(
    desk: Desk,
    prepared: Prepared,
    step: Callable[[str], AbstractContextManager[Evidence]] = lambda _: nullcontext(Evidence()),
) -> Candidate:
    """Compose and check an issue as a release does; step keeps what each of the two came to."""
    with step("build") as evidence:
        checked = compose_for_checks(desk, prepared)
        variants = compose_variants(desk, prepared, checked)
        evidence.says(f"built {counted(len(variants), 'variant')}")
    with step("check") as evidence:
        report = check_prepared(desk, prepared, checked)
        evidence.says(counted(len(report.errors), "error") if report.errors else "no errors")
        key = variant_key(appearances_now(prepared, report))
    doubt = person_problem(prepared, report)
    return Candidate(prepared=prepared, variants=variants, key=key, doubt=doubt)


def _refuse_late(
    occurrence: OccurrenceRow,
    newsletter: NewsletterSettings,
    now: datetime,
    hold_until: datetime | None = None,
) -> None:
    late = lateness(newsletter, occurrence, now, hold_until)
    if late:
        raise HeldError(late, Verdict.MISSED)


def nobody_on(list_name: str) -> str:
    """Return that there is nobody to send to."""
    return f'nobody is subscribed to the list "{list_name}"'


def _is_unchanged(desk: Desk, before: Prepared) -> bool:
    """Tell whether the files still say what was composed; a hold leaves a minute to change them."""
    try:
        now = prepare(desk, before.file.issue.name)
    except StoreBusy:
        raise
    except NewsletterError:
        return False
    return (
        now.file.source == before.file.source
        and now.templates == before.templates
        and [(use.callout, appearances(use)) for use in now.uses]
        == [(use.callout, appearances(use)) for use in before.uses]
    )


def appearances_now(prepared: Prepared, report: Report) -> dict[str, Appearance]:
    """Decide how each callout appears in a real send now."""
    drops = prepared.newsletter.callout_if_unverified is CalloutIfUnverified.DROP
    chosen: dict[str, Appearance] = {}
    for use in prepared.uses:
        appearance = appearances(use)
        if appearance is None and not drops:
            raise HeldError(f"the appeal {use.callout.name} is not open: {use.reason}")
        chosen[use.callout.name] = appearance or Appearance.LEFT_OUT
    errors = [f for f in report.errors if not (drops and f.id == APPEAL_STATUS)]
    if errors:
        msg = "checks block it: " + ", ".join(f"{f.check}: {f.message}" for f in errors)
        raise HeldError(msg)
    return chosen


def person_problem(prepared: Prepared, report: Report) -> str:
    """Return which findings want a person's approval; "" where an automatic one may pass."""
    found = wants_person(report)
    if not found:
        return ""
    what = ", ".join(f"{f.check}: {f.message}" for f in found)
    return (
        f"no automatic approval passes what the checks found: {what}; "
        f'read it, then "newsletter approve {prepared.file.issue.name}"'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an issue's approval stands now.

    approval is None before one; waits: a person has to give it. broken says what breaks the seal;
    why says what holds the run, the broken seal too, "" where it may go out.
    """

    approval: ApprovalRow | None
    count: int
    why: str = ""
    broken: str = ""
    waits: bool = False


def approval_standing(
    connection: Connection, occurrence: OccurrenceRow, candidate: Candidate
) -> Standing:
    """Compare the approval's seal and audience with what would go out."""
    name, newsletter = candidate.prepared.file.issue.name, candidate.prepared.newsletter
    count = subscribers.count_audience(connection, newsletter.list)
    approval = approvals.standing(connection, name)
    if approval is not None:
        broken = seal_problem(approval, occurrence, candidate)
        why = f"the approval by {approval.approved_by} is broken: {broken}" if broken else ""
        why = why or fuse_problem(newsletter, approval.recipients, count, "were approved")
        return Standing(approval=approval, count=count, why=why, broken=broken)
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        why = candidate.doubt or last_issue_problem(connection, newsletter, count)
        return Standing(approval=None, count=count, why=why)
    last = approvals.latest(connection, name)
    why = f"the approval was broken: {last.broken_why}" if last else "not approved yet"
    return Standing(approval=None, count=count, why=why, waits=True)


def seal_problem(approval: ApprovalRow, occurrence: OccurrenceRow, candidate: Candidate) -> str:
    """Return what breaks an approval's seal; "" where it holds."""
    if approval.seals.get(candidate.key) != candidate.variants[candidate.key].fingerprint:
        return "the issue, its template, its callout or its sender changed after the approval"
    own = candidate.prepared.newsletter.list
    if approval.list != own:
        return f'the list is "{own}" and was "{approval.list}"'
    if approval.planned_at not in {None, occurrence.planned_at}:
        return f"it was approved for {approval.planned_local}"
    return ""


def _approval(
    desk: Desk, occurrence: OccurrenceRow, candidate: Candidate, *, may_break: bool
) -> ApprovalRow:
    """Return the approval that covers what would go out; an automatic one is made here.

    Raises HeldError: nobody to send to, no approval, a broken one, or another audience than
    approved.
    """
    now = desk.clock.now()
    prepared = candidate.prepared
    with desk.database.write() as connection:
        found = approval_standing(connection, occurrence, candidate)
        if not found.count:
            raise HeldError(nobody_on(prepared.newsletter.list), Verdict.NOBODY)
        if found.broken and not desk.is_current():  # it may have been approved by the new settings
            raise HeldError(CHANGED_WHILE_WAITING, Verdict.WITHDRAWN)
        if found.broken and not may_break:
            raise HeldError(f"not as approved: {found.broken}; looked at again")
        if found.broken:
            approvals.break_seal(connection, prepared.file.issue.name, why=found.broken, now=now)
        if not found.why:
            return found.approval or seal(
                connection,
                prepared,
                candidate.variants,
                fingerprint=candidate.variants[candidate.key].fingerprint,
                recipients=found.count,
                by=AUTOMATIC,
                now=now,
            )
    raise HeldError(found.why)


def _freeze(
    desk: Desk,
    occurrence: OccurrenceRow,
    candidate: Candidate,
    *,
    approval: ApprovalRow,
    hold_until: datetime,
    key: str,
    evidence: Evidence,
) -> int:
    # a copy of the database from before does not know of this mailing
    epoch.raise_epoch(desk.database, now=desk.clock.now())
    now = desk.clock.now()
    prepared, composed = candidate.prepared, candidate.variants[candidate.key]
    issue, newsletter = prepared.file.issue, prepared.newsletter
    _refuse_late(occurrence, newsletter, now, hold_until)
    with desk.database.write() as connection:
        found = approval_standing(connection, occurrence, candidate)
        is_approved = found.approval is not None and found.approval.id == approval.id
        if not is_approved or not _is_same(connection, occurrence):
            raise HeldError(CHANGED_WHILE_WAITING, Verdict.WITHDRAWN)
        since = occurrence.local_date - timedelta(days=1)
        beside = occurrences.of_newsletter(connection, occurrence.newsletter, since)
        later = overtaken(occurrence, beside, now)  # the machine may have slept over the next, too
        if later:
            raise HeldError(later, Verdict.MISSED)
        if not found.count:
            raise HeldError(nobody_on(newsletter.list), Verdict.NOBODY)
        if found.why:
            raise HeldError(found.why)
        mailing_id = ledger.freeze(
            connection,
            issue=issue.name,
            newsletter=newsletter.name,
            occurrence_id=occurrence.id,
            issue_sha256=sha256(prepared.file.source.encode()).hexdigest(),
            skeleton_sha256=composed.fingerprint,
            mailing_key=key,
            list_name=newsletter.list,
            now=now,
        )
        record_issue(connection, issue, list_name=newsletter.list, now=now)
        ledger.start_mailing(connection, mailing_id, now=now)
        record_uses(
            connection,
            desk,
            newsletter=newsletter.name,
            issue=issue.name,
            occasion=SEND,
            appearances=dict(composed.appearances),
        )
        evidence.says(f"{counted(found.count, 'reader')} of the list {newsletter.list}")
        evidence.keep(connection)
    return mailing_id


def _is_same(connection: Connection, claimed: OccurrenceRow) -> bool:
    current = occurrences.of_issue(connection, claimed.issue or "")
    return (
        current is not None
        and current.state is OccurrenceState.CLAIMED
        and (current.id, current.owner, current.planned_at)
        == (claimed.id, claimed.owner, claimed.planned_at)
    )


_ENDS = {
    Verdict.HELD: OccurrenceState.HELD,
    Verdict.MISSED: OccurrenceState.MISSED,
    Verdict.NOBODY: OccurrenceState.DONE,
}


def _end(desk: Desk, occurrence: OccurrenceRow, verdict: Verdict, why: str) -> Released:
    with desk.database.write() as connection:
        if not _is_same(connection, occurrence):  # unscheduled while it was looked at
            return Released(verdict=Verdict.WITHDRAWN, why=CHANGED_WHILE_WAITING)
        occurrences.finish(connection, occurrence.id, _ENDS[verdict], why=why, now=desk.clock.now())
    return Released(verdict=verdict, why=why)
