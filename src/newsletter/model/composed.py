"""A composed mail, its start tags, and the ways in which readers see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

AROUND = "masthead, footer and styles"  # what of the mail belongs to no block of the issue

GMAIL_CLIPS_AT = 102_000  # bytes of HTML; Gmail tells no number, testers report 102 to 105 KB
NEAR_GMAILS_CLIP = 90_000


class SlotContext(StrEnum):
    """Where a slot stands, which decides how its value is escaped before it is joined."""

    HTML = "html"  # text between tags: &, <, > and quotes are escaped
    HTML_URL = "html url"  # a whole href value: percent-encoded, then escaped
    TEXT = "text"  # the plain text part
    HEADER_ADDRESS = "header address"  # To: a mailbox with an optional display name
    HEADER_URL = "header url"  # inside <…> of List-Unsubscribe
    HEADER_TOKEN = "header token"  # noqa: S105 (Message-ID, X-Delivery, Date: ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in a skeleton. fallback stands in where the reader has no value."""

    name: str
    context: SlotContext
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A message cut at its slots: segments[0] slots[0] segments[1] … segments[-1].

    Segments are wire bytes: CRLF line ends, quoted-printable bodies, no leading dots; the last
    ends in one CRLF; no final dot. len(segments) == len(slots) + 1.
    """

    segments: tuple[bytes, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """The token that stands for a slot in html and text until the skeleton is cut."""

    token: str
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSize:
    """Bytes of final HTML that one block takes; name is "story 2: Headline" and the like."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpan:
    """The elements of the final HTML that one block wrote, counted in document order.

    first is within, end is not; line is the block's in the issue file.
    """

    name: str
    line: int
    first: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedLink:
    """A link of the final HTML: its address (slots as sentinels), its text, the block it is in."""

    url: str
    text: str
    block: str
    line: int = 0


Spot = tuple[int, int]  # the number of a file, and a line in it
NOWHERE: Spot = (-1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Which template lines wrote the HTML: a spot for each start tag, and each line of styles.

    Empty where it was not asked for or is not known.
    """

    files: tuple[str, ...] = ()
    tags: tuple[Spot, ...] = ()
    styles: tuple[tuple[Spot, ...], ...] = ()

    def named(self, spot: Spot) -> tuple[str, int] | None:
        """Return file and line of a spot."""
        return (self.files[spot[0]], spot[1]) if 0 <= spot[0] < len(self.files) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedIssue:
    """One composition of one issue; html and text hold sentinels for slots.

    fingerprint is the SHA-256 of the skeleton and its slots; "" for a marked composition, which is
    not what a real send carries.
    """

    issue: str
    subject: str
    html: str
    text: str
    sentinels: tuple[Sentinel, ...]
    skeleton: Skeleton
    fingerprint: str
    appearances: tuple[tuple[str, str], ...] = ()
    blocks: tuple[BlockSize, ...] = ()
    links: tuple[ComposedLink, ...] = ()
    spans: tuple[BlockSpan, ...] = ()
    origins: Origins = Origins()
    timings_ms: tuple[tuple[str, float], ...] = ()


_START = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>|</([a-zA-Z][a-zA-Z0-9:-]*+)"
)


class StartTag(NamedTuple):
    """A tag: its name in lower case, where it stands, its attributes as written.

    closes is for an end tag, which has none.
    """

    name: str
    at: int
    attributes: str
    closes: bool


def all_tags(html: str) -> Iterator[StartTag]:
    """Return start and end tags in the order of the source."""
    for found in _START.finditer(html):
        if found[1]:
            yield StartTag(found[1].lower(), found.start(), found[2], closes=False)
        else:
            yield StartTag(found[3].lower(), found.start(), "", closes=True)


def start_tags(html: str) -> tuple[StartTag, ...]:
    """Return the start tags alone, in the order of the source."""
    return tuple(tag for tag in all_tags(html) if not tag.closes)


TEXT_COLUMNS = 78
"""How wide the text part is set: its lines but addresses are no longer (RFC 3676 section 4.2)."""


class Dark(StrEnum):
    """What a mail program does to colours; the words are those of the preview's addresses."""

    OFF = "off"  # light
    AUTHORED = "authored"  # it applies the mail's own prefers-color-scheme: dark
    FORCED = "forced"  # it inverts the whole message, pictures excepted
    PARTIAL = "partial"  # it darkens light grounds and lightens dark text, and leaves the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a mail program does to a mail, apart from its width."""

    dark: Dark = Dark.OFF
    images: bool = True
    styles: bool = True  # False: it drops every <style> block


PHONE, DESKTOP = 375, 640
WIDTHS = (320, PHONE, DESKTOP, 1024)
