"""Whether a text states as a fact what its source only reports; pure, for English.

Each sentence of the text is laid beside the clauses of the source. Where the clause it is most
like is hedged ("reportedly", "claimed", "according to") and the sentence neither hedges nor says
who says so, the hedge was dropped. Words that the source uses seldom weigh more than those it
uses all the time.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from newsletter.checks.fidelity.demonyms import PLACES
from newsletter.checks.wording import folded
from newsletter.model.sentences import (
    ADVERB,
    GOVERNING,
    SOFTENED,
    is_attributed,
    is_left_open,
    split_sentences,
)

FEWEST_SHARED = 2  # words; one alone says nothing
MOST_LIKE = 0.4  # of a sentence's weight that a clause has to hold to be what it tells
AS_LIKE = 0.9  # a plain clause this near to the hedged one backs the sentence as well


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_CLAUSE = re.compile(
    r"(?:,\s+(?=(?:with|while|but|and|after|although|though|as|which|who|where|before)\b)|;\s)"
)
_APART = re.compile(r";\s")  # each part has its own verb, and its own doubt
_NAME = re.compile(r"(?<=\s)[A-Z][\w'-]+|^[A-Z][\w'.-]+(?= [A-Z])")
# "She met him, and denies that she spoke to him": what is denied is told, and is not the meeting.
_DENIES = re.compile(
    r",? (?:and|but) den(?:y|ies|ied)(?: that\b| having\b| \w+ing\b).*$", re.DOTALL
)
_IGNORED = _set_of(
    "a about according after all alleged allegedly also although an and any apparently are as "
    "at be because been before being believed both but by can claim claimed claims could did "
    "do does for from had has have having he her him his how i if in into is it its just may "
    "might more most much no nor not now of off on one only or other our out over own "
    "reported reportedly reports s said same say saying says she should so some such "
    "supposedly than that the their them then there these they this those though thought "
    "through to told too under understood until up very was we were what when where which "
    "while who will with would you your"
)
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "ly", "s", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedHedge:
    """A sentence that states flatly what the source hedges, and the source's own sentence."""

    sentence: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    words: frozenset[str]
    is_hedged: bool
    sentence: str


def dropped_hedges(text: str, body: Sequence[str]) -> tuple[DroppedHedge, ...]:
    """Compare a text with the paragraphs of running text of its source.

    Titles and standfirsts back nothing here: they are where a hedge is lost first.
    """
    clauses = tuple(clause for paragraph in body for clause in _clauses(paragraph))
    if not any(clause.is_hedged for clause in clauses):
        return ()
    weights = _weights(clauses)
    told = (_DENIES.sub("", text[start:end]) for start, end in split_sentences(text))
    found = (_dropped(one, clauses, weights) for one in told if not is_attributed(one))
    return tuple(one for one in found if one is not None)


def _dropped(
    sentence: str, clauses: Sequence[_Clause], weights: Mapping[str, float]
) -> DroppedHedge | None:
    words = _words(sentence)
    names = _names(sentence)
    whole = sum(_weight(word, weights) for word in words)
    best = {True: 0.0, False: 0.0}
    told = ""
    for clause in clauses:
        shared = words & clause.words
        if len(shared - names) < FEWEST_SHARED:
            continue
        likeness = sum(_weight(word, weights) for word in shared) / whole
        if clause.is_hedged and likeness > best[True]:
            told = clause.sentence
        best[clause.is_hedged] = max(best[clause.is_hedged], likeness)
    if best[True] < MOST_LIKE or best[False] >= AS_LIKE * best[True]:
        return None
    return DroppedHedge(sentence=sentence, source=told)


def _names(sentence: str) -> frozenset[str]:
    """Return the names of a sentence; who is spoken of is not yet what is said."""
    return _words(" ".join(_NAME.findall(sentence)))


@lru_cache(maxsize=1024)  # a source is read again for each paragraph of its summary
def _clauses(paragraph: str) -> tuple[_Clause, ...]:
    return tuple(_read_clauses(paragraph))


def _read_clauses(paragraph: str) -> Iterator[_Clause]:
    for start, end in split_sentences(paragraph):
        sentence = paragraph[start:end]
        for whole in _APART.split(sentence):
            plain = SOFTENED.sub(" ", whole)
            governed = GOVERNING.search(plain) is not None
            for part in (plain,) if governed else _CLAUSE.split(plain):
                yield _Clause(
                    words=_words(part),
                    is_hedged=governed or ADVERB.search(part) is not None or is_left_open(part),
                    sentence=sentence,
                )


def _weights(clauses: Sequence[_Clause]) -> Mapping[str, float]:
    counts = Counter(word for clause in clauses for word in clause.words)
    return {word: log(1 + len(clauses) / count) for word, count in counts.items()}


def _weight(word: str, weights: Mapping[str, float]) -> float:
    """Weigh a word; one that the source lacks counts as an ordinary paraphrase."""
    return weights.get(word, 1.0)


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(folded(text)) if word not in _IGNORED)


def _stem(word: str) -> str:
    plain = re.sub(r"'s?$", "", word)
    if plain in PLACES:
        return PLACES[plain]
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) > 2:  # noqa: PLR2004 (of a stem)
            return plain[: -len(ending)]
    return plain
