"""Articles taken in: every version of them, the keys leading to them, hashes of their texts."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from newsletter.errors import NotFound
from newsletter.model.article import Article, Origin
from newsletter.model.records import ArticleRow
from newsletter.model.source import Change, SavedArticle
from newsletter.store.tables import (
    article_keys,
    article_shingles,
    article_versions,
    articles,
    issue_stories,
)

_METADATA = ("title", "author", "published", "description", "image", "site")


def save_article(
    conn: Connection,
    article: Article,
    *,
    now: datetime,
    keys: Sequence[str] = (),
    shingles: bytes | None = None,
) -> SavedArticle:
    """Keep an article; one that changed since becomes a new version, the old ones stay.

    It is the one that the first known of its keys leads to; from then on all keys lead to it. What
    an editor wrote is never overwritten, nor the source of one that is added by hand again.
    """
    wanted = list(dict.fromkeys(key for key in (article.key, *keys) if key))
    article_id = find_article(conn, wanted)
    if article_id is None:
        saved = _insert(conn, article, now=now)
    else:
        saved = _add_version(conn, article_id, article, now=now)
    lead_to(conn, wanted, saved.id)
    if shingles is not None and saved.change is not Change.SAME:
        keep_texts(conn, {saved.id: (saved.version, shingles)})
    return saved


def find_article(conn: Connection, keys: Sequence[str]) -> int | None:
    """Return the number of the article that the first of the keys leads to; None for none."""
    found = _led_to(conn, keys)
    return next((found[key] for key in keys if key in found), None)


def _led_to(conn: Connection, keys: Sequence[str]) -> dict[str, int]:
    wanted = select(article_keys.c.key, article_keys.c.article_id)
    rows = conn.execute(wanted.where(article_keys.c.key.in_(keys)))
    return {row.key: row.article_id for row in rows}


def _insert(conn: Connection, article: Article, *, now: datetime) -> SavedArticle:
    fresh = insert(articles).values(
        key=article.key,
        version=1,
        created=now,
        url=article.url,
        source=article.source,
        state=article.state,
    )
    article_id = conn.execute(fresh.returning(articles.c.id)).scalar_one()
    _write_version(conn, article_id, 1, article, now=now)
    return SavedArticle(id=article_id, version=1, change=Change.NEW)


def _add_version(
    conn: Connection, article_id: int, article: Article, *, now: datetime
) -> SavedArticle:
    version, key, source, sha256, content = conn.execute(
        select(
            articles.c.version,
            articles.c.key,
            articles.c.source,
            article_versions.c.sha256,
            article_versions.c.content,
        )
        .join(article_versions, _is_newest())
        .where(articles.c.id == article_id)
    ).one()
    newer = _with_editors_words(_read(content), article)
    newer = replace(newer, key=key, source=article.source or source)
    is_same = sha256 == _digest(_adapter().dump_python(newer, mode="json"))
    if is_same and newer.source == source:
        return SavedArticle(id=article_id, version=version, change=Change.SAME)
    facts = {"url": newer.url, "source": newer.source, "state": newer.state}
    if not is_same:
        version += 1
        _write_version(conn, article_id, version, newer, now=now)
    conn.execute(
        update(articles).where(articles.c.id == article_id).values(version=version, **facts)
    )
    return SavedArticle(
        id=article_id, version=version, change=Change.SAME if is_same else Change.CHANGED
    )


def _with_editors_words(old: Article, new: Article) -> Article:
    """Return the new reading of an article with what an editor had written in the old one."""
    kept = {
        name: value
        for name in _METADATA
        if (value := getattr(old, name)) is not None and value.origin is Origin.EDITOR
    }
    if "image" in kept:
        kept["image_alt"] = old.image_alt
    return replace(new, **kept)


def _write_version(
    conn: Connection, article_id: int, version: int, article: Article, *, now: datetime
) -> None:
    content = _adapter().dump_python(article, mode="json")
    conn.execute(
        insert(article_versions).values(
            article_id=article_id,
            version=version,
            sha256=_digest(content),
            taken_at=now,
            content=content,
        )
    )


def _digest(content: Mapping[str, Any]) -> str:
    """Hash what a reader could see change: neither the key nor which source brought it."""
    visible = {name: value for name, value in content.items() if name not in {"key", "source"}}
    line = json.dumps(visible, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def lead_to(conn: Connection, keys: Sequence[str], article_id: int) -> None:
    """Let every key lead to the article; the latest reading of a page knows best whose it is."""
    known = _led_to(conn, keys)
    for key in keys:
        if key not in known:
            conn.execute(insert(article_keys).values(key=key, article_id=article_id))
        elif known[key] != article_id:
            there = article_keys.c.key == key
            conn.execute(update(article_keys).where(there).values(article_id=article_id))


def list_articles(
    conn: Connection, *, ids: Collection[int] | None = None, keys: Collection[str] | None = None
) -> tuple[ArticleRow, ...]:
    """Return articles in their newest version, in the order they came."""
    wanted = (
        select(
            articles.c.id,
            articles.c.version,
            article_versions.c.taken_at,
            articles.c.source,
            article_versions.c.content,
        )
        .join(article_versions, _is_newest())
        .order_by(articles.c.id)
    )
    if ids is not None:
        wanted = wanted.where(articles.c.id.in_(ids))
    if keys is not None:
        leading = select(article_keys.c.article_id).where(article_keys.c.key.in_(keys))
        wanted = wanted.where(articles.c.id.in_(leading))
    rows = conn.execute(wanted).all()
    ran: dict[int, list[str]] = {}
    stories = select(issue_stories.c.article_id, issue_stories.c.issue)
    for article_id, issue in conn.execute(stories.order_by(issue_stories.c.issue)):
        ran.setdefault(article_id, []).append(issue)
    return tuple(
        ArticleRow(
            id=id_,
            article=replace(_read(content), source=source),
            version=version,
            taken_at=taken_at,
            ran_in=tuple(ran.get(id_, ())),
        )
        for id_, version, taken_at, source, content in rows
    )


def get_article(conn: Connection, article_id: int) -> ArticleRow:
    """Return one article in its newest version. Raises NotFound: there is none with this number."""
    found = list_articles(conn, ids=[article_id])
    if not found:
        raise NotFound("article", str(article_id))
    return found[0]


def article_history(conn: Connection, article_id: int) -> tuple[tuple[datetime, Article], ...]:
    """Return every version of an article, oldest first, with the moment it was taken in."""
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


def first_seen(conn: Connection, ids: Collection[int] | None = None) -> dict[int, datetime]:
    """Return when articles (all where ids is None) were first taken in."""
    wanted = select(articles.c.id, articles.c.created)
    if ids is not None:
        wanted = wanted.where(articles.c.id.in_(ids))
    return {row.id: row.created for row in conn.execute(wanted)}


def recent_articles(conn: Connection, since: datetime) -> frozenset[int]:
    """Return the articles that were taken in, or came in a new version, since a moment."""
    wanted = (
        select(articles.c.id)
        .join(article_versions, _is_newest())
        .where(or_(articles.c.created >= since, article_versions.c.taken_at >= since))
    )
    return frozenset(conn.execute(wanted).scalars())


def keys_of(conn: Connection, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return every key that leads to each article."""
    wanted = select(article_keys.c.article_id, article_keys.c.key).where(
        article_keys.c.article_id.in_(ids)
    )
    found: dict[int, set[str]] = {}
    for article_id, key in conn.execute(wanted):
        found.setdefault(article_id, set()).add(key)
    return {article_id: frozenset(keys) for article_id, keys in found.items()}


def packed_texts(conn: Connection, ids: Collection[int]) -> dict[int, tuple[int, bytes]]:
    """Return version and packed hashes of articles, where they were kept."""
    wanted = select(
        article_shingles.c.article_id, article_shingles.c.version, article_shingles.c.hashes
    ).where(article_shingles.c.article_id.in_(ids))
    return {id_: (version, hashes) for id_, version, hashes in conn.execute(wanted)}


def keep_texts(conn: Connection, texts: Mapping[int, tuple[int, bytes]]) -> None:
    """Keep version and packed hashes of articles; older ones go."""
    if not texts:
        return
    conn.execute(delete(article_shingles).where(article_shingles.c.article_id.in_(texts)))
    conn.execute(
        insert(article_shingles),
        [
            {"article_id": id_, "version": version, "hashes": hashes}
            for id_, (version, hashes) in texts.items()
        ],
    )
