"""The text blocks of an HTML tree, or of an extractor's, in the order of reading."""

import re
from collections.abc import Iterator

import lxml.etree
from lxml.html import HtmlElement

from newsletter.ingest.page_text import PageBlock
from newsletter.ingest.safe_text import clean_line

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_BLOCKS = _HEADINGS | {
    *("p", "div", "section", "article", "main", "body", "aside", "header", "footer", "figure"),
    *("figcaption", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "caption"),
    *("tr", "address", "details", "summary", "form", "fieldset", "hr", "center", "doc", "html"),
    *("list", "item", "quote", "code", "row", "fw", "ab"),
}
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select"}
    | {"head", "nav", "footer", "textarea", "title", "button", "video", "audio", "canvas"}
)
_SPACES = re.compile(r"[ \t\r\n\f]+")


def blocks_of(root: HtmlElement) -> Iterator[PageBlock]:
    """Give the blocks; a block is the text that no block element and no line break interrupts.

    Line breaks inside a heading are spaces; the cells of a table row are joined by a middle dot.
    """
    walk = _Walk(root)
    for event, element in lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            yield from walk.enter(element)
        elif event == "end":
            yield from walk.leave(element)
        else:
            walk.add(element.tail)
    yield from walk.flush()


class _Walk:
    """The text since the last block boundary, and where the walk stands."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.pending: list[str] = []
        self.in_heading = False
        self.skipped: HtmlElement | None = None
        self.open_blocks = [0]
        self.block_count = 0

    def add(self, text: str | None) -> None:
        if text and self.skipped is None:
            self.pending.append(text)

    def flush(self) -> Iterator[PageBlock]:
        text = clean_line(_SPACES.sub(" ", "".join(self.pending)))
        self.pending.clear()
        if text:
            container = self.open_blocks[-2] if len(self.open_blocks) > 1 else 0
            yield PageBlock(text=text, heading=self.in_heading, kept=True, container=container)

    def enter(self, element: HtmlElement) -> Iterator[PageBlock]:
        if self.skipped is not None:
            return
        tag = str(element.tag)
        if tag in _SKIPPED and element is not self.root:
            self.skipped = element
            return
        if tag in _BLOCKS:
            yield from self.flush()
            self.block_count += 1
            self.open_blocks.append(self.block_count)
            self.in_heading = tag in _HEADINGS
        elif tag in _BREAKS:
            if self.in_heading:
                self.add(" ")
            else:
                yield from self.flush()
        elif tag in _CELLS and "".join(self.pending).strip():
            self.add(" \u00b7 ")
        self.add(element.text)

    def leave(self, element: HtmlElement) -> Iterator[PageBlock]:
        if self.skipped is not None:
            if element is not self.skipped:
                return
            self.skipped = None
        elif str(element.tag) in _BLOCKS:
            yield from self.flush()
            self.open_blocks.pop()
            self.in_heading = False
        if element is not self.root:
            self.add(element.tail)
