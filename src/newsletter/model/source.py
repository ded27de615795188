"""A source of articles, how it is doing, and what its feed and pages answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, in the feed's order (position from 0).

    url is absolute http or https, "" where the entry has none that may be used. guid is the entry's
    own id, "" where it has none. title, author and summary are plain text on one line each. html is
    the entry's full text as the feed carries it, not yet made safe ("" where there is none).
    published and updated are RFC 3339, "" where not stated or not believable. image is an https
    address, credit who made it.
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
    """A feed. kind is RSS, Atom or JSON Feed. ttl_s is the feed's own wish, seconds, 0 without one.

    notes say, as sentences, what was wrong and was mended or left out ("the feed breaks off after
    12 entries").
    """

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
    """An answer with a status of 200 to 299, or 304 (then body is empty).

    url is the address that answered, after redirects. moved_to is the address that permanent
    redirects alone lead to ("" where there were none): a person may accept it. headers have
    lower-case names, the last of several winning. body is decoded (gzip, deflate).
    keep_for is what Cache-Control allows (max-age), None where it says nothing.
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
