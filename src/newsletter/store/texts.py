"""Which articles are recent, and the packed shingle hashes of their texts."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, or_, select

from newsletter.store.content_tables import article_keys, article_shingles
from newsletter.store.tables import article_versions, articles


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
        .join(
            article_versions,
            and_(
                article_versions.c.article_id == articles.c.id,
                article_versions.c.version == articles.c.version,
            ),
        )
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
