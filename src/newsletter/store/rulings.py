"""Editors' rulings on articles: pins and blocks, one for each newsletter and article."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsletter.model.memory import RulingRow
from newsletter.model.source import Ruling
from newsletter.store.content_tables import article_rulings

_COLUMNS = (
    article_rulings.c.newsletter,
    article_rulings.c.article_id,
    article_rulings.c.ruling,
    article_rulings.c.who,
    article_rulings.c.why,
    article_rulings.c.at,
    article_rulings.c.used_in,
)


def keep_ruling(conn: Connection, ruling: RulingRow) -> None:
    """Write a ruling; an earlier one of the newsletter on this article gives way."""
    take_back(conn, ruling.newsletter, ruling.article_id)
    conn.execute(
        insert(article_rulings).values(
            newsletter=ruling.newsletter,
            article_id=ruling.article_id,
            ruling=ruling.ruling,
            who=ruling.who,
            why=ruling.why,
            at=ruling.at,
            used_in=ruling.used_in,
        )
    )


def take_back(conn: Connection, newsletter: str, article_id: int) -> bool:
    """Remove a newsletter's ruling on an article; False where there was none."""
    gone = conn.execute(
        delete(article_rulings).where(
            article_rulings.c.newsletter == newsletter, article_rulings.c.article_id == article_id
        )
    )
    return gone.rowcount == 1


def list_rulings(conn: Connection, newsletter: str | None = None) -> tuple[RulingRow, ...]:
    """Return the rulings of a newsletter, or of all, the earliest first."""
    wanted = select(*_COLUMNS).order_by(article_rulings.c.at, article_rulings.c.article_id)
    if newsletter is not None:
        wanted = wanted.where(article_rulings.c.newsletter == newsletter)
    return tuple(RulingRow(**row) for row in conn.execute(wanted).mappings())


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
