"""Text whose paragraphs were broken into lines of one width, put together again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTHS = range(40, 101)  # where people and programs break lines
FEWEST_FULL = 3
LEAST_FULL_SHARE = 0.4
MOST_CLOSED_SHARE = 0.5
MOST_TITLE_LINES = 3

ITEM = re.compile(r"[-*\u2022\u2013\u2014]\s|\(?\d{1,3}[.)]\s")
_CLOSED = re.compile("[.!?:\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A paragraph with the index of its first line; is_alone: blank lines are around it."""

    text: str
    index: int
    is_alone: bool


def paragraph_lines(lines: Sequence[str]) -> list[TextLine]:
    """Return the lines that are not blank; where the text is hard-wrapped, its paragraphs.

    It is where the lines are full: the next line's first word did not fit. A full line is joined
    with the next, but for one that begins an item, and so is the indented rest of an item. The
    title, the first line, is joined only where a blank line ends it soon.
    """
    bare = [line.strip() for line in lines]
    width = _width_of(bare)
    found: list[TextLine] = []
    at = 0
    while at < len(bare):
        if not bare[at]:
            at += 1
            continue
        end = at + 1
        if width:
            while end < len(bare) and _goes_on(lines, bare, at, end, width):
                end += 1
            if not found and (end - at > MOST_TITLE_LINES or (end < len(bare) and bare[end])):
                end = at + 1
        before, after = bare[at - 1] if at else "", bare[end] if end < len(bare) else ""
        text = _joined(bare[at:end])
        found.append(TextLine(text=text, index=at, is_alone=not before and not after))
        at = end
    return found


def _goes_on(
    lines: Sequence[str], bare: Sequence[str], start: int, following: int, width: int
) -> bool:
    """Whether the line before `following` goes on there; start is its paragraph's first line."""
    if not bare[following] or ITEM.match(bare[following]):
        return False
    if _is_full(bare[following - 1], bare[following], width):
        return True
    is_indented = _indent(lines[following]) > _indent(lines[start])
    return is_indented and ITEM.match(bare[start]) is not None


def _width_of(bare: Sequence[str]) -> int:
    """Return the width the text was wrapped at, 0 where it was not."""
    inner = [
        (line, after) for line, after in pairwise(bare) if line and after and not ITEM.match(after)
    ]
    width = max((len(line) for line in bare if " " in line), default=0)
    if width not in WIDTHS:
        return 0
    full = [line for line, after in inner if _is_full(line, after, width)]
    closed = sum(_CLOSED.search(line) is not None for line in full)
    is_wrapped = len(full) >= max(
        FEWEST_FULL, LEAST_FULL_SHARE * len(inner)
    ) and closed <= MOST_CLOSED_SHARE * len(full)
    return width if is_wrapped else 0


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(None, 1)[0]) > width


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Sequence[str]) -> str:
    """Join with spaces, without one after a hyphen inside a word."""
    text = lines[0]
    for line in lines[1:]:
        is_cut = len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and line[0].isalpha()
        text = f"{text}{line}" if is_cut else f"{text} {line}"
    return text
