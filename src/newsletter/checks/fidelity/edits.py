"""What was changed in a sentence that was taken from the source; pure, for English.

A summary is mostly the source's own sentences, tightened. Each of its sentences is laid beside the
one of the source that it shares most words with, word by word; where the words around a gap are
the same, what fills the gap is compared: another noun ("owner", where the source has "manager"),
another figure, day or name of the source, two names that changed places, a "not" too many or too
few. Words left out change nothing here, and neither do words that editors exchange freely.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from newsletter.checks.fidelity.denials import assured, says_no, turned
from newsletter.checks.fidelity.sentences import (
    Edit,
    Sentence,
    Token,
    nearest_to,
    read_sentences,
    with_stem,
    words_of,
)
from newsletter.checks.fidelity.synonyms import are_alike, are_rivals

FEWEST_LOOSE = 4  # where the sentences are not compared word by word
LONGEST_GAP = 3  # words; where more are exchanged, the sentence was written anew
MOST_BETWEEN = 4  # words between two names that may have changed places
FEWEST_AROUND = 3  # words beside a gap that stand in both
MOST_ELSEWHERE = 1  # words that a figure's own sentence shares, where it was taken out of it


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YEAR = re.compile("(?:19|20)[0-9]{2}")
_SEASONS = _set_of("spring summer autumn winter season year end start beginning middle")


def edits(text: str, source: str) -> Iterator[Edit]:
    """Give the first change of sense in each of a text's sentences."""
    sentences = read_sentences(source)
    known = frozenset().union(*(one.stems for one in sentences))
    for sentence in read_sentences(text):
        near = nearest_to(sentence, sentences)
        copied = (
            (_exchanged(sentence, near, known), _misplaced(sentence, near, sentences))
            if (near is not None)
            else ()
        )
        found = chain(
            turned(sentence, sentences),
            *copied,
            _between(sentence, sentences),
            _swapped(sentence, sentences),
            _opposed(sentence, sentences),
            _other_dates(sentence, sentences),
            assured(sentence, sentences),
        )
        yield from islice(found, 1)


def _exchanged(here: Sentence, there: Sentence, known: frozenset[str]) -> Iterator[Edit]:
    matcher = difflib.SequenceMatcher(a=there.keys, b=here.keys, autojunk=False)
    operations = matcher.get_opcodes()
    for place, (kind, start, end, first, until) in enumerate(operations):
        if kind != "replace" or max(end - start, until - first) > LONGEST_GAP:
            continue
        before = operations[place - 1] if place else None
        behind = operations[place + 1] if place + 1 < len(operations) else None
        around = [one for one in (before, behind) if one is not None and one[0] == "equal"]
        words = sum(one[2] - one[1] for one in around)
        is_held = len(around) == 2 or before is None or behind is None  # noqa: PLR2004
        if not is_held or words < FEWEST_AROUND:
            continue
        edit = _edit(here.tokens[first:until], there.tokens[start:end], here, known)
        if edit is not None:
            yield Edit(told=edit[0], there=edit[1], source=there.text)


def _opposed(here: Sentence, sentences: Sequence[Sentence]) -> Iterator[Edit]:
    """Give a word that the sentence this one was made from lacks, and whose rival it has."""
    if says_no(here):
        return
    for one in here.tokens:
        if one.kind or not one.tells:
            continue
        backed = max(
            (len(each.stems & here.stems) for each in with_stem(one.stem, sentences)), default=0
        )
        for there in sentences:
            shared = len(there.stems & here.stems)
            if shared < FEWEST_LOOSE or shared < backed or one.stem in there.stems:
                continue
            for other in there.tokens:
                is_left_out = other.tells and other.stem not in here.stems
                is_rival = is_left_out and are_rivals(one.word, other.word, in_place=False)
                if is_rival and not says_no(there):
                    yield Edit(told=one.shown, there=other.shown, source=there.text)
                    return


def _misplaced(here: Sentence, there: Sentence, sentences: Sequence[Sentence]) -> Iterator[Edit]:
    """Give a figure or date with which the source tells of something else."""
    for one in here.tokens:
        if one.kind not in {"figure", "day", "month"} or one.stem in there.stems:
            continue
        others = [
            other
            for other in there.tokens
            if other.stem not in here.stems and _measure(other) == (_measure(one) or None)
        ]
        around = [
            len((each.stems & here.stems) - {one.stem}) for each in with_stem(one.stem, sentences)
        ]
        if others and around and max(around) <= MOST_ELSEWHERE:
            yield Edit(told=one.shown, there=others[0].shown, source=there.text)
            return


def _measure(token: Token) -> str:
    """Give what a figure is of, so that a year is not held against a price."""
    if token.kind != "figure":
        return token.kind
    if _YEAR.fullmatch(token.word):
        return "year"
    if len(token.word) == 1:
        return ""  # one, two and five count anything
    return re.sub(r"[\d.,]+", "#", token.word)


def _between(here: Sentence, sentences: Sequence[Sentence]) -> Iterator[Edit]:
    """Give a word between two that stand as near to each other in the source: "two _ ferries"."""
    for before, one, behind in _threes(here):
        if one.kind:
            continue
        for sentence in sentences:
            if not {before.stem, behind.stem} <= sentence.stems:
                continue
            for other_before, other, other_behind in _threes(sentence):
                if (before.stem, behind.stem) == (
                    other_before.stem,
                    other_behind.stem,
                ) and are_rivals(one.word, other.word, in_place=True):
                    yield Edit(told=one.shown, there=other.shown, source=sentence.text)
                    return


def _swapped(here: Sentence, sentences: Sequence[Sentence]) -> Iterator[Edit]:
    """Give two names with a verb between them that stand the other way round in the source."""
    for (first, middle, second), shown in _pairs(here):
        there = {
            key: (other, one.text)
            for one in sentences
            if {first, second} <= one.stems
            for key, other in _pairs(one)
        }
        turned = there.get((second, middle, first))
        if turned is not None and (first, middle, second) not in there:
            yield Edit(told=shown, there=turned[0], source=turned[1])
            return


def _pairs(sentence: Sentence) -> Iterator[tuple[tuple[str, str, str], str]]:
    tokens = sentence.tokens
    names = [at for at, one in enumerate(tokens) if one.tells and one.shown[0].isupper()]
    for first in names:
        for second in names:
            middle = tokens[first + 1 : second]
            if 0 < len(middle) <= MOST_BETWEEN and any(one.tells for one in middle):
                words = " ".join(one.stem for one in middle)
                shown = words_of(tokens[first : second + 1])
                yield (tokens[first].stem, words, tokens[second].stem), shown


def _other_dates(here: Sentence, sentences: Sequence[Sentence]) -> Iterator[Edit]:
    """Give "summer of 2028", where the source has another year beside each of its summers."""
    there: dict[str, dict[str, tuple[str, str]]] = {}
    for one in sentences:
        for season, year, shown in _dates(one):
            there.setdefault(season, {})[year] = (shown, one.text)
    for season, year, shown in _dates(here):
        if season in there and year not in there[season]:
            other, told = next(iter(there[season].values()))
            yield Edit(told=shown, there=other, source=told)
            return


def _dates(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    tokens = sentence.tokens
    for place, one in enumerate(tokens):
        season = tokens[place - 1 - (tokens[place - 1].word == "of")] if place else one
        if _YEAR.fullmatch(one.word) and (season.kind == "month" or season.word in _SEASONS):
            yield season.stem, one.word, f"{season.shown} {one.shown}"


def _threes(sentence: Sentence) -> Iterator[tuple[Token, Token, Token]]:
    tokens = sentence.tokens
    for three in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if all(token.tells for token in three):
            yield three


def _edit(
    new: Sequence[Token], old: Sequence[Token], here: Sentence, known: frozenset[str]
) -> tuple[str, str] | None:
    gone = [one for one in old if one.stem not in here.stems]
    for one in new:
        if any(are_alike(one.word, other.word) for other in gone):
            continue
        # what the source has nowhere is told by those who look for figures and names
        is_moved = bool(one.kind) and one.stem in known
        if (is_moved and any(one.kind == other.kind for other in gone)) or any(
            are_rivals(one.word, other.word, in_place=True) for other in gone
        ):
            return words_of(new), words_of(old)
    return None
