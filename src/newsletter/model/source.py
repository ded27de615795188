"""A source of articles and how it is doing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsletter.model.feed import FeedEntry


class SourceState(StrEnum):
    """well: the last reading succeeded. failing: it did not, and is tried again.

    quarantined: it failed so often that it is asked once a day alone. gone: the server said that it
    will not come back (410); only a person asks again, by naming it.
    """

    WELL = "well"
    FAILING = "failing"
    QUARANTINED = "quarantined"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What is known of a source. since is when its state began; None before the first reading.

    last_error is a sentence, "" where the last reading succeeded. next_at is when `run` may ask
    again, None for at once. put_off_until is the moment before which its server does not want to be
    asked (Retry-After of its last answer), None where that said nothing. failures counts those in a
    row. address is what newsletter.toml named at the last reading, location the feed's own address
    (that a site names), to which etag and last_modified belong. moved_to is an address that the
    server proposes for good, "" without one. ttl_s is how long the feed wants to be left alone, 0
    where it says nothing. articles counts what it brought.
    """

    name: str
    state: SourceState = SourceState.WELL
    since: datetime | None = None
    last_error: str = ""
    etag: str = ""
    last_modified: str = ""
    checked_at: datetime | None = None
    next_at: datetime | None = None
    put_off_until: datetime | None = None
    failures: int = 0
    address: str = ""
    location: str = ""
    moved_to: str = ""
    title: str = ""
    ttl_s: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article as one source carries it. position is its place there, from 0.

    entry is the feed's own, without its full text; None where the source is no feed. etag and
    last_modified are of the article's page (for a saved page etag is its SHA-256), asked_at is when
    it was last asked for, read_at when it last could be read, None for never. problem is a
    sentence, "" where the page was read the last time it was asked for.
    """

    source: str
    url: str
    position: int
    first_seen: datetime
    last_seen: datetime
    entry: FeedEntry | None = None
    etag: str = ""
    last_modified: str = ""
    asked_at: datetime | None = None
    read_at: datetime | None = None
    problem: str = ""


class Change(StrEnum):
    """What taking an article in did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedArticle:
    """An article's number, its newest version's, and what was written."""

    id: int
    version: int
    change: Change


class Ruling(StrEnum):
    """An editor's word on an article, stronger than any ranking."""

    PIN = "pin"
    BLOCK = "block"
