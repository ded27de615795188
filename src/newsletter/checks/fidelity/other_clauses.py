"""Figures that a clause takes from another matter of its source; pure, for English.

"Against the 117,000 that economists had expected", where the source says that they had expected
120,000, and that October's figure was revised from 117,000.
"""

import re
from collections.abc import Iterator

from newsletter.checks.fidelity.sentences import YEAR, Edit, Sentence, Source, Token, read_source

FEWEST_SHARED = 2  # words that tell, beside figures
MOST_FIGURES = 2  # of a clause; with more nobody knows which is of what
COVERED = 0.6  # of the words of the source's clause that the text's has too
_CLAUSE = re.compile(r"[,:](?!\d)|[;\u2013\u2014()]|\b(?:and|but|while|whereas|though|although)\b")


def of_another_clause(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return the first figure of a sentence that stands in another matter of the source."""
    for clause in _clauses(here.text):
        figures = [one for one in clause.tokens if one.kind == "figure" and _shape(one)]
        words = _words(clause)
        if not 0 < len(figures) <= MOST_FIGURES or len(words) < FEWEST_SHARED:
            continue
        for figure in figures:
            stated = source.with_stem(figure.stem)
            if not stated or any(_words(one) & words for one in stated):
                continue
            found = _same_matter(clause, words, figure, source)
            if found is not None:
                yield found
                return


def _same_matter(
    clause: Sentence, words: frozenset[str], figure: Token, source: Source
) -> Edit | None:
    for sentence in source.shared(clause):
        for there in _clauses(sentence.text):
            shared, own = words & _words(there), _words(there)
            others = [one for one in there.tokens if one.kind == "figure"]
            if len(shared) < max(FEWEST_SHARED, COVERED * len(own)) or len(others) != 1:
                continue
            other = others[0]
            if _shape(other) == _shape(figure) and other.stem not in clause.stems:
                return Edit(told=figure.shown, there=other.shown, source=sentence.text)
    return None


def _clauses(text: str) -> Iterator[Sentence]:
    for part in _CLAUSE.split(text):
        yield from read_source(part).sentences


def _words(sentence: Sentence) -> frozenset[str]:
    return frozenset(one.stem for one in sentence.tokens if one.tells and one.kind != "figure")


def _shape(token: Token) -> str:
    """Return the looks of a figure, so that no price is held against a share; "" of small ones."""
    if YEAR.fullmatch(token.word):
        return "year"
    if len(token.word) == 1:
        return ""
    return re.sub(r"[\d.,]+", "#", token.word)
