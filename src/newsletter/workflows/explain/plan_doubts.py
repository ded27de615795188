"""What stands in the way of a run whose issue is not written yet, or whose day is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from newsletter.checks.issue.callouts import WARN_DAYS
from newsletter.config.settings import ApprovalRule, CalloutIfUnverified, NewsletterSettings
from newsletter.errors import NewsletterError, NothingToDo
from newsletter.ingest.drafting.choice import choose
from newsletter.ingest.drafting.draft import issue_name
from newsletter.ingest.drafting.draft_callouts import choose_callouts
from newsletter.issues.callout_rules import appearances, effective_status
from newsletter.model.callout import Callout, CalloutUse
from newsletter.model.records import OccurrenceRow
from newsletter.model.schedule import Stage
from newsletter.model.text import counted
from newsletter.store import scheduled, subscribers
from newsletter.workflows.approval.audience_fuse import last_issue_problem
from newsletter.workflows.callouts.life import told_uses
from newsletter.workflows.callouts.past import callout_past
from newsletter.workflows.desk import Desk
from newsletter.workflows.digest.draft_tries import asked_again
from newsletter.workflows.project_files import load_callout
from newsletter.workflows.sending.release import nobody_on
from newsletter.workflows.sources.source_health import UNWELL
from newsletter.workflows.sources.source_states import refuse_failing, sources_of
from newsletter.workflows.stories.story_memory import shelf_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Sentences by what they lead to; warns change nothing."""

    holds: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


def doubts_before_draft(
    desk: Desk, newsletter: NewsletterSettings, row: OccurrenceRow, *, is_next: bool
) -> Doubts:
    """Return what a run without an issue would meet.

    Sources and stories are told of the next run alone: by the one after, both will be others.
    """
    holds: list[str] = []
    skips: list[str] = []
    warns: list[str] = []
    with desk.database.read() as connection:
        tried = scheduled.tries(connection, row.id, Stage.FETCH)
        count = subscribers.count_audience(connection, newsletter.list)
        if not count:
            holds.append(nobody_on(newsletter.list))
        elif newsletter.approval is ApprovalRule.AUTOMATIC:
            unlike = last_issue_problem(connection, newsletter, count)
            holds += [unlike] if unlike else []
    drafts = newsletter.schedule is not None and newsletter.schedule.draft_at is not None
    if is_next and drafts:
        failing, does_hold = _sources(desk, newsletter)
        (holds if does_hold else warns).extend(failing)
        known = _stories(desk, newsletter, row.local_date)
        if known < newsletter.fewest_stories:
            stories = counted(known, "story", "stories")
            least = newsletter.fewest_stories
            skips.append(f"{stories} known for it so far, and fewest_stories is {least}")
        if tried is not None:
            warns.append(asked_again(row, tried, newsletter.timezone))
        elif failing or skips:
            at = (row.draft_at or row.planned_at).astimezone(newsletter.timezone)
            warns.append(f"its sources are read again for the draft, {at:%a %H:%M}")
    callouts: list[Callout] = []
    for name in newsletter.callouts:
        try:
            callouts.append(load_callout(desk.settings, name))
        except NewsletterError as error:
            holds.append(str(error))
    past = callout_past(desk, newsletter, callouts, row.local_date)
    chosen, _ = choose_callouts(newsletter, callouts, past)
    today = desk.clock.now().astimezone(newsletter.timezone).date()
    lapse = lapsing(newsletter, told_uses(desk, chosen, today), row.local_date, today=today)
    return Doubts(holds=(*holds, *lapse.holds), skips=tuple(skips), warns=(*warns, *lapse.warns))


def lapsing(
    newsletter: NewsletterSettings, uses: Sequence[CalloutUse], day: date, *, today: date
) -> Doubts:
    """Return which appeals are not open now, which holds a run, and which will not be on its day.

    Editors are told three days before a verification lapses, on whatever day the run is.
    """
    closed, later, soon = [], [], []
    for use in uses:
        name = use.callout.name
        then = effective_status(use.callout, day)
        if appearances(use) is None:
            closed.append(f"the appeal {name} is not open: {use.reason}")
        elif appearances(then) is None:
            later.append(f"the appeal {name} will not be open on {day}: {then.reason}")
        elif use.days_left is not None and use.days_left <= WARN_DAYS:
            last_day = today + timedelta(days=use.days_left)
            soon.append(f"the verification of the appeal {name} is good until {last_day}")
    if newsletter.callout_if_unverified is CalloutIfUnverified.DROP:
        gone = [f"{each}; it goes out without" for each in closed + later]
        return Doubts(warns=(*gone, *soon))
    return Doubts(holds=tuple(closed), warns=(*later, *soon))


def _sources(desk: Desk, newsletter: NewsletterSettings) -> tuple[tuple[str, ...], bool]:
    """Return a sentence for each failing source, and whether they hold the run."""
    try:
        failing = refuse_failing(desk, newsletter, anyway=False)
    except NothingToDo as error:
        return (str(error),), True
    own = sources_of(desk, newsletter)
    all_fail = bool(own) and all(line.row.state in UNWELL for line in own)
    return failing, all_fail


def _stories(desk: Desk, newsletter: NewsletterSettings, day: date) -> int:
    """Count the stories that a draft would choose from what is known now."""
    shelf = shelf_for(desk, newsletter, issue=issue_name(newsletter, day))
    choice = choose(
        newsletter,
        desk.settings.sources,
        shelf.candidates,
        shelf.stories,
        now=desk.clock.now(),
    )
    return len(choice.picks)
