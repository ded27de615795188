"""Rich text as a tree of values: what Markdown means here, before it is HTML or plain text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Characters as they are read; never markup."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSpan:
    """Characters to show as typed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRef:
    """A place filled for each reader: ``[[name|fallback]]``."""

    name: str
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A line break inside a paragraph; a soft one is a space to most readers."""

    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Emphasised words."""

    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strong:
    """Words of strong importance."""

    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words that lead to an absolute http, https or mailto address."""

    url: str
    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineImage:
    """A picture within running text; an absolute https (or http) address."""

    url: str
    alt: str


Inline = Text | CodeSpan | SlotRef | Break | Emphasis | Strong | Link | InlineImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    children: tuple[Inline, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subheading:
    """A heading inside a text block; level 3 to 6 (``###`` is 3)."""

    level: int
    children: tuple[Inline, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """A bulleted list, or a numbered one where ``start`` is not None."""

    items: "tuple[tuple[TextBlock, ...], ...]"
    start: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A block quotation."""

    blocks: "tuple[TextBlock, ...]"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """Fenced code, shown as typed."""

    text: str
    info: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A thematic break."""

    line: int = field(default=0, compare=False)


TextBlock = Paragraph | Subheading | ListBlock | Quote | CodeBlock | Rule
