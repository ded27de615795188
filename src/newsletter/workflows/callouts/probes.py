"""Ask whether the addresses of appeals answer; each answer is written down, for every later use."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.config.load import newsletter_named
from newsletter.errors import NewsletterError, UserError
from newsletter.model.callout import Callout, CalloutKind, CalloutProbe, CalloutStatus
from newsletter.model.records import OccurrenceState
from newsletter.store import callouts, occurrences
from newsletter.workflows.callouts.life import notice, told_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import (
    load_callout,
    load_callouts,
    load_issue,
    load_placed_callouts,
)

if TYPE_CHECKING:
    from newsletter.fetch import Fetcher

ASK_AGAIN = timedelta(hours=6)  # a donation page that goes away is seen the same day


def probe_named(
    desk: Desk,
    name: str | None,
    prober: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> tuple[CalloutProbe, ...]:
    """Ask the addresses of one appeal, or of all that have not closed.

    Raises:
        NotFound: there is no such callout.
        UserError: it is a notice.
        Interrupted: stop was set; what was answered before it is kept.
    """
    if name is None:
        found: Sequence[Callout] = [
            callout
            for callout in load_callouts(desk.settings)
            if callout.kind is CalloutKind.APPEAL and callout.status is not CalloutStatus.CLOSED
        ]
    else:
        found = [load_callout(desk.settings, name)]
        if found[0].kind is CalloutKind.NOTICE:
            msg = f"{name} is a notice; only the addresses of an appeal are asked"
            raise UserError(msg)
    return probe_appeals(desk, found, prober, say=say, stop=stop)


def probe_appeals(
    desk: Desk,
    found: Sequence[Callout],
    prober: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> tuple[CalloutProbe, ...]:
    """Ask the donation and information addresses of appeals, and write the answers down.

    Raises:
        Interrupted: stop was set; what was answered before it is kept.
    """
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
        planned = [
            occurrence
            for occurrence in occurrences.list_occurrences(connection)
            if occurrence.state is OccurrenceState.PLANNED and occurrence.issue
        ]
    found: dict[str, Callout] = {}
    for occurrence in planned:
        try:
            newsletter = newsletter_named(desk.settings, occurrence.newsletter)
            issue = load_issue(desk.settings, occurrence.issue or "").issue
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
