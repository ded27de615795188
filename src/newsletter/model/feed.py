"""A feed as it was read: plain values, nothing in them is markup but `html`."""

from dataclasses import dataclass, field


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
