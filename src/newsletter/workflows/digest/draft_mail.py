"""The draft of a scheduled run for its editors: the mail itself, with the check report above it."""

import base64
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from newsletter.compose.message.skeleton import assemble
from newsletter.config.settings import ApprovalRule, IfUnapproved, NewsletterSettings
from newsletter.model.finding import Finding, Report
from newsletter.model.notice import NewNotice, NoticeKind
from newsletter.model.records import OccurrenceRow
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.check_issue import check_prepared
from newsletter.workflows.issue.compose_issue import (
    compose,
    composed_or_error,
    prepare,
    sentence_of,
)
from newsletter.workflows.issue.reader_values import proof_values, short_key
from newsletter.workflows.issue.signing import readers_key
from newsletter.workflows.notices.notice_words import (
    KIND_HEADER,
    News,
    mail_notice,
    notices_of,
    webhook_notices,
)
from newsletter.workflows.planning.run_names import run_name

_TYPE = b"\r\nContent-Type:"
_LINE = 76


def draft_notices(
    desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings
) -> tuple[NewNotice, ...]:
    """Return `[Draft] SUBJECT` for each editor, and the webhook's notice of it.

    Raises:
        IssueError and such: the issue cannot be composed.
    """
    prepared = prepare(desk, occurrence.issue or "")
    report = check_prepared(desk, prepared)
    what_next = next_steps(occurrence, newsletter)
    news = News(
        event=f"draft:{occurrence.id}",
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
    text = "\n\n".join((*what_next, *report_lines(report)))
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
        told.append(mail_notice(news, editor, with_report(data, f"{text}\n")))
    return tuple(told)


def reminder_notices(
    desk: Desk, occurrence: OccurrenceRow, newsletter: NewsletterSettings
) -> tuple[NewNotice, ...]:
    """Return the reminder that nobody has approved the draft yet."""
    issue = occurrence.issue or ""
    approve_by = occurrence.approve_by or occurrence.planned_at
    local = f"{approve_by.astimezone(newsletter.timezone):%H:%M}"
    news = News(
        event=f"reminder:{occurrence.id}",
        kind=NoticeKind.REMINDER,
        newsletter=newsletter.name,
        issue=issue,
        about=issue,
        sentence=f"nobody has approved {issue} yet; it is waited for until {local}.",
        lines=next_steps(occurrence, newsletter),
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


def next_steps(occurrence: OccurrenceRow, newsletter: NewsletterSettings) -> tuple[str, ...]:
    """Say when it goes out, and what a person has to do for it."""
    issue = occurrence.issue or ""
    zone = newsletter.timezone
    planned = f"{occurrence.planned_at.astimezone(zone):%A %d %B %Y, %H:%M %Z}"
    about = f"{issue} of {newsletter.title} is planned for {planned}."
    if newsletter.approval is ApprovalRule.AUTOMATIC:
        return (
            about,
            "It goes out by itself then, unless a check blocks it or the list has changed much.",
            f"To look: newsletter check {issue}",
        )
    schedule = newsletter.schedule
    skips = schedule is not None and schedule.if_unapproved is IfUnapproved.SKIP
    approve_by = (occurrence.approve_by or occurrence.planned_at).astimezone(zone)
    return (
        about,
        f"It waits for an approval until {approve_by:%H:%M}; "
        f"without one it is {'left out' if skips else 'held'}.",
        f"To approve: newsletter approve {issue} --by NAME",
    )


def report_lines(report: Report) -> tuple[str, ...]:
    """Return the check report as lines, the gravest first."""
    errors = report.errors
    others = [finding for finding in report.findings if finding not in errors]
    head = (
        f"{len(errors)} of the checks block it:"
        if errors
        else f"No check blocks it; {len(report.passed)} passed."
    )
    waived = [f"waived by {waiver.by}: {sentence_of(f)}" for f, waiver in report.waived]
    return (head, "\n".join((*map(_finding_line, (*errors, *others)), *waived)))


def _finding_line(finding: Finding) -> str:
    return f"- {finding.severity}: {sentence_of(finding)}"


def with_report(data: bytes, text: str) -> bytes:
    """Put a plain text above a message: multipart/mixed (RFC 2046 section 5.1.3), the rest as is.

    Args:
        data: a message as build_skeleton makes it; Content-Type is its last head field.
        text: what is to be read before it.
    """
    head, _, body = data.partition(b"\r\n\r\n")
    at = head.rindex(_TYPE)
    encoded = base64.b64encode(text.replace("\n", "\r\n").encode())
    lines = [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
    boundary = b"=_draft_" + sha256(data + encoded).hexdigest()[:32].encode()
    return b"\r\n".join(
        (
            head[:at],
            f"{KIND_HEADER}: {NoticeKind.DRAFT}".encode(),
            b'Content-Type: multipart/mixed;\r\n boundary="' + boundary + b'"',
            b"",
            b"--" + boundary,
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
            b"",
            *lines,
            b"--" + boundary,
            head[at + 2 :],
            b"",
            body.removesuffix(b"\r\n"),
            b"--" + boundary + b"--",
            b"",
        )
    )
