"""Declarations of CSS: shorthands are written out, what browsers refuse is left out.

A value that cannot be read but may be good CSS (``var()``, ``color-mix()``) is kept as written:
whoever asks for its colour or length is told that it is not known.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from newsletter.model.brand import Colour

Longhands = Mapping[str, str]

_NONE: Longhands = MappingProxyType({})
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
# A piece between semicolons; those within quotes and brackets part nothing.
_PIECE = re.compile(
    r"""(?:[^;"'()\\]|\\.|"(?:[^"\\]|\\.)*+(?:"|\Z)|'(?:[^'\\]|\\.)*+(?:'|\Z)"""
    r"""|\((?:[^()]|\([^()]*+\))*+(?:\)|\Z)|[\\)])++""",
    re.DOTALL,
)
_WORD = re.compile(r"""(?:[^\s()"']|"[^"]*"?|'[^']*'?|\([^()]*(?:\([^()]*\)[^()]*)*\)?|[()])+""")
_NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
_UNITS = "px|pt|em|rem|%|ex|ch|vw|vh|in|cm|mm|pc|q|vmin|vmax"
_LENGTH = re.compile(rf"({_NUMBER})({_UNITS})?")
_MOST_CHARS = 20_000  # of one style attribute or body; beyond it nothing is read
_WIDE = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_UNKNOWN_COLOUR = re.compile(
    r"(?:var|color|color-mix|lab|lch|oklab|oklch|hwb|light-dark)\(.*|currentcolor|canvas(?:text)?"
    r"|(?:link|visited|active|button|field|window|menu|info)text|buttonface|highlight(?:text)?"
    r"|field|mark|graytext|background|window"
)
_SIDES = ("top", "right", "bottom", "left")
_BORDER_WIDTHS = {"thin": "1px", "medium": "3px", "thick": "5px"}
_ONE = rf"(?:{_NUMBER}(?:{_UNITS})|[+-]?0(?:\.0+)?)"
_TO_FOUR = rf"{_ONE}(?: {_ONE}){{0,3}}"
# What browsers take; of other properties any value passes.
_VALID = {
    name: re.compile(pattern)
    for names, pattern in {
        "width height max-width max-height min-width min-height": rf"{_ONE}|[a-z-]+",
        "vertical-align letter-spacing word-spacing": rf"{_ONE}|[a-z-]+",
        " ".join(f"padding-{side}" for side in _SIDES): rf"(?!-){_ONE}",
        " ".join(f"margin-{side}" for side in _SIDES): rf"{_ONE}|auto",
        "text-indent border-spacing border-radius": _TO_FOUR,
        "font-size": rf"{_ONE}|xx?-small|small|medium|x{{0,3}}-?large|smaller|larger",
        " ".join(f"border-{side}-width" for side in _SIDES): rf"{_ONE}|thin|medium|thick",
        " ".join(f"border-{side}-style" for side in _SIDES): (
            "none|hidden|dotted|dashed|solid|double|groove|ridge|inset|outset"
        ),
        "text-align": "left|right|center|justify|start|end|-webkit-[a-z]+",
        "text-transform": "none|uppercase|lowercase|capitalize",
        "font-style": "normal|italic|oblique",
        "visibility": "visible|hidden|collapse",
        "white-space": "normal|nowrap|pre|pre-wrap|pre-line|break-spaces",
        "line-height opacity": rf"{_ONE}|{_NUMBER}%?|normal",
        "font-weight": r"normal|bold|bolder|lighter|\d+",
    }.items()
    for name in names.split()
}
_BACKGROUND_WORDS = re.compile(
    r"none|(?:no-)?repeat(?:-[xy])?|space|round|scroll|fixed|local|center|top|bottom|left|right"
    r"|cover|contain|auto|(?:border|padding|content)-box|text"
)
# Lengths in px; what depends on the font or screen is asked of px().
_FIXED = {"px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "pc": 16.0}
_ROOT_SIZE = 16.0
_ALIKE = 0.84  # from which two names are one, mistyped: "colour" and "color" have 0.91
_LONGEST_NAME = 40


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
    for name, value in pairs(_COMMENT.sub(" ", text)):
        bare = _IMPORTANT.sub("", value)
        longhands = dict(_written_out(name, bare.strip()))
        if not longhands and value and "\\" not in value:
            dropped.append(f"{name}: {value}")
        elif name not in _properties() and name[:1].isalpha() and not name.startswith("mso-"):
            strange.append(f"{name}: {value}")
        (normal if bare == value else important).update(longhands)
    return Declarations(
        normal=MappingProxyType(normal),
        important=MappingProxyType(important),
        dropped=tuple(dropped),
        strange=tuple(strange),
    )


@lru_cache(maxsize=1024)
def meant(name: str) -> str:
    """Return the property that a strange name looks like, "" where it is like none."""
    known = _properties() if len(name) <= _LONGEST_NAME else ()
    return next(iter(difflib.get_close_matches(name, known, 1, _ALIKE)), "")


@cache
def _properties() -> Mapping[str, None]:
    """Return what Chromium 156 knows without a prefix, and font faces and mail programs."""
    text = files("newsletter.checks.styles").joinpath("properties.txt").read_text("utf-8")
    return dict.fromkeys(text.split())


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
    factors = {"em": size, "rem": _ROOT_SIZE, "ex": size / 2, "ch": size / 2, "vw": width / 100}
    if unit == "%":
        return None if whole is None else number * whole / 100
    factor = {**_FIXED, **factors}.get(unit)
    return None if factor is None else number * factor


def number_of(value: str) -> float | None:
    """Return a plain number, None where a value is none."""
    length = _length(value)
    return length[0] if length is not None and not length[1] else None


@lru_cache(maxsize=1024)  # the same few stand on every element of a mail
def _length(value: str) -> tuple[float, str] | None:
    found = _LENGTH.fullmatch(value)
    return (float(found[1]), found[2] or "") if found is not None else None


def pairs(text: str, *, custom: bool = False) -> Iterator[tuple[str, str]]:
    """Return name and value of each declaration in lower case, custom properties if asked for."""
    for piece in _PIECE.findall(text):
        name, colon, value = piece.partition(":")
        name = name.strip().lower()
        if colon and name and (custom or not name.startswith("--")):
            yield name, value.strip().lower()


def _words(value: str) -> list[str]:
    return _WORD.findall(value)


def _written_out(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Return the longhands that a declaration sets; nothing where browsers leave it out."""
    longhands = _LONGHANDS.get(name, (name,))
    if not value:
        return
    if value in _WIDE or "var(" in value:
        yield from ((longhand, value) for longhand in longhands)
    elif name in {"padding", "margin"} or name in _BORDER_PARTS:
        values = _around(_words(value))
        if all(map(_is_valid, longhands, values)):
            yield from zip(longhands, values, strict=False)
    elif name == "border" or (name in _LONGHANDS and name.startswith("border-")):
        yield from _border(longhands, value)
    elif name == "background":
        yield from _background(value)
    elif name == "font":
        yield from _font(value)
    elif name == "overflow":
        yield from (("overflow-x", _words(value)[0]), ("overflow-y", _words(value)[-1]))
    elif _is_valid(name, value):
        yield name, value


def _is_valid(name: str, value: str) -> bool:
    if name.endswith("color"):
        return is_colour(value)
    return name not in _VALID or "(" in value or _VALID[name].fullmatch(value) is not None


def is_colour(value: str) -> bool:
    """Return whether a browser may take it for a colour, known to us or not."""
    is_known = value in _WIDE or Colour.parse(value) is not None
    return is_known or _UNKNOWN_COLOUR.fullmatch(value) is not None


def _around(words: Sequence[str]) -> Sequence[str]:
    """Return four values, clockwise from the top, of one to four; nothing for other counts."""
    orders = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
    return [words[at] for at in orders.get(len(words), ())]


def _background(value: str) -> Iterator[tuple[str, str]]:
    pictures: list[str] = []
    colour = "transparent"
    for word in _words(value):
        bare = word.strip(",")
        if "url(" in bare or "gradient(" in bare or "image-set(" in bare:
            pictures.append(bare)
        elif is_colour(bare):
            colour = bare
        elif not (
            _BACKGROUND_WORDS.fullmatch(bare)
            or "/" in bare
            or _is_valid("border-radius", bare)
            or "(" in bare
        ):
            return
    yield "background-color", colour
    yield "background-image", " ".join(pictures) or "none"


def _font(value: str) -> Iterator[tuple[str, str]]:
    """Write font out; what it does not name goes back to normal."""
    style, weight = "normal", "normal"
    words = _words(re.sub(r"\s*/\s*", "/", value))
    for at, word in enumerate(words):
        size, _, line = word.partition("/")
        if _is_valid("font-size", size):
            if at + 1 < len(words):
                yield from (("font-style", style), ("font-weight", weight), ("font-size", size))
                yield "line-height", line or "normal"
                yield "font-family", " ".join(words[at + 1 :])
            return
        if word != "normal" and _is_valid("font-weight", word):
            weight = word
        elif word in {"italic", "oblique"}:
            style = word


def _border(longhands: Sequence[str], value: str) -> Iterator[tuple[str, str]]:
    """Write border and border-SIDE out; what is not named is as at the beginning: no border."""
    parts = {"width": "3px", "style": "none", "color": "currentcolor"}
    for word in _words(value):
        kind = next((one for one in parts if _is_valid(f"border-top-{one}", word)), "")
        if not kind:
            return
        parts[kind] = _BORDER_WIDTHS.get(word, word)
    yield from ((name, parts[name.rpartition("-")[2]]) for name in longhands)


_BORDER_PARTS = ("border-width", "border-style", "border-color")
_LONGHANDS: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(f"{name}-{side}" for side in _SIDES) for name in ("padding", "margin")},
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
    "background": ("background-color", "background-image"),
    "font": ("font-style", "font-weight", "font-size", "line-height", "font-family"),
    "overflow": ("overflow-x", "overflow-y"),
}
