"""What was taken in, with its duplicates, what editors ruled, and where it ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.checks.sources import DRAFT, SUMMARY_STATE
from newsletter.checks.wording import cards_of, leaves
from newsletter.errors import NotFound, NothingToDo, UserError
from newsletter.ingest.article_diff import diff_articles
from newsletter.ingest.drafting.same_story import Alike
from newsletter.issues.parse_issue import parse_issue
from newsletter.issues.save import save_over, set_attributes
from newsletter.model.article import RulingRow
from newsletter.model.issue import Story
from newsletter.model.records import ArticleRow
from newsletter.model.source import Ruling, Sighting
from newsletter.model.text import clean_line
from newsletter.store import Connection, articles, sources
from newsletter.store.stories import accept_summary as keep_accepted
from newsletter.store.stories import list_runs
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_path, load_issue
from newsletter.workflows.stories.draft_next import choose_newsletter
from newsletter.workflows.stories.story_memory import (
    COMPARED_FOR,
    article_of_each,
    runs_by_article,
    stories_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article as `articles` shows it."""

    row: ArticleRow
    duplicates: tuple[int, ...]
    alike: tuple[Alike, ...]
    rulings: tuple[RulingRow, ...]
    ran_in: tuple[str, ...]
    sightings: tuple[Sighting, ...] = ()


def list_articles(desk: Desk) -> tuple[ListedArticle, ...]:
    """Return what was taken in, in the order it came."""
    with desk.database.read() as connection:
        rows = articles.list_articles(connection)
        recent = articles.recent_articles(connection, desk.clock.now() - COMPARED_FOR)
        stories, _ = stories_of(connection, [row for row in rows if row.id in recent])
        ruled = sources.list_rulings(connection)
        ran = list_runs(connection)
        runs = runs_by_article(connection, [row.id for row in rows], ran)
        seen = sources.sightings_of(connection)
    group_of = {number: group for group in stories.groups for number in group}
    listed: list[ListedArticle] = []
    for row in rows:
        group = group_of.get(row.id, ())
        alike = tuple(p for p in stories.alike(row.id) if {p.one, p.other}.difference(group))
        listed.append(
            ListedArticle(
                row=row,
                duplicates=tuple(number for number in group if number != row.id),
                alike=alike,
                rulings=tuple(ruling for ruling in ruled if ruling.article_id == row.id),
                ran_in=tuple(sorted({*row.ran_in, *(run.issue for run in runs.get(row.id, ()))})),
                sightings=tuple(seen.get(row.id, ())),
            )
        )
    return tuple(listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version: when it was taken in, and in lines for reading what it changed."""

    version: int
    taken_at: datetime
    changes: tuple[str, ...] = ()


def article_story(desk: Desk, article_id: int) -> tuple[ListedArticle, tuple[VersionLine, ...]]:
    """Return one article and its versions, the oldest first."""
    found = next((one for one in list_articles(desk) if one.row.id == article_id), None)
    if found is None:
        raise NotFound("article", str(article_id))
    with desk.database.read() as connection:
        history = articles.article_history(connection, article_id)
    versions = [
        VersionLine(
            version=number,
            taken_at=taken_at,
            changes=diff_articles(history[number - 2][1], article) if number > 1 else (),
        )
        for number, (taken_at, article) in enumerate(history, start=1)
    ]
    return found, tuple(versions)


_APART = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A ruling, and the article it is on."""

    ruling: RulingRow
    title: str


def rule(
    desk: Desk,
    numbers: Sequence[int],
    ruling: Ruling,
    *,
    newsletter_name: str | None,
    by: str,
    why: str,
) -> tuple[Ruled, ...]:
    """Pin or block articles; what was ruled on them before gives way. All of them, or none."""
    newsletter = choose_newsletter(desk, newsletter_name)
    who, reason = clean_line(by), clean_line(why)
    if not who:
        raise UserError("a ruling needs a name", hint="say who rules: --by NAME")
    done: list[Ruled] = []
    with desk.database.write() as connection:
        latest = sources.latest_ruling_at(connection, newsletter.name)
        at = max(desk.clock.now(), latest + _APART) if latest else desk.clock.now()
        for row in _articles(connection, numbers):
            made = RulingRow(
                newsletter=newsletter.name,
                article_id=row.id,
                ruling=ruling,
                who=who,
                why=reason,
                at=at,
            )
            sources.keep_ruling(connection, made)
            done.append(Ruled(ruling=made, title=row.article.title.value))
            at += _APART
    return tuple(done)


def take_back(desk: Desk, numbers: Sequence[int], *, newsletter_name: str | None) -> None:
    """Take back what was ruled on articles, pins and blocks alike."""
    newsletter = choose_newsletter(desk, newsletter_name)
    with desk.database.write() as connection:
        rows = _articles(connection, numbers)
        gone = [sources.take_back_ruling(connection, newsletter.name, row.id) for row in rows]
    if not any(gone):
        msg = f"{newsletter.name} has neither pinned nor blocked any of these articles"
        raise NothingToDo(msg, hint='"newsletter articles" tells what is')


def _articles(connection: Connection, numbers: Sequence[int]) -> list[ArticleRow]:
    return [articles.get_article(connection, number) for number in dict.fromkeys(numbers)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One story whose summary now has a person's name; article is 0 where it is tied to none."""

    article: int
    headline: str


def accept_summaries(
    desk: Desk, name: str, *, article: int | None, by: str
) -> tuple[Accepted, ...]:
    """Take `summary=draft` off stories, and tie them to their articles' newest versions."""
    if not by.strip():
        raise UserError("accepting needs a name", hint="--by NAME")
    with desk.database.write() as connection:  # before reading: another may accept just now
        file = load_issue(desk.settings, name)
        tied = article_of_each(connection, file.issue)
        stories = [
            story
            for story in cards_of(file.issue)
            if isinstance(story, Story)
            and (_is_draft(story) if article is None else tied.get(story) == article)
        ]
        if not stories and article is not None:
            raise NotFound(f"story of {name}", f"article {article}")
        if not stories:
            msg = f"no summary of {name} waits for anybody"
            raise NothingToDo(msg, hint=f'"newsletter accept {name} ARTICLE" accepts one by name')
        numbers = {tied[story] for story in stories if story in tied}
        rows = {row.id: row for row in articles.list_articles(connection, ids=numbers)}
        for story in stories:
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
        text = file.source
        for story in reversed(stories):  # so that the lines above keep their numbers
            if _is_draft(story):
                left = tuple(pair for pair in story.attributes if pair[0] != SUMMARY_STATE)
                text = set_attributes(text, story, left)
        if text != file.source:  # after the rows: a file that cannot be written undoes them
            parse_issue(text, name=name, file=file.issue.file)
            path = issue_path(desk.settings, name)
            save_over(path, text, before=file.source, shown=file.issue.file)
    return tuple(Accepted(article=tied.get(story, 0), headline=story.headline) for story in stories)


def _is_draft(story: Story) -> bool:
    return dict(story.attributes).get(SUMMARY_STATE, "").casefold() == DRAFT
