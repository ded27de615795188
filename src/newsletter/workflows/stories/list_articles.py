"""What was taken in, with its duplicates, what editors ruled, and where it ran."""

from dataclasses import dataclass

from newsletter.ingest.drafting.same_story import Alike
from newsletter.model.article import RulingRow
from newsletter.model.records import ArticleRow
from newsletter.model.source import Sighting
from newsletter.store import articles, sources
from newsletter.store.stories import list_runs
from newsletter.workflows.desk import Desk
from newsletter.workflows.stories.story_memory import COMPARED_FOR, runs_by_article, stories_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article as `articles` shows it.

    duplicates are the other articles that tell the same story, alike the pairs that only may;
    both among those of the last 30 days. ran_in are the issues it stands in, drafts among them.
    sightings are the sources that carried it, the first one first.
    """

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
