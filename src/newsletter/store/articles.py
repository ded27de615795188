"""Articles taken in, every version of them, and the issues each ran in."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, delete, insert, select, update

from newsletter.errors import NotFound
from newsletter.model.article import Article
from newsletter.model.records import ArticleRow
from newsletter.store.tables import article_versions, articles, issue_stories


def save_article(conn: Connection, article: Article, *, now: datetime) -> tuple[int, bool]:
    """Keep an article; one that changed since becomes a new version, the old ones stay.

    Returns:
        Its number, and whether anything was written.
    """
    content = _adapter().dump_python(article, mode="json")
    line = json.dumps(content, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(line.encode()).hexdigest()
    known = conn.execute(
        select(articles.c.id, articles.c.version, article_versions.c.sha256)
        .join(article_versions, _is_newest())
        .where(articles.c.key == article.key)
    ).one_or_none()
    facts = {"url": article.url, "source": article.source, "state": article.state}
    if known is None:
        fresh = insert(articles).values(key=article.key, version=1, created=now, **facts)
        article_id = conn.execute(fresh.returning(articles.c.id)).scalar_one()
        version = 1
    else:
        article_id, version, kept = known
        if kept == sha256:
            return article_id, False
        version += 1
        newer = update(articles).where(articles.c.id == article_id)
        conn.execute(newer.values(version=version, **facts))
    conn.execute(
        insert(article_versions).values(
            article_id=article_id, version=version, sha256=sha256, taken_at=now, content=content
        )
    )
    return article_id, True


def list_articles(
    conn: Connection, *, ids: Collection[int] | None = None, keys: Collection[str] | None = None
) -> tuple[ArticleRow, ...]:
    """Give articles in their newest version, in the order they came."""
    wanted = (
        select(
            articles.c.id,
            articles.c.version,
            article_versions.c.taken_at,
            article_versions.c.content,
        )
        .join(article_versions, _is_newest())
        .order_by(articles.c.id)
    )
    if ids is not None:
        wanted = wanted.where(articles.c.id.in_(ids))
    if keys is not None:
        wanted = wanted.where(articles.c.key.in_(keys))
    rows = conn.execute(wanted).all()
    ran: dict[int, list[str]] = {}
    stories = select(issue_stories.c.article_id, issue_stories.c.issue)
    for article_id, issue in conn.execute(stories.order_by(issue_stories.c.issue)):
        ran.setdefault(article_id, []).append(issue)
    return tuple(
        ArticleRow(
            id=id_,
            article=_read(content),
            version=version,
            taken_at=taken_at,
            ran_in=tuple(ran.get(id_, ())),
        )
        for id_, version, taken_at, content in rows
    )


def get_article(conn: Connection, article_id: int) -> ArticleRow:
    """Give one article in its newest version.

    Raises:
        NotFound: there is none with this number.
    """
    found = list_articles(conn, ids=[article_id])
    if not found:
        raise NotFound("article", str(article_id))
    return found[0]


def article_history(conn: Connection, article_id: int) -> tuple[tuple[datetime, Article], ...]:
    """Give every version of an article, oldest first, with the moment it was taken in."""
    wanted = (
        select(article_versions.c.taken_at, article_versions.c.content)
        .where(article_versions.c.article_id == article_id)
        .order_by(article_versions.c.version)
    )
    return tuple((taken_at, _read(content)) for taken_at, content in conn.execute(wanted))


def set_issue_stories(conn: Connection, issue: str, stories: Mapping[int, str]) -> None:
    """Write down which articles stand in an issue, each with its section; earlier ones go."""
    conn.execute(delete(issue_stories).where(issue_stories.c.issue == issue))
    if stories:
        conn.execute(
            insert(issue_stories),
            [
                {"issue": issue, "article_id": article_id, "section": section}
                for article_id, section in stories.items()
            ],
        )


def _is_newest() -> Any:  # noqa: ANN401 (SQLAlchemy's and_ of comparisons)
    return and_(
        article_versions.c.article_id == articles.c.id,
        article_versions.c.version == articles.c.version,
    )


@cache
def _adapter() -> TypeAdapter[Article]:
    return TypeAdapter(Article)


def _read(content: Mapping[str, Any]) -> Article:
    return _adapter().validate_python(content)
