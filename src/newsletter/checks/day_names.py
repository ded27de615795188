"""Dates and days as running text names them, language by language; pure.

Names of days and months are Babel's (Unicode CLDR); words such as "today" are in words/*.toml.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError

from newsletter.checks.words import Words

_DIGIT = re.compile(r"\d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_OFFSETS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_LEAST_SHORT = 3  # letters of a short name of a month; shorter ones are other words


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDate:
    """A date in a text. weekday is 0 for Monday, None where none is named; year None likewise."""

    text: str
    start: int
    day: int
    month: int
    year: int | None
    weekday: int | None

    def nearest(self, to: date) -> date | None:
        """Return the date, without a year the one nearest to a day; None where there is none."""
        years = (self.year,) if self.year is not None else (to.year - 1, to.year, to.year + 1)
        days = []
        for year in years:
            try:
                days.append(date(year, self.month, self.day))
            except ValueError:
                continue
        return min(days, key=lambda day: abs((day - to).days), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWord:
    """A word such as "today": offset is in days from the day it is read on."""

    text: str
    start: int
    offset: int


@dataclass(frozen=True, slots=True)
class DayNames:
    """The patterns of one language."""

    dates: re.Pattern[str]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    offsets: Mapping[str, int]
    words: re.Pattern[str]
    beside: re.Pattern[str]

    def dates_in(self, text: str) -> Iterator[NamedDate]:
        """Return every date with a month's name, and ISO dates."""
        if not _DIGIT.search(text):  # most fields; the pattern is slow
            return
        for found in self.dates.finditer(text.translate(_DIGITS)):
            part = found.groupdict()
            if part["iso"]:
                year, month, day = map(int, part["iso"].split("-"))
            else:
                name = part["m1"] or part["m2"]
                month = self.months[name.casefold().rstrip(".")]
                day = int(part["d1"] or part["d2"])
                year = int(part["y1"] or part["y2"] or 0)
            weekday = part["wd"]
            yield NamedDate(
                text=found[0].strip(),
                start=found.start(),
                day=day,
                month=month,
                year=year or None,
                weekday=self.weekdays[weekday.casefold().rstrip(".")] if weekday else None,
            )

    def words_in(self, text: str) -> Iterator[DayWord]:
        """Return each word such as "today"."""
        for found in self.words.finditer(text.replace("\u2019", "'")):
            offset = self.offsets[found[0].casefold()]
            yield DayWord(text=found[0], start=found.start(), offset=offset)

    def words_with_weekday(self, text: str) -> Iterator[tuple[DayWord, int]]:
        """Return each such word that names a weekday with it: "tomorrow, Friday"."""
        for found in self.beside.finditer(text.replace("\u2019", "'")):
            offset = self.offsets[found["word"].casefold()]
            word = DayWord(text=found[0], start=found.start(), offset=offset)
            yield word, self.weekdays[found["day"].casefold()]


@lru_cache(maxsize=32)
def day_names(words: Words, language: str) -> DayNames:
    """Return the patterns of a language tag; English names where Babel does not know it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    months = _names(locale.months["format"]["wide"]) | _names(locale.months["stand-alone"]["wide"])
    weekdays = _names(locale.days["format"]["wide"]) | _names(locale.days["stand-alone"]["wide"])
    if locale.language in {"en", "de", "es", "fr"}:
        months |= _names(locale.months["format"]["abbreviated"], least=_LEAST_SHORT)
    if locale.language == "cy":  # "dydd Mercher", "ddydd Mercher"
        weekdays |= {f"d{name}": n for name, n in weekdays.items() if name.startswith("dydd")}
    short = dict(weekdays)
    if locale.language == "en":
        short |= _names(locale.days["format"]["abbreviated"])
    offsets = {
        word: offset
        for name, offset in _OFFSETS.items()
        for word in words.of(name, everywhere=False)
    }
    wd, mo, word, day = map(_either, (short, months, offsets, weekdays))
    return DayNames(
        weekdays=short,
        months=months,
        offsets=offsets,
        dates=re.compile(
            r"(?<![\w-])(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w-])|"
            rf"(?:(?P<wd>{wd})\.?,? (?:the |le |den |der |el |dem )?)?(?:"
            r"(?P<d1>\d{1,2})(?:st|nd|rd|th|er|\.|º|ain|eg|fed|af|ydd)? (?:of |de |o )?"
            rf"(?P<m1>{mo})\b\.?(?:,? (?:de |del )?(?P<y1>(?:19|20)\d\d)\b)?"
            rf"|(?P<m2>{mo})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:\d)"
            r"(?:,? (?P<y2>(?:19|20)\d\d)\b)?))",
            re.IGNORECASE,
        ),
        words=re.compile(rf"(?<![\w-])(?:{word})(?![\w-])", re.IGNORECASE),
        beside=re.compile(
            rf"(?<![\w-])(?P<word>{word})(?:, ?| ?\(| is | ist )(?:den |am |le |el )?(?P<day>{day})"
            r"(?!['\w-]|(?-i: [A-Z]))",
            re.IGNORECASE,
        ),
    )


def _names(names: Mapping[int, str], least: int = 1) -> dict[str, int]:
    folded = ((name.casefold().rstrip("."), number) for number, name in names.items())
    return {name: number for name, number in folded if len(name) >= least}


def _either(names: Mapping[str, int]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)"
