"""A mail as Word Outlook lays it out: its conditional comments opened, widths from the tables.

Outlook for Windows reads what stands in `<!--[if mso]>` and passes over max-width, so a column is
as wide as its ghost cell says. A box wider than the room it stands in pushes the mail apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

_HIDDEN = re.compile(r"<!--\[if !mso[^\]]*\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)
_OTHERS = re.compile(r"<!--\[if (?!mso(?: \| IE)?\])[^\]]*\]>.*?<!\[endif\]-->", re.DOTALL)
_SHOWN = re.compile(r"<!--\[if mso(?: \| IE)?\]>(.*?)<!\[endif\]-->", re.DOTALL)
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)(?:px)?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table: the room there is, and the cells that state a width, in CSS pixels."""

    room: float
    cells: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a mail's boxes come to: its rows, pictures, and the boxes that do not fit."""

    rows: tuple[Row, ...]
    images: tuple[tuple[float, float], ...]
    faults: tuple[str, ...]
    errors: tuple[str, ...]


def outlook_html(html: str) -> str:
    """Open the conditional comments that Outlook reads and drop those that it does not."""
    return _SHOWN.sub(r"\1", _OTHERS.sub("", _HIDDEN.sub("", html)))


def layout_of(html: str, *, container: float = 600) -> Layout:
    """Measure a mail of a container's width; errors are of the tables' opening and closing."""
    page = outlook_html(html)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    # Office's own XML in the head is no HTML; tables are the body's.
    body = parser.parse("<!DOCTYPE html><title>x</title>" + page[page.index("<body") :]).find(
        "body"
    )
    measure = _Measure()
    measure.children(body, container)
    return Layout(
        rows=tuple(measure.rows),
        images=tuple(measure.images),
        faults=tuple(measure.faults),
        errors=tuple(f"{name} {values}" for _, name, values in parser.errors),
    )


class _Measure:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.images: list[tuple[float, float]] = []
        self.faults: list[str] = []

    def children(self, node: Element, room: float) -> None:
        for child in node:
            if isinstance(child.tag, str):
                self._box(child, room)

    def _box(self, node: Element, room: float) -> None:
        if node.tag == "tr":
            self._row(node, room)
        width = _width(node, room)
        if width is not None and width > room:
            self.faults.append(f"{node.tag} {node.get('class', '')} {width:g} in {room:g}")
        if node.tag == "img":
            self.images.append((width or 0, room))
        inner = room if width is None else width
        self.children(node, inner - _sides(node))

    def _row(self, row: Element, room: float) -> None:
        stated = [_width(cell, room) for cell in row if cell.tag in {"td", "th"}]
        cells = tuple(width for width in stated if width is not None)
        if cells:
            self.rows.append(Row(room=room, cells=cells))
        if sum(cells) > room:
            self.faults.append(f"tr {'+'.join(f'{cell:g}' for cell in cells)} in {room:g}")


def _style(node: Element) -> Iterator[tuple[str, str]]:
    for declaration in (node.get("style") or "").split(";"):
        name, _, value = declaration.partition(":")
        yield name.strip(), value.strip()


def _width(node: Element, room: float) -> float | None:
    """What Outlook takes for a box's width: style before attribute, but not for a picture."""
    stated = [dict(_style(node)).get("width"), node.get("width")]
    for value in reversed(stated) if node.tag == "img" else stated:
        if value and (found := _PIXELS.fullmatch(value)):
            return float(found[1])
        if value and (found := _PERCENT.fullmatch(value)):
            return room * float(found[1]) / 100
    return None


def _sides(node: Element) -> float:
    """What left and right padding of a cell take."""
    sides = {"left": 0.0, "right": 0.0}
    for name, value in _style(node):
        lengths = [float(found) for found in re.findall(r"(\d+(?:\.\d+)?)(?:px)?(?=\s|$)", value)]
        if name == "padding" and lengths:
            sides["right"] = lengths[1 if len(lengths) > 1 else 0]
            sides["left"] = lengths[3] if len(lengths) > 3 else sides["right"]
        elif name.startswith("padding-") and name[8:] in sides and lengths:
            sides[name[8:]] = lengths[0]
    return sum(sides.values())
