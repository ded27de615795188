"""Accept: a named person has read a story's summary against its source as it is now."""

from dataclasses import dataclass

from newsletter.checks.sources import DRAFT, SUMMARY_STATE
from newsletter.checks.wording import leaves
from newsletter.errors import NotFound, NothingToDo, UserError
from newsletter.issues.save import (
    OPENING,
    IssueFile,
    parse_issue,
    save_over,
    set_attributes,
)
from newsletter.model.issue import Story
from newsletter.store import articles
from newsletter.store.stories import accept_summary as keep_accepted
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_path, load_issue
from newsletter.workflows.stories.story_sources import article_of_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One story whose summary now has a person's name; article is 0 where it is tied to none."""

    article: int
    headline: str


def accept_summaries(
    desk: Desk, name: str, *, article: int | None, by: str
) -> tuple[Accepted, ...]:
    """Take `summary=draft` off stories, and keep that they match their articles' newest versions.

    Args:
        desk: settings, clock, database.
        name: the issue.
        article: one story's article, drafted by a model or not; None for every draft of a model.
        by: who has read them.

    Raises:
        NotFound: the issue has no story of that article.
        NothingToDo: no summary waits.
        UserError: nobody's name, or the file cannot be changed, or somebody else changes it.
    """
    if not by.strip():
        msg = "accepting needs a name"
        raise UserError(msg, hint="--by NAME")
    with desk.database.write() as connection:  # before reading: another may accept just now
        file = load_issue(desk.settings, name)
        tied = article_of_each(connection, file.issue)
        stories = [
            (place, story)
            for place, story in _stories(file)
            if (_is_draft(story) if article is None else tied.get(story) == article)
        ]
        if not stories and article is not None:
            raise NotFound(f"story of {name}", f"article {article}")
        if not stories:
            msg = f"no summary of {name} waits for anybody"
            raise NothingToDo(msg, hint=f'"newsletter accept {name} ARTICLE" accepts one by name')
        numbers = {tied[story] for _, story in stories if story in tied}
        rows = {row.id: row for row in articles.list_articles(connection, ids=numbers)}
        for _, story in stories:
            row = rows.get(tied.get(story, 0))
            if row is not None:
                keep_accepted(
                    connection,
                    name,
                    row.id,
                    version=row.version,
                    text=" ".join(text for text, _ in leaves(story.summary)),
                    by=by,
                    now=desk.clock.now(),
                )
        changed = file
        for (section, index), story in stories:
            if _is_draft(story):
                left = tuple(pair for pair in story.attributes if pair[0] != SUMMARY_STATE)
                text = set_attributes(changed, section, index, left)
                changed = parse_issue(text, name=name, file=file.issue.file)
        if changed is not file:  # after the rows: a file that cannot be written undoes them
            path = issue_path(desk.settings, name)
            save_over(path, changed.source, before=file.source, shown=file.issue.file)
    return tuple(
        Accepted(article=tied.get(story, 0), headline=story.headline) for _, story in stories
    )


def _stories(file: IssueFile) -> tuple[tuple[tuple[int, int], Story], ...]:
    groups = [(OPENING, file.issue.opening)]
    groups += [(number, section.blocks) for number, section in enumerate(file.issue.sections)]
    return tuple(
        ((number, index), block)
        for number, blocks in groups
        for index, block in enumerate(blocks)
        if isinstance(block, Story)
    )


def _is_draft(story: Story) -> bool:
    return dict(story.attributes).get(SUMMARY_STATE, "").casefold() == DRAFT
