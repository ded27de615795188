"""Whether the numbers of a text stand in its source, however either writes them; pure.

"3", "three" and "third" are one number, "25%" and "25 per cent" too, "1.2m" and "1,200,000", and
what figure_words.py reads: "a fifth" and "20%".
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from newsletter.checks.figure_words import Value, fraction_signs, spoken_value, spoken_values
from newsletter.checks.wording import folded

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
_BACKING_ONLY = frozenset(
    {"once", "twice", "both", "first", "second", "third", "pair", "couple", "half a"}
)


def number_word(word: str) -> str | None:
    """Give the digits of a folded word that is a number ("nineteen"), None for other words."""
    value = None if word in _BACKING_ONLY else _WORDS.get(word)
    return None if value is None else f"{value.normalize():f}"


_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "k": Decimal(1_000),
    "million": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "m": Decimal(1_000_000),
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
_ABOUT = re.compile(
    r"\b(about|around|approximately|roughly|some|almost|nearly|just under|up to"
    r"|more than|over|at least|just over|fewer than|less than)(?: the)?\s*[£$€]?$"
)
_BELOW = frozenset({"almost", "nearly", "just under", "fewer than", "less than", "up to"})
_ABOVE = frozenset({"more than", "over", "at least", "just over"})
_KIN = re.compile(
    r" (?:young |small |little |grown |adult )?(sons|daughters|children|brothers|sisters|boys"
    r"|girls|parents)\b"
)
MOST_NAMED = 4  # people whom a source names one by one
_ROUNDING = Decimal("0.1")  # so far apart may be a figure and its rounded form


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


def figures_in(text: str) -> tuple[Figure, ...]:
    """Give the numbers of a folded text, in order."""
    return tuple(_figure(found) for found in _NUMBER.finditer(text) if _is_number(found, text))


def absent_figures(text: str, source: str) -> tuple[str, ...]:
    """Give the numbers of a text that its source does not state, as written, each once."""
    here, there = folded(fraction_signs(text)), folded(fraction_signs(source))
    known = figures_in(there)
    spoken = {reading for figure in known for reading in _readings(figure, there)}
    spoken.update(spoken_values(there))
    stated = figures_in(here)
    absent: dict[str, None] = {}
    for index, figure in enumerate(stated):
        follows = stated[index - 1] if index else None
        if not _is_backed(figure, known, here, there) and not _is_spoken(
            figure, here, known, spoken
        ):
            absent[figure.shown] = None
        elif follows and _is_score(follows, figure, here) and not _has_pair(follows, figure, known):
            absent[here[follows.start : figure.end].strip()] = None
    return tuple(absent)


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


def _is_backed(figure: Figure, known: Sequence[Figure], here: str, there: str) -> bool:
    if figure.name:
        return any(figure.name == other.name for other in known)
    if figure.shown in _BACKING_ONLY:
        return True
    if any(figure.value == other.value and _agree(figure, other) for other in known):
        return True
    if _counts_kin(figure, here, there):
        return True
    if figure.value == 1 and not figure.kind:
        return _is_said_otherwise(figure, here, there)
    return any(_rounds(other, figure, here) for other in known)


def _readings(figure: Figure, text: str) -> Iterator[Value]:
    if figure.name or figure.kind:
        return
    reading = spoken_value(figure.value, text[: figure.start], figure.shown, text[figure.end :])
    if reading is not None:
        yield reading


def _is_spoken(figure: Figure, here: str, known: Sequence[Figure], spoken: Set[Value]) -> bool:
    """Whether the source has the number in words of its own, or the text has ("a fifth")."""
    if any(figure.value == value and kind in {figure.kind, ""} for value, kind in spoken):
        return True
    if figure.kind == "percent" and any(
        _is_share(figure.value, value) for value, kind in spoken if kind
    ):
        return True
    return any(
        (value, kind) in spoken
        or any(
            _is_share(other.value, value) if kind else value == other.value
            for other in known
            if other.kind == kind
        )
        for value, kind in _readings(figure, here)
    )


def _is_share(percent: Decimal, share: Decimal) -> bool:
    """Whether 33% or 33.3% stands for a third; a share that is whole in percent wants just that."""
    return percent == share or (share % 1 != 0 and abs(percent - share) < 1)


def _agree(figure: Figure, other: Figure) -> bool:
    """Whether two equal values may be one: a plain number may be any kind, 25% is no 25 people."""
    return not other.name and (not figure.kind or figure.kind == other.kind)


def _rounds(other: Figure, figure: Figure, here: str) -> bool:
    """Whether "nearly 5,000" may stand for 4,958."""
    about = _ABOUT.search(here, max(0, figure.start - 20), figure.start + 1)
    if about is None:
        about = _ABOUT.search(here[max(0, figure.start - 20) : figure.start].rstrip() + " ")
    if about is None or not _agree(figure, other) or figure.value == 0:
        return False
    apart = (other.value - figure.value) / figure.value
    if about[1] in _BELOW:
        return -_ROUNDING <= apart <= 0
    if about[1] in _ABOVE:
        return 0 <= apart <= _ROUNDING
    return abs(apart) <= _ROUNDING / 2


def _counts_kin(figure: Figure, here: str, there: str) -> bool:
    """Whether "two sons" counts those that the source names: "her sons Archie and Theo"."""
    kin = _KIN.match(here, figure.end)
    if kin is None or figure.value > MOST_NAMED or figure.kind:
        return False
    return any(
        not any(other.end <= hit.start() <= other.end + 2 for other in figures_in(there))
        for hit in re.finditer(rf"\b{kin[1]}\b", there)
    )


def _is_said_otherwise(figure: Figure, here: str, there: str) -> bool:
    """Whether "one man" stands for "a man", or "one" counts nothing ("one of", "no one")."""
    after = re.match(r"\W*(\w+)", here[figure.end :])
    noun = after[1] if after else ""
    before = re.search(r"(\w+)\W*$", here[: figure.start])
    if noun in {"", "of", "another", "day", "that", "who", "is", "was", "has"}:
        return True
    if before and before[1] in {"no", "any", "every", "this", "that", "the"}:
        return True
    return re.search(rf"\b{re.escape(noun)}\b", there) is not None  # of "men" there is no "man"


def _is_score(first: Figure, second: Figure, here: str) -> bool:
    between = here[first.end : second.start]
    return between == "-" and max(first.value, second.value) < 100  # noqa: PLR2004 (two digits)


def _has_pair(first: Figure, second: Figure, known: Sequence[Figure]) -> bool:
    return any(one.value == first.value and two.value == second.value for one, two in _pairs(known))


def _pairs(known: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    return pairwise(known)
