"""Tables that hold a page's columns and no data: their cells are read as any other element.

Pages of before 2005, and some of today's content systems, put menu, article and margin into the
cells of one table. An extractor that keeps tables then keeps the menu.
"""

from lxml.html import HtmlElement

_DATA = ("caption", "thead", "tfoot")
_BLOCKS = frozenset(
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
    blocks = [child for child in cell if child.tag in _BLOCKS]
    if len(blocks) >= FEWEST_BLOCKS or any(block.tag == "table" for block in blocks):
        return True
    return sum(1 for _ in cell.iterchildren("br")) >= FEWEST_BREAKS
