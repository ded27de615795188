"""Numbers that English says in words of its own: "a fifth" is 20%, "four centuries" 400; pure.

A value is (number, kind); kind is "percent" for parts of a whole, else "". Texts are folded.
"""

import re
from decimal import Decimal
from functools import lru_cache

Value = tuple[Decimal, str]

_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_SPANS = {"decade": 10, "century": 100, "centurie": 100, "fortnight": 14, "dozen": 12}
_PART = "|".join(_PARTS)
_SPAN = "|".join(_SPANS)
_ONE_PART = re.compile(rf"\b(?:an?|one)[- ](?P<part>{_PART})\b|\b(?P<half>half)\b(?!-)")
_ONE_SPAN = re.compile(rf"\b(?:an?|one|per|every|each|th(?:e|is|at)|last|past|next)[- ]({_SPAN})\b")
_HUNDRED = re.compile(r"\ba (?P<scale>hundred|thousand|million)\b|\b(?P<ordinal>hundredth)\b")
_HUNDREDS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ARTICLE = re.compile(r"\b(?:an?|one)[- ]?$")
_FOLLOWS = re.compile(rf"[- ](?:(?P<part>{_PART})s?\b|(?P<span>{_SPAN})s?\b|(?:\w+ )?and a half\b)")
_TENTHS = {"½": ".5", "¼": ".25", "¾": ".75"}
_SIGNS = {"½": "half", "¼": "a quarter", "¾": "three quarters"}
_SIGN = re.compile("[½¼¾]")
_SIGN_BEHIND = re.compile(r"(\d)\s?([½¼¾])")
_WHOLE = Decimal(100)


@lru_cache(maxsize=64)  # a source is read for its headline and each paragraph of its summary
def spoken_values(text: str) -> tuple[Value, ...]:
    """Return the values that a text states without a number of its own ("a tenth", "a decade")."""
    values = [_share(1, found["part"] or found["half"]) for found in _ONE_PART.finditer(text)]
    values += [(Decimal(_SPANS[found[1]]), "") for found in _ONE_SPAN.finditer(text)]
    values += [
        (Decimal(_HUNDREDS[found["scale"] or "hundred"]), "") for found in _HUNDRED.finditer(text)
    ]
    if "a year and a half" in text:
        values.append((Decimal(18), ""))
    return tuple(values)


def spoken_value(number: Decimal, before: str, word: str, behind: str) -> Value | None:
    """Return what a number says with the words around it; None where it says no more than itself.

    3 before " quarters" is 75%, "fifth" behind "a " 20%, 4 before " centuries" 400.
    """
    if word in _PARTS and _ARTICLE.search(before):
        return _share(1, word)
    found = _FOLLOWS.match(behind)
    if found is None:
        return None
    if found["part"]:
        share = _share(number, found["part"])
        return share if share[0] <= _WHOLE else None
    if found["span"]:
        return number * _SPANS[found["span"]], ""
    return number + Decimal("0.5"), ""


def fraction_signs(text: str) -> str:
    """Write "2½" as 2.5 and a lone "¾" as "three quarters", before folding makes them 21/2."""
    joined = _SIGN_BEHIND.sub(lambda found: f"{found[1]}{_TENTHS[found[2]]}", text)
    return _SIGN.sub(lambda found: _SIGNS[found[0]], joined)


def _share(number: Decimal | int, part: str) -> Value:
    return number * _WHOLE / _PARTS[part], "percent"
