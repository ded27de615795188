"""What a scheduled run does before its planned time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.config.load import newsletter_named
from newsletter.config.settings import ApprovalRule, IfUnapproved, NewsletterSettings
from newsletter.errors import Interrupted, NewsletterError, StoreBusy
from newsletter.model.notice import NoticeKind
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage, Tries
from newsletter.model.text import counted
from newsletter.store import approvals, notices, occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.digest_steps import (
    TOLD_AFTER,
    DigestTools,
    RunOverError,
    SourcesFailError,
    draft_notices,
    find_file,
    find_or_draft,
    findings_line,
    held,
    next_try,
    read_sources_of,
    reminder_notices,
    skipped,
    try_until,
    undrafted_notices,
)
from newsletter.workflows.issue.build_issue import build_issue
from newsletter.workflows.issue.check_issue import check_issue
from newsletter.workflows.issue.recheck import recheck_issue
from newsletter.workflows.planning.days import issue_of_day
from newsletter.workflows.planning.occurrence import RunRecord, lateness

FULL = tuple(stage for stage in Stage if stage is not Stage.READY)
BY_HAND = (Stage.DRAFT, Stage.APPROVAL)  # of a newsletter without draft_at
LOOK_AHEAD = timedelta(minutes=1)  # before approve_by: the file that a person has written
REMIND_BEFORE = timedelta(minutes=10)  # approve_by


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What a stage works on; each gives the line of evidence that it leaves."""

    desk: Desk
    occurrence: OccurrenceRow
    newsletter: NewsletterSettings
    tools: DigestTools


class _TriedError(Exception):
    """A stage did not get over and is tried again at next_at; str() is its line of evidence."""

    def __init__(self, line: str, next_at: datetime) -> None:
        super().__init__(line)
        self.next_at = next_at


def due_stage(desk: Desk, occurrence: OccurrenceRow) -> Stage | None:
    """Return the stage of a planned run that is to be done now; None where none is."""
    with desk.database.read() as connection:
        over = scheduled.passed(connection, occurrence.id)
        approval = approvals.standing(connection, occurrence.issue or "")
        tried = scheduled.tries(connection, occurrence.id, Stage.FETCH)
    if Stage.READY in over:
        return None
    try:
        newsletter = newsletter_named(desk.settings, occurrence.newsletter)
    except NewsletterError:
        return Stage.APPROVAL  # which says why
    needs_person = newsletter.approval is ApprovalRule.REQUIRED and approval is None
    drafts = newsletter.schedule is not None and newsletter.schedule.draft_at is not None
    stage = next(stage for stage in (FULL if drafts else BY_HAND) if stage not in over)
    begins = begin_of(stage, occurrence, over, drafts=drafts, needs_person=needs_person)
    now = desk.clock.now()
    if stage is Stage.FETCH and tried is not None and occurrence.issue is None:
        begins = tried.next_at if tried.first_at <= now else begins  # else by a wrong clock
    return stage if now >= begins else None


def begin_of(
    stage: Stage,
    occurrence: OccurrenceRow,
    over: Mapping[Stage, datetime],
    *,
    drafts: bool,
    needs_person: bool,
) -> datetime:
    """Return the moment from which a stage is due, those before it being over; pure.

    An approval is waited for until approve_by. The reminder comes ten minutes before that, or half
    way between the draft's mail and approve_by where less than twenty minutes lie between.
    """
    approve_by = occurrence.approve_by or occurrence.planned_at
    begun = occurrence.draft_at or occurrence.planned_at
    if stage is Stage.REMINDER and needs_person:
        told_at = over.get(Stage.EDITORS, begun)
        return approve_by - min(REMIND_BEFORE, max((approve_by - told_at) / 2, timedelta()))
    if stage is Stage.APPROVAL and needs_person:
        return approve_by
    return begun if drafts else min(approve_by, occurrence.planned_at) - LOOK_AHEAD


def advance(desk: Desk, occurrence_id: int, tools: DigestTools) -> OccurrenceRow:
    """Do every stage of a run that is due now, one after another. Returns the run as it is then."""
    while True:
        desk = desk.turn()
        with desk.database.read() as connection:
            occurrence = occurrences.get_occurrence(connection, occurrence_id)
        if occurrence.state is not OccurrenceState.PLANNED:
            return occurrence
        stage = due_stage(desk, occurrence)
        if stage is None:
            return occurrence
        try:
            if not _do(desk, occurrence, stage, tools):
                return occurrence
        except RunOverError as over:
            if not desk.is_current():  # the stage is done again, by the settings as they are then
                return occurrence
            return _end(desk, occurrence, over)


def _do(desk: Desk, occurrence: OccurrenceRow, stage: Stage, tools: DigestTools) -> bool:
    """Do one stage; False where it has to wait."""
    try:
        newsletter = newsletter_named(desk.settings, occurrence.newsletter)
    except NewsletterError as error:
        raise held(str(error)) from error
    late = lateness(newsletter, occurrence, desk.clock.now())
    if late:
        raise RunOverError(OccurrenceState.MISSED, late)
    drafts = newsletter.schedule is not None and newsletter.schedule.draft_at is not None
    if stage is Stage.REMINDER and not _is_reminder_due(desk, occurrence, newsletter):
        with desk.database.write() as connection:
            scheduled.pass_stage(connection, occurrence.id, stage, now=desk.clock.now())
        return True
    turn = _Turn(desk=desk, occurrence=occurrence, newsletter=newsletter, tools=tools)
    over = (stage, Stage.READY) if stage is Stage.APPROVAL else (stage,)
    try:
        if stage is Stage.DRAFT and not drafts and not _is_file_there(desk, occurrence, newsletter):
            return False
        with RunRecord(desk, occurrence).step(stage, over=over) as evidence:
            try:
                evidence.says(_WORK[stage](turn))
            except _TriedError as error:
                evidence.tried(str(error), next_at=error.next_at)
    except (RunOverError, StoreBusy, Interrupted):
        raise
    except NewsletterError as error:
        raise held(str(error)) from error
    return evidence.next_at is None


def _is_file_there(desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings) -> bool:
    """Look for the file that a person writes; it is waited for until the planned time."""
    if find_file(desk, newsletter, occurrence) is not None:
        return True
    if desk.clock.now() < occurrence.planned_at:
        return False
    there_is = f"there is no issue of {newsletter.name} for {occurrence.local_date}"
    raise held(f"{there_is}, and its schedule has no draft_at")


def _is_reminder_due(desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings) -> bool:
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        return False
    with desk.database.read() as connection:
        approval = approvals.standing(connection, occurrence.issue or "")
    return approval is None and desk.clock.now() < (occurrence.approve_by or occurrence.planned_at)


def _fetch(turn: _Turn) -> str:
    """Read the sources; where there is no draft without those that fail, put it off."""
    desk, occurrence = turn.desk, turn.occurrence
    with desk.database.read() as connection:
        tried = scheduled.tries(connection, occurrence.id, Stage.FETCH)
    there = issue_of_day(desk, turn.newsletter, occurrence.local_date) if tried else None
    if there is not None:
        return f"issues/{there}.md is there, no source is asked for it"
    try:
        return read_sources_of(desk, turn.newsletter, turn.tools, is_repeat=tried is not None)
    except SourcesFailError as error:
        there = issue_of_day(desk, turn.newsletter, occurrence.local_date)
        if there is not None:
            return f"{error}; issues/{there}.md is there, and needs none"
        raise _tried(turn, tried, error) from error


def _tried(turn: _Turn, tried: Tries | None, error: SourcesFailError) -> Exception:
    desk, occurrence = turn.desk, turn.occurrence
    now = desk.clock.now()
    at = next_try(occurrence, tried, error.failing, now=now)
    count = tried.count + 1 if tried else 1
    if at is None:
        return held(f"{error}; tried {count} times" if tried else str(error))
    if tried is not None and count == TOLD_AFTER:
        until = try_until(occurrence, tried.first_at)
        fresh = undrafted_notices(desk, occurrence, turn.newsletter, why=str(error), until=until)
        with desk.database.write() as connection:
            notices.add(connection, fresh, now=now)
    again = f"{at.astimezone(turn.newsletter.timezone):%H:%M:%S}"
    return _TriedError(f"{error}; tried again at {again}", at)


def _recheck(turn: _Turn) -> str:
    issue = turn.occurrence.issue or ""
    looked = recheck_issue(
        turn.desk, issue, turn.tools.fetcher, say=turn.tools.tell, stop=turn.tools.stop
    )
    asked = f"{counted(looked.asked, 'link')} asked"
    found = [finding.message for _, finding in looked.findings]
    found += [
        f"the appeal {probe.callout}: {probe.problem}" for probe in looked.probes if probe.problem
    ]
    return "; ".join((asked, *found)) if found else f"{asked}, nothing has changed"


def _build(turn: _Turn) -> str:
    built = build_issue(turn.desk, turn.occurrence.issue or "")
    size = f"{len(built.message):,} bytes"
    return f"{size}, fingerprint {built.fingerprint[:12]}, in build/{turn.occurrence.issue}/"


def _check(turn: _Turn) -> str:
    return findings_line(check_issue(turn.desk, turn.occurrence.issue or ""))


def _editors(turn: _Turn) -> str:
    fresh = draft_notices(turn.desk, turn.occurrence, turn.newsletter)
    with turn.desk.database.write() as connection:
        notices.add(connection, fresh, now=turn.desk.clock.now())
    return _told(turn.newsletter, NoticeKind.DRAFT, turn.desk)


def _reminder(turn: _Turn) -> str:
    with turn.desk.database.write() as connection:
        fresh = reminder_notices(turn.desk, turn.occurrence, turn.newsletter)
        notices.add(connection, fresh, now=turn.desk.clock.now())
    return f"not approved yet; {_told(turn.newsletter, NoticeKind.REMINDER, turn.desk)}"


def _approval(turn: _Turn) -> str:
    """See that a person has approved it, or that none needs to; release compares the seal."""
    with turn.desk.database.read() as connection:
        approval = approvals.standing(connection, turn.occurrence.issue or "")
    if approval is not None:
        return f"approved by {approval.approved_by}"
    if turn.newsletter.approval is ApprovalRule.AUTOMATIC:
        return "automatic: judged at the planned time"
    approve_by = turn.occurrence.approve_by or turn.occurrence.planned_at
    why = f"not approved by {approve_by.astimezone(turn.newsletter.timezone):%H:%M}"
    schedule = turn.newsletter.schedule
    if schedule is not None and schedule.if_unapproved is IfUnapproved.SKIP:
        raise skipped(why)
    raise held(why)


def _told(newsletter: NewsletterSettings, kind: NoticeKind, desk: Desk) -> str:
    ways = []
    if newsletter.editors and kind in desk.settings.notices.mail:
        ways.append(f"mail to {counted(len(newsletter.editors), 'editor')}")
    if desk.settings.notices.webhook:
        ways.append("the webhook is told")
    return " and ".join(ways) or "there is nobody to tell"


def _end(desk: Desk, occurrence: OccurrenceRow, over: RunOverError) -> OccurrenceRow:
    now = desk.clock.now()
    with desk.database.write() as connection:
        current = occurrences.get_occurrence(connection, occurrence.id)
        if current.state is OccurrenceState.PLANNED:
            occurrences.finish(connection, occurrence.id, over.state, why=str(over), now=now)
        return occurrences.get_occurrence(connection, occurrence.id)


_WORK: Mapping[Stage, Callable[[_Turn], str]] = {
    Stage.FETCH: _fetch,
    Stage.DRAFT: lambda turn: find_or_draft(
        turn.desk, turn.newsletter, turn.occurrence, turn.tools
    ),
    Stage.RECHECK: _recheck,
    Stage.BUILD: _build,
    Stage.CHECK: _check,
    Stage.EDITORS: _editors,
    Stage.REMINDER: _reminder,
    Stage.APPROVAL: _approval,
}
