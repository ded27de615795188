"""The keys that sign readers' links: kept for ever, found by the id that each link names."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from newsletter.model.records import SigningKey
from newsletter.store.tables import signing_keys

_KEY = select(
    signing_keys.c.key_id, signing_keys.c.purpose, signing_keys.c.secret, signing_keys.c.created
)


def newest(conn: Connection, purpose: str) -> SigningKey | None:
    """Return the key that new links of this purpose are signed with; None before the first."""
    wanted = _KEY.where(signing_keys.c.purpose == purpose)
    in_order = wanted.order_by(signing_keys.c.created.desc(), signing_keys.c.key_id).limit(1)
    row = conn.execute(in_order).mappings().one_or_none()
    return SigningKey(**row) if row is not None else None


def get_key(conn: Connection, key_id: str) -> SigningKey | None:
    """Return the key a link names, None where it names none of ours."""
    row = conn.execute(_KEY.where(signing_keys.c.key_id == key_id)).mappings().one_or_none()
    return SigningKey(**row) if row is not None else None


def keep(
    conn: Connection, *, key_id: str, purpose: str, secret: bytes, now: datetime
) -> SigningKey:
    """Keep the first key of a purpose; where another process was first, its key is given back."""
    there = newest(conn, purpose)
    return there or add(conn, key_id=key_id, purpose=purpose, secret=secret, now=now)


def add(conn: Connection, *, key_id: str, purpose: str, secret: bytes, now: datetime) -> SigningKey:
    """Add a key, from now on the newest of its purpose; older ones stay good."""
    conn.execute(
        insert(signing_keys).values(key_id=key_id, purpose=purpose, secret=secret, created=now)
    )
    return SigningKey(key_id=key_id, purpose=purpose, secret=secret, created=now)
