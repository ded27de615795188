"""What is known of each source: how it is doing, and what to ask it with."""

from dataclasses import asdict

from sqlalchemy import Connection, func, insert, select, update

from newsletter.model.source import SourceRow
from newsletter.store.content_tables import article_sightings, sources

_COUNT = (
    select(func.count())
    .where(article_sightings.c.source == sources.c.name)
    .scalar_subquery()
    .label("articles")
)


def get_source(conn: Connection, name: str) -> SourceRow:
    """Return what is known of a source; before its first reading that is its name alone."""
    wanted = select(sources, _COUNT).where(sources.c.name == name)
    row = conn.execute(wanted).mappings().one_or_none()
    return SourceRow(**row) if row is not None else SourceRow(name=name)


def list_sources(conn: Connection) -> dict[str, SourceRow]:
    """Return every source that was ever read, by name."""
    rows = conn.execute(select(sources, _COUNT).order_by(sources.c.name)).mappings()
    return {row["name"]: SourceRow(**row) for row in rows}


def save_source(conn: Connection, row: SourceRow) -> None:
    """Write what is known of a source; its articles are counted, not written."""
    facts = asdict(row)
    del facts["articles"]
    there = sources.c.name == row.name
    if conn.execute(update(sources).where(there).values(**facts)).rowcount == 0:
        conn.execute(insert(sources).values(**facts))
