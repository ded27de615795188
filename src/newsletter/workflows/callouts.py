"""The callouts: where each stands in its life; verify and close an appeal."""

from collections.abc import Callable
from datetime import date

from newsletter.config.settings import NewsletterSettings
from newsletter.issues.callout_file import closed_text, verified_text
from newsletter.issues.callout_status import effective_status
from newsletter.issues.issue_file import save_text
from newsletter.issues.source import read_text
from newsletter.model.callout import CalloutUse
from newsletter.model.records import CalloutChange
from newsletter.store import callouts
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import (
    callout_path,
    load_callout,
    load_callouts,
    shown,
)


def _zone_of(desk: Desk) -> NewsletterSettings:
    return desk.settings.newsletters[0]


def today(desk: Desk) -> date:
    """Give today's date where the first newsletter is."""
    return desk.clock.now().astimezone(_zone_of(desk).timezone).date()


def list_callouts(desk: Desk) -> tuple[CalloutUse, ...]:
    """Give each callout with its effective status today."""
    return tuple(effective_status(callout, today(desk)) for callout in load_callouts(desk.settings))


def verify_callout(desk: Desk, name: str, *, by: str, source: str) -> CalloutUse:
    """Write into the file that a person has checked the appeal today, at that source.

    Raises:
        UserError: it is closed or no appeal, the name is empty, or the source is no web address.
    """
    return _change(
        desk,
        name,
        by,
        source=source,
        change=lambda text, file: verified_text(
            text, name=name, file=file, by=by, source_url=source, on=today(desk)
        ),
    )


def close_callout(desk: Desk, name: str, *, by: str) -> CalloutUse:
    """Write into the file that the appeal is closed; it never opens again.

    Raises:
        UserError: it is closed already, or no appeal.
    """
    return _change(
        desk,
        name,
        by,
        source="",
        change=lambda text, file: closed_text(text, name=name, file=file, on=today(desk)),
    )


def _change(
    desk: Desk, name: str, by: str, *, source: str, change: Callable[[str, str], str]
) -> CalloutUse:
    path = callout_path(desk.settings, name)
    file = shown(desk.settings, path)
    before = load_callout(desk.settings, name).status
    changed = change(read_text(path, shown=file), file)
    with desk.database.write() as connection:  # the history first: a change is never without it
        callouts.add_change(
            connection,
            CalloutChange(
                callout=name,
                who=by,
                at=desk.clock.now(),
                was=before,
                became="closed" if not source else "open",
                source=source,
            ),
        )
        save_text(path, changed)
    return effective_status(load_callout(desk.settings, name), today(desk))
