"""What browsers give an element by itself: by its tag, and for attributes such as bgcolor.

By the HTML standard, section 15.3.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from lxml import etree

from newsletter.checks.styles.css_values import Longhands
from newsletter.model.brand import Colour

Hints = tuple[tuple[str, str], ...]

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form header hgroup hr html legend main nav ol p pre section summary ul"
)
_UNSEEN = "area base datalist head link meta noembed noframes noscript script style template title"
_DISPLAY = {
    **dict.fromkeys((*_BLOCKS.split(), *_HEADINGS), "block"),
    **dict.fromkeys(_UNSEEN.split(), "none"),
    **dict.fromkeys(("tbody", "thead", "tfoot"), "table-row-group"),
    **dict.fromkeys(("td", "th"), "table-cell"),
    "table": "table",
    "caption": "table-caption",
    "tr": "table-row",
    "col": "table-column",
    "colgroup": "table-column-group",
    "li": "list-item",
    "button": "inline-block",
}
_SIZES = {
    **dict(zip(_HEADINGS, ("2em", "1.5em", "1.17em", "1em", "0.83em", "0.67em"), strict=True)),
    **dict.fromkeys(("small", "sub", "sup"), "smaller"),
    "big": "larger",
}
_WEIGHTS = {**dict.fromkeys((*_HEADINGS, "th"), "bold"), "b": "bolder", "strong": "bolder"}
_OTHERS = {
    "mark": {"background-color": "#ffff00", "color": "#000000"},
    "pre": {"white-space": "pre"},
}

_SIZED = frozenset({"table", "td", "th", "img", "hr", "col"})
_COLOURED = frozenset({"body", "table", "td", "th", "tr", "tbody", "thead", "tfoot"})
_CELLS = frozenset({"td", "th"})
_ATTRIBUTES = ("bgcolor", "background", "width", "height", "color", "size", "text", "hidden")
_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,4})?)\s*(%?)")
_BARE_HEX = re.compile(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}")
_FONT_SIZES = ("x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large")


@cache
def browser_style(tag: str) -> Longhands:
    """Return what a browser sets for a tag before any style of the page."""
    layers = (("display", _DISPLAY), ("font-size", _SIZES), ("font-weight", _WEIGHTS))
    own = {name: values[tag] for name, values in layers if tag in values}
    return {**own, **_OTHERS.get(tag, {})}


def from_attributes(element: etree._Element) -> Hints:
    """Return the declarations that an element's attributes stand for."""
    padding = ""
    if element.tag in _CELLS:
        table = next(element.iterancestors("table"), None)
        padding = (table.get("cellpadding") if table is not None else None) or "1"
    told = tuple(element.get(name) for name in _ATTRIBUTES)
    return _hints(str(element.tag), told, padding) if padding or any(told) else ()


@lru_cache(maxsize=4096)
def _hints(tag: str, told: tuple[str | None, ...], padding: str) -> Hints:
    said = dict(zip(_ATTRIBUTES, told, strict=True))
    hints: dict[str, str] = {}
    if padding:
        sides = ("top", "right", "bottom", "left")
        hints |= {f"padding-{side}": _length(padding) or "1px" for side in sides}
    if tag in _COLOURED:
        hints |= _coloured("background-color", said["bgcolor"])
        if said["background"]:
            hints["background-image"] = "url()"
    if tag in _SIZED:
        lengths = {name: _length(said[name] or "") for name in ("width", "height")}
        hints |= {name: length for name, length in lengths.items() if length}
    if tag in {"font", "body"}:
        hints |= _coloured("color", said["color" if tag == "font" else "text"])
    size = (said["size"] or "").strip()
    if tag == "font" and size.isdigit():
        hints["font-size"] = _FONT_SIZES[min(max(int(size[:3]), 1), len(_FONT_SIZES)) - 1]
    if said["hidden"] is not None:
        hints["display"] = "none"
    return tuple(hints.items())


def _coloured(name: str, value: str | None) -> Mapping[str, str]:
    code = (value or "").strip().lower()
    if _BARE_HEX.fullmatch(code):  # browsers take a colour without its # from an attribute
        code = f"#{code}"
    return {name: code} if code and Colour.parse(code) is not None else {}


def _length(value: str) -> str:
    found = _NUMBER.match(value)
    return f"{found[1]}{found[2] or 'px'}" if found else ""
