"""Sources and what each carries: how it is doing, where articles were seen, what editors ruled."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Case,
    Connection,
    RowMapping,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from newsletter.model.article import RulingRow
from newsletter.model.source import FeedEntry, Ruling, Sighting, SourceRow
from newsletter.store.rows import read_all, read_one, select_row, values_of
from newsletter.store.tables import (
    article_keys,
    article_rulings,
    article_sightings,
    articles,
    sources,
)

_COUNT = (
    select(func.count())
    .where(article_sightings.c.source == sources.c.name)
    .scalar_subquery()
    .label("articles")
)


def get_source(conn: Connection, name: str) -> SourceRow:
    """Return what is known of a source; before its first reading that is its name alone."""
    wanted = select(sources, _COUNT).where(sources.c.name == name)
    return read_one(conn, wanted, SourceRow) or SourceRow(name=name)


def list_sources(conn: Connection) -> dict[str, SourceRow]:
    """Return every source that was ever read, by name."""
    wanted = select(sources, _COUNT).order_by(sources.c.name)
    return {row.name: row for row in read_all(conn, wanted, SourceRow)}


def save_source(conn: Connection, row: SourceRow) -> None:
    """Write what is known of a source; its articles are counted, not written."""
    facts = values_of(row)
    del facts["articles"]
    there = sources.c.name == row.name
    if conn.execute(update(sources).where(there).values(**facts)).rowcount == 0:
        conn.execute(insert(sources).values(**facts))


MOST_KEYS = 500  # in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article that a key leads to: its number, whose it is, and this source's sighting of it."""

    article_id: int
    owner: str
    sighting: Sighting | None


def see(conn: Connection, article_id: int, sighting: Sighting) -> None:
    """Write a sighting; first_seen stays what it was, and last_seen never goes back."""
    facts = values_of(sighting) | {"entry": _entry_content(sighting.entry)}
    there = _is_of(article_id, sighting.source)
    later = facts | {"last_seen": _later(sighting.last_seen)}
    del later["first_seen"]
    if conn.execute(update(article_sightings).where(there).values(**later)).rowcount == 0:
        conn.execute(insert(article_sightings).values(article_id=article_id, **facts))


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
    known = {field.name: row[field.name] for field in fields(Sighting)}
    if known["entry"] is not None:
        known["entry"] = _adapter().validate_python(known["entry"])
    return Sighting(**known)


def _entry_content(entry: FeedEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    content: dict[str, Any] = _adapter().dump_python(replace(entry, html=""), mode="json")
    return content


@cache
def _adapter() -> TypeAdapter[FeedEntry]:
    return TypeAdapter(FeedEntry)


def keep_ruling(conn: Connection, ruling: RulingRow) -> None:
    """Write a ruling; an earlier one of the newsletter on this article gives way."""
    take_back_ruling(conn, ruling.newsletter, ruling.article_id)
    conn.execute(insert(article_rulings).values(values_of(ruling)))


def take_back_ruling(conn: Connection, newsletter: str, article_id: int) -> bool:
    """Remove a newsletter's ruling on an article; False where there was none."""
    gone = conn.execute(
        delete(article_rulings).where(
            article_rulings.c.newsletter == newsletter, article_rulings.c.article_id == article_id
        )
    )
    return gone.rowcount == 1


def list_rulings(conn: Connection, newsletter: str | None = None) -> tuple[RulingRow, ...]:
    """Return the rulings of a newsletter, or of all, the earliest first."""
    wanted = select_row(article_rulings, RulingRow).order_by(
        article_rulings.c.at, article_rulings.c.article_id
    )
    if newsletter is not None:
        wanted = wanted.where(article_rulings.c.newsletter == newsletter)
    return read_all(conn, wanted, RulingRow)


def use_pins(conn: Connection, newsletter: str, articles: Collection[int], *, issue: str) -> None:
    """Write that an issue took pinned articles in."""
    conn.execute(
        update(article_rulings)
        .where(
            article_rulings.c.newsletter == newsletter,
            article_rulings.c.article_id.in_(articles),
            article_rulings.c.ruling == Ruling.PIN,
        )
        .values(used_in=issue)
    )


def latest_ruling_at(conn: Connection, newsletter: str) -> datetime | None:
    """Return the moment of a newsletter's latest ruling, so that the next one comes after it."""
    rulings = list_rulings(conn, newsletter)
    return rulings[-1].at if rulings else None
