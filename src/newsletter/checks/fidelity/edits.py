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
from decimal import Decimal
from itertools import chain, islice, pairwise

from newsletter.checks.derived_figures import is_rounded, is_year
from newsletter.checks.fidelity.contraries import contraries
from newsletter.checks.fidelity.denials import assured, says_no, turned
from newsletter.checks.fidelity.other_clauses import of_another_clause
from newsletter.checks.fidelity.sentences import (
    YEAR,
    Edit,
    Sentence,
    Source,
    Token,
    dates,
    nearest_to,
    pairs,
    read_source,
    threes,
    words_of,
)
from newsletter.checks.fidelity.synonyms import are_alike, are_rivals, has_rivals

_POSSESSIVE = re.compile(r"['\u2019]s?$")
_ONE = Token("1", "1", "1", "figure", tells=True)
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "fortnight": 20_160}
_ARTICLES = {"a": "1", "an": "1"}
_COUNTED_ON = frozenset(("later", "earlier"))
_AT = frozenset(("in", "at", "on", "near", "outside"))
FEWEST_LOOSE = 4  # where the sentences are not compared word by word
LONGEST_GAP = 3  # words; where more are exchanged, the sentence was written anew
MOST_COMPARED = 5  # places of the source, where there are more of a kind
FEWEST_AROUND = 3  # words beside a gap that stand in both
MOST_ELSEWHERE = 1  # words that a figure's own sentence shares, where it was taken out of it


def edits(text: str, source: str) -> Iterator[Edit]:
    """Return the first change of sense in each of a text's sentences."""
    there = read_source(source)
    for sentence in read_source(text).sentences:
        near = nearest_to(sentence, there)
        found = chain(
            turned(sentence, there),
            _exchanged(sentence, near, there) if near is not None else (),
            _misplaced(sentence, near, there) if near is not None else (),
            _between(sentence, there),
            _swapped(sentence, there),
            _opposed(sentence, there),
            _other_dates(sentence, there),
            assured(sentence, there),
            contraries(sentence, there),
            of_another_clause(sentence, there),
        )
        yield from islice(found, 1)


def _exchanged(here: Sentence, there: Sentence, source: Source) -> Iterator[Edit]:
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
        edit = _edit(here.tokens[first:until], there.tokens[start:end], here, source)
        if edit is not None:
            yield Edit(told=edit[0], there=edit[1], source=there.text)


def _opposed(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a word that the sentence this one was made from lacks, and whose rival it has."""
    words = [one for one in here.tokens if one.tells and not one.kind and has_rivals(one.word)]
    if not words or says_no(here):
        return
    nearby = source.shared(here).most_common(MOST_COMPARED)
    for one in words:
        backed = max(
            (len(each.stems & here.stems) for each in source.with_stem(one.stem)), default=0
        )
        for there, shared in nearby:
            is_backed = shared < backed or backed >= FEWEST_LOOSE
            if shared < FEWEST_LOOSE or is_backed or one.stem in there.stems:
                continue
            for other in there.tokens:
                is_left_out = other.tells and other.stem not in here.stems
                is_rival = is_left_out and are_rivals(one.word, other.word, in_place=False)
                if is_rival and not says_no(there):
                    yield Edit(told=one.shown, there=other.shown, source=there.text)
                    return


def _misplaced(here: Sentence, there: Sentence, source: Source) -> Iterator[Edit]:
    """Return a figure or date with which the source tells of something else."""
    for one in here.tokens:
        if one.kind not in {"figure", "day", "month"} or one.stem in there.stems:
            continue
        if any(_is_rounded(one, other) for other in there.tokens) or _is_score(one, here, source):
            continue
        others = [
            other
            for other in there.tokens
            if other.stem not in here.stems and _measure(other) == (_measure(one) or None)
        ]
        around = [
            len((each.stems & here.stems) - {one.stem}) for each in source.with_stem(one.stem)
        ]
        if others and around and max(around) <= MOST_ELSEWHERE:
            yield Edit(told=one.shown, there=others[0].shown, source=there.text)
            return


def _is_score(one: Token, here: Sentence, source: Source) -> bool:
    """Return whether two figures stand side by side in the source as well: "38 votes to 22"."""
    figures = [token.word for token in here.tokens if token.kind == "figure"]
    beside = {pair for pair in pairwise(figures) if one.word in pair}
    return any(
        not beside.isdisjoint(
            pairwise(token.word for token in each.tokens if token.kind == "figure")
        )
        for each in source.with_stem(one.stem)
    )


def _measure(token: Token) -> str:
    """Return what a figure is of, so that a year is not held against a price."""
    if token.kind != "figure":
        return token.kind
    if YEAR.fullmatch(token.word):
        return "year"
    if len(token.word) == 1:
        return ""  # one, two and five count anything
    return re.sub(r"[\d.,]+", "#", token.word)


def _between(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a word between two that stand as near to each other in the source: "two _ ferries"."""
    for before, one, behind in threes(here):
        for other, there in source.between.get((before.stem, behind.stem), ())[:MOST_COMPARED]:
            if not one.kind and are_rivals(one.word, other.word, in_place=True):
                yield Edit(told=one.shown, there=other.shown, source=there.text)
                return


def _swapped(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return two names with a verb between them that stand the other way round in the source."""
    for (first, middle, second), shown in pairs(here):
        turned_round = source.pairs.get((second, middle, first))
        if turned_round is not None and (first, middle, second) not in source.pairs:
            other, there = turned_round
            yield Edit(told=shown, there=other, source=there.text)
            return


def _other_dates(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return "summer of 2028", where the source has another year beside each of its summers."""
    for season, year, shown in dates(here):
        there = source.dates.get(season, {})
        if there and year not in there:
            other, sentence = next(iter(there.values()))
            yield Edit(told=shown, there=other, source=sentence.text)
            return


def _edit(
    new: Sequence[Token], old: Sequence[Token], here: Sentence, source: Source
) -> tuple[str, str] | None:
    gone = [one for one in old if one.stem not in here.stems]
    if _is_described(new) or _is_wider(new, old) or _last(new) & _last(old):
        return None
    if any(one.word in _COUNTED_ON for one in new) and any(one.kind == "month" for one in old):
        return None  # "five days later" for the date itself
    for one in new:
        if any(_is_rounded(one, other) for other in old):
            continue
        if one.kind == "figure" and any(_digits(one) == _digits(other) for other in old):
            continue  # "$640m" for "$640 million"
        if any(are_alike(one.word, other.word) for other in gone):
            continue
        # what the source has nowhere is told by those who look for figures and names
        is_moved = (
            bool(one.kind) and one.stem in source.by_stem and not _is_score(one, here, source)
        )
        if (is_moved and any(one.kind == other.kind for other in gone)) or any(
            are_rivals(one.word, other.word, in_place=True) for other in gone
        ):
            return words_of(new), words_of(old)
    return None


def _digits(token: Token) -> str:
    return re.sub(r"[^\d.]", "", token.word)


def _last(tokens: Sequence[Token]) -> frozenset[int]:
    """Return how many minutes a stretch of words says that something lasts: "seven days"."""
    minutes = {
        int(float(_ARTICLES.get(before.word, before.word)) * _MINUTES[unit.word.removesuffix("s")])
        for before, unit in pairwise((_ONE, *tokens))
        if unit.word.removesuffix("s") in _MINUTES
        and re.fullmatch(r"\d{1,4}(?:\.\d+)?", _ARTICLES.get(before.word, before.word))
    }
    return frozenset(minutes)


def _is_described(new: Sequence[Token]) -> bool:
    """Return whether somebody is called by what he is to another: "Horan's lieutenant"."""
    return any(
        _POSSESSIVE.search(one.shown)
        and one.shown[0].isupper()
        and other.tells
        and not other.shown[0].isupper()
        for one, other in pairwise(new)
    )


def _is_wider(new: Sequence[Token], old: Sequence[Token]) -> bool:
    """Return whether a place is told otherwise: "in Aberdeen" for "at Jamieson's Quay"."""
    mine, theirs = new[0].word, old[0].word
    return mine != theirs and {mine, theirs} <= _AT


def _is_rounded(one: Token, other: Token) -> bool:
    if not one.word.isdigit() or not other.word.isdigit() or is_year(one.shown):
        return False
    return one.word != other.word and is_rounded(Decimal(other.word), Decimal(one.word))
