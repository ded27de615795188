"""Small numbers in the words of other languages than English that a source lacks; pure."""

import re
from functools import lru_cache

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


_ALSO_BOTH = frozenset({"ddau", "ddwy"})


def said_in_words(figure: str, source: str, language: str) -> bool:
    """Whether a source says in words what a text has in figures: "ocho trenes", "8 trenes".

    language is a primary subtag; English is told by `figures`.
    """
    digits = figure.translate(_DIGITS)
    if not digits.isdigit():
        return False
    known = _numbers(language) | _backing(language)
    return any(known.get(word) == digits for word in _TOKEN.findall(folded(source)))


def absent_number_words(text: str, source: str, language: str) -> tuple[str, ...]:
    """Give the numbers that a text says in words and its source in no way, each once.

    language is a primary subtag. A source without any number of its own backs whatever was counted.
    """
    numbers = _numbers(language)
    if not numbers:
        return ()
    there = set(_TOKEN.findall(folded(source)))
    known = {numbers.get(word, word) for word in there if word in numbers or word.isdigit()}
    return tuple(
        dict.fromkeys(
            word
            for word in _TOKEN.findall(folded(text))
            if word in numbers and known and numbers[word] not in known
        )
    )


_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")


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
