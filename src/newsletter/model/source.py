"""A source of articles and how it is doing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    again, None for at once. failures counts those in a row. moved_to is an address that the server
    proposes for good, "" without one. articles counts what it brought.
    """

    name: str
    state: SourceState = SourceState.WELL
    since: datetime | None = None
    last_error: str = ""
    etag: str = ""
    last_modified: str = ""
    checked_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    location: str = ""
    moved_to: str = ""
    title: str = ""
    articles: int = 0


class Ruling(StrEnum):
    """An editor's word on an article, stronger than any ranking."""

    PIN = "pin"
    BLOCK = "block"
