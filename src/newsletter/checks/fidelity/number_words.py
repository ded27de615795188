"""Small numbers in the words of other languages than English that a source lacks; pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from newsletter.checks.absent_figures import figure_groups
from newsletter.checks.derived_figures import is_about, is_difference, is_of_years
from newsletter.checks.wording import folded

# From two on: "one" is an article in each of them. Words that are more often something else are
# left out, such as "neuf" (new).
_WORDS = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "deux trois quatre cinq six sept huit - dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf vingt",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte",
}
# What backs a figure; some of these words are often something else, and none is told by itself.
_BACKING = {
    "de": "dreißig:30 vierzig:40 fünfzig:50 sechzig:60 siebzig:70 achtzig:80 neunzig:90 hundert:100"
    " zweimal:2 dreimal:3 viermal:4 fünfmal:5 dutzend:12",
    "fr": "neuf:9 trente:30 quarante:40 cinquante:50 soixante:60 quatre-vingts:80 cent:100"
    " douzaine:12 dizaine:10",
    "es": "treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90 cien:100"
    " docena:12 decena:10",
    "cy": "dau:2 dwy:2 ddau:2 ddwy:2 tri:3 tair:3 dri:3 dair:3 thri:3 thair:3 pedwar:4 pedair:4"
    " bedwar:4 bedair:4 phedwar:4 phedair:4 pump:5 pum:5 bump:5 bum:5 phump:5 phum:5 chwech:6"
    " chwe:6 saith:7 wyth:8 naw:9 deg:10 ddeg:10 deng:10 ddeng:10 deuddeg:12 ddeuddeg:12"
    " pymtheg:15 bymtheg:15 ugain:20",
    "ar": "اثنان:2 اثنين:2 اثنتان:2 اثنتين:2 ثلاث:3 ثلاثة:3 أربع:4 أربعة:4 خمس:5 خمسة:5 ست:6 ستة:6"
    " سبع:7 سبعة:7 ثماني:8 ثمان:8 ثمانية:8 تسع:9 تسعة:9 عشر:10 عشرة:10 عشرون:20 عشرين:20"
    " ثلاثون:30 ثلاثين:30 أربعون:40 أربعين:40 خمسون:50 خمسين:50 مئة:100 مائة:100",
}


_HUNDRED, _THOUSAND = 100, 1_000
_LARGE = {
    **dict.fromkeys(("cents", "ciento", "cientos", "hundert"), _HUNDRED),
    **dict.fromkeys(("mille", "mil", "tausend"), _THOUSAND),
}
_WHOLE = re.compile(r"\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+(?!\d)|\d+")
_ALSO_BOTH = frozenset({"ddau", "ddwy"})
_DECIMALS = re.compile(r"(\d+)(?:[.,]\d+)+")
_NOUN = re.compile(r" ([^\W\d_]{3,})")
_NO_NOUNS = frozenset(
    ("sont", "ont", "étaient", "avaient", "furent", "des", "les", "son", "han", "fueron", "están")
)
STEM = 5  # letters that tell nouns apart
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")


def said_in_words(figure: str, source: str, language: str) -> bool:
    """Return whether a source says in words what a text has in figures: "ocho trenes", "8 trenes".

    language is a primary subtag; English is told by `figures`.
    """
    digits = figure.translate(_DIGITS)
    if not digits.isdigit():
        return False
    known = _numbers(language) | _backing(language)
    return any(known.get(word) == digits for word in _TOKEN.findall(folded(source)))


def absent_number_words(text: str, source: str, language: str, year: int = 0) -> tuple[str, ...]:
    """Return the numbers that a text says in words and its source in no way, each once.

    language is a primary subtag, year the text's own. A source without any number of its own backs
    whatever was counted.
    """
    numbers = _numbers(language)
    if not numbers:
        return ()
    there = set(_TOKEN.findall(_DECIMALS.sub(r"\1", folded(source))))
    known = {numbers.get(word, word) for word in there if word in numbers or word.isdigit()}
    here, plain = folded(text), folded(source)
    capitals = text if language == "de" else here.title()
    return tuple(
        dict.fromkeys(
            hit[0]
            for hit in _TOKEN.finditer(here)
            if hit[0] in numbers
            and known
            and not _is_in_whole(hit, here, plain, language)
            and numbers[hit[0]] not in known
            and not _is_worked_out(
                Decimal(numbers[hit[0]]), here[: hit.start()], here[hit.end() :], source, year
            )
            and not _is_own_count(here, hit.end(), plain, numbers, capitals)
        )
    )


def _is_in_whole(hit: re.Match[str], here: str, source: str, language: str) -> bool:
    """Whether it is part of a number of several words that the source has: "mille six cents"."""
    known = _numbers(language) | _backing(language)
    words = list(_TOKEN.finditer(here))
    at = next(place for place, one in enumerate(words) if one.start() == hit.start())
    first, last = at, at
    while first and _value_of(words[first - 1][0], known) is not None:
        first -= 1
    while last + 1 < len(words) and _value_of(words[last + 1][0], known) is not None:
        last += 1
    if first == last:
        return False
    whole, part = 0, 0
    for one in words[first : last + 1]:
        value = _value_of(one[0], known) or 0
        if value == _THOUSAND:
            whole, part = whole + (part or 1) * value, 0
        else:
            part = (part or 1) * value if value == _HUNDRED else part + value
    stated = {int(re.sub(r"\D", "", one)) for one in _WHOLE.findall(source)}
    return whole + part in stated


def _value_of(word: str, known: Mapping[str, str]) -> int | None:
    return int(known[word]) if word in known else _LARGE.get(word)


def _is_worked_out(value: Decimal, before: str, behind: str, source: str, year: int) -> bool:
    plain = folded(source)
    return (
        is_of_years(value, behind, plain, year)
        or is_about(value, before, behind, plain)
        or is_difference(value, behind, figure_groups(source))
    )


def _is_own_count(
    here: str, end: int, plain: str, numbers: Mapping[str, str], capitals: str
) -> bool:
    """Return whether it counts what the source counts nowhere, and may name one by one.

    capitals is a text that has each noun with a capital, as German writes it.
    """
    noun = _NOUN.match(here, end)
    if noun is None or noun[1] in _NO_NOUNS or noun[1].capitalize() not in capitals:
        return False
    counted = re.findall(rf"([^\W_]+) {re.escape(noun[1][:STEM])}", plain)
    return not any(one in numbers or one.isdigit() for one in counted)


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@lru_cache(maxsize=8)
def _backing(language: str) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in _BACKING.get(language, "").split())
    return {word: digits for word, _, digits in pairs}


@lru_cache(maxsize=8)
def _numbers(language: str) -> dict[str, str]:
    if language == "cy":  # each number has forms after other words, so they are listed
        return {word: n for word, n in _backing(language).items() if word not in _ALSO_BOTH}
    words = _WORDS.get(language, "").split()
    return {word: str(number) for number, word in enumerate(words, 2) if word != "-"}
