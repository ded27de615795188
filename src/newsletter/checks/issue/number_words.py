"""Small numbers as text counts with them, in figures and in words of five languages; pure."""

import re
from collections.abc import Mapping

MOST_COUNTED = 30
_NUMBERS: Mapping[str, int] = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "une deux trois quatre cinq six sept huit neuf dix onze douze",
        "eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "un dau tri pedwar pum chwech saith wyth naw deg",
    )
    for number, word in enumerate(words.split(), 1)
} | {"un": 1, "dwy": 2, "tair": 3, "pedair": 4, "phum": 5, "chwe": 6, "uno": 1, "ein": 1}
COUNT = r"(\d{1,2}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
"""A pattern of one group: the number."""


def number_of(hit: re.Match[str]) -> int:
    """Return the number of a hit's first group that took part; 0 for none, or for a large one."""
    written = next((group for group in hit.groups() if group), "")
    number = int(written) if written.isdigit() else _NUMBERS.get(written.casefold(), 0)
    return number if number <= MOST_COUNTED else 0
