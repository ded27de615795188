"""One article's whole story: what it is, where it was seen, what each version changed."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import NotFound
from newsletter.ingest.article_diff import diff_articles
from newsletter.store import articles
from newsletter.workflows.desk import Desk
from newsletter.workflows.stories.list_articles import ListedArticle, list_articles


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version: when it was taken in, and in lines for reading what it changed."""

    version: int
    taken_at: datetime
    changes: tuple[str, ...] = ()


def article_story(desk: Desk, article_id: int) -> tuple[ListedArticle, tuple[VersionLine, ...]]:
    """Return one article and its versions, the oldest first.

    Raises:
        NotFound: there is none with this number.
    """
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
