"""The callouts: where each stands in its life; verify and close an appeal; its history."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from newsletter.config.load import newsletter_named
from newsletter.errors import NewsletterError, UserError
from newsletter.issues.callout_file import closed_text, parse_callout, verified_text
from newsletter.issues.save import save_over
from newsletter.issues.source import read_text
from newsletter.model.callout import (
    Callout,
    CalloutKind,
    CalloutOccasion,
    CalloutPlaced,
    CalloutProbe,
    CalloutStatus,
    CalloutUse,
    CalloutVersion,
)
from newsletter.model.records import OccurrenceState
from newsletter.store import callouts, occurrences
from newsletter.workflows.callouts.life import (
    DRAFT,
    SEND,
    add_version,
    notice,
    told_uses,
    uses_of,
)
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import (
    callout_path,
    load_callout,
    load_callouts,
    load_issue,
    load_placed_callouts,
    shown,
)

if TYPE_CHECKING:
    from newsletter.fetch import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutListed:
    """A callout today, its last use (None where there is none), each address's last probe."""

    use: CalloutUse
    last_use: CalloutPlaced | None
    probes: tuple[CalloutProbe, ...]


def today(desk: Desk) -> date:
    """Return today's date where the first newsletter is."""
    return desk.clock.now().astimezone(desk.settings.newsletters[0].timezone).date()


def list_callouts(desk: Desk) -> tuple[CalloutListed, ...]:
    """Return each callout with its effective status today, its last use and its last answers."""
    uses = told_uses(desk, load_callouts(desk.settings), today(desk))
    with desk.database.read() as connection:
        placed = callouts.last_uses(connection, occasions=(DRAFT, SEND))
        return tuple(
            CalloutListed(
                use=use,
                last_use=placed.get(use.callout.name),
                probes=callouts.last_probes(connection, use.callout.name, answered=False),
            )
            for use in uses
        )


def verify_callout(desk: Desk, name: str, *, by: str, source: str) -> CalloutUse:
    """Write into the file that a person has checked the appeal today, at that source."""

    def change(text: str, file: str) -> str:
        return verified_text(text, name=name, file=file, by=by, source_url=source, on=today(desk))

    return _change(desk, name, by, change)


def close_callout(desk: Desk, name: str, *, by: str) -> CalloutUse:
    """Write into the file that the appeal is closed; it never opens again."""

    def change(text: str, file: str) -> str:
        return closed_text(text, name=name, file=file, on=today(desk))

    return _change(desk, name, by, change)


def _change(desk: Desk, name: str, by: str, change: Callable[[str, str], str]) -> CalloutUse:
    path = callout_path(desk.settings, name)
    file = shown(desk.settings, path)
    before = load_callout(desk.settings, name)
    text = read_text(path, shown=file)
    changed = change(text, file)
    after = parse_callout(changed, name=name, file=file)
    is_closed = after.status is CalloutStatus.CLOSED
    notice(desk, before)
    if not is_closed:
        uses_of(desk, [before], today(desk))  # closed never returns
    with desk.database.write() as connection:  # the history first: a change is never without it
        add_version(
            connection,
            after,
            now=desk.clock.now(),
            who=by,
            occasion=CalloutOccasion.CLOSED if is_closed else CalloutOccasion.VERIFIED,
        )
        save_over(path, changed, before=text, shown=file)
    return told_uses(desk, [load_callout(desk.settings, name)], today(desk))[0]


def callout_history(desk: Desk, name: str) -> tuple[CalloutVersion, ...]:
    """Return the states of a callout's file, oldest first: who changed it, when, by what."""
    notice(desk, load_callout(desk.settings, name))
    with desk.database.read() as connection:
        return callouts.list_versions(connection, name)


ASK_AGAIN = timedelta(hours=6)  # a donation page that goes away is seen the same day


def probe_named(
    desk: Desk,
    name: str | None,
    prober: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> tuple[CalloutProbe, ...]:
    """Ask the addresses of one appeal, or of all that have not closed."""
    if name is None:
        found: Sequence[Callout] = [
            callout
            for callout in load_callouts(desk.settings)
            if callout.kind is CalloutKind.APPEAL and callout.status is not CalloutStatus.CLOSED
        ]
    else:
        found = [load_callout(desk.settings, name)]
        if found[0].kind is CalloutKind.NOTICE:
            raise UserError(f"{name} is a notice; only the addresses of an appeal are asked")
    return probe_appeals(desk, found, prober, say=say, stop=stop)


def probe_appeals(
    desk: Desk,
    found: Sequence[Callout],
    prober: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> tuple[CalloutProbe, ...]:
    """Ask the donation and information addresses of appeals, and write the answers down."""
    asked: list[CalloutProbe] = []
    for callout in found:
        if callout.kind is CalloutKind.NOTICE:
            continue
        notice(desk, callout)
        for url in dict.fromkeys(filter(None, (callout.donation_url, callout.info_url))):
            say(f"{callout.name}: asking {url}")
            told = prober.probe(url, allowed_hosts=callout.allowed_hosts, stop=stop)
            probe = CalloutProbe(
                callout=callout.name,
                url=url,
                at=desk.clock.now(),
                status=told.status,
                final_url=told.final_url,
                is_well=told.is_well,
                problem=told.problem,
                was_asked=told.was_asked,
            )
            with desk.database.write() as connection:
                callouts.add_probe(connection, probe)
            asked.append(probe)
    return tuple(asked)


def due_appeals(desk: Desk) -> tuple[Callout, ...]:
    """List the open appeals of planned issues that nobody has looked at for ASK_AGAIN.

    Neither asked nor verified since: a person who has just verified an appeal has looked.
    """
    with desk.database.read() as connection:
        runs = occurrences.list_occurrences(connection)
    found: dict[str, Callout] = {}
    for occurrence in runs:
        if occurrence.state is not OccurrenceState.PLANNED or not occurrence.issue:
            continue
        try:
            newsletter = newsletter_named(desk.settings, occurrence.newsletter)
            issue = load_issue(desk.settings, occurrence.issue).issue
            placed = load_placed_callouts(desk.settings, issue)
            today = desk.clock.now().astimezone(newsletter.timezone).date()
            uses = told_uses(desk, placed, today)
        except NewsletterError:
            continue  # the release tells of it
        for use in uses:
            if use.status is CalloutStatus.OPEN and use.callout.kind is CalloutKind.APPEAL:
                found[use.callout.name] = use.callout
    return tuple(callout for callout in found.values() if _is_due(desk, callout))


def _is_due(desk: Desk, callout: Callout) -> bool:
    with desk.database.read() as connection:
        probes = callouts.last_probes(connection, callout.name, answered=False)
        last = callouts.last_version(connection, callout.name)
        number = last.verified_in if last else None
        verified = callouts.list_versions(connection, callout.name, only=[number]) if number else ()
    moments = [probe.at for probe in probes] + [version.seen_at for version in verified]
    return not moments or max(moments) + ASK_AGAIN <= desk.clock.now()
