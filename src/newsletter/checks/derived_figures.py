"""Figures that an editor worked out or rounded from those of a source; pure, on folded texts.

"43 years" from 1958 and 2001, "a tenth" from 60,870 of 600,000, "$11 a month" from $130 a year,
"near 300" from 290, in whatever language: nobody misread anything there.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from newsletter.checks.calendar_names import ANY_MONTH, MONTHS

_YEARS = range(1500, 2200)
_YEAR = re.compile(r"(?<![\d.,])(1\d{3}|20\d{2}|21\d{2})(?![\d.,]\d|\d)")
_TO_YEAR = re.compile(r"(?<!\d)((?:1\d|20|21)\d{2})[-/](\d{2})(?!\d)")
_OF_YEARS = re.compile(
    r"(?:-(?:\w+[- ])?years?\b| (?:\w+ )?(?:years|ans?|années?|jahren?s?|jährig\w*|años?"
    r"|blynedd|mlynedd|سنوات|سنة|عاما|أعوام)(?!\w))"
)
_OF_DAYS = re.compile(r"[- ](?:\w+ )?(day|night|week)s?\b")
_MONTHS = tuple(month[:3] for month in MONTHS)
_MONTH = rf"(?:{ANY_MONTH}|jan|feb|mar|apr|aug|sept?|oct|nov|dec)\b"
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})"
    rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})\b(?! ?[:.]\d)"
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d{1,2})?(?!\d)")
_SCALE = re.compile(
    r"[ \u00a0-]?(?:(?P<thousand>thousand|k|mille|tausend|mil(?!l)|آلاف|ألف)"
    r"|(?P<million>million(?:s|en)?|mn|m|mio\.?|millón|millones|miliwn|مليون|ملايين)"
    r"|(?P<billion>billion|bn|milliards?|milliarden?|mrd\.?|biliwn|مليار|مليارات))(?!\w)"
)
_SCALES = {"thousand": Decimal(1_000), "million": Decimal(10**6), "billion": Decimal(10**9)}
_BELOW = (
    r"almost|nearly|just under|fewer than|less than|up to|près de|presque|moins de|à peine|fast"
    r"|knapp|beinahe|nahezu|weniger als|unter|keine|casi|menos de|bron i|bron yn|llai na|قرابة"
    r"|أقل من|ما يقارب|quasi"
)
_ABOVE = (
    r"more than|over|at least|just over|plus de|gut|mehr als|über|más de|dros|mwy na|أكثر من|oltre"
)
_EITHER = (
    r"about|around|approximately|roughly|some|or so|environ|quelque|autour de|rund|etwa|circa|ca\."
    r"|ungefähr|unos|unas|cerca de|alrededor de|aproximadamente|tua|oddeutu|نحو|حوالي|زهاء"
)
_ABOUT = re.compile(
    rf"(?<!\w)(?:(?P<below>{_BELOW})|(?P<above>{_ABOVE})|(?P<either>{_EITHER}))"
    r"(?: (?:the|les|de|an?|one|den|die|der|los|las))? ?[£$€]?$"
)
# "edged up to 2.6%" tells where it went; "up to 300 people" is a limit
_WENT_UP = re.compile(
    r"\b(?:edged|ticked|inched|moved|pushed|climbed|jumped|nudged|bumped|raised|crept|shot|went"
    r"|gone|goes|rose|risen|came|back|picked|(?:edg|tick|inch|mov|push|climb|jump|creep|go|com)ing)"
    r" up to(?: the)? ?[£$€]?$"
)
_ROUNDED = Decimal("0.03")
_NEAR = Decimal("0.1")
_TO_UNITS = 40  # characters behind a figure in which its "a month" stands
_PENCE = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)p\b")
_MEASURE = re.compile(r"[ -]?([a-z]+)\b")
# Two units, and how many of the second make one of the first.
_MEASURES = tuple(
    ((one, other), Decimal(factor))
    for one, other, factor in (
        ("hectares?|ha", "acres?", "2.471"),
        ("kilometres?|kilometers?|km", "miles?", "0.6214"),
        ("metres?|meters?|m", "feet|foot|ft", "3.281"),
        ("metres?|meters?|m", "yards?", "1.094"),
        ("centimetres?|centimeters?|cm", "inch(?:es)?|in", "0.3937"),
        ("kilograms?|kilos?|kg", "pounds?|lbs?", "2.205"),
        ("kilograms?|kilos?|kg", "stone", "0.1575"),
        ("tonnes?", "tons?", "1.102"),
        ("litres?|liters?", "pints?", "1.76"),
        ("litres?|liters?", "gallons?", "0.22"),
        ("kmh|kmph|kph", "mph", "0.6214"),
        ("hours?", "minutes?", "60"),
        ("days?", "hours?", "24"),
        ("weeks?", "days?", "7"),
        ("years?", "months?", "12"),
    )
)
_RATES = (("month", "year", 12), ("week", "year", 52), ("day", "week", 7), ("day", "year", 365))
_LABEL = re.compile(
    r"\b(no\.?|number|year|grade|route|line|row|page|gate|platform|zone|tier|band|category|phase"
    r"|stage|chapter|part|episode|round|day|week|group|division|channel|game|level)s? ?$"
)
_OF_DIFFERENCE = re.compile(
    r"(?: \w+)?[- ](?:points?|votes?|seats?|puntos?|votos|stimmen|punkte?|prozentpunkte?|voix)\b"
)
LEAST_ROUNDED = 100  # years, that one tells in round hundreds
MOST_PAIRED = 40  # figures of a source that are set against each other


def is_of_years(value: Decimal, behind: str, source: str, year: int) -> bool:
    """Whether so many years lie between two years of the source, or one of them and this year."""
    if _OF_YEARS.match(behind) is None and not re.match(r" (?:anniv|birthday)", behind):
        return False
    stated = years_in(source)
    spans = {abs(one - other) for one in stated for other in stated}
    if year:
        spans |= {year - one for one in stated} | {year - one - 1 for one in stated}
    return any(
        value == span or (span >= LEAST_ROUNDED and is_rounded(Decimal(span), value))
        for span in spans
    )


def is_year_of(value: Decimal, behind: str, source: str) -> bool:
    """Return whether the source has this year, or one of this decade: 1947 for "the 1940s"."""
    years = years_in(source)
    if value in years:
        return True
    return behind.startswith("s") and any(year - year % 10 == value for year in years)


def is_converted(value: Decimal, kind: str, behind: str, source: str) -> bool:
    """Whether the source has it in another unit: 36 hectares for 90 acres, 820p for £8.20."""
    if kind == "pound":
        pence = [Decimal(one) for one in _PENCE.findall(source)]
        return any(is_rounded(one / 100, value) for one in pence)
    unit = _MEASURE.match(behind)
    for units, factor in _MEASURES if unit else ():
        for one, other, times in ((*units, 1 / factor), (*units[::-1], factor)):
            if not re.fullmatch(one, unit[1] if unit else ""):
                continue
            for hit in re.finditer(rf"(\d+(?:,\d{{3}})*(?:\.\d+)?)[ -]?(?:{other})\b", source):
                exact = Decimal(hit[1].replace(",", "")) * times
                if exact and abs(exact - value) <= exact * _NEAR / 2:
                    return True
    return False


def is_of_days(value: Decimal, behind: str, source: str) -> bool:
    """Whether so many days or weeks lie between two dates of the source: 11 and 20 November."""
    unit = _OF_DAYS.match(behind)
    if unit is None:
        return False
    days = dates_in(source)
    spans = {abs(one - other) for one in days for other in days}
    if unit[1] == "week":
        return any(value == (span + 3) // 7 for span in spans)
    return any(value in {span, span + 1} for span in spans if span)


def is_of_clock(shown: str, source: str) -> bool:
    """Return whether the source tells in words what a clock shows: "62 minutes 41 seconds"."""
    parts = shown.split(":")
    if len(parts) not in {2, 3} or not all(map(str.isdigit, parts)):
        return False
    told = r"\W+(?:and )?".join(
        rf"{int(part)} ?{unit}\w*"
        for part, unit in zip(parts, ("h", "m", "s")[-len(parts) :], strict=True)
    )
    return re.search(rf"(?<![\d.,]){told}", source) is not None


@lru_cache(maxsize=16)
def dates_in(text: str) -> frozenset[int]:
    """Return the dates of a text as days of a year, of whichever year they are."""
    found = {(hit["day"], hit["month"]) for hit in _DATE.finditer(text)}
    found |= {(hit["day2"], hit["month2"]) for hit in _DATE.finditer(text)}
    return frozenset(
        date(2001, _MONTHS.index(month[:3]) + 1, 1).toordinal() + int(day)
        for day, month in found
        if day and int(day) <= 31  # noqa: PLR2004
    )


@lru_cache(maxsize=16)
def years_in(text: str) -> frozenset[int]:
    """Return the years that a text names: 1990 and 1991 in "1990-91"."""
    named = {int(one) for one in _YEAR.findall(text)}
    named |= {int(first[:2] + last) for first, last in _TO_YEAR.findall(text)}
    return frozenset(named)


def is_year(shown: str) -> bool:
    """Return whether a figure as written may be a year: 1990 is no rounded 1991."""
    return shown.strip().isdigit() and int(shown) in _YEARS


def is_rounded(exact: Decimal, value: Decimal) -> bool:
    """Whether a value is an exact one with fewer figures: 38,000 for 38,140, 84,902 for 84,902.4.

    One figure alone may stand for anything: two are wanted.
    """
    if value <= 0 or exact == value:
        return exact == value
    digits = f"{value.normalize():f}"
    whole = digits.replace(".", "")
    significant = len(whole.rstrip("0")) if "." not in digits else len(whole)
    noughts = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
    step = Decimal(10) ** (noughts if "." not in digits else -len(digits.partition(".")[2]))
    if significant < 2 and not (significant == 1 and noughts >= 2):  # noqa: PLR2004 (2,000)
        return False
    near = abs(exact - value)
    limit = Decimal("0.01") if noughts or "." in digits else Decimal("0.001")
    is_whole = "." not in digits and exact % 1 != 0  # 25 for 25.1
    if noughts > 1 or is_whole:
        limit = _ROUNDED
    return near * 2 <= step and near <= limit * value


def is_hedged(before: str) -> bool:
    """Whether a word such as "nearly" stands before a figure, and says how it was rounded."""
    return _ABOUT.search(before[-30:]) is not None and not went_up(before)


def went_up(before: str) -> bool:
    """Whether the "up to" before a figure is of something that rose to it, and hedges nothing."""
    return _WENT_UP.search(before[-30:]) is not None


def is_about(value: Decimal, before: str, behind: str, source: str) -> bool:
    """Whether "près de 300" may stand for a figure of the source that is near and on that side."""
    about = _ABOUT.search(before[-30:])
    if about is None or value == 0 or went_up(before):
        return False
    scale = _SCALE.match(behind)
    whole = value * (_scale_of(scale) if scale else 1)
    values = _values(source)
    for one in values:
        apart = (one - whole) / whole
        if about["below"] and -_NEAR <= apart <= 0:
            return True
        if about["above"] and 0 <= apart <= _NEAR:
            return True
        if about["either"] and abs(apart) <= _NEAR / 2:
            return True
    return bool(about["either"]) and any(
        low < whole < high <= low * Decimal("1.25") for low in values for high in values
    )


@lru_cache(maxsize=16)
def _values(text: str) -> frozenset[Decimal]:
    found: set[Decimal] = set()
    for hit in _NUMBER.finditer(text):
        digits = hit[0]
        decimal = re.search(r"[.,](\d{1,2})$", digits)
        whole = re.sub(r"\D", "", digits[: decimal.start()] if decimal else digits)
        value = Decimal(f"{whole}.{decimal[1]}" if decimal else whole)
        scale = _SCALE.match(text, hit.end())
        found.add(value * (_scale_of(scale) if scale else 1))
    return frozenset(found)


def _scale_of(found: "re.Match[str]") -> Decimal:
    return next(value for name, value in _SCALES.items() if found[name])


def is_rate(value: Decimal, here_behind: str, values: Sequence[Decimal], there: str) -> bool:
    """Return whether "$11 a month" stands for $130 a year."""
    behind = here_behind[:_TO_UNITS]
    for short, long, times in _RATES:
        for unit, other, factor in (
            (short, long, Decimal(times)),
            (long, short, 1 / Decimal(times)),
        ):
            per = rf"(?:\b(?:an?|per|each|every) {unit}\b|\b{_LY[unit]}\b)"
            against = rf"(?:\b(?:an?|per|each|every) {other}\b|\b{_LY[other]}\b)"
            if re.search(per, behind) and re.search(against, there):
                near = value * factor
                if any(abs(one - near) <= near * Decimal("0.05") for one in values):
                    return True
    return False


_LY = {"month": "monthly", "year": "(?:yearly|annual|annually)", "week": "weekly", "day": "daily"}


def is_other_label(before: str, value: Decimal, there: str) -> bool:
    """Whether the figure names something ("Year 12", "No 10") that the source gives no other of."""
    label = _LABEL.search(before)
    if label is None:
        return False
    others = re.findall(rf"\b{re.escape(label[1])}s? (\d+)\b", there)
    return not others or f"{value:f}" in others


def is_difference(value: Decimal, behind: str, groups: Sequence[Sequence[Decimal]]) -> bool:
    """Return whether "four points" lie between two figures of one sentence of the source."""
    if _OF_DIFFERENCE.match(behind) is None:
        return False
    return any(abs(one - other) == value for group in groups for one in group for other in group)


def shares(groups: Sequence[Sequence[Decimal]]) -> Iterator[Decimal]:
    """Return the percentages that figures of one sentence or two make of each other: 12 of 16."""
    for group in groups:
        for one in group[:MOST_PAIRED]:
            yield from (one * 100 / other for other in group if other > one > 0)
