"""When an article's page is asked for again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.model.source import FeedEntry, Sighting
from newsletter.workflows.sources.source_health import is_pages_turn

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENTRY = FeedEntry(position=0, title="A", url="https://example.org/a", guid="7")
SEEN = Sighting(
    source="world",
    url=ENTRY.url,
    position=0,
    first_seen=NOW,
    last_seen=NOW,
    entry=ENTRY,
    asked_at=NOW,
)


def turn(entry: FeedEntry = ENTRY, sighting: Sighting | None = SEEN, *, after: timedelta) -> bool:
    return is_pages_turn(entry, sighting, now=NOW + after, named=False)


def test_a_known_one_at_most_every_hour_for_two_days() -> None:
    assert not turn(after=timedelta(minutes=59))
    assert turn(after=HOUR)
    assert turn(after=47 * HOUR)
    assert not turn(after=48 * HOUR)


def test_the_two_days_begin_when_the_feed_says() -> None:
    old = replace(ENTRY, published="2026-11-01T06:00:00Z")
    seen = replace(SEEN, entry=old)
    assert not turn(old, seen, after=HOUR)
    updated = replace(old, updated="2026-11-23T18:00:00+00:00")
    seen = replace(SEEN, entry=updated)
    assert turn(updated, seen, after=HOUR)
    for odd in ("2026-11-24", "soon", "2999-01-01T00:00:00Z"):
        entry = replace(ENTRY, published=odd)
        seen = replace(SEEN, entry=entry, first_seen=NOW, last_seen=NOW)
        assert turn(entry, seen, after=47 * HOUR)
        assert not turn(entry, seen, after=48 * HOUR)


def test_a_changed_one_soon() -> None:
    changed = replace(ENTRY, updated="2026-11-24T05:59:00Z")
    assert not turn(changed, after=timedelta(minutes=4))
    assert turn(changed, after=timedelta(minutes=5))
    assert turn(replace(ENTRY, title="B"), after=49 * HOUR)
