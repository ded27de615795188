"""The blocks of a page, and the lists of links that leave its tree before they are read."""

import re
from collections.abc import Iterator

import lxml.etree
from lxml.html import HtmlElement

from newsletter.ingest.children import PageBlock
from newsletter.ingest.decoding import clean_line

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_BLOCKS = _HEADINGS | {
    *("p", "div", "section", "article", "main", "body", "aside", "header", "footer", "figure"),
    *("figcaption", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "caption"),
    *("tr", "address", "details", "summary", "form", "fieldset", "hr", "center", "doc", "html"),
    *("list", "item", "quote", "code", "row", "fw", "ab"),
}
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_LISTS = frozenset({"ul", "ol", "li", "list", "item"})
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select"}
    | {"head", "nav", "footer", "textarea", "title", "button", "video", "audio", "canvas"}
)
_SPACES = re.compile(r"[ \t\r\n\f]+")


def blocks_of(root: HtmlElement) -> Iterator[PageBlock]:
    """Return the texts that no block element or line break interrupts; a row is one."""
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
    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.pending: list[str] = []
        self.in_heading = False
        self.skipped: HtmlElement | None = None
        self.open_blocks = [(0, "")]
        self.block_count = 0
        self.linked = 0
        self.links = 0
        self.asides = 0
        self.items = 0
        self.is_row = False

    def add(self, text: str | None) -> None:
        if text and self.skipped is None:
            self.pending.append(text)
            self.linked += _length(text) if self.links else 0

    def flush(self) -> Iterator[PageBlock]:
        if not self.pending:
            return
        raw = "".join(self.pending)
        self.pending.clear()
        linked, self.linked = self.linked, 0
        is_row, self.is_row = self.is_row, False
        text = "" if raw.isspace() else clean_line(_SPACES.sub(" ", raw))
        if text:
            yield PageBlock(
                text=text,
                heading=self.in_heading,
                kept=True,
                container=self._container(),
                linked=min(1.0, linked / max(1, _length(text))),
                aside=self.asides > 0,
                item=self.items > 0,
                row=is_row,
            )

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
            self.open_blocks.append((self.block_count, tag))
            self.in_heading = tag in _HEADINGS
            self._count(tag, 1)
        elif tag in _BREAKS:
            if self.in_heading:
                self.add(" ")
            else:
                yield from self.flush()
        elif tag in _CELLS and "".join(self.pending).strip():
            self.add(" \u00b7 ")
            self.is_row = True
        elif _leads_away(element):
            self.links += 1
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
            self._count(str(element.tag), -1)
        elif _leads_away(element):
            self.links -= 1
        if element is not self.root:
            self.add(element.tail)

    def _container(self) -> int:
        around = reversed(self.open_blocks[:-1])
        return next((number for number, tag in around if tag not in _LISTS), 0)

    def _count(self, tag: str, change: int) -> None:
        self.asides += change if tag == "aside" else 0
        self.items += change if tag == "li" else 0


def _leads_away(element: HtmlElement) -> bool:
    """Tell a link to another page; one to a place on this page is a part of its text."""
    return element.tag == "a" and not (element.get("href") or "#").startswith("#")


FEWEST_LINKS = 10
LEAST_LINKED = 0.9
_STAYING = frozenset({"html", "body", "main", "article", "head", "tr", "tbody"})


def drop_link_lists(root: HtmlElement) -> None:
    """Take out the elements with ten links or more and nearly no other text."""
    body = root.find("body")
    if body is None:
        return
    lists: list[HtmlElement] = []
    sums = [[0, 0, 0]]  # an open element each: characters without spaces, those of links, links
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            sums.append([_length(element.text), 0, 0])
            continue
        found = sums.pop()
        if _leads_away(element):
            found[1:] = found[0], 1
        characters, linked, links = found
        sums[-1] = [sum(pair) for pair in zip(sums[-1], found, strict=True)]
        sums[-1][0] += _length(element.tail)
        is_list = links >= FEWEST_LINKS and linked >= LEAST_LINKED * characters
        if is_list and element.tag not in _STAYING:
            lists.append(element)
    for element in lists:  # the inner ones first
        element.drop_tree()


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0
