"""Small numbers in the words of French, German and Spanish that a source does not have; pure."""

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


@lru_cache(maxsize=8)
def _numbers(language: str) -> dict[str, str]:
    words = _WORDS.get(language, "").split()
    return {word: str(number) for number, word in enumerate(words, 2) if word != "-"}
