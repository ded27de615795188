"""What the values of MJML's attributes may be: kinds, the patterns of each, and words for a hint.

mrml 6.0.1 writes bad values into the mail without a word (mjml_registry says which attribute is of
which kind).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache


class Kind(Enum):
    """What the value of an attribute is."""

    PLAIN = auto()  # words
    CSS = auto()  # goes into a style attribute as it stands
    BORDER = auto()  # likewise, as width, style and colour
    RADIUS = auto()  # one to four of px or %
    WEIGHT = auto()  # of letters
    SLANT = auto()
    CLASSES = auto()  # names, parted by spaces
    COLOUR = auto()
    PX = auto()
    LENGTH = auto()  # px or %
    SIGNED = auto()  # px or em, may be negative
    LINE_HEIGHT = auto()  # px, % or a plain number
    HEIGHT = auto()  # px or auto
    TABLE_WIDTH = auto()  # px, % or auto
    INTEGER = auto()
    PADDING = auto()  # one to four of px or %, each with its unit
    LINK = auto()
    IMAGE = auto()
    IMAGES = auto()  # srcset


@dataclass(frozen=True, slots=True)
class OneOf:
    """An attribute with a closed list of words."""

    words: tuple[str, ...]


Value = Kind | OneOf

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_PATTERNS: Mapping[Kind, tuple[re.Pattern[str], str]] = {
    Kind.PX: (re.compile(rf"{_NUMBER}px|0"), 'a number of pixels, as in "16px"'),
    Kind.LENGTH: (
        re.compile(rf"{_NUMBER}px|(?:100(?:\.0+)?|\d{{1,2}}(?:\.\d+)?)%|0"),
        'pixels or a share up to 100%, as in "16px" or "50%"',
    ),
    Kind.SIGNED: (re.compile(rf"-?{_NUMBER}(?:px|em)|0"), 'pixels or em, as in "-0.4px"'),
    Kind.LINE_HEIGHT: (
        re.compile(rf"{_NUMBER}(?:px|%)?"),
        'pixels, a share or a plain number, as in "24px" or "1.5"',
    ),
    Kind.HEIGHT: (re.compile(rf"{_NUMBER}px|0|auto"), 'pixels or auto, as in "180px"'),
    Kind.TABLE_WIDTH: (
        re.compile(rf"{_NUMBER}px|(?:100|\d{{1,2}}(?:\.\d+)?)%|auto"),
        'pixels, a share or auto, as in "100%"',
    ),
    Kind.INTEGER: (re.compile(r"\d{1,4}"), 'a whole number, as in "8"'),
    Kind.PADDING: (
        re.compile(rf"(?:{_NUMBER}(?:px|%))(?:\s+{_NUMBER}(?:px|%)){{0,3}}"),
        'one to four lengths, each with its unit, as in "0px 32px"',
    ),
    Kind.RADIUS: (
        re.compile(rf"(?:{_NUMBER}(?:px|%|em)|0)(?:\s+(?:{_NUMBER}(?:px|%|em)|0)){{0,3}}|inherit"),
        'a length with its unit, as in "3px"',
    ),
    Kind.BORDER: (
        re.compile(
            r"(?!(?:.*\s)?(?:[1-9]\d*|\d*\.\d+)(?:\s|$))"  # a bare number is no width
            r".*\b(?:none|hidden|solid|dashed|dotted|double|groove|ridge|inset|outset)\b.*"
            r"|0(?:px)?|inherit"
        ),
        'width, style and colour, as in "1px solid #d9d5cb"',
    ),
    Kind.WEIGHT: (
        re.compile(r"normal|bold|bolder|lighter|[1-9]\d{0,2}|1000|inherit"),
        'normal, bold or a number, as in "700"',
    ),
    Kind.SLANT: (re.compile(r"normal|italic|oblique|inherit"), "normal, italic or oblique"),
    Kind.CLASSES: (
        re.compile(r"\s*(?:[A-Za-z_-][\w-]*\s*)*"),
        'names of classes, as in "pad first"',
    ),
    Kind.COLOUR: (
        re.compile(
            r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-zA-Z]+"
            r"|(?:rgb|hsl)a?\([\d\s.,%/]+\)"
        ),
        'a colour, as in "#1c1b19"',
    ),
}
UNITLESS_ZERO = re.compile(r"(?<!\S)0(?:\.0*)?(?!\S)")


@lru_cache(maxsize=4096)
def wanted(value: str, kind: Value) -> str:
    """Say in words what a value should be, "" where it is that; addresses and CSS pass."""
    match kind:
        case OneOf(words):
            return "" if value in words else " or ".join(f'"{word}"' for word in words if word)
        case Kind() if kind in _PATTERNS:
            pattern, words_for = _PATTERNS[kind]
            return "" if pattern.fullmatch(value.strip(" \n\t")) else words_for
        case _:
            return ""
