"""What is remembered of stories: what editors ruled, and what ran where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsletter.model.source import Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """An editor's word on an article for one newsletter.

    used_in is the issue that took a pinned article in, "" while none has: from then on the pin
    counts for that issue alone.
    """

    newsletter: str
    article_id: int
    ruling: Ruling
    who: str
    why: str
    at: datetime
    used_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRun:
    """A story as an issue carried it. key is its URL key; at is when it was sent.

    at is None for an issue that is not sent yet. article_id is None where no article is known of.
    """

    issue: str
    key: str
    newsletter: str
    list: str
    headline: str
    article_id: int | None = None
    at: datetime | None = None


class SameBy(StrEnum):
    """By what a story is known to be one that ran; the headline alone is a hint."""

    ADDRESS = "address"
    TEXT = "text"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A story of an issue, by its line, that ran before, and in how many issues."""

    line: int
    run: StoryRun
    by: SameBy
    times: int = 1
