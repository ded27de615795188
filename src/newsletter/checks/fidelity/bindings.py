"""Figures and dates that a text ties to another thing than its source does; pure, for English.

"Three were taken to hospital, nine seriously hurt", where it was nine and three; another person's
age; "by 24 votes to 31"; "17 of 48 seats" for the 21 of 48; the day of another event. All of them
stand in the source, so that only what stands around them tells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from newsletter.checks.calendar_names import ANY_MONTH, MONTHS
from newsletter.checks.fidelity.parts import parts_of, stems_of
from newsletter.checks.fidelity.sentences import Edit, Sentence, read_source
from newsletter.checks.figures import Figure, figures_in
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded

LEAST_TURNED = 2  # words more that two figures share with each other's place than with their own
LEAST_ELSEWHERE = 3  # words of a figure's part that another figure's part of the source has
MOST_FIGURES = 8  # of a text that are laid beside each other
FEWEST_WORDS = 2  # of a part that stands whole in another figure's sentence
LEAST_MORE = 3  # words more that a figure's part shares with another figure's place
DIGITS = 2  # of a figure that stands for one fact
CLOSE = 4  # words that tell, right before a day
NEARER = 2  # words more that the part with another date shares

_AGE = re.compile(
    r"\b((?:[A-Z][\w'\u2019-]+ ){0,3}[A-Z][\w'\u2019-]+),? (?:who is |aged )?(\d{1,3})"
    r"(?=[,.;)]| years old| and\b|$)"
)
_SCORE = re.compile(
    r"(?<![\d.,-])(\d+)(?:%| per cent| votes?| seats?| points?| goals?)?(?: to |-|\u2013| against )"
    r"(\d+)(?!\d|[.,]\d)(?! ?(?:m|bn|million|billion)\b)"
)
_RANGE = re.compile(r"\b(?:from|between|aged)\b[^.;]{0,12}$")
_SHARE = re.compile(
    r"(?<![\d.,])(\d+|[a-z]+) of (?:the |its |their |his |her |all )?(\d{2,})(?![\d%]|[.,]\d)"
)
_SEASONS = {
    "spring": ("march", "april", "may"),
    "summer": ("june", "july", "august"),
    "autumn": ("september", "october", "november"),
    "winter": ("december", "january", "february"),
}
_IN_SEASON = frozenset(
    (one, stem_of(month, "en"))
    for season, months in _SEASONS.items()
    for one in (stem_of(season, "en"),)
    for month in months
)


_MONTH = re.compile(rf" (?:{ANY_MONTH})\b")
_MONTH_STEMS = frozenset(stem_of(month, "en") for month in MONTHS)
_OF_HARM = {
    stem_of(word, "en"): words.split()[0]
    for words in ("dead died die dies death deaths killed kills", "hurt injured wounded")
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure stands: what stands around it in its part, and in its whole sentence."""

    part: frozenset[str]
    whole: frozenset[str]
    sentence: Sentence


def other_ages(text: str, source: str) -> Iterator[Edit]:
    """Return a name with an age that the source gives to others, and to this one another."""
    known: dict[str, list[tuple[str, frozenset[str], str]]] = {}
    for sentence in read_source(source).sentences:
        for name, age in _ages(sentence.text):
            known.setdefault(name[-1], []).append((age, frozenset(name), sentence.text))
    for sentence in read_source(text).sentences:
        for name, age in _ages(sentence.text):
            same = [
                one
                for one in known.get(name[-1], ())
                if frozenset(name) <= one[1] or one[1] <= frozenset(name)
            ]
            # a surname alone may be of anybody who has it
            ages = {one[0] for one in (same if len(name) > 1 else known.get(name[-1], ()))}
            if same and age not in ages:
                yield Edit(
                    told=f"{name[-1].capitalize()}, {age}", there=same[0][0], source=same[0][2]
                )


def other_scores(text: str, source: str) -> Iterator[Edit]:
    """Return "24 to 31" for the source's "31 to 24", and "17 of 48" for its "21 of 48"."""
    known = {
        pair: sentence.text
        for sentence in read_source(source).sentences
        for pair in _scores(sentence.text)
    }
    shares: dict[str, dict[str, str]] = {}
    for sentence in read_source(source).sentences:
        for part, whole in _shares(sentence.text):
            shares.setdefault(whole, {})[part] = sentence.text
    for sentence in read_source(text).sentences:
        for first, second in _scores(sentence.text):
            there = known.get((second, first))
            if there and first != second and (first, second) not in known:
                yield Edit(told=f"{first} to {second}", there=f"{second} to {first}", source=there)
        for part, whole in _shares(sentence.text):
            others = shares.get(whole, {})
            if others and part not in others:
                other, there = next(iter(others.items()))
                yield Edit(told=f"{part} of {whole}", there=f"{other} of {whole}", source=there)


def other_figures(text: str, source: str) -> Iterator[Edit]:
    """Return two figures that changed places, and one in the place of another."""
    here, there = _places(text), _places(source)
    kept = {figure for pair in {*_scores(text)} & {*_scores(source)} for figure in pair}
    known = [key for key in here if key in there and key[0] not in kept][:MOST_FIGURES]
    for first, second in permutations(known, 2):
        if first >= second or first[1] != second[1]:
            continue
        own, turned = (
            _match(here, there, first, first, second),
            _match(here, there, first, second, first),
        )
        own_2, turned_2 = (
            _match(here, there, second, second, first),
            _match(here, there, second, first, second),
        )
        if turned > own and turned_2 > own_2 and turned + turned_2 - own - own_2 >= LEAST_TURNED:
            yield Edit(
                told=f"{_shown(first)} … {_shown(second)}",
                there=f"{_shown(second)} … {_shown(first)}",
                source=there[second][0].sentence.text,
            )
            return
    for key in known:
        for other in there:
            if other in here or other[1] != key[1] or (not key[1] and len(other[0]) < DIGITS):
                continue
            shared, own = _match(here, there, key, other, key), _match(here, there, key, key, other)
            if _is_other_place(key, shared, own, min(len(one.part) for one in here[key])):
                place = there[other][0].sentence.text
                yield Edit(told=_shown(key), there=_shown(other), source=place)
                return


def _is_other_place(figure: tuple[str, str], shared: int, own: int, words: int) -> bool:
    """Whether what stands around a figure of the text is plainly around another of the source."""
    if figure[1] == "":
        return len(figure[0]) >= DIGITS and shared > LEAST_ELSEWHERE and own == 0
    is_whole = FEWEST_WORDS <= words == shared and own == 0
    return is_whole or (shared >= LEAST_ELSEWHERE and shared >= own + LEAST_MORE)


def other_days(here: Sentence, source: str) -> Iterator[Edit]:
    """Return a day, month or season that the source tells of another event."""
    told = list(_times(here))
    sentences = read_source(source).sentences
    for kind, stem in told:
        is_one_of_many = sum(one == kind for one, _ in told) > 1
        if is_one_of_many or not any(stem == each for one in sentences for _, each in _times(one)):
            continue  # what stands nowhere is told by who looks for names
        parts = [part.stems for part in parts_of(here) if stem in part.stems]
        for stems in (*parts, stems_of(here.tokens)):
            # "9" of "9 April" belongs to the date
            scope = frozenset(
                one for one in stems if one != stem and not (kind == "month" and one.isdigit())
            )
            own = max(_beside(one, kind, stem, scope) for one in sentences)
            other, name, there = max(
                (_beside(one, kind, each, scope), each, one.text)
                for one in sentences
                for each in (*(each for which, each in _times(one) if which == kind), "")
                if each != stem and _IN_SEASON.isdisjoint({(stem, each), (each, stem)})
            )
            if other >= own + NEARER and not _is_beside(here, stem, sentences, there):
                yield Edit(told=stem.capitalize(), there=name.capitalize(), source=there)
                return


def _is_beside(here: Sentence, day: str, sentences: Sequence[Sentence], there: str) -> bool:
    """Whether the words right before the day are with it in the source: "reached it on Sunday".

    The rest of the sentence may then tell of more, as "63 died in the storm that …" does.
    """
    telling = [token.stem for token in here.tokens if token.tells]
    at = telling.index(day) if day in telling else 0
    close = frozenset(telling[max(0, at - CLOSE) : at])
    own = max(len(close & one.stems) for one in sentences if day in one.stems)
    other = max((len(close & one.stems) for one in sentences if one.text == there), default=0)
    return own >= CLOSE - 1 and own > other


def _beside(sentence: Sentence, kind: str, stem: str, scope: frozenset[str]) -> int:
    """Return how many words of the scope stand with this day, month or season in a sentence."""
    names = {each for which, each in _times(sentence) if which == kind}
    if stem not in names:
        return 0
    return _shared_with(sentence, stem, scope, is_alone=len(names) == 1)


def _shared_with(sentence: Sentence, stem: str, scope: frozenset[str], *, is_alone: bool) -> int:
    if is_alone:
        return len(scope & stems_of(sentence.tokens))
    return max(
        (len(scope & part.stems) for part in parts_of(sentence) if stem in part.stems), default=0
    )


def _times(sentence: Sentence) -> Iterator[tuple[str, str]]:
    for token in sentence.tokens:
        if token.kind in {"day", "month"}:
            yield token.kind, token.stem
        elif token.word in _SEASONS:
            yield "month", token.stem


def _ages(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for hit in _AGE.finditer(text):
        yield tuple(hit[1].casefold().split()), hit[2]


def _scores(text: str) -> Iterator[tuple[str, str]]:
    for hit in _SCORE.finditer(text):
        if not _RANGE.search(text[: hit.start()]):
            yield hit[1], hit[2]


def _shares(text: str) -> Iterator[tuple[str, str]]:
    plain = folded(text)
    for hit in _SHARE.finditer(plain):
        number = figures_in(hit[1])
        if len(number) == 1:
            yield f"{number[0].value.normalize():f}", hit[2]


def _kind(figure: Figure) -> str:
    return figure.kind if figure.kind in {"", "percent"} else "money"


@lru_cache(maxsize=128)
def _places(text: str) -> dict[tuple[str, str], tuple[_Place, ...]]:
    found: dict[tuple[str, str], list[_Place]] = {}
    for sentence in read_source(text).sentences:
        whole = _words(stems_of(sentence.tokens))
        for part in parts_of(sentence):
            for figure in figures_in(part.text):
                if figure.name:
                    continue
                is_date = _MONTH.match(part.text, figure.end) is not None
                key = f"{figure.value.normalize():f}", "date" if is_date else _kind(figure)
                found.setdefault(key, []).append(_Place(_words(part.stems), whole, sentence))
    return {key: tuple(places) for key, places in found.items()}


def _words(stems: frozenset[str]) -> frozenset[str]:
    """Return stems without figures and months, those of death and harm as one each."""
    return frozenset(
        _OF_HARM.get(stem, stem)
        for stem in stems
        if not any(map(str.isdigit, stem)) and stem not in _MONTH_STEMS
    )


def _match(
    here: dict[tuple[str, str], tuple[_Place, ...]],
    there: dict[tuple[str, str], tuple[_Place, ...]],
    figure: tuple[str, str],
    where: tuple[str, str],
    beside: tuple[str, str],
) -> int:
    """Return how many words a figure of the text shares with a place of the source.

    Where the other one stands in the same sentence, only the part of the one counts.
    """
    best = 0
    for mine in here[figure]:
        for one in there[where]:
            is_with = any(other.sentence is one.sentence for other in there[beside])
            best = max(best, len(mine.part & (one.part if is_with else one.whole)))
    return best


def _shown(figure: tuple[str, str]) -> str:
    return figure[0] + ("%" if figure[1] == "percent" else "")
