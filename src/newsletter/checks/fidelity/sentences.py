"""Sentences as `edits` compares them: words with stem and kind, and what they share; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.figures import number_word
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 3  # words with a sense of their own that make a sentence the other's copy
COPIED = 0.5  # of a sentence's own such words


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[£$€]?\d(?:[\d.,]*\d)?%?(?:[a-z]{1,3}\b)?|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_FORMS = (
    (re.compile(r"\bcan(?:'|\u2019)?t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['\u2019]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\bshan['\u2019]t\b", re.IGNORECASE), "shall not"),
    (re.compile(r"n['\u2019]t\b", re.IGNORECASE), " not"),
)
_SMALL = _set_of(
    "a about according also although am an and any are as at be because been being but by can"
    " could did do does each either for from had has have having he her here hers him his how i if"
    " in into is it its itself just may me might more most must my near next of off on one only"
    " or other our out own per quite rather s shall she should since so some such than that the"
    " their them then there these they this those though through to too up us very was we were"
    " what when where whether which while who whom whose will with within would yet you your"
    " said says say told added adds told mr mrs ms miss dr sir dame new"
)
_NOT = _set_of("not never no neither nor none without unless nobody nothing hardly barely")
_DAYS = _set_of("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = _set_of(
    "january february march april may june july august september october november december"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure: folded, cut to its stem, and as written.

    kind is "figure", "day", "month", "name" or, of all others, "". tells says that it has a sense
    of its own.
    """

    word: str
    stem: str
    shown: str
    kind: str
    tells: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """stems are those of the words that tell; around has those of the sentence before it too."""

    text: str
    tokens: tuple[Token, ...]
    stems: frozenset[str]
    around: frozenset[str]

    @property
    def denials(self) -> int:
        """How often it says "not", "never", "nobody"."""
        return sum(token.word in _NOT for token in self.tokens)

    @property
    def keys(self) -> list[str]:
        """What two sentences are laid beside each other by."""
        return [token.stem for token in self.tokens]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of sense: what the text has, what the source has in its place, and its sentence.

    there is "" where the source has nothing like it.
    """

    told: str
    there: str
    source: str

    def message(self, whose: str) -> str:
        """Say it in a few words; whose is what the text was compared with: "the source"."""
        if not self.there:
            return f"“{self.told}”, which {whose} does not say"
        return f"“{self.told}”, where {whose} has “{self.there}”"


def words_of(tokens: Sequence[Token]) -> str:
    """Give words as written."""
    return " ".join(token.shown for token in tokens)


def with_stem(stem: str, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Give the sentences that have a word of this stem."""
    return (one for one in sentences if stem in one.stems)


def nearest_to(sentence: Sentence, sentences: Sequence[Sentence]) -> Sentence | None:
    """Give the source's sentence that this one was made from, None where it was written anew."""
    best = max(sentences, key=lambda one: len(one.stems & sentence.stems), default=None)
    if best is None:
        return None
    shared = len(best.stems & sentence.stems)
    is_copy = shared >= min(FEWEST_SHARED, len(sentence.stems) - 1) and (
        shared >= COPIED * len(sentence.stems)
    )
    return best if is_copy else None


@lru_cache(maxsize=128)  # a source is laid beside its headline and each paragraph of its summary
def read_sentences(text: str) -> tuple[Sentence, ...]:
    """Take a text apart, line by line; a sentence without a word that tells is none."""
    found: list[Sentence] = []
    for line in text.split("\n"):
        before: frozenset[str] = frozenset()
        for start, end in split_sentences(line):
            tokens = tuple(_tokens(line[start:end]))
            stems = frozenset(token.stem for token in tokens if token.tells)
            if stems:
                found.append(Sentence(line[start:end], tokens, stems, stems | before))
            before = stems
    return tuple(found)


def _tokens(sentence: str) -> Iterator[Token]:
    for pattern, form in _FORMS:
        sentence = pattern.sub(form, sentence)
    before = ""
    for hit in _WORD.finditer(sentence):
        shown = hit[0]
        word = folded(shown).removesuffix("'s").removesuffix("'")
        number = number_word(word)
        kind = ""
        if word[0].isdigit() or word[0] in "£$€" or number is not None:
            kind = "figure"
            word = word.replace(",", "") if number is None else number
        elif word in _DAYS:
            kind = "day"
        elif word in _MONTHS and shown[0].isupper():
            kind = "month"
        elif shown[0].isupper() and before:
            kind = "name"
        tells = (word not in _SMALL and word not in _NOT and len(word) > 1) or kind == "figure"
        yield Token(word, word if kind == "figure" else stem_of(word, "en"), shown, kind, tells)
        before = word
