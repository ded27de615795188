"""Whether an entry's page is asked for in this reading of its feed; pure, and polite.

A page is read once. It is asked for again when the feed says that the entry changed, and while it
is in the feed and younger than two days at most every hour, to notice silent corrections.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.model.source import FeedEntry, Sighting

WATCHED_FOR = timedelta(days=2)
AGAIN_AFTER = timedelta(hours=1)
CHANGED_AFTER = timedelta(minutes=5)  # a feed that stamps its entries anew each time is no reason


def is_pages_turn(
    entry: FeedEntry, sighting: Sighting | None, *, now: datetime, named: bool
) -> bool:
    """Return whether to ask for an entry's page.

    Args:
        entry: as the feed has it now.
        sighting: as it was kept the last time; None where this source never brought it.
        now: the moment of the reading.
        named: a person named the source, so that every page in it is asked for again.
    """
    if sighting is None or sighting.asked_at is None or named:
        return True
    rested = now - sighting.asked_at
    if has_changed(entry, sighting.entry):
        return rested >= CHANGED_AFTER
    return rested >= AGAIN_AFTER and now - _born(entry, sighting) < WATCHED_FOR


def has_changed(entry: FeedEntry, before: FeedEntry | None) -> bool:
    """Return whether a feed says something else of an entry than before; its place is no matter."""
    if before is None:
        return True
    return replace(entry, html="", position=0) != replace(before, html="", position=0)


def _born(entry: FeedEntry, sighting: Sighting) -> datetime:
    """Give when the entry came out: the feed's word, where it is one, else when it was first seen.

    A date ahead of our own first sight of it is no word.
    """
    for text in (entry.updated, entry.published):
        try:
            stated = datetime.fromisoformat(text)
        except ValueError:
            continue
        if stated.tzinfo is not None:
            return min(stated, sighting.last_seen)
    return sighting.first_seen
