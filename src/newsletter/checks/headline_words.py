"""The words of a headline that tell one story from others, in one form for all spellings; pure.

"Nineteen" is 19, "3.5 per cent" is 3.5%, endings are cut, and words that any headline may have are
left out. Welsh words lose their first consonants, which change with the word before them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.figures import figures_in
from newsletter.checks.wording import folded

FEWEST_SHARED = 4  # words; fewer are a phrase
FEWEST_WITH_FIGURE = 3  # words beside the same figure
ALIKE = 0.75  # of the words of the shorter of two headlines


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL = _set_of(
    "the a an of in on at to for and is are was as by with from it its be will has have over after"
    " but or that this new says said say we you i he she they his her their our not no how why"
    " what who when where than into up out off per cent percent could may would can more"
    " le la les l un une des du de d et à au aux en dans par pour avec sur est ce cette son sa ses"
    " qui que ne pas plus se s leur"
    " der die das den dem des ein eine einen einem einer und oder in im am an auf für von vom zu"
    " zum zur mit bei nach ist sind wird hat haben sich nicht auch aus als es"
    " va vont être sera a ont"
    " el los las uno unas y o del al con por para su sus es son está se lo que no más sin"
    " y yr i ar gan gyda yn o am at wrth a ac ei eu mae bydd oedd wedi"
    " في من على إلى عن مع هذا هذه التي الذي أن ما لا بعد قبل"
)
_COUNTING = _set_of("one two three four five six seven eight nine ten first second new old")
_ENDINGS = (
    "ingly",
    "ings",
    "ing",
    "ied",
    "ies",
    "ed",
    "es",
    "s",
    "e",
    "ung",
    "en",
    "er",
    "eront",
    "aient",
    "era",
    "ará",
    "erá",
    "ées",
    "ée",
)
_LEAST_STEM = 4
_MUTATED = re.compile(r"^(?:ngh|mh|nh|ng|ph|th|ch|dd|ff|ll|rh|[bcdfgmpt])")
_SAME = {
    "held": "hold",
    "sold": "sell",
    "won": "win",
    "wins": "win",
    "lost": "lose",
    "loses": "lose",
}
_SAME |= {"rose": "rise", "fell": "fall", "shut": "close", "shuts": "close", "begun": "begin"}
_SAME |= {"began": "begin", "starts": "begin", "start": "begin", "built": "build", "bought": "buy"}
_SAME |= {"paid": "pay", "left": "leave", "made": "make", "took": "take", "gave": "give"}


@dataclass(frozen=True, slots=True)
class HeadlineWords:
    """words are cut to their stems; figures are "19", "3.5 percent", in the order they stand."""

    words: frozenset[str]
    figures: tuple[str, ...]
    is_score: bool = False

    @classmethod
    def of(cls, headline: str, language: str) -> "HeadlineWords":
        """Take a headline apart."""
        text = folded(headline)
        found = figures_in(text) if language == "en" else ()
        figures = [one.name or f"{one.value.normalize():f} {one.kind}".strip() for one in found]
        if language == "en":
            for figure in reversed(found):
                text = f"{text[: figure.start]} {text[figure.end :]}"
        else:
            figures = re.findall(r"\d+(?:[.,]\d+)*", text)
        words = (stem_of(word, language) for word in _WORD.findall(text) if word not in _SMALL)
        return cls(
            frozenset(word for word in words if word),
            tuple(figures),
            re.search(r"\d-\d", folded(headline)) is not None,
        )

    def tells_the_same(self, other: "HeadlineWords") -> bool:
        """Whether two headlines are one in other words; "Leeds 2-1" and "Leeds 1-2" are two."""
        if self.figures and other.figures:
            is_score = self.is_score or other.is_score
            mine, theirs = (self.figures, other.figures)
            if (mine != theirs) if is_score else (sorted(mine) != sorted(theirs)):
                return False
        shared = len(self.words & other.words)
        fewest = (
            FEWEST_WITH_FIGURE
            if self.figures and sorted(self.figures) == sorted(other.figures)
            else FEWEST_SHARED
        )
        shorter = min(len(self.words), len(other.words))
        return shared >= fewest and shared >= ALIKE * shorter


@lru_cache(maxsize=2048)  # headlines and summaries are compared by several checks
def stems(text: str, language: str) -> frozenset[str]:
    """Return the stems of a folded text's words, without those that any text may have."""
    words = (word for word in _WORD.findall(text) if word not in _SMALL and len(word) > 1)
    return frozenset(stem_of(word, language) for word in words) - _COUNTING


@lru_cache(maxsize=16_384)  # an issue and its sources have so many words, and read them often
def stem_of(word: str, language: str) -> str:
    """Cut a folded word's ending off, so that its forms are one."""
    word = _SAME.get(word, word).partition("'")[0] or word
    if language == "cy":
        return _MUTATED.sub("", word) if len(word) > _LEAST_STEM else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word
