"""Take up: what a sender that is gone had begun is begun again where it stood."""

from newsletter.store import ledger, occurrences
from newsletter.workflows.desk import Desk


def take_up(desk: Desk) -> tuple[str, ...]:
    """Plan again what was claimed, and doubt what was marked. Returns the issues planned again.

    Only for the holder of the sender's lock, before it sends anything itself: whoever claimed or
    marked before is gone then, for the kernel has let its lock go.
    """
    with desk.database.write() as connection:
        ledger.take_back(connection, now=desk.clock.now())
        left = occurrences.claimed(connection)
        for occurrence in left:
            occurrences.give_back(connection, occurrence.id)
    return tuple(occurrence.issue or "" for occurrence in left)
