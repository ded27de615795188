"""The numbers of a text, however it writes them; pure.

"3", "three" and "third" are one number, "25%" and "25 per cent" too, "1.2m" and "1,200,000".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_WORDS = {
    word: Decimal(value)
    for value, words in (
        (0, "zero"),
        (1, "one once first"),
        (2, "two twice both second pair couple"),
        (3, "three third thrice"),
        (4, "four fourth"),
        (5, "five fifth"),
        (6, "six sixth"),
        (7, "seven seventh"),
        (8, "eight eighth"),
        (9, "nine ninth"),
        (10, "ten tenth"),
        (11, "eleven eleventh"),
        (12, "twelve twelfth dozen"),
        (13, "thirteen thirteenth"),
        (14, "fourteen fourteenth"),
        (15, "fifteen fifteenth"),
        (16, "sixteen sixteenth"),
        (17, "seventeen seventeenth"),
        (18, "eighteen eighteenth"),
        (19, "nineteen nineteenth"),
        (20, "twenty twentieth"),
        (30, "thirty"),
        (40, "forty"),
        (50, "fifty"),
        (60, "sixty"),
        (70, "seventy"),
        (80, "eighty"),
        (90, "ninety"),
    )
    for word in words.split()
} | {"half a": Decimal("0.5")}  # million
# Ordinary words more often than numbers: they back a number, and need none themselves.
BACKING_ONLY = frozenset(
    {"once", "twice", "both", "first", "second", "third", "pair", "couple", "half a"}
)


def number_word(word: str) -> str | None:
    """Return the digits of a folded word that is a number ("nineteen"), None for other words."""
    value = None if word in BACKING_ONLY else _WORDS.get(word)
    if _OF_TWO.fullmatch(word):
        tens, _, unit = word.partition("-")
        value = _WORDS[tens] + _WORDS[unit]
    return None if value is None else f"{value.normalize():f}"


_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "k": Decimal(1_000),
    "lakh": Decimal(100_000),
    "lakhs": Decimal(100_000),
    "million": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "crore": Decimal(10_000_000),
    "crores": Decimal(10_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
    "trillion": Decimal(1_000_000_000_000),
    "tn": Decimal(1_000_000_000_000),
}
_CURRENCIES = {
    "£": "pound",
    "gbp": "pound",
    "pound": "pound",
    "pounds": "pound",
    "$": "dollar",
    "usd": "dollar",
    "dollar": "dollar",
    "dollars": "dollar",
    "€": "euro",
    "eur": "euro",
    "euro": "euro",
    "euros": "euro",
}
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_OF_TWO = re.compile(rf"(?:{_TENS})-(?:{_UNITS})")
_NUMBER = re.compile(
    # a figure that is part of a name (A19, G7, F-35, Covid-19) is read whole
    r"(?P<name>(?<![\w])(?:[a-z]+-?\d+[a-z]*|\d+[a-z]{2,}\d[\w]*)(?![\w]))"
    r"|(?P<currency>[£$€])?\s?"
    r"(?<![\w.])(?:(?P<digits>\d+(?:[ ,]\d{3})*(?:[.:]\d+)?)"
    rf"|(?P<tens>{_TENS})[- ](?P<unit>{_UNITS})"
    rf"|(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))}))(?![\d])"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?"
    rf"(?:[ -]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b)?"
    r"(?:\s?(?P<percent>%|per ?cent\b|percentage points?\b))?"
    r"(?:\s?(?P<money>pounds?|dollars?|euros?|gbp|usd|eur)\b)?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number as written; value 0 with a name is a figure that is part of one (A19).

    kind is "", "percent" or a currency.
    """

    shown: str
    value: Decimal
    name: str
    kind: str
    start: int
    end: int


@lru_cache(maxsize=1024)  # a source is read for its headline and each paragraph of its summary
def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the numbers of a folded text, in order."""
    return tuple(_figure(found) for found in _NUMBER.finditer(text) if _is_number(found, text))


def _is_number(found: "re.Match[str]", text: str) -> bool:
    word = found["word"]
    if found["name"] or word is None:
        return True
    before = text[found.start("word") - 1 : found.start("word")]
    after = text[found.end("word") : found.end("word") + 1]
    return not (before.isalnum() or (after.isalnum() and not found["scale"]))


def _figure(found: "re.Match[str]") -> Figure:
    name, digits = found["name"] or "", found["digits"]
    if name:
        value = Decimal(0)
    elif digits:
        value = Decimal(digits.replace(",", "").replace(" ", "").replace(":", "."))
    elif found["tens"]:
        value = _WORDS[found["tens"]] + _WORDS[found["unit"]]
    else:
        value = _WORDS[found["word"]]
    if found["scale"]:
        value *= _SCALES[found["scale"]]
    if found["percent"]:
        kind = "percent"
    else:
        kind = _CURRENCIES.get(found["currency"] or found["money"] or "", "")
    return Figure(
        shown=found[0].strip(),
        value=value,
        name=name.replace("-", ""),
        kind=kind,
        start=found.start(),
        end=found.end(),
    )
