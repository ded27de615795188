"""What a draft must know of a newsletter's callouts: what they are, when each was used last."""

from collections.abc import Sequence
from datetime import date

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError
from newsletter.model.callout import Callout, CalloutKind, CalloutPast
from newsletter.model.issue import Issue
from newsletter.store import callouts
from newsletter.workflows.callouts.life import told_uses
from newsletter.workflows.callouts.uses import DRAFT, SEND
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, load_issue, placed_callouts


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
    """Count the newsletter's issues after the last one before that day that places an appeal."""
    notices = {callout.name for callout in known if callout.kind is CalloutKind.NOTICE}
    before = sorted(
        _issues_before(desk, newsletter, day), key=lambda issue: issue.date, reverse=True
    )
    return next(
        (
            number
            for number, issue in enumerate(before)
            if any(placed.name not in notices for placed in placed_callouts(issue))
        ),
        None,
    )


def _issues_before(desk: Desk, newsletter: NewsletterSettings, day: date) -> list[Issue]:
    found: list[Issue] = []
    for name in issue_names(desk.settings):
        try:
            issue = load_issue(desk.settings, name).issue
        except NewsletterError:
            continue  # one that cannot be read was not sent like that
        if issue.newsletter == newsletter.name and issue.date < day:
            found.append(issue)
    return found
