"""Text: rich text as a tree of values, plain lines, names and counts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta


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


_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TAG_SEQUENCE = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\u180e\u200b\u2060-\u2064\ufeff"  # zero width
    "\ufdd0-\ufdef\U000e0000-\U000e007f"  # noncharacters, tags
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_JOINERS = "\u200c\u200d"
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

    Dropped are controls, bidirectional overrides and isolates, zero-width characters (a joiner
    inside a word or an emoji stays) and tags outside an emoji flag. A tab becomes a space.

    Args:
        text: any text.
        keep_lines: whether line feeds and tabs stay, as in code.
    """
    if _PLAIN.fullmatch(text):
        return text
    if keep_lines:
        text = "\n".join(_CONTROLS.sub(_tab_stays, line) for line in text.split("\n"))
    else:
        text = _CONTROLS.sub("", text.replace("\t", " "))
    text = _without_unseen(text)
    if "\u200c" in text or "\u200d" in text:
        text = _without_stray_joiners(text)
    return unicodedata.normalize("NFC", text)


def unseen_characters(text: str) -> Iterator[tuple[int, str]]:
    """Return place and character of what `clean_text` drops, but tags within a flag."""
    if _PLAIN.fullmatch(text):
        return
    flags = [(flag.start(), flag.end()) for flag in _TAG_SEQUENCE.finditer(text)]
    for found in _UNSEEN.finditer(text):
        if not any(start <= found.start() < end for start, end in flags):
            yield found.start(), found[0]


def clean_line(text: str) -> str:
    """Clean plain text that stands on one line: as clean_text, white space single, ends bare."""
    return _BLANKS.sub(" ", clean_text(_BLANKS.sub(" ", text))).strip()


def _tab_stays(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else ""


def _without_unseen(text: str) -> str:
    if not _UNSEEN.search(text):
        return text
    pieces: list[str] = []
    at = 0
    for flag in _TAG_SEQUENCE.finditer(text):
        pieces += (_UNSEEN.sub("", text[at : flag.start()]), flag[0])
        at = flag.end()
    pieces.append(_UNSEEN.sub("", text[at:]))
    return "".join(pieces)


def _without_stray_joiners(text: str) -> str:
    """Keep a joiner only between two characters of a word or an emoji."""
    kept: list[str] = []
    for index, char in enumerate(text):
        if char in _JOINERS:
            before = kept[-1] if kept else ""
            after = text[index + 1] if index + 1 < len(text) else ""
            if not (_is_joinable(before) and _is_joinable(after)):
                continue
        kept.append(char)
    return "".join(kept)


def _is_joinable(char: str) -> bool:
    return bool(char) and (
        unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in {"So", "Sk"}
    )


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
