"""What a callout is at one use: by its file, its past, and the last answers of its addresses."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import IssueError, NewsletterError
from newsletter.issues.callout_rules import effective_status
from newsletter.issues.callout_words import (
    LOCKED,
    VERIFICATION,
    callout_content,
    changed_keys,
    content_sha256,
    wording_sha256,
)
from newsletter.model.callout import (
    Callout,
    CalloutKind,
    CalloutOccasion,
    CalloutPast,
    CalloutPlaced,
    CalloutProbe,
    CalloutStatus,
    CalloutUse,
    CalloutVersion,
)
from newsletter.model.issue import Issue
from newsletter.store import Connection, callouts
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import (
    issue_names,
    load_callout,
    load_issue,
    placed_callouts,
)

FIRST_SEEN = "first seen"
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What is known of a callout beside its file, which is as it was when that was looked up."""

    callout: Callout
    now: CalloutVersion
    verified: CalloutVersion | None
    closed: CalloutVersion | None
    probes: tuple[CalloutProbe, ...]


def uses_of(desk: Desk, found: Sequence[Callout], on: date) -> tuple[CalloutUse, ...]:
    """Return what callouts are on a day, and write down states of their files that are new."""
    return tuple(_use(_past(desk, callout), on) for callout in found)


def told_uses(desk: Desk, found: Sequence[Callout], on: date) -> tuple[CalloutUse, ...]:
    """Tell what callouts are, as uses_of, for a list: an appeal opened again is told as closed."""
    pasts = [_past(desk, callout) for callout in found]
    return tuple(
        CalloutUse(callout=past.callout, status=CalloutStatus.CLOSED, reason=why)
        if (why := _reopened(past))
        else _use(past, on)
        for past in pasts
    )


def notice(desk: Desk, callout: Callout) -> tuple[Callout, CalloutVersion]:
    """Write down the state of a callout's file where it was not seen before.

    Returns the callout and its version. It is read anew where its state is another than the last
    one seen: somebody may have closed it since it was read.
    """
    with desk.database.read() as connection:
        last = callouts.last_version(connection, callout.name)
    if _is_of(last, callout):
        return callout, last
    with desk.database.write() as connection:  # within which the commands change files
        with suppress(NewsletterError):  # it was taken away, or is being written
            callout = load_callout(desk.settings, callout.name)
        last = callouts.last_version(connection, callout.name)
        if _is_of(last, callout):
            return callout, last  # another process was faster
        who = BY_HAND if last else FIRST_SEEN
        now = desk.clock.now()
        occasion = CalloutOccasion.SEEN
        return callout, add_version(connection, callout, now=now, who=who, occasion=occasion)


def _is_of(version: CalloutVersion | None, callout: Callout) -> TypeGuard[CalloutVersion]:
    return version is not None and version.sha256 == content_sha256(callout_content(callout))


def add_version(
    connection: Connection,
    callout: Callout,
    *,
    now: datetime,
    who: str,
    occasion: CalloutOccasion,
) -> CalloutVersion:
    """Write down the version that follows the last one of a callout.

    It is verified where the occasion says so, or somebody has written new marks of it by hand.
    """
    last = callouts.last_version(connection, callout.name)
    content = callout_content(callout)
    number = last.version + 1 if last else 1
    is_marked = all(content.get(key) for key in VERIFICATION) and changed_keys(
        last.content if last else {}, content, among=VERIFICATION
    )
    is_verified = occasion is CalloutOccasion.VERIFIED or is_marked
    is_closed = callout.kind is CalloutKind.APPEAL and callout.status is CalloutStatus.CLOSED
    version = CalloutVersion(
        callout=callout.name,
        version=number,
        content=content,
        sha256=content_sha256(content),
        wording_sha256=wording_sha256(content),
        who=who,
        occasion=occasion,
        seen_at=now,
        verified_in=number if is_verified else (last.verified_in if last else None),
        closed_in=(last.closed_in if last else None) or (number if is_closed else None),
    )
    callouts.add_version(connection, version)
    return version


def _past(desk: Desk, callout: Callout) -> _Past:
    callout, now = notice(desk, callout)
    wanted = [number for number in (now.verified_in, now.closed_in) if number is not None]
    with desk.database.read() as connection:
        versions = callouts.list_versions(connection, callout.name, only=wanted)
        known = {version.version: version for version in versions}
        probes = callouts.last_probes(connection, callout.name)
    return _Past(
        callout=callout,
        now=now,
        verified=known.get(now.verified_in or 0),
        closed=known.get(now.closed_in or 0),
        probes=probes,
    )


def _use(past: _Past, on: date) -> CalloutUse:
    callout = past.callout
    why = _reopened(past)
    if why:
        line = dict(callout.head_lines).get("status", 1)
        hint = f'see "newsletter callouts history {callout.name}"; a new appeal is a new file'
        raise IssueError((f"{callout.file}:{line}:1: {why}; {hint}",))
    changed: tuple[str, ...] = ()
    if past.verified is not None and past.verified.wording_sha256 != past.now.wording_sha256:
        changed = changed_keys(past.verified.content, past.now.content, among=LOCKED)
    return effective_status(callout, on, _unwell(past), changed=changed)


def _unwell(past: _Past) -> CalloutProbe | None:
    for probe in past.probes:
        is_own = probe.url in {past.callout.donation_url, past.callout.info_url}
        is_later = past.verified is None or probe.at > past.verified.seen_at
        if is_own and is_later and not probe.is_well:
            return probe
    return None


def _reopened(past: _Past) -> str:
    """Return that a file takes back a closure; "" where it does not."""
    if past.closed is None or past.callout.status is CalloutStatus.CLOSED:
        return ""
    return (
        f"its file says {past.callout.status}, and the appeal {past.callout.name} closed on "
        f"{past.closed.seen_at:%Y-%m-%d} ({past.closed.who}); closed never returns"
    )


DRAFT = "draft"
TEST = "test"
SEND = "send"


def record_uses(
    connection: Connection,
    desk: Desk,
    *,
    newsletter: str,
    issue: str,
    occasion: str,
    appearances: Mapping[str, str],
) -> None:
    """Write down each callout of an issue with how it appears on an occasion."""
    callouts.add_uses(
        connection,
        (
            CalloutPlaced(
                callout=name,
                newsletter=newsletter,
                issue=issue,
                occasion=occasion,
                appearance=str(appearance),
                at=desk.clock.now(),
            )
            for name, appearance in appearances.items()
        ),
    )


def callout_past(
    desk: Desk, newsletter: NewsletterSettings, known: Sequence[Callout], day: date
) -> CalloutPast:
    """Tell of the newsletter's callouts for an issue of a day; uses in other issues count."""
    own = [callout for callout in known if callout.name in newsletter.callouts]
    today = desk.clock.now().astimezone(newsletter.timezone).date()
    uses = told_uses(desk, own, today)
    with desk.database.read() as connection:
        last = callouts.last_uses(
            connection,
            newsletter=newsletter.name,
            but_issue=f"{day}-{newsletter.name}",
            occasions=(DRAFT, SEND),
        )
    return CalloutPast(
        statuses={use.callout.name: use.status for use in uses},
        last_used={name: use.at for name, use in last.items()},
        issues_since=_issues_since(desk, newsletter, known, day)
        if newsletter.callout_every > 1
        else None,
    )


def _issues_since(
    desk: Desk, newsletter: NewsletterSettings, known: Sequence[Callout], day: date
) -> int | None:
    notices = {callout.name for callout in known if callout.kind is CalloutKind.NOTICE}
    before: list[Issue] = []
    for name in issue_names(desk.settings):
        with suppress(NewsletterError):  # one that cannot be read was not sent like that
            issue = load_issue(desk.settings, name).issue
            if issue.newsletter == newsletter.name and issue.date < day:
                before.append(issue)
    before.sort(key=lambda issue: issue.date, reverse=True)
    for number, issue in enumerate(before):
        if any(placed.name not in notices for placed in placed_callouts(issue)):
            return number
    return None
