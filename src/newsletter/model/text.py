"""Text: rich text as a tree of values, plain lines, names and counts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import regex  # type: ignore[import-untyped]  # ships no annotations; used for \p{L}


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
class Lined:
    """Something of an issue, with the line that it stands on."""

    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Lined):
    """Running text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subheading(Lined):
    """A heading inside a text block; level 3 to 6 (``###`` is 3)."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock(Lined):
    """A bulleted list, or a numbered one where ``start`` is not None."""

    items: "tuple[tuple[TextBlock, ...], ...]"
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Lined):
    """A block quotation."""

    blocks: "tuple[TextBlock, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock(Lined):
    """Fenced code, shown as typed."""

    text: str
    info: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Lined):
    """A thematic break."""


TextBlock = Paragraph | Subheading | ListBlock | Quote | CodeBlock | Rule


_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNSEEN = regex.compile(
    # but the tags of an emoji flag
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f(*SKIP)(*FAIL)"
    "|[\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\u180e\u200b\u2060-\u2064\ufeff"  # zero width
    "\ufdd0-\ufdef\U000e0000-\U000e007f"  # noncharacters, tags
    + "".join(f"{chr(at + 0xFFFE)}{chr(at + 0xFFFF)}" for at in range(0, 0x110000, 0x10000))
    + "]"
)
# a joiner stays between two characters of a word or an emoji
_STRAY_JOINER = regex.compile(
    r"(?<![\p{L}\p{M}\p{So}\p{Sk}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{So}\p{Sk}])"
)
_PLAIN = re.compile(r"[\x20-\x7e]*")
_BLANKS = re.compile(r"[ \t\r\n]+")


def refused_control(text: str) -> int:
    """Find the first control character or line separator no text file of ours may hold, or -1.

    Tab, line feed and carriage return are allowed.
    """
    found = _REFUSED.search(text)
    return found.start() if found else -1


def clean_text(text: str, *, keep_lines: bool = False) -> str:
    """Drop what a reader cannot see and a program may be fooled by; the rest in NFC.

    A tab becomes a space, unless keep_lines lets line feeds and tabs stay, as in code.
    """
    if _PLAIN.fullmatch(text):
        return text
    if not keep_lines:
        text = text.replace("\t", " ")
    kept = "\t\n" if keep_lines else ""
    text = _CONTROLS.sub(lambda found: found[0] if found[0] in kept else "", text)
    text = _STRAY_JOINER.sub("", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", text)


def unseen_characters(text: str) -> Iterator[tuple[int, str]]:
    """Return place and character of what `clean_text` drops, but tags within a flag."""
    for found in _UNSEEN.finditer(text):
        yield found.start(), found[0]


def clean_line(text: str) -> str:
    """Clean plain text that stands on one line: as clean_text, white space single, ends bare."""
    return _BLANKS.sub(" ", clean_text(_BLANKS.sub(" ", text))).strip()


_SLUG = re.compile(r"[a-z0-9-]{1,80}")


def is_slug(text: str) -> bool:
    """Return whether a name is 1 to 80 of a-z, 0-9 and hyphen: safe in any path and address."""
    return _SLUG.fullmatch(text) is not None


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 reader", "1,200 readers"; many where an s does not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lasting(span: timedelta) -> str:
    """Write a length of time in words, to the second: "1 minute", "1 hour 30 minutes"."""
    seconds = int(span.total_seconds())
    parts = (
        (seconds // 3600, "hour"),
        (seconds // 60 % 60, "minute"),
        (seconds % 60, "second"),
    )
    return " ".join(counted(number, unit) for number, unit in parts if number) or "0 seconds"


def plain_text(node: TextBlock | Inline) -> str:  # noqa: PLR0911 (one a kind)
    """Return the words of a block, or of a part of one, without markup."""
    match node:
        case Text() | CodeSpan() | CodeBlock():
            return node.text
        case SlotRef():
            return node.fallback
        case InlineImage():
            return node.alt
        case Break():
            return " "
        case Rule():
            return ""
        case ListBlock():
            return " ".join(plain_text(inner) for item in node.items for inner in item)
        case Quote():
            return " ".join(map(plain_text, node.blocks))
        case _:
            return "".join(map(plain_text, node.children))
