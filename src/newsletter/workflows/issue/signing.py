"""The key that signs readers' links, made at first need and kept in the database."""

from newsletter.audience.tokens import SigningKey, new_key
from newsletter.store import subscribers
from newsletter.workflows.desk import Desk

PURPOSE = "links"


def readers_key(desk: Desk) -> SigningKey:
    """Give the newest key; every older one stays known, so that old mail's links work for ever."""
    with desk.database.read() as connection:
        newest = subscribers.newest_key(connection, PURPOSE)
    if newest is None:
        fresh = new_key()
        with desk.database.write() as connection:
            newest = subscribers.keep_key(
                connection,
                key_id=fresh.id,
                purpose=PURPOSE,
                secret=fresh.secret,
                now=desk.clock.now(),
            )
    return SigningKey(id=newest.key_id, secret=newest.secret)
