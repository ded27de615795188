"""Draft: write the next issue's file from the articles that are there."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError, NothingToDo, UserError
from newsletter.ingest.draft import Draft, StoredArticle, draft_issue
from newsletter.issues.issue_file import save_new, write_issue
from newsletter.store import articles, summaries
from newsletter.workflows.desk import Desk
from newsletter.workflows.model_summaries import SummaryWriter, with_model_summaries
from newsletter.workflows.project_files import issue_names, load_callouts, load_issue, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The draft and where it was written."""

    draft: Draft
    path: Path
    shown: str


def choose_newsletter(desk: Desk, name: str | None) -> NewsletterSettings:
    """Give the named newsletter, or the only one.

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
            raise NothingToDo(msg, hint="it was left as it is; edit it, or choose another --date")


def draft_next(
    desk: Desk,
    newsletter_name: str | None,
    day: date | None,
    *,
    writer: SummaryWriter | None = None,
) -> Drafted:
    """Choose stories, summarise them, place the callouts, and write the issue's file.

    writer is the model that writes summaries, None where none is set.

    Raises:
        NothingToDo: the day has its file already, or there is no article to choose.
    """
    newsletter = choose_newsletter(desk, newsletter_name)
    chosen_day = day or desk.clock.now().astimezone(newsletter.timezone).date()
    _refuse_second(desk, newsletter, chosen_day)
    with desk.database.read() as connection:
        rows = articles.list_articles(connection)
    stored = [
        StoredArticle(id=row.id, article=row.article, ran_in=row.ran_in) for row in reversed(rows)
    ]
    draft = draft_issue(newsletter, chosen_day, stored, load_callouts(desk.settings))
    texts = {row.id: row.article for row in rows}
    draft = with_model_summaries(draft, texts, writer, language=newsletter.language)
    versions = {row.id: row.version for row in rows}
    path = desk.settings.issues_folder / f"{draft.issue.name}.md"
    with desk.database.write() as connection:  # what ran where is never without its file
        articles.set_issue_stories(
            connection, draft.issue.name, {story.article: story.section for story in draft.chosen}
        )
        summaries.keep_summaries(
            connection,
            draft.issue.name,
            {story.article: (versions[story.article], story.summary) for story in draft.chosen},
            now=desk.clock.now(),
        )
        if not save_new(path, write_issue(draft.issue)):
            msg = f"{shown(desk.settings, path)} is there already"
            raise NothingToDo(msg, hint="it was left as it is; edit it, or choose another --date")
    return Drafted(draft=draft, path=path, shown=shown(desk.settings, path))
