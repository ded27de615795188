"""Where articles were seen: which source carries which, at which place, since when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Case, Connection, RowMapping, and_, case, func, insert, select, update

from newsletter.model.feed import FeedEntry
from newsletter.model.source import Sighting
from newsletter.store.content_tables import article_keys, article_sightings
from newsletter.store.tables import articles

MOST_KEYS = 500  # in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article that a key leads to: its number, whose it is, and this source's sighting of it."""

    article_id: int
    owner: str
    sighting: Sighting | None


def see(conn: Connection, article_id: int, sighting: Sighting) -> None:
    """Write a sighting; first_seen stays what it was, and last_seen never goes back."""
    facts = {
        "url": sighting.url,
        "position": sighting.position,
        "last_seen": sighting.last_seen,
        "entry": _entry_content(sighting.entry),
        "etag": sighting.etag,
        "last_modified": sighting.last_modified,
        "asked_at": sighting.asked_at,
        "read_at": sighting.read_at,
        "problem": sighting.problem,
    }
    there = _is_of(article_id, sighting.source)
    later = facts | {"last_seen": _later(sighting.last_seen)}
    if conn.execute(update(article_sightings).where(there).values(**later)).rowcount == 0:
        conn.execute(
            insert(article_sightings).values(
                article_id=article_id,
                source=sighting.source,
                first_seen=sighting.first_seen,
                **facts,
            )
        )


def see_again(
    conn: Connection, source: str, places: Mapping[int, int], *, last_seen: datetime
) -> None:
    """Write that a source still carries articles; places gives each one's place in it."""
    for article_id, position in places.items():
        conn.execute(
            update(article_sightings)
            .where(_is_of(article_id, source))
            .values(position=position, last_seen=_later(last_seen))
        )


def carried(conn: Connection, source: str) -> dict[int, Sighting]:
    """Return what a source carried when its list was last read, by article, in its order."""
    last = (
        select(func.max(article_sightings.c.last_seen))
        .where(article_sightings.c.source == source)
        .scalar_subquery()
    )
    wanted = (
        select(article_sightings)
        .where(article_sightings.c.source == source, article_sightings.c.last_seen == last)
        .order_by(article_sightings.c.position)
    )
    return {row["article_id"]: _sighting(row) for row in conn.execute(wanted).mappings()}


def known_by(conn: Connection, source: str, keys: Iterable[str]) -> dict[str, Known]:
    """Return the articles that keys lead to, with what this source is known to say of each."""
    unique = list(dict.fromkeys(keys))
    found: dict[str, Known] = {}
    for start in range(0, len(unique), MOST_KEYS):
        wanted = (
            select(
                article_keys.c.key,
                articles.c.id.label("id"),
                articles.c.source.label("owner"),
                article_sightings,
            )
            .join(articles, articles.c.id == article_keys.c.article_id)
            .outerjoin(
                article_sightings,
                and_(
                    article_sightings.c.article_id == articles.c.id,
                    article_sightings.c.source == source,
                ),
            )
            .where(article_keys.c.key.in_(unique[start : start + MOST_KEYS]))
        )
        for row in conn.execute(wanted).mappings():
            sighting = _sighting(row) if row["source"] is not None else None
            found[row["key"]] = Known(article_id=row["id"], owner=row["owner"], sighting=sighting)
    return found


def sightings_of(conn: Connection, ids: Collection[int] | None = None) -> dict[int, list[Sighting]]:
    """Return every sighting of articles (of all where ids is None), the first one first."""
    wanted = select(article_sightings).order_by(
        article_sightings.c.first_seen, article_sightings.c.source
    )
    if ids is not None:
        wanted = wanted.where(article_sightings.c.article_id.in_(ids))
    found: dict[int, list[Sighting]] = {}
    for row in conn.execute(wanted).mappings():
        found.setdefault(row["article_id"], []).append(_sighting(row))
    return found


def _later(moment: datetime) -> Case[datetime]:
    """Give what last_seen becomes: another process may have seen it after us and written first."""
    kept = article_sightings.c.last_seen
    return case((kept > moment, kept), else_=moment)


def _is_of(article_id: int, source: str) -> Any:  # noqa: ANN401 (SQLAlchemy's and_)
    return and_(article_sightings.c.article_id == article_id, article_sightings.c.source == source)


def _sighting(row: RowMapping) -> Sighting:
    content = row["entry"]
    return Sighting(
        source=row["source"],
        url=row["url"],
        position=row["position"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        entry=None if content is None else _adapter().validate_python(content),
        etag=row["etag"],
        last_modified=row["last_modified"],
        asked_at=row["asked_at"],
        read_at=row["read_at"],
        problem=row["problem"],
    )


def _entry_content(entry: FeedEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    content: dict[str, Any] = _adapter().dump_python(replace(entry, html=""), mode="json")
    return content


@cache
def _adapter() -> TypeAdapter[FeedEntry]:
    return TypeAdapter(FeedEntry)
