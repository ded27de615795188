"""The steps of a scheduled run before its planned time.

A source that answers 500 at draft_at is often well a minute later. Its server is asked once a
minute at first, then every five minutes, never before the moment that its Retry-After names. One
in quarantine, or gone, is not asked again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import SMTP
from functools import partial
from hashlib import sha256

from newsletter.compose.message.skeleton import assemble
from newsletter.config.settings import (
    ApprovalRule,
    IfUnapproved,
    NewsletterSettings,
)
from newsletter.errors import Interrupted, NothingToDo
from newsletter.fetch import Fetcher
from newsletter.model.finding import Report
from newsletter.model.notice import NewNotice, NoticeChannel, NoticeKind
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.schedule import Stage, Tries
from newsletter.model.source import SourceRow, SourceState
from newsletter.model.text import counted
from newsletter.store import occurrences, scheduled
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared
from newsletter.workflows.issue.compose_issue import (
    compose,
    composed_or_error,
    prepare,
    proof_values,
    readers_key,
    sentence_of,
    short_key,
)
from newsletter.workflows.notices.find_news import (
    KIND_HEADER,
    News,
    notices_of,
    webhook_notices,
)
from newsletter.workflows.planning.days import IssueDays, issue_of_day
from newsletter.workflows.planning.occurrence import STATE_WORDS, run_name
from newsletter.workflows.sources.fetch_sources import (
    AtOnce,
    in_turn,
    open_tools,
    read_source,
)
from newsletter.workflows.sources.source_health import UNWELL, SourceLine, sources_of
from newsletter.workflows.sources.source_tools import Ended, SourceOutcome
from newsletter.workflows.stories.draft_next import SummaryWriter, TooFewStories, draft_next

SOON = timedelta(minutes=1)
SOON_TRIES = 10  # after so many it is no hiccup
LATER = timedelta(minutes=5)  # as a source that is well is asked at most
BEFORE_PLANNED = timedelta(minutes=1)  # drafting and checking have to be done by then
TOLD_AFTER = 3  # tries in vain, before editors hear of it
NOT_AGAIN = frozenset({SourceState.QUARANTINED, SourceState.GONE})


def try_until(occurrence: OccurrenceRow, first_at: datetime) -> datetime:
    """Return until when a draft is tried: approve_by, and a minute before the planned time.

    A run whose first try came later (it was forced, or the machine was off) has ten minutes.
    """
    planned = occurrence.planned_at - BEFORE_PLANNED
    until = min(occurrence.approve_by or planned, planned)
    return until if first_at < until else first_at + SOON_TRIES * SOON


def asked_again(occurrence: OccurrenceRow, tried: Tries, zone: tzinfo) -> str:
    """Say when the sources of a run are asked again for its draft, and until when."""
    until = try_until(occurrence, tried.first_at).astimezone(zone)
    return (
        f"its sources are asked again at {tried.next_at.astimezone(zone):%H:%M:%S}, "
        f"until {until:%H:%M}; then it is held"
    )


def next_try(
    occurrence: OccurrenceRow,
    tried: Tries | None,
    failing: Sequence[SourceLine],
    *,
    now: datetime,
) -> datetime | None:
    """Return when a draft is tried again; None where it is too late, or nobody may be asked."""
    count, first_at = (tried.count, tried.first_at) if tried else (0, now)
    until = try_until(occurrence, first_at)
    if now >= until:
        return None
    ready = [(line, _ready_at(line.row, now)) for line in failing]
    moments = [at for _, at in ready if at is not None and at <= until]
    is_hopeless = any(line.source.required and at not in moments for line, at in ready)
    if is_hopeless or not moments:
        return None
    wait = SOON if count < SOON_TRIES else LATER
    return min(max(now + wait, min(moments)), until)


def _ready_at(row: SourceRow, now: datetime) -> datetime | None:
    """Return from when a source may be asked at a further try; None where it is not."""
    if row.state in NOT_AGAIN:
        return None
    return max(row.put_off_until or now, now)


FRESH = timedelta(minutes=5)  # a source that went well so lately is not asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTools:
    """What a run needs beside the desk: the web, a stop, a way to read several sources at once."""

    fetcher: Fetcher
    stop: threading.Event
    at_once: AtOnce = in_turn
    make_writer: Callable[[Desk], SummaryWriter | None] = lambda _: None
    tell: Callable[[str], None] = lambda _: None


class RunOverError(Exception):
    """The run ends here; state says how, str() is the reason."""

    def __init__(self, state: OccurrenceState, why: str) -> None:
        super().__init__(why)
        self.state = state


class SourcesFailError(RunOverError):
    """There is no draft without the sources that fail."""

    def __init__(self, why: str, failing: Sequence[SourceLine]) -> None:
        super().__init__(OccurrenceState.HELD, why)
        self.failing = failing


def held(why: str) -> RunOverError:
    """Make the error of a run that waits for a person."""
    return RunOverError(OccurrenceState.HELD, why)


def skipped(why: str) -> RunOverError:
    """Make the error of a run that is left out."""
    return RunOverError(OccurrenceState.SKIPPED, why)


def read_sources_of(
    desk: Desk, newsletter: NewsletterSettings, tools: DigestTools, *, is_repeat: bool = False
) -> str:
    """Ask the newsletter's sources now, and say what came of it.

    One that went well within FRESH, or is gone, is not asked. One that fails is asked whatever its
    pause, as when a person names it; at a further try of the same draft (is_repeat) only one whose
    server may be asked.
    """
    lines = sources_of(desk, newsletter)
    if not lines:
        return "no sources to read"
    now = desk.clock.now()
    asked = [line.source for line in lines if _is_asked(line, now, is_repeat=is_repeat)]
    outcomes: Sequence[SourceOutcome] = ()
    if asked:
        with open_tools(desk, tools.fetcher, stop=tools.stop) as shared:
            read = partial(read_source, shared, named=False, is_repeat=is_repeat)
            outcomes = tools.at_once([partial(read, source) for source in asked])
    if tools.stop.is_set() or any(outcome.ended is Ended.STOPPED for outcome in outcomes):
        raise Interrupted("stopped while the sources were read")
    _refuse_unwell(sources_of(desk, newsletter), newsletter)
    told = {outcome.name: outcome.sentence() for outcome in outcomes}
    for line in lines:
        at = line.row.checked_at
        local = f"read at {at.astimezone(newsletter.timezone):%H:%M:%S}" if at else line.row.state
        told.setdefault(line.source.name, local)
    return "; ".join(f"{name}: {sentence}" for name, sentence in told.items())


def _is_asked(line: SourceLine, now: datetime, *, is_repeat: bool) -> bool:
    if line.row.state is SourceState.WELL:
        at = line.row.checked_at
        return at is None or not now - FRESH < at <= now  # later than now: by a wrong clock
    if is_repeat:
        return _ready_at(line.row, now) == now
    return line.row.state is not SourceState.GONE


def _refuse_unwell(lines: Sequence[SourceLine], newsletter: NewsletterSettings) -> None:
    unwell = [line for line in lines if line.row.state in UNWELL or line.row.since is None]
    told = "; ".join(
        f"{line.source.name} is {line.row.state}: {line.row.last_error or 'it was never read'}"
        for line in unwell
    )
    if unwell and len(unwell) == len(lines):
        which = "its only source fails" if len(lines) == 1 else "all its sources fail"
        raise SourcesFailError(f"{which}: {told}", unwell)
    required = [line.source.name for line in unwell if line.source.required]
    if required:
        msg = f"{newsletter.name} requires {' and '.join(required)}: {told}"
        raise SourcesFailError(msg, unwell)


def find_or_draft(
    desk: Desk, newsletter: NewsletterSettings, occurrence: OccurrenceRow, tools: DigestTools
) -> str:
    """See that the day has its issue's file, and that this run sends it; say what came of it."""
    unreadable = IssueDays(desk.settings).unreadable(occurrence.issue or "")
    if unreadable:
        raise held(unreadable)
    there = find_file(desk, newsletter, occurrence)
    if there is None:
        try:
            drafted = draft_next(
                desk,
                newsletter.name,
                occurrence.local_date,
                writer=tools.make_writer(desk),
                anyway=True,  # required sources were judged when they were read
                wants_enough=True,
                fetcher=tools.fetcher,
                say=tools.tell,
            )
        except NothingToDo as error:
            is_few = isinstance(error, TooFewStories)
            there = None if is_few else find_file(desk, newsletter, occurrence)
            if there is None:
                raise skipped(str(error)) from error
        else:
            attach(desk, occurrence, drafted.draft.issue.name)
            chosen, left_out = len(drafted.draft.chosen), len(drafted.draft.left_out)
            stories = counted(chosen, "story", "stories")
            return f"{drafted.shown} written: {stories} of {counted(chosen + left_out, 'article')}"
    return f"issues/{there}.md was there, and is used as it is"


def find_file(desk: Desk, newsletter: NewsletterSettings, occurrence: OccurrenceRow) -> str | None:
    """Name the day's issue where its file is there, and see that this run sends it."""
    there = issue_of_day(desk, newsletter, occurrence.local_date)
    if there is not None:
        attach(desk, occurrence, there)
    return there


def attach(desk: Desk, occurrence: OccurrenceRow, issue: str) -> None:
    """Write down that this run sends the issue."""
    with desk.database.write() as connection:
        other = occurrences.of_issue(connection, issue)
        current = occurrences.get_occurrence(connection, occurrence.id)
        if other is None and current.issue is None:
            scheduled.attach_issue(connection, occurrence.id, issue)
            return
    if other is not None and other.id == occurrence.id:
        return
    if other is not None:
        at = f"{other.local_date} {other.local_time:%H:%M}"
        raise skipped(f"{issue} has a run of its own, {STATE_WORDS[other.state]}, at {at}")
    raise held(f"this run sends {current.issue}, and the day's file is now issues/{issue}.md")


def findings_line(report: Report) -> str:
    """Say in one line what the checks found."""
    errors = len(report.errors)
    others = len(report.findings) - errors
    parts = [counted(errors, "error", "errors") if errors else "no errors"]
    parts += [f"{others} to look at"] if others else []
    parts += [f"{len(report.waived)} waived"] if report.waived else []
    if errors:
        parts.append(", ".join(f"{f.check}: {f.message}" for f in report.errors))
    return "; ".join(parts)


_TYPE = b"\r\nContent-Type:"
_LINE = 76


def _event(desk: Desk, occurrence: OccurrenceRow, kind: str, stage: Stage) -> str:
    """Name a notice; another one each time a skipped run goes through the stage again."""
    with desk.database.read() as connection:
        steps = occurrences.steps(connection, occurrence.id)
    before = sum(step.name == stage for step in steps)
    return f"{kind}:{occurrence.id}" + (f":{before}" if before else "")


def draft_notices(
    desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings
) -> tuple[NewNotice, ...]:
    """Return `[Draft] SUBJECT` for each editor, and the webhook's notice of it."""
    prepared = prepare(desk, occurrence.issue or "")
    report = check_prepared(desk, prepared)
    news = News(
        event=_event(desk, occurrence, "draft", Stage.EDITORS),
        kind=NoticeKind.DRAFT,
        newsletter=newsletter.name,
        issue=report.issue,
        about=report.issue,
        sentence=f"the draft of {report.issue} is there",
        facts={
            "planned": occurrence.planned_at.isoformat(),
            "approve_by": (occurrence.approve_by or occurrence.planned_at).isoformat(),
            "errors": len(report.errors),
            "findings": [asdict(finding) for finding in report.findings],
        },
    )
    told: list[NewNotice] = list(webhook_notices(desk.settings, news, now=desk.clock.now()))
    if NoticeKind.DRAFT not in desk.settings.notices.mail or not newsletter.editors:
        return tuple(told)
    text = "\n\n".join((*_next_steps(occurrence, newsletter), *_report_lines(report)))
    title = f"[Draft] {prepared.file.issue.subject}"
    composed = composed_or_error(compose(desk, prepared, marked=True, subject=title))
    for editor in newsletter.editors:
        data = assemble(
            composed.skeleton,
            proof_values(
                newsletter,
                issue=report.issue,
                to=editor,
                key=readers_key(desk),
                at=desk.clock.now(),
                message_key=short_key(news.event, editor.spec),
            ),
        )
        body = _with_report(data, f"{text}\n")
        told.append(news.notice(NoticeChannel.MAIL, editor.spec, body))
    return tuple(told)


def reminder_notices(
    desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings
) -> tuple[NewNotice, ...]:
    """Return the reminder that nobody has approved the draft yet."""
    issue = occurrence.issue or ""
    approve_by = occurrence.approve_by or occurrence.planned_at
    local = f"{approve_by.astimezone(newsletter.timezone):%H:%M}"
    news = News(
        event=_event(desk, occurrence, "reminder", Stage.REMINDER),
        kind=NoticeKind.REMINDER,
        newsletter=newsletter.name,
        issue=issue,
        about=issue,
        sentence=f"{issue} is not approved yet; approve it by {local}.",
        lines=_next_steps(occurrence, newsletter),
        facts={
            "planned": occurrence.planned_at.isoformat(),
            "approve_by": approve_by.isoformat(),
        },
    )
    return notices_of(desk.settings, newsletter, news, now=desk.clock.now())


def undrafted_notices(
    desk: Desk,
    occurrence: OccurrenceRow,
    newsletter: NewsletterSettings,
    *,
    why: str,
    until: datetime,
) -> tuple[NewNotice, ...]:
    """Return the notice that there is no draft yet, for its sources fail, and it is tried again."""
    zone = newsletter.timezone
    planned = f"{occurrence.planned_at.astimezone(zone):%A %d %B %Y, %H:%M %Z}"
    news = News(
        event=f"undrafted:{occurrence.id}",
        kind=NoticeKind.REMINDER,
        newsletter=newsletter.name,
        issue="",
        about=run_name(occurrence),
        sentence=f"there is no draft of {run_name(occurrence)} yet: {why}",
        lines=(
            f"It is planned for {planned}. The sources are asked again until "
            f"{until.astimezone(zone):%H:%M}; then it is held.",
            f"To draft it without them: newsletter draft {newsletter.name} "
            f"--date {occurrence.local_date} --anyway",
        ),
        facts={"planned": occurrence.planned_at.isoformat(), "until": until.isoformat()},
    )
    return notices_of(desk.settings, newsletter, news, now=desk.clock.now())


def _next_steps(occurrence: OccurrenceRow, newsletter: NewsletterSettings) -> tuple[str, ...]:
    issue = occurrence.issue or ""
    zone = newsletter.timezone
    planned = f"{occurrence.planned_at.astimezone(zone):%A %d %B %Y, %H:%M %Z}"
    about = f"{issue} of {newsletter.title} is planned for {planned}."
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        return (
            about,
            "It goes out by itself then, unless a check fails or the list has changed much.",
            f"To look: newsletter check {issue}",
        )
    schedule = newsletter.schedule
    skips = schedule is not None and schedule.if_unapproved is IfUnapproved.SKIP
    approve_by = (occurrence.approve_by or occurrence.planned_at).astimezone(zone)
    return (
        about,
        f"Approve it by {approve_by:%H:%M}; otherwise it is {'skipped' if skips else 'held'}.",
        f"To approve: newsletter approve {issue} --by NAME",
    )


def _report_lines(report: Report) -> tuple[str, ...]:
    """Return the check report as lines, the gravest first."""
    errors = report.errors
    others = [finding for finding in report.findings if finding not in errors]
    head = f"No check fails; {len(report.passed)} passed."
    if errors:
        head = f"{counted(len(errors), 'check')} failed:"
    lines = [f"- {finding.severity}: {sentence_of(finding)}" for finding in (*errors, *others)]
    lines += [f"waived by {waiver.by}: {sentence_of(f)}" for f, waiver in report.waived]
    return (head, "\n".join(lines))


def _with_report(data: bytes, text: str) -> bytes:
    message = BytesParser(EmailMessage, policy=SMTP).parsebytes(data)
    report = MIMEPart(policy=SMTP)
    report.set_content(text, cte="base64")
    message[KIND_HEADER] = str(NoticeKind.DRAFT)
    message.make_mixed(boundary=f"=_draft_{sha256(data).hexdigest()[:32]}")
    message.set_payload([report, *message.iter_parts()])
    return message.as_bytes()
