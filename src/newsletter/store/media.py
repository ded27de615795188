"""Pictures kept, and what each source's address gave."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from newsletter.model.picture import TYPES, Picture
from newsletter.store.content_tables import media, media_addresses

_FACTS = (media.c.sha256, media.c.type, media.c.width, media.c.height, media.c.size_bytes)


def save_picture(conn: Connection, url: str, picture: Picture, *, now: datetime) -> None:
    """Keep what an address gave; the same picture from two addresses is one."""
    known = select(media.c.sha256).where(media.c.sha256 == picture.sha256)
    if conn.execute(known).one_or_none() is None:
        conn.execute(
            insert(media).values(
                sha256=picture.sha256,
                type=picture.type,
                width=picture.width,
                height=picture.height,
                size_bytes=picture.size_bytes,
                created=now,
            )
        )
    _note(conn, url, sha256=picture.sha256, problem="", now=now)


def save_problem(conn: Connection, url: str, problem: str, *, now: datetime) -> None:
    """Write down why an address gave no picture, as a sentence."""
    _note(conn, url, sha256=None, problem=problem, now=now)


def kept_pictures(conn: Connection, urls: Collection[str]) -> dict[str, Picture]:
    """Return the pictures that are kept of these addresses, by address."""
    wanted = (
        select(media_addresses.c.url, *_FACTS)
        .join(media, media.c.sha256 == media_addresses.c.sha256)
        .where(media_addresses.c.url.in_(urls))
    )
    return {
        url: _picture(sha256, type_, width, height, size)
        for url, sha256, type_, width, height, size in conn.execute(wanted)
    }


def pictures_with(conn: Connection, hashes: Collection[str]) -> dict[str, Picture]:
    """Return the pictures with these hashes, by hash."""
    found = conn.execute(select(*_FACTS).where(media.c.sha256.in_(hashes)))
    return {
        sha256: _picture(sha256, type_, width, height, size)
        for sha256, type_, width, height, size in found
    }


def _picture(sha256: str, type_: str, width: int, height: int, size: int) -> Picture:
    name = f"{sha256}.{TYPES[type_]}"
    return Picture(name=name, type=type_, width=width, height=height, size_bytes=size)


def _note(conn: Connection, url: str, *, sha256: str | None, problem: str, now: datetime) -> None:
    conn.execute(delete(media_addresses).where(media_addresses.c.url == url))
    conn.execute(
        insert(media_addresses).values(url=url, sha256=sha256, problem=problem, fetched_at=now)
    )
