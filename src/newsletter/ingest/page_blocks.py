"""The blocks of a page, and what is mended in its tree before they are read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lxml.etree
from lxml.html import HtmlElement

from newsletter.ingest.children import PageBlock
from newsletter.ingest.decoding import clean_line
from newsletter.ingest.text_file import CLOSED

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
    """Return the blocks; a block is the text that no block element and no line break interrupts.

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
            self.linked += len("".join(text.split())) if self.links else 0

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
                linked=min(1.0, linked / max(1, len("".join(text.split())))),
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


FEWEST_WORDS = 15  # of a paragraph that is running text for certain
FEWEST_PARAGRAPHS = 2
LEAST_SHARE = 0.6
# What a box of an article's text does not hold: a list of articles or of comments is cut up too.
_OWN_HEADS = ("h1", "article", "header", "time")
_HEADS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BOXES = frozenset({"div", "section"})


def join_parts(root: HtmlElement) -> bool:
    """Move the text of an article's further boxes into its first; give whether there were any.

    Boxes are of one kind where they have the same element and class, and so has all that is around
    them. They are joined where the first of them holds the page's first running text, and all
    together most of it. One that begins with a heading is an article of its own, unless a heading
    of the first rank stands outside of all.
    """
    told: dict[HtmlElement, int] = {}
    for paragraph in root.iter("p"):
        words = _words_of(paragraph)
        box = paragraph.getparent()
        if words and box is not None:
            told[box] = told.get(box, 0) + words
    first = next(iter(told), None)
    if first is None or first.tag not in _BOXES or not first.get("class"):
        return False
    kind = _kind_of(first)
    has_headline = next(root.iter("h1"), None) is not None
    parts = [
        box
        for box in told
        if _kind_of(box) == kind and _is_part(box) and (has_headline or not _begins_with_head(box))
    ]
    words = sum(told[box] for box in parts)
    if len(parts) == 1 or parts[:1] != [first] or words < LEAST_SHARE * sum(told.values()):
        return False
    _move(parts)
    return True


def _move(parts: Sequence[HtmlElement]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if len(first):
            first[-1].tail = f"{first[-1].tail or ''} {part.text or ''}"
        part.text = None
        first.extend(list(part))


def _words_of(paragraph: HtmlElement) -> int:
    """Count the words of a paragraph that is running text; 0 for any other."""
    text = paragraph.text_content().strip()
    words = len(text.split())
    return words if words >= FEWEST_WORDS and CLOSED.search(text) else 0


def _kind_of(box: HtmlElement) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.tag), each.get("class") or "") for each in (box, *box.iterancestors()))


def _is_part(box: HtmlElement) -> bool:
    """Tell a box of an article's text: it has several paragraphs, and no head of its own."""
    paragraphs = sum(1 for child in box if child.tag == "p")
    return paragraphs >= FEWEST_PARAGRAPHS and next(box.iter(*_OWN_HEADS), None) is None


def _begins_with_head(box: HtmlElement) -> bool:
    return len(box) > 0 and box[0].tag in _HEADS


FEWEST_LINKS = 10
LEAST_LINKED = 0.9
_STAYING = frozenset({"html", "body", "main", "article", "head", "tr", "tbody"})


@dataclass(slots=True)
class _Sum:
    """Of an element with all that is in it: characters without spaces, and links with theirs."""

    characters: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: "_Sum") -> None:
        self.characters += other.characters
        self.linked += other.linked
        self.links += other.links

    @property
    def is_list(self) -> bool:
        return self.links >= FEWEST_LINKS and self.linked >= LEAST_LINKED * self.characters


def drop_link_lists(root: HtmlElement) -> bool:
    """Take out the elements with ten links or more and nearly no other text; tell if any was."""
    lists: list[HtmlElement] = []
    open_sums = [_Sum()]
    body = root.find("body")
    if body is None:
        return False
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            open_sums.append(_Sum(characters=_length(element.text)))
            continue
        found = open_sums.pop()
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            found.linked = found.characters
            found.links = 1
        around = open_sums[-1]
        around.add(found)
        around.characters += _length(element.tail)
        if found.is_list and element.tag not in _STAYING:
            lists.append(element)
    for element in lists:  # the inner ones first
        element.drop_tree()
    return bool(lists)


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


_DATA = ("caption", "thead", "tfoot")
_LAYOUT_TABLES_BLOCKS = frozenset(
    {"article", "center", "div", "form", "h1", "h2", "h3", "h4", "p", "section", "table"}
)
_PARTS = frozenset({"table", "tbody", "tr", "td"})
FEWEST_BLOCKS = 2  # in one cell: a cell of data has one paragraph at most
FEWEST_BREAKS = 4  # likewise; an address has three at most


def open_layout_tables(tree: HtmlElement) -> None:
    """Make tables for layout into plain elements, in place; tables of data stay as they are.

    A table is for layout where it says so, or where none of its own parts says that it holds data
    and a cell holds two or more blocks, four or more line breaks, or another table.
    """
    for table in [each for each in tree.iter("table") if _is_for_layout(each)]:
        for part in [table, *_own_parts(table)]:
            part.tag = "div"


def _is_for_layout(table: HtmlElement) -> bool:
    if (table.get("role") or "").strip().casefold() in {"presentation", "none"}:
        return True
    if any(True for _ in table.iterchildren(*_DATA)):
        return False
    parts = _own_parts(table)
    if any(True for part in parts for _ in part.iterchildren("th")):
        return False
    return any(_holds_blocks(part) for part in parts if part.tag == "td")


def _own_parts(table: HtmlElement) -> list[HtmlElement]:
    """Return the bodies, rows and cells of a table, without those of tables within."""
    parts: list[HtmlElement] = []
    level = [table]
    while level:
        level = [child for each in level for child in each if child.tag in _PARTS - {"table"}]
        parts += level
    return parts


def _holds_blocks(cell: HtmlElement) -> bool:
    blocks = [child for child in cell if child.tag in _LAYOUT_TABLES_BLOCKS]
    if len(blocks) >= FEWEST_BLOCKS or any(block.tag == "table" for block in blocks):
        return True
    return sum(1 for _ in cell.iterchildren("br")) >= FEWEST_BREAKS
