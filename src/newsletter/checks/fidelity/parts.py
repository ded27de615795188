"""Texts cut into parts that each tell one thing, as what is told in free words is compared; pure.

A part is what stands between commas, dashes and words such as "and" and "while". Where an editor
wrote anew, nothing but a few rare words shows which part of the source he tells of: names, figures
and nouns that the source has once or twice. So shared words count by how rare they are there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.fidelity.sentences import Sentence, Source, Token, read_source, tokens_of
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded

_ASIDE = re.compile(r",\s(?:however|though|meanwhile|too|also|instead|by contrast),|\s\([^()]*\)")
# "A strike, due to begin on Friday, has been suspended": the verb's part takes the subject along.
_VERB_FIRST = re.compile(
    r"(?:has|have|had|is|are|was|were|will|would|may|might|could|can|should|must|did|does)\b"
)
_BOUNDS = re.compile(
    r",(?!\d)\s*|\s*[;\u2013\u2014]\s*"
    r"|\s+(?=(?:and|but|while|whereas|though|although|which|who|after|before|because)\b)",
    re.IGNORECASE,
)
# "In the village of Oberlauen, which has the station, most were for it."
_PLACE_FIRST = re.compile(r"(?:in|at|for|among)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:which|who|while|although|though|but)\b", re.IGNORECASE)
FEWEST = 3  # words of a piece that may have a verb
RAREST, RARE, COMMON, USUAL = 1.5, 1.0, 0.7, 0.4
"""What a shared word weighs that the source has in one, two, three or more sentences."""
FIGURE = 2.0  # the weight of a figure of two digits or more, which stands for one fact


@dataclass(frozen=True, slots=True, eq=False)  # each is itself alone
class Part:
    """A part of a sentence: folded text, words, the stems of those that tell, and the sentence."""

    text: str
    tokens: tuple[Token, ...]
    stems: frozenset[str]
    sentence: Sentence


@lru_cache(maxsize=128)
def read_parts(text: str) -> tuple[Part, ...]:
    """Cut a text into parts, in order."""
    return tuple(part for one in read_source(text).sentences for part in parts_of(one))


@lru_cache(maxsize=1024)
def parts_of(sentence: Sentence) -> tuple[Part, ...]:
    """Cut a sentence into its parts; one without a word that tells is none."""
    return tuple(_parts(sentence))


def _parts(sentence: Sentence) -> Iterator[Part]:
    subject = before = ""
    for piece in _BOUNDS.split(_ASIDE.sub(" ", sentence.text)):
        subject = subject or piece
        if _VERB_FIRST.match(piece):
            piece = f"{subject} {piece}"  # noqa: PLW2901 (with who does it)
        elif _PLACE_FIRST.match(subject) and piece is not subject and not _RELATIVE.match(piece):
            piece = f"{subject} {piece}"  # noqa: PLW2901 (with where it is so)
        elif piece.startswith("and ") and len(before.split()) < FEWEST:
            piece = f"{before} {piece}"  # noqa: PLW2901 (two who act together)
        before = piece
        tokens = tuple(tokens_of(piece))
        stems = stems_of(tokens)
        if stems:
            yield Part(folded(piece), tokens, stems, sentence)


def stems_of(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the stems of the words that tell, "seriously" as "serious"."""
    return frozenset(_root(token) for token in tokens if token.tells)


def shared_weight(stems: frozenset[str], others: frozenset[str], source: Source) -> float:
    """Return how much two sets of stems have in common, by how rare each is in the source."""
    return sum(_weight(stem, source) for stem in stems & others)


def _weight(stem: str, source: Source) -> float:
    if stem[0] in "£$€" or sum(map(str.isdigit, stem)) > 1:
        return FIGURE
    times = len(source.with_stem(stem))
    if stem.isdigit():
        return COMMON if times == 1 else USUAL
    return {0: RARE, 1: RAREST, 2: RARE, 3: COMMON}.get(times, USUAL)


def _root(token: Token) -> str:
    is_manner = token.word.endswith("ly") and len(token.word) > 6  # noqa: PLR2004 (no "July")
    return stem_of(token.word[:-2], "en") if is_manner else token.stem
