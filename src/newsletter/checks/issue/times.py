"""Embargoes and expiries: a story that may not go out yet, or no more."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story

EMBARGO = "S20 embargo"
EXPIRY = "S21 expiry"
EMBARGO_KEY, EXPIRY_KEY = "embargo", "expires"

_WRITE = 'write {%s="2026-11-24 06:30"}, in the newsletter\'s time zone'


def embargo(request: CheckRequest) -> Iterator[Finding]:
    """Tell of stories whose embargo ends after the issue goes out; a date ends at its 00:00."""
    yield from _times(request, EMBARGO, EMBARGO_KEY)


def expiry(request: CheckRequest) -> Iterator[Finding]:
    """Tell of stories that expire before the issue goes out; a date is good until its end."""
    yield from _times(request, EXPIRY, EXPIRY_KEY)


def _times(request: CheckRequest, label: str, key: str) -> Iterator[Finding]:
    zone = request.newsletter.timezone
    moment = request.moment.astimezone(zone)
    for story in _stories(request):
        written = dict(story.attributes).get(key)
        if written is None:
            continue
        at = _read_time(written, last=key == EXPIRY_KEY)
        at = at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at
        if at is None:
            yield _finding(
                request, label, story, f"{key} is no date or time: {written}", _WRITE % key
            )
        elif key == EMBARGO_KEY and moment < at:
            yield _finding(
                request,
                label,
                story,
                f"it is under embargo until {at:%Y-%m-%d %H:%M}, and the issue goes out at "
                f"{moment:%Y-%m-%d %H:%M}",
                "take the story out, or plan the issue for later",
            )
        elif key == EXPIRY_KEY and moment >= at:
            yield _finding(
                request,
                label,
                story,
                f"it was good until {at:%Y-%m-%d %H:%M}, and the issue goes out at "
                f"{moment:%Y-%m-%d %H:%M}",
                "take the story out",
            )


def _read_time(written: str, *, last: bool) -> datetime | None:
    """Read a date or a time, with an offset or without; last: a date means the end of that day."""
    try:
        if len(written) <= len("2026-11-24"):
            day = date.fromisoformat(written)
            return datetime.combine(day + timedelta(days=1) if last else day, time())
        return datetime.fromisoformat(written)
    except (ValueError, OverflowError):
        return None


def _stories(request: CheckRequest) -> Iterator[Story]:
    issue = request.issue
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        yield from (block for block in blocks if isinstance(block, Story))


def _finding(request: CheckRequest, label: str, story: Story, message: str, remedy: str) -> Finding:
    return Finding(
        check=label,
        severity=Severity.ERROR,
        message=message,
        evidence=story.headline,
        file=request.file,
        line=story.line_of("attributes"),
        remedy=remedy,
    )
