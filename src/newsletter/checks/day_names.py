"""Dates and days as running text names them, language by language; pure.

Names of days and months are Babel's (Unicode CLDR); words such as "today" are ours.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from babel.core import Locale, UnknownLocaleError

_DIGIT = re.compile(r"\d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


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
        days = [made for year in years if (made := made_of(year, self.month, self.day))]
        return min(days, key=lambda made: abs((made - to).days), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWord:
    """A word such as "today": offset is in days from the day it is read on."""

    text: str
    start: int
    offset: int


# offset in days: words; those of one language in one line; WEEKDAY stands for any of its weekdays
_RELATIVE: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "en": {0: "today|tonight|this morning|this afternoon|this evening", 1: "tomorrow",
               -1: "yesterday|last night"},
        "fr": {0: "aujourd['\u2019]hui|ce matin|cet après-midi|ce soir", 1: "demain", -1: "hier"},
        "de": {0: "heute", -1: "gestern",
               1: "morgen(?= (?:früh|abend|mittag|nachmittag))"
                  "|(?<!guten )(?<!schönen )(?<!am )morgen(?=, (?:am |den )?WEEKDAY)"},
        "es": {0: "hoy|esta mañana|esta tarde|esta noche",
               1: "mañana por la (?:mañana|tarde|noche)"
                  "|(?<!la )(?<!esta )(?<!de )mañana(?=, (?:el )?WEEKDAY)",
               -1: "ayer|anoche"},
        "cy": {0: "heddiw|heno|y bore (?:yma|ma)|bore heddiw", 1: "yfory", -1: "ddoe|neithiwr"},
        "ar": {0: "اليوم|هذا الصباح|الليلة", 1: "غد[اً]{0,2}", -1: "أمس"},
    }
)  # fmt: skip
# What stands between such a word and a weekday that name one day: "tomorrow, Friday"; English
# goes on with a name otherwise: "tomorrow Sunday trading ends".
_BETWEEN_IN_ENGLISH = r"(?: is |, ?| ?\(|\s?[\u2013\u2014-] ?)"
_BETWEEN = r"(?:[,:]? \(?(?:est |ist |es |el |le |den |am |mae'n |y )?|, ?|\()"


@dataclass(frozen=True, slots=True)
class DayNames:
    """The patterns of one language."""

    dates: re.Pattern[str]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    weekday: re.Pattern[str]
    relative: re.Pattern[str]
    offsets: tuple[tuple[re.Pattern[str], int], ...]
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
                written = part["y1"] or part["y2"]
                year = int(written) if written else 0
            weekday = part["wd"]
            yield NamedDate(
                text=found[0].strip(),
                start=found.start(),
                day=day,
                month=month,
                year=year or None,
                weekday=self.weekdays[weekday.casefold().rstrip(".")] if weekday else None,
            )

    def weekdays_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Return each weekday's start, number (0 is Monday) and name."""
        for found in self.weekday.finditer(text):
            yield found.start(), self.weekdays[found[0].casefold()], found[0]

    def words_in(self, text: str) -> Iterator[DayWord]:
        """Return each word such as "today"."""
        for found in self.relative.finditer(text):
            offset = self._offset(text, found.start())
            yield DayWord(text=found[0], start=found.start(), offset=offset)

    def words_with_weekday(self, text: str) -> Iterator[tuple[DayWord, int]]:
        """Return each such word that names a weekday with it: "tomorrow, Friday"."""
        for found in self.beside.finditer(text):
            word = "word" if found["word"] else "word2"
            name = found["day"] or found["day2"]
            told = DayWord(
                text=found[0], start=found.start(), offset=self._offset(text, found.start(word))
            )
            yield told, self.weekdays[name.casefold()]

    def _offset(self, text: str, at: int) -> int:
        """Give the offset of the word at a place of a text; what follows is part of its pattern."""
        return next(offset for pattern, offset in self.offsets if pattern.match(text, at))


@lru_cache(maxsize=16)
def day_names(language: str) -> DayNames:
    """Return the patterns of a language tag; English ones where Babel does not know it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    long = {name: number for number, name in locale.days["format"]["wide"].items()}
    months = {
        name.casefold(): number
        for shape in ("format", "stand-alone")
        for number, name in locale.months[shape]["wide"].items()
    }
    weekdays = {name.casefold(): number for name, number in long.items()}
    weekdays |= {
        name.casefold(): number for number, name in locale.days["stand-alone"]["wide"].items()
    }
    if locale.language in {"en", "de", "es", "fr"}:
        months |= _shortened(locale.months["format"]["abbreviated"])
    if locale.language == "cy":  # "dydd Mercher", "ddydd Mercher", "Mercher"
        weekdays |= {f"d{name}": n for name, n in weekdays.items() if name.startswith("dydd")}
    short = dict(weekdays)
    if locale.language == "en":
        short |= _shortened(locale.days["format"]["abbreviated"])
    wd, mo = _either(short), _either(months)
    dates = (
        r"(?<![\w-])(?:(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\w-])|"
        rf"(?:(?P<wd>{wd})\.?,? (?:the |le |den |der |el |dem )?)?(?:"
        r"(?P<d1>\d{1,2})(?:st|nd|rd|th|er|\.|º|ain|eg|fed|af|ydd)? (?:of |de |o )?"
        rf"(?P<m1>{mo})\b\.?"
        r"(?:,? (?:de |del )?(?P<y1>(?:19|20)\d\d)\b)?"
        rf"|(?P<m2>{mo})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:\d)"
        r"(?:,? (?P<y2>(?:19|20)\d\d)\b)?))"
    )
    plain = _either(weekdays)
    words = {
        offset: told.replace("WEEKDAY", rf"(?:{plain})(?!\w)")
        for offset, told in _RELATIVE.get(locale.language, {}).items()
    }
    any_word = "|".join(words.values()) or r"(?!)"
    between = _BETWEEN_IN_ENGLISH if locale.language == "en" else _BETWEEN
    return DayNames(
        dates=re.compile(dates, re.IGNORECASE),
        weekdays={name.rstrip("."): number for name, number in short.items()},
        months={name.rstrip("."): number for name, number in months.items()},
        weekday=re.compile(rf"(?<![\w-])(?:{plain})(?!\w)", re.IGNORECASE),
        relative=re.compile(rf"(?<![\w-])(?:{any_word})(?![\w-])", re.IGNORECASE),
        offsets=tuple((re.compile(w, re.IGNORECASE), n) for n, w in words.items()),
        beside=re.compile(
            rf"(?<![\w-])(?:(?P<word>{any_word}){between}(?P<day>{plain})"
            r"(?!['\u2019\w-]|(?-i: [A-Z]))"
            rf"|(?P<day2>{plain})(?:, ?| \()(?P<word2>{any_word})(?!['\u2019\w]))",
            re.IGNORECASE,
        ),
    )


def _shortened(names: Mapping[int, str]) -> dict[str, int]:
    return {name.casefold(): number for number, name in names.items() if len(name.rstrip(".")) > 2}  # noqa: PLR2004


def _either(names: Mapping[str, int]) -> str:
    return "|".join(re.escape(name.rstrip(".")) for name in sorted(names, key=len, reverse=True))


def made_of(year: int, month: int, day: int) -> date | None:
    """Return a date; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
