"""What goes to the page child and what comes back, as JSON lines."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.ingest.pages.page_text import PageText
from newsletter.model.feed import Feed, FoundFeed


class Task(StrEnum):
    """What is to be read in the bytes: an article's page, a feed, the feeds that a page names.

    A text is the full text that a feed carries: HTML in which all is article.
    """

    PAGE = "page"
    TEXT = "text"
    FEED = "feed"
    LINKS = "links"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildJob:
    """What goes to the child ahead of size bytes.

    seconds is how long it may take by the wall; now (ISO, "" for no bound) bounds what can be a
    date: a day of a page, a moment of a feed. content_type is the header of the answer that
    brought the bytes, "" where none did.
    """

    task: Task
    size: int
    seconds: float
    url: str
    now: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAnswer:
    """What was read, or in refused the sentence part that says why nothing was."""

    page: PageText | None = None
    feed: Feed | None = None
    links: tuple[FoundFeed, ...] | None = None
    refused: str = ""
