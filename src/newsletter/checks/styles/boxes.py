"""How tall and wide boxes come out on a screen, estimated from below: no layout is done.

Text is measured by counting characters, so a height is the least a browser would make of it; tests
hold it beside Chromium's own boxes.
"""

import math
from collections.abc import Sequence

from newsletter.checks.styles.look import Look
from newsletter.checks.styles.style_of_page import StyledPage

LETTER = (
    0.42  # of the font size: narrower than the mean letter of any common face, so lines are few
)
CONTENT = 1.15  # height of an inline box, of the font size: Georgia 1.14, Helvetica and Arial 1.15
_DEEPEST = 60
_INLINE_BOXES = frozenset({"inline-block", "inline-table", "inline-flex"})


class Boxes:
    """Measures the elements of one page in one view."""

    def __init__(self, style: StyledPage, looks: Sequence[Look], width: int) -> None:
        self._style = style
        self._looks = looks
        self._width = width
        self._children: dict[int, list[int]] = {}
        for at, node in enumerate(style.nodes):
            self._children.setdefault(node.parent, []).append(at)
        self._texts: dict[int, list[str]] = {}
        for piece in style.texts():
            self._texts.setdefault(piece.at, []).append(piece.text)

    def height(self, at: int) -> float | None:
        """Return the least height of an element's box in px; None where a picture decides it."""
        return self._height(at, 0)

    def words(self, at: int) -> str:
        """Return all text in an element, white space squeezed."""
        return " ".join(" ".join(self._all_texts(at, 0)).split())

    def children(self, at: int) -> Sequence[int]:
        """Return the positions of an element's children."""
        return self._children.get(at, [])

    def _height(self, at: int, depth: int) -> float | None:
        look = self._looks[at]
        tag = self._style.nodes[at].tag
        if not look.is_seen or depth > _DEEPEST:
            return 0.0
        if tag == "img":
            return self._picture(at)
        pads = look.pads("top", "bottom")
        if look.is_inline:
            return self._inline(at, depth, pads)
        fixed = look.length("height")
        least = max(look.length("min-height") or 0.0, look.length("line-height") or 0.0)
        if fixed is not None:
            border_box = look.own.get("box-sizing") == "border-box" or tag in {"table", "td", "th"}
            fixed = fixed if border_box else fixed + pads
        inner = self._inner(at, depth)
        if inner is None:
            return None if fixed is None else max(fixed, least)
        if fixed is not None and tag not in {"table", "td", "th", "tr"}:
            return fixed
        return max(inner + pads, fixed or 0.0, least)

    def _inline(self, at: int, depth: int, pads: float) -> float | None:
        """An inline box is as tall as its letters; padding above and below takes clicks as well."""
        look = self._looks[at]
        tallest = look.size * CONTENT + pads if self._texts.get(at) else 0.0
        for child in self.children(at):
            height = self._height(child, depth + 1)
            if height is None:
                return None
            tallest = max(tallest, height)
        lines = self._lines(self.words(at), look) if depth == 0 else 1
        return tallest + (lines - 1) * look.line if tallest else 0.0

    def _inner(self, at: int, depth: int) -> float | None:
        """Return the height of what is inside: blocks under each other, and lines of text."""
        look = self._looks[at]
        below = 0.0
        beside = look.display == "table-row"
        run: list[str] = list(self._texts.get(at, []))
        tallest = look.line if run else 0.0
        for child in self.children(at):
            inner = self._looks[child]
            if not inner.is_seen:
                continue
            height = self._height(child, depth + 1)
            if height is None:
                return None
            if inner.is_inline or inner.display in _INLINE_BOXES:
                text = self.words(child)
                run.append(text)
                is_text = inner.is_inline and self._style.nodes[child].tag != "img"
                tallest = max(tallest, inner.line if is_text and text else height)
            elif beside:
                below = max(below, height)
            else:
                margins = (inner.length("margin-top") or 0.0) + (
                    inner.length("margin-bottom") or 0.0
                )
                below += height + max(margins, 0.0)
        lines = self._lines(" ".join(run), look) if any(run) else 1
        breaks = sum(self._style.nodes[child].tag == "br" for child in self.children(at))
        return below + tallest * max(lines, breaks + 1 if any(run) else 1)

    def _lines(self, text: str, look: Look) -> int:
        squeezed = " ".join(text.split())
        return max(math.ceil(len(squeezed) * LETTER * look.size / self._width), 1)

    def _picture(self, at: int) -> float | None:
        look = self._looks[at]
        height, width = look.length("height"), look.length("width")
        pads = look.pads("top", "bottom")
        if height is not None:
            return height + pads
        attribute = self._style.nodes[at].attributes.get("height", "")
        declared = look.own.get("width", "")
        if width is not None and attribute.isdigit() and declared.endswith("px"):
            given = self._style.nodes[at].attributes.get("width", "")
            if given.isdigit() and int(given) > 0:  # browsers keep the ratio of the attributes
                return width * int(attribute) / int(given) + pads
        return None

    def _all_texts(self, at: int, depth: int) -> list[str]:
        found = list(self._texts.get(at, []))
        if depth <= _DEEPEST:
            for child in self.children(at):
                found += self._all_texts(child, depth + 1)
        return found
