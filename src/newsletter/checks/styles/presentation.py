"""What attributes of HTML say about style, as browsers map them (HTML standard, section 15.3)."""

import re
from collections.abc import Mapping
from functools import lru_cache

from newsletter.model.brand import Colour

Hints = tuple[tuple[str, str], ...]

_SIZED = frozenset({"table", "td", "th", "img", "hr", "col", "iframe"})
_COLOURED = frozenset({"body", "table", "td", "th", "tr", "tbody", "thead", "tfoot"})
_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,4})?)\s*(%?)")
_BARE_HEX = re.compile(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}")
_FONT_SIZES = ("x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large")
_ATTRIBUTES = ("bgcolor", "background", "width", "height", "color", "size", "text", "hidden")
_NAMES = frozenset(_ATTRIBUTES)
_CELLS = frozenset({"td", "th"})


def from_attributes(tag: str, attributes: Mapping[str, str], cell_padding: str = "") -> Hints:
    """Return the declarations that a tag's attributes stand for; cell_padding is its table's."""
    if tag not in _CELLS and _NAMES.isdisjoint(attributes):
        return ()
    told = tuple(attributes.get(name) for name in _ATTRIBUTES)
    return _hints(tag, told, cell_padding)


@lru_cache(maxsize=4096)
def _hints(  # noqa: C901 (one an attribute)
    tag: str, told: tuple[str | None, ...], cell_padding: str
) -> Hints:
    bgcolor, background, width, height, color, size, text, hidden = told
    hints: dict[str, str] = {}
    if tag in _CELLS:
        padding = _length(cell_padding) or "1px"
        hints |= {f"padding-{side}": padding for side in ("top", "right", "bottom", "left")}
    if bgcolor and tag in _COLOURED:
        hints |= _coloured("background-color", bgcolor)
    if background and tag in _COLOURED:
        hints["background-image"] = "url()"
    if tag in _SIZED:
        for name, value in (("width", width), ("height", height)):
            length = _length(value or "")
            if length:
                hints[name] = length
    if color and tag == "font":
        hints |= _coloured("color", color)
    if text and tag == "body":
        hints |= _coloured("color", text)
    if size and tag == "font" and size.strip().isdigit():
        number = min(max(int(size.strip()[:3]), 1), len(_FONT_SIZES))
        hints["font-size"] = _FONT_SIZES[number - 1]
    if hidden is not None:
        hints["display"] = "none"
    return tuple(hints.items())


def _coloured(name: str, value: str) -> dict[str, str]:
    code = value.strip()
    if _BARE_HEX.fullmatch(code):  # browsers take a colour without its # from an attribute
        code = f"#{code}"
    return {name: code.lower()} if Colour.parse(code) is not None else {}


def _length(value: str) -> str:
    found = _NUMBER.match(value)
    return f"{found[1]}{found[2] or 'px'}" if found else ""
