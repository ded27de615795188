"""A source of articles, how it is doing, and what its feed and pages answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, in the feed's order (position from 0); "" for what it does not state.

    url and image are absolute addresses, title, author and summary plain text on one line. html is
    its full text, not yet made safe. published and updated are RFC 3339.
    """

    position: int
    title: str
    url: str = ""
    guid: str = ""
    author: str = ""
    summary: str = ""
    html: str = field(default="", repr=False)
    published: str = ""
    updated: str = ""
    image: str = ""
    image_alt: str = ""
    image_credit: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: RSS, Atom or JSON Feed; ttl_s is its own wish in seconds, notes what was mended."""

    kind: str
    title: str
    url: str
    language: str = ""
    ttl_s: int = 0
    entries: tuple[FeedEntry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page names in its head. kind is RSS, Atom or JSON Feed."""

    url: str
    title: str
    kind: str


class SourceState(StrEnum):
    """How the last readings went; quarantined: asked once a day; gone: the server said 410."""

    WELL = "well"
    FAILING = "failing"
    QUARANTINED = "quarantined"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What is known of a source. since is when its state began; None before the first reading.

    put_off_until is what its server asked for (Retry-After). address is what newsletter.toml named,
    location the feed's own, to which etag and last_modified belong. moved_to is what the server
    proposes for good. ttl_s is how long the feed wants to be left alone.
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
    """An article as one source carries it; position is its place there, from 0.

    entry is the feed's own, without its full text. etag and last_modified are of the article's
    page; asked_at and read_at when it was last asked for and read. problem says why it was not.
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


NOT_MODIFIED = 304  # RFC 9110 section 15.4.5


class FetchKind(StrEnum):
    """What is asked for; each kind has its own cap on decoded bytes (T15)."""

    FEED = "feed"
    ARTICLE = "article"
    PICTURE = "picture"
    PROBE = "probe"  # whether an address answers: the body is not read


class FetchProblem(StrEnum):
    """Why a fetch brought nothing.

    The first six are about us or the address and will not go away by waiting; the rest may.
    """

    BAD_ADDRESS = "bad address"
    FORBIDDEN_ADDRESS = "forbidden address"
    FORBIDDEN_REDIRECT = "forbidden redirect"
    FORBIDDEN_BY_ROBOTS = "forbidden by robots.txt"
    TOO_LARGE = "too large"
    BAD_ENCODING = "bad encoding"
    NO_SUCH_HOST = "no such host"
    NO_CONNECTION = "no connection"
    BAD_CERTIFICATE = "bad certificate"
    TOO_SLOW = "too slow"
    BROKEN_ANSWER = "broken answer"
    REFUSED = "refused"  # a status of 400 to 599 that has no word of its own
    GONE = "gone"  # 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with a status of 200 to 299, or 304 (then body is empty); url is what answered.

    moved_to is where permanent redirects alone lead. headers have lower-case names; body is
    decoded. keep_for is Cache-Control's max-age.
    """

    url: str
    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    keep_for: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that what we have is still right."""
        return self.status == NOT_MODIFIED


TRACKERS = frozenset(
    {"at_campaign", "at_medium", "cmp", "fbclid", "gclid", "ito", "mc_cid", "mc_eid", "ocid"}
    | {"ref", "smid", "xtor", "fb_ref", "igsh", "igshid", "msclkid", "yclid", "twclid", "ttclid"}
    | {"gbraid", "wbraid", "dclid", "srsltid", "mibextid", "mkt_tok", "_hsenc", "_hsmi"}
)
TRACKER_FAMILIES = ("utm_", "at_", "itm_")


def is_tracker(name: str) -> bool:
    """Return whether a query's name only counts readers."""
    folded = name.casefold()
    return folded in TRACKERS or folded.startswith(TRACKER_FAMILIES)
