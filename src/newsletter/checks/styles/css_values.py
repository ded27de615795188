"""Declarations of CSS: shorthands are written out, what browsers refuse is left out.

A value that cannot be read but may be good CSS (``var()``, ``color-mix()``) is kept as written:
whoever asks for its colour or length is told that it is not known.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from newsletter.checks.styles.css_names import MEASURED, is_strange
from newsletter.model.brand import Colour

Longhands = Mapping[str, str]

_NONE: Longhands = MappingProxyType({})
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_SPECIAL = re.compile(r"""[;:()"'\\]""")
_QUOTING = re.compile(r"""[("'\\]""")
_WORD = re.compile(r"""(?:[^\s()"']|"[^"]*"?|'[^']*'?|\([^()]*(?:\([^()]*\)[^()]*)*\)?|[()])+""")
_NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
_LENGTH = re.compile(rf"({_NUMBER})(px|pt|em|rem|%|ex|ch|vw|vh|in|cm|mm|pc|q|vmin|vmax)?")
_MOST_CHARS = 20_000  # of one style attribute or body; beyond it nothing is read
_WIDE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_SYSTEM_COLOURS = frozenset(
    {"currentcolor", "canvas", "canvastext", "linktext", "visitedtext", "activetext", "buttonface"}
    | {"buttontext", "buttonborder", "field", "fieldtext", "highlight", "highlighttext", "mark"}
    | {"selecteditem", "selecteditemtext", "marktext", "graytext", "accentcolor", "window"}
    | {"accentcolortext", "windowtext", "background", "menu", "menutext", "infotext"}
)
_SIDES = ("top", "right", "bottom", "left")
_BORDER_STYLES = frozenset(
    {"none", "hidden", "dotted", "dashed", "solid", "double", "groove", "ridge", "inset", "outset"}
)
_BORDER_WIDTHS = {"thin": "1px", "medium": "3px", "thick": "5px"}
_WEIGHTS = frozenset({"normal", "bold", "bolder", "lighter"})
_SIZES = frozenset(
    {"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"}
    | {"smaller", "larger"}
)
# Lengths in px; what depends on the font or screen is asked of Length.px.
_FIXED = {"px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "pc": 16.0}
_ROOT_SIZE = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """Longhands of a rule's body or a style attribute, those with !important apart.

    dropped are the declarations that browsers leave out for their value, strange those with a name
    that no browser knows.
    """

    normal: Longhands
    important: Longhands
    dropped: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def read_declarations(text: str) -> Declarations:
    """Read what stands between { and } or in a style attribute; the last of two wins."""
    if len(text) > _MOST_CHARS:
        return Declarations(normal=_NONE, important=_NONE)
    normal: dict[str, str] = {}
    important: dict[str, str] = {}
    dropped: list[str] = []
    strange: list[str] = []
    if "/*" in text:
        text = _COMMENT.sub(" ", text)
    for name, value in _pairs(text):
        bare = _IMPORTANT.sub("", value)
        longhands = dict(_written_out(name, bare.strip()))
        if not longhands and value and "\\" not in value:
            dropped.append(f"{name}: {value}")
        elif is_strange(name):
            strange.append(f"{name}: {value}")
        if bare == value:
            normal.update(longhands)
        else:
            important.update(longhands)
    return Declarations(
        normal=MappingProxyType(normal),
        important=MappingProxyType(important),
        dropped=tuple(dropped),
        strange=tuple(strange),
    )


def px(value: str, *, size: float, whole: float | None = None, width: float = 640) -> float | None:
    """Return a length in CSS px.

    Args:
        value: as written.
        size: the font size in px, for em.
        whole: what a percentage is of; None where that is not known.
        width: of the screen in px, for vw.

    Returns:
        None for what is no length (auto, none), or cannot be known.
    """
    number, unit = _length(value) or (1.0, "")  # but for 0, no length is without a unit
    if not unit:
        return 0.0 if number == 0 else None
    if unit in _FIXED:
        return number * _FIXED[unit]
    factors = {"em": size, "rem": _ROOT_SIZE, "ex": size / 2, "ch": size / 2, "vw": width / 100}
    if unit == "%":
        return None if whole is None else number * whole / 100
    return number * factors[unit] if unit in factors else None


def number_of(value: str) -> float | None:
    """Return a plain number, None where a value is none."""
    length = _length(value)
    return length[0] if length is not None and not length[1] else None


@lru_cache(maxsize=1024)  # the same few stand on every element of a mail
def _length(value: str) -> tuple[float, str] | None:
    """Return a number and its unit, "" where it has none."""
    found = _LENGTH.fullmatch(value)
    return (float(found[1]), found[2] or "") if found is not None else None


def words_of(value: str) -> list[str]:
    """Split a value at its spaces, those within brackets and quotes left alone."""
    return _WORD.findall(value)


def is_colour(value: str) -> bool:
    """Return whether a browser may take it for a colour, known to us or not."""
    return value in _WIDE or value in _SYSTEM_COLOURS or _may_be_colour(value)


def _may_be_colour(value: str) -> bool:
    return Colour.parse(value) is not None or (
        value.partition("(")[0] in {"var", "color", "color-mix", "lab", "lch", "oklab", "oklch"}
        or value.startswith(("hwb(", "light-dark("))
        or value in _SYSTEM_COLOURS
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Return name and value of each declaration, in lower case but for quoted words."""
    pieces = _pieces(text) if _QUOTING.search(text) else text.split(";")
    for piece in pieces:
        name, colon, value = piece.partition(":")
        name = name.strip().lower()
        if colon and name and not name.startswith("--"):
            yield name, value.strip().lower()


def _pieces(text: str) -> list[str]:
    """Split at each ; that stands outside quotes and brackets."""
    pieces: list[str] = []
    depth, quote, start = 0, "", 0
    skip = -1
    for found in _SPECIAL.finditer(text):
        char, at = found[0], found.start()
        if at == skip:
            continue
        if char == "\\":
            skip = at + 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "()":
            depth = max(depth + (1 if char == "(" else -1), 0)
        elif char == ";" and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _written_out(name: str, value: str) -> Iterator[tuple[str, str]]:
    if not value:
        return
    if name in _SHORTHANDS and value not in _WIDE:
        yield from _SHORTHANDS[name](name, value)
    elif name in _SHORTHANDS:
        yield from ((longhand, value) for longhand in _LONGHANDS[name])
    elif value in _WIDE or "var(" in value or _is_valid(name, value):
        yield name, value


_KEYWORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "display": "none block inline inline-block flex inline-flex grid inline-grid table"
        " inline-table table-row table-cell table-row-group table-header-group table-footer-group"
        " table-column table-column-group table-caption list-item contents flow-root run-in"
        " -webkit-box -webkit-inline-box",
        "text-align": "left right center justify start end match-parent justify-all"
        " -webkit-center -webkit-left -webkit-right -webkit-match-parent",
        "text-transform": "none uppercase lowercase capitalize full-width",
        "font-style": "normal italic oblique",
        "visibility": "visible hidden collapse",
        "float": "left right none inline-start inline-end",
        "clear": "left right both none inline-start inline-end",
        "position": "static relative absolute fixed sticky -webkit-sticky",
        "white-space": "normal nowrap pre pre-wrap pre-line break-spaces",
        "word-break": "normal break-all keep-all break-word auto-phrase",
        "border-collapse": "collapse separate",
    }.items()
}


_DECORATIONS = frozenset(
    {"none", "underline", "overline", "line-through", "blink", "solid", "double", "dotted"}
    | {"dashed", "wavy", "auto", "from-font", "skip"}
)


def _is_valid(name: str, value: str) -> bool:  # noqa: PLR0911 (one a kind)
    if name == "color" or name.endswith("-color"):
        return is_colour(value)
    if name in _KEYWORDS:
        return "(" in value or value in _KEYWORDS[name]
    if name in _JUDGED:
        return "(" in value or _JUDGED[name](value)
    if name in {"text-decoration", "text-decoration-line"}:
        return "(" in value or all(
            word in _DECORATIONS or is_colour(word) or _is_length(word) for word in words_of(value)
        )
    if name.startswith(("padding-", "margin-")):
        return "(" in value or _is_space(value, outside=name.startswith("margin-"))
    if name in {"width", "height", "max-width", "max-height", "min-width", "min-height"}:
        return "(" in value or value[:1].isalpha() or _is_length(value)
    if name in MEASURED:
        return value in MEASURED[name] or "(" in value or all(map(_is_length, words_of(value)))
    return True


def _is_factor(value: str) -> bool:
    return value == "normal" or _LENGTH.fullmatch(value) is not None


# "Verdana sans-serif": names of fonts without the commas between them.
_RUN_TOGETHER = re.compile(r"(?:^|,)[^,'\"]*[\w'\"]\s+(?:sans-serif|monospace)\s*(?:,|$)")
_JUDGED: Mapping[str, Callable[[str], bool]] = {
    "font-size": lambda value: value in _SIZES or _is_length(value),
    "font-weight": lambda value: value in _WEIGHTS or value.isdigit(),
    "font-family": lambda value: _RUN_TOGETHER.search(value) is None,
    "line-height": _is_factor,
    "opacity": _is_factor,
}


def _is_space(value: str, *, outside: bool) -> bool:
    """Whether a value is one of a margin, which may be negative or auto, or else of a padding."""
    return (outside and value == "auto") or (_is_length(value) and (outside or value[0] != "-"))


def _is_length(value: str) -> bool:
    found = _LENGTH.fullmatch(value)
    return found is not None and (bool(found[2]) or float(found[1]) == 0)


def _four(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Write padding and margin out: one to four values, clockwise from the top."""
    words = words_of(value)
    longhands = [f"{name}-{side}" for side in _SIDES]
    if not 1 <= len(words) <= len(_SIDES):
        return
    values = _around(words)
    if all(_is_valid(*pair) for pair in zip(longhands, values, strict=True)):
        yield from zip(longhands, values, strict=True)


def _around(words: list[str]) -> list[str]:
    match words:
        case [one]:
            return [one] * 4
        case [ends, sides]:
            return [ends, sides, ends, sides]
        case [top, sides, bottom]:
            return [top, sides, bottom, sides]
        case _:
            return words


def _background(_name: str, value: str) -> Iterator[tuple[str, str]]:
    """Write background out: its colour (none is transparent) and its pictures."""
    pictures: list[str] = []
    colour = "transparent"
    for word in words_of(value.replace(",", " , ")) if "(" not in value else words_of(value):
        bare = word.strip(",")
        if "url(" in bare or "gradient(" in bare or "image-set(" in bare:
            pictures.append(bare)
        elif is_colour(bare):
            colour = bare
        elif not _is_background_word(bare):
            return
    yield "background-color", colour
    yield "background-image", " ".join(pictures) or "none"


def _is_background_word(word: str) -> bool:
    words = {"none", "repeat", "repeat-x", "repeat-y", "no-repeat", "space", "round", "scroll"}
    words |= {"fixed", "local", "center", "top", "bottom", "left", "right", "cover", "contain"}
    words |= {"auto", "/", "", "border-box", "padding-box", "content-box", "text"}
    return word in words or "/" in word or _is_length(word) or "(" in word


def _font(_name: str, value: str) -> Iterator[tuple[str, str]]:
    """Write font out; what it does not name goes back to normal."""
    style, weight = "normal", "normal"
    words = words_of(value.replace(" / ", "/").replace("/ ", "/").replace(" /", "/"))
    for at, word in enumerate(words):
        size, _, line = word.partition("/")
        if size in _SIZES or _is_length(size):
            if at + 1 < len(words):
                yield "font-style", style
                yield "font-weight", weight
                yield "font-size", size
                yield "line-height", line or "normal"
                yield "font-family", " ".join(words[at + 1 :])
            return
        if word in _WEIGHTS - {"normal"} or word.isdigit():
            weight = word
        elif word in {"italic", "oblique"}:
            style = word


def _border(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Write border and border-SIDE out; what is not named is as at the beginning: no border."""
    width, style, colour = "3px", "none", "currentcolor"
    for word in words_of(value):
        if word in _BORDER_STYLES:
            style = word
        elif word in _BORDER_WIDTHS or _is_length(word):
            width = _BORDER_WIDTHS.get(word, word)
        elif is_colour(word):
            colour = word
        else:
            return
    sides = _SIDES if name == "border" else (name.removeprefix("border-"),)
    for side in sides:
        yield f"border-{side}-width", width
        yield f"border-{side}-style", style
        yield f"border-{side}-color", colour


def _border_part(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Write border-width, border-style and border-color out."""
    part = name.removeprefix("border-")
    words = words_of(value)
    if 1 <= len(words) <= len(_SIDES) and all(_BORDER_PARTS[part](word) for word in words):
        for side, word in zip(_SIDES, _around(words), strict=True):
            yield f"border-{side}-{part}", _BORDER_WIDTHS.get(word, word)


_BORDER_PARTS: Mapping[str, Callable[[str], bool]] = {
    "width": lambda word: word in _BORDER_WIDTHS or "(" in word or _is_length(word),
    "style": lambda word: word in _BORDER_STYLES or "(" in word,
    "color": is_colour,
}


def _overflow(_name: str, value: str) -> Iterator[tuple[str, str]]:
    words = words_of(value)
    yield "overflow-x", words[0]
    yield "overflow-y", words[-1]


_SHORTHANDS: Mapping[str, Callable[[str, str], Iterator[tuple[str, str]]]] = {
    "padding": _four,
    "margin": _four,
    "background": _background,
    "font": _font,
    "overflow": _overflow,
    **dict.fromkeys(("border", *(f"border-{side}" for side in _SIDES)), _border),
    **dict.fromkeys(("border-width", "border-style", "border-color"), _border_part),
}
_LONGHANDS: Mapping[str, tuple[str, ...]] = {
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "background": ("background-color", "background-image"),
    "font": ("font-style", "font-weight", "font-size", "line-height", "font-family"),
    "overflow": ("overflow-x", "overflow-y"),
    **{
        f"border-{part}": tuple(f"border-{side}-{part}" for side in _SIDES)
        for part in ("width", "style", "color")
    },
    **{
        f"border-{side}": tuple(f"border-{side}-{part}" for part in ("width", "style", "color"))
        for side in _SIDES
    },
    "border": tuple(
        f"border-{side}-{part}" for side in _SIDES for part in ("width", "style", "color")
    ),
}
