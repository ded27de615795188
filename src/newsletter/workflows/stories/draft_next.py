"""Draft: write the next issue's file from the articles that are there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError, NothingToDo, UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.drafting.draft import Draft, draft_issue, issue_name
from newsletter.ingest.drafting.draft_report import draft_report
from newsletter.issues.save import save_new, save_text, write_issue
from newsletter.model.callout import Appearance
from newsletter.model.text import counted
from newsletter.store import articles, sources, stories
from newsletter.workflows.callouts.past import callout_past
from newsletter.workflows.callouts.uses import DRAFT, record_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, load_callouts, load_issue, shown
from newsletter.workflows.sources.source_states import refuse_failing
from newsletter.workflows.stories.draft_pictures import with_pictures
from newsletter.workflows.stories.model_summaries import SummaryWriter, with_model_summaries
from newsletter.workflows.stories.story_memory import shelf_for

REPORT_ENDING = ".report.md"  # no name of an issue holds a dot, so nothing takes it for one
LEFT = "it was left as it is; edit it, or move it away to draft anew, or choose another --date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The draft, where it was written, and where the report on it is, as messages show it.

    failing has a sentence for each source that fails.
    """

    draft: Draft
    path: Path
    shown: str
    report: str
    failing: tuple[str, ...] = ()


class TooFewStories(NothingToDo):
    """There are fewer stories than the newsletter's fewest; nothing was written."""


def choose_newsletter(desk: Desk, name: str | None) -> NewsletterSettings:
    """Return the named newsletter, or the only one.

    Raises:
        UserError: there are several and none is named.
    """
    if name is not None:
        return newsletter_named(desk.settings, name)
    if len(desk.settings.newsletters) > 1:
        names = ", ".join(newsletter.name for newsletter in desk.settings.newsletters)
        msg = "which newsletter?"
        raise UserError(msg, hint=f"name one of {names}")
    return desk.settings.newsletters[0]


def _refuse_second(desk: Desk, newsletter: NewsletterSettings, day: date) -> None:
    """Raise NothingToDo where a file is the issue of that newsletter and day already."""
    for name in issue_names(desk.settings):
        try:
            issue = load_issue(desk.settings, name).issue
        except NewsletterError:
            if name == f"{day}-{newsletter.name}":
                msg = f"issues/{name}.md is there already, and has mistakes"
                raise NothingToDo(msg, hint=f'see "newsletter check {name}"') from None
            continue  # another issue's mistakes are no reason against this one
        if issue.newsletter == newsletter.name and issue.date == day:
            msg = f"issues/{name}.md is the issue of {newsletter.name} for {day} already"
            raise NothingToDo(msg, hint=LEFT)


def draft_next(
    desk: Desk,
    newsletter_name: str | None,
    day: date | None,
    *,
    writer: SummaryWriter | None = None,
    anyway: bool = False,
    wants_enough: bool = False,
    fetcher: Fetcher | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Drafted:
    """Choose stories, summarise them, place the callouts, and write the issue's file.

    Args:
        desk: settings, clock, database.
        newsletter_name: None for the only one.
        day: the issue's date, None for today in the newsletter's zone.
        writer: the model that writes summaries, None where none is set.
        fetcher: fetches the chosen stories' pictures; None to fetch nothing.
        anyway: draft even while a required source fails.
        wants_enough: write nothing where there are fewer stories than fewest_stories.
        say: is told what could not be fetched, as sentences.

    Raises:
        NothingToDo: the day has its file already, a required source fails (unless anyway), or
            there is no article to choose.
        TooFewStories: fewer than wanted.
    """
    newsletter = choose_newsletter(desk, newsletter_name)
    chosen_day = day or desk.clock.now().astimezone(newsletter.timezone).date()
    _refuse_second(desk, newsletter, chosen_day)
    failing = refuse_failing(desk, newsletter, anyway=anyway)
    shelf = shelf_for(desk, newsletter, issue=issue_name(newsletter, chosen_day))
    known = load_callouts(desk.settings)
    try:
        draft = draft_issue(
            newsletter,
            chosen_day,
            shelf.candidates,
            known,
            now=desk.clock.now(),
            sources=desk.settings.sources,
            stories=shelf.stories,
            past=callout_past(desk, newsletter, known, chosen_day),
        )
    except NothingToDo as error:  # no empty issue, and it is told what may be the reason
        raise NothingToDo("; ".join((str(error), *failing)), hint=error.hint) from error
    if wants_enough and len(draft.chosen) < newsletter.fewest_stories:
        stories = counted(len(draft.chosen), "story", "stories")
        msg = f"{stories} to choose, and fewest_stories is {newsletter.fewest_stories}"
        raise TooFewStories(msg, hint='see "newsletter articles"')
    texts = {number: candidate.article for number, candidate in draft.articles.items()}
    draft = with_model_summaries(draft, texts, writer, language=newsletter.language)
    draft = with_pictures(desk, draft, fetcher, say=say)
    path = desk.settings.issues_folder / f"{draft.issue.name}.md"
    _keep(desk, draft, newsletter, path)
    report = path.with_name(f"{draft.issue.name}{REPORT_ENDING}")
    save_text(report, draft_report(draft, newsletter))
    return Drafted(
        draft=draft,
        path=path,
        shown=shown(desk.settings, path),
        report=shown(desk.settings, report),
        failing=failing,
    )


def _keep(desk: Desk, draft: Draft, newsletter: NewsletterSettings, path: Path) -> None:
    """Write the issue's file and what is known of it, both or neither."""
    is_made = False
    try:
        with desk.database.write() as connection:  # what ran where is never without its file
            articles.set_issue_stories(
                connection,
                draft.issue.name,
                {story.article: story.section for story in draft.chosen},
            )
            stories.keep_summaries(
                connection,
                draft.issue.name,
                {
                    story.article: (draft.articles[story.article].version, story.summary)
                    for story in draft.chosen
                },
                now=desk.clock.now(),
            )
            pinned = [story.article for story in draft.chosen if story.is_pinned]
            sources.use_pins(connection, newsletter.name, pinned, issue=draft.issue.name)
            record_uses(
                connection,
                desk,
                newsletter=newsletter.name,
                issue=draft.issue.name,
                occasion=DRAFT,
                appearances=dict.fromkeys(draft.callouts, Appearance.SHOWN),
            )
            if not save_new(path, write_issue(draft.issue)):
                msg = f"{shown(desk.settings, path)} is there already"
                raise NothingToDo(msg, hint=LEFT)
            is_made = True
    except NewsletterError:
        if is_made:  # there was no room to keep what it is made of: it would be refused next time
            path.unlink(missing_ok=True)
        raise
