"""An issue: what one issue file says, with the line each thing stands on (lines never compare)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from newsletter.model.text import Lined, TextBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryImage(Lined):
    """A story's picture: an absolute address and its alternative text (may be empty)."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Lined):
    """An article as it stands in an issue: a card.

    attributes are the ``{key=value …}`` pairs in file order. kicker and byline are plain text, ""
    for none. summary is what follows the head.
    """

    headline: str
    url: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    kicker: str = ""
    image: StoryImage | None = None
    byline: str = ""
    summary: tuple[TextBlock, ...] = ()
    head_lines: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    def line_of(self, part: str) -> int:
        """Return the line of a part of the head, or the headline's where that is not known."""
        return dict(self.head_lines).get(part, self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutRef(Lined):
    """``::: callout NAME``; body is None where the callout's own wording is used."""

    name: str
    body: tuple[TextBlock, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorMessage(Lined):
    """``::: editor``: the editor's message."""

    body: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Lined):
    """One line of a list of briefs: a linked headline and the text after it (plain text)."""

    headline: str
    url: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefs(Lined):
    """A list of links under a section: each item begins with a link."""

    items: tuple[Brief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPassage(Lined):
    """Markdown that is none of the above: rendered as running text."""

    blocks: tuple[TextBlock, ...]


Block = Story | CalloutRef | EditorMessage | Briefs | TextPassage


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Lined):
    """``# Heading`` and what follows; heading is plain text."""

    heading: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of a newsletter; its lead is the first Story of the first Section.

    ``opening`` is what stands before the first section, ``extra`` the front-matter keys that are
    not known, ``unseen`` the lines with characters that nobody sees, each with its first one.
    """

    name: str
    file: str = field(compare=False)
    newsletter: str
    date: date
    subject: str = ""
    preheader: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    opening: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    head_lines: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    unseen: tuple[tuple[int, str], ...] = field(default=(), compare=False)

    def line_of(self, key: str) -> int:
        """Return the line of a front-matter key, or 1 where the file has none."""
        return dict(self.head_lines).get(key, 1)


KNOWN_SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "the reader's name as it stands in the list; the fallback where there is none",
        "email": "the reader's address",
        "unsubscribe_url": "the reader's own page for leaving the list",
        "preferences_url": "the reader's own page for what they receive",
        "view_online_url": "the issue's public page",
    }
)
"""What `[[…]]` may name in an issue, each with its line for the docs and error texts."""
