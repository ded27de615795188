"""A tree of text blocks as plain text: at most COLUMNS wide, addresses never broken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import assert_never

from newsletter.compose.html import DEEPEST, IMAGE_SCHEMES, safe_url
from newsletter.compose.typography import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    columns,
    isolated,
    quotations,
)
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Subheading,
    Text,
    TextBlock,
    clean_line,
    clean_text,
)

COLUMNS = 72  # room to be quoted twice within the 78 of RFC 5322 section 2.1.1
HARD = "\n"
ZERO_WIDTH_JOINER = "\u200d"
_SPACES = re.compile("[^\\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}]+")
SHORTEST = 16  # columns left to words however deep the nesting
SLOT_COLUMNS = 12  # a name of usual length; a longer fallback counts as it is
NO_SLOTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStyle:
    """How text is set: slot gives a slot's token, image is a pattern with {alt}.

    widths, filled as words are set, has the columns that each token will take.
    """

    slot: Callable[[SlotRef], str]
    image: str
    direction: str = LEFT_TO_RIGHT
    widths: dict[str, int] = field(default_factory=dict)


def blocks_text(blocks: tuple[TextBlock, ...], style: PlainStyle, *, width: int = COLUMNS) -> str:
    """Set the blocks with a blank line between two of them; no line end at the end."""
    return "\n".join(_blocks(blocks, style, width=width, depth=0))


def fill(
    text: str,
    *,
    width: int = COLUMNS,
    first: str = "",
    rest: str = "",
    widths: Mapping[str, int] = NO_SLOTS,
) -> list[str]:
    """Break text into lines at its spaces and after wide characters; a line feed breaks always."""
    lines: list[str] = []
    indent = first
    extra = {token: wide - columns(token) for token, wide in widths.items() if token in text}
    for part in text.split(HARD):
        line, used = indent, columns(indent)
        empty = True
        for glued, piece in _pieces(part):
            gap = "" if empty or glued else " "
            taken = columns(piece)
            if extra:
                taken += sum(piece.count(token) * more for token, more in extra.items())
            need = len(gap) + taken
            if not empty and used + need > width:
                lines.append(line)
                line, used, gap = rest, columns(rest), ""
                need = taken
            line, used, empty = line + gap + piece, used + need, False
        lines.append(line.rstrip(" ") if empty else line)
        indent = rest
    return lines


def filled(text: str) -> str:
    """Return a text as `fill` breaks it; "" for none."""
    return "\n".join(fill(text)) if text else ""


def joined_lines(*parts: str) -> str:
    """Put parts below one another, empty ones left out."""
    return "\n".join(part for part in parts if part)


def underlined(heading: str, stroke: str) -> str:
    """Set a heading with a line of strokes under it, as long as its longest line."""
    lines = fill(heading)
    return "\n".join([*lines, stroke * max(map(columns, lines), default=0)])


def words_of(children: tuple[Inline, ...], style: PlainStyle, *, depth: int = 0) -> str:
    """Set inline content on one line; hard breaks are line feeds."""
    if depth > DEEPEST:
        return ""
    return "".join(_inline(child, style, depth=depth) for child in children)


def _inline(  # noqa: PLR0911 (one a kind)
    child: Inline, style: PlainStyle, *, depth: int
) -> str:
    match child:
        case Text():
            said = clean_text(child.text.replace("\n", " "))
            return "".join(isolated(*piece) for piece in quotations(said, style.direction))
        case CodeSpan():
            said = clean_text(child.text.replace("\n", " "))
            return isolated(said, LEFT_TO_RIGHT if style.direction == RIGHT_TO_LEFT else "")
        case SlotRef():
            token = style.slot(child)
            if token:
                style.widths[token] = _slot_columns(child)
            return token
        case Break():
            return HARD if child.hard else " "
        case Emphasis() | Strong():
            return words_of(child.children, style, depth=depth + 1)
        case Link():
            words = words_of(child.children, style, depth=depth + 1)
            url = safe_url(child.url)
            if not url or words.strip() in (url, child.url, url.removeprefix("mailto:")):
                return url.removeprefix("mailto:") or words
            return f"{words} <{url}>"
        case InlineImage():
            alt = clean_line(child.alt)
            return (
                style.image.format(alt=alt) if alt and safe_url(child.url, IMAGE_SCHEMES) else alt
            )
        case _:
            assert_never(child)


def _blocks(
    blocks: tuple[TextBlock, ...], style: PlainStyle, *, width: int, depth: int
) -> list[str]:
    lines: list[str] = []
    if depth > DEEPEST:
        return lines
    for block in blocks:
        if lines:
            lines.append("")
        lines.extend(_block(block, style, width=max(width, SHORTEST), depth=depth))
    return lines


def _block(block: TextBlock, style: PlainStyle, *, width: int, depth: int) -> list[str]:
    match block:
        case Paragraph() | Subheading():
            return fill(words_of(block.children, style), width=width, widths=style.widths)
        case ListBlock():
            return _list(block, style, width=width, depth=depth)
        case Quote():
            inner = _blocks(block.blocks, style, width=width - 2, depth=depth + 1)
            return [f"> {line}".rstrip(" ") for line in inner]
        case CodeBlock():
            text = clean_text(block.text, keep_lines=True).strip("\n")
            return [f"    {line}".rstrip(" ") for line in text.split("\n")]
        case Rule():
            return ["* * *"]
        case _:
            assert_never(block)


def _list(block: ListBlock, style: PlainStyle, *, width: int, depth: int) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(block.items, start=1 if block.start is None else block.start):
        mark = "- " if block.start is None else f"{number}. "
        inner = _blocks(item, style, width=width - len(mark), depth=depth + 1) or [""]
        indent = " " * len(mark)
        lines.append(f"{mark}{inner[0]}".rstrip(" "))
        lines.extend(f"{indent}{line}".rstrip(" ") for line in inner[1:])
    return lines


def _slot_columns(slot: SlotRef) -> int:
    if slot.name.endswith("_url"):
        return COLUMNS
    return max(columns(clean_line(slot.fallback)), SLOT_COLUMNS)


def _pieces(text: str) -> list[tuple[bool, str]]:
    """Cut at spaces, and around each wide character; the flag says "no space before this"."""
    pieces: list[tuple[bool, str]] = []
    if text.isascii():
        return [(False, word) for word in text.split()]
    for word in filter(None, _SPACES.split(text)):
        glued = False
        if word.isascii() or columns(word) <= SHORTEST:
            pieces.append((False, word))
            continue
        run = ""
        for char in word:
            if run and _may_part(run[-1], char):
                pieces.append((glued, run))
                glued, run = True, char
            else:
                run += char
        pieces.append((glued, run))
    return pieces


def _may_part(before: str, after: str) -> bool:
    if columns(after) > 1:
        return before != ZERO_WIDTH_JOINER
    return columns(after) == 1 and columns(before) > 1
