"""The keys that sign readers' links: made at first need, never replaced, found by their id."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes, token_hex

from sqlalchemy import Connection, insert, select

from newsletter.model.records import SigningKey
from newsletter.store.tables import signing_keys

_KEY = select(
    signing_keys.c.key_id, signing_keys.c.purpose, signing_keys.c.secret, signing_keys.c.created
)


def newest_key(conn: Connection, purpose: str) -> SigningKey | None:
    """Give the key new links of this purpose are signed with, None before the first."""
    wanted = _KEY.where(signing_keys.c.purpose == purpose)
    newest = wanted.order_by(signing_keys.c.created.desc(), signing_keys.c.key_id).limit(1)
    row = conn.execute(newest).mappings().one_or_none()
    return SigningKey(**row) if row is not None else None


def get_key(conn: Connection, key_id: str) -> SigningKey | None:
    """Give the key a link names, None where it names none of ours."""
    row = conn.execute(_KEY.where(signing_keys.c.key_id == key_id)).mappings().one_or_none()
    return SigningKey(**row) if row is not None else None


def ensure_key(
    conn: Connection,
    purpose: str,
    *,
    now: datetime,
    new_id: Callable[[], str] = lambda: token_hex(4),
    new_secret: Callable[[], bytes] = lambda: token_bytes(32),
) -> SigningKey:
    """Give the newest key of this purpose; the first need makes it, in a writing transaction."""
    known = newest_key(conn, purpose)
    return known if known is not None else add_key(conn, purpose, now, new_id(), new_secret())


def add_key(
    conn: Connection, purpose: str, now: datetime, key_id: str, secret: bytes
) -> SigningKey:
    """Keep a key, from now on the newest of its purpose; older ones stay good."""
    key = SigningKey(key_id=key_id, purpose=purpose, secret=secret, created=now)
    conn.execute(
        insert(signing_keys).values(key_id=key_id, purpose=purpose, secret=secret, created=now)
    )
    return key
