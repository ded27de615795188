"""Which articles tell one story: by containment of text, and by one headline within a day; pure."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise

from rapidfuzz.fuzz import token_set_ratio

SAME_FROM = 0.50
RELATED_FROM = 0.25
MUCH_LONGER = 4  # a text so many times longer may hold the other as one of many
TITLES_ALIKE_FROM = 85
SAME_TITLE_WITHIN = timedelta(days=1)

# A run of words that more texts share finds no pairs: it links each text to the next alone.
MOST_TEXTS_OF_A_SHINGLE = 20
MOST_TITLES_OF_A_WORD = 50
SHORTEST_TELLING_WORD = 4
FEWEST_TITLE_WORDS = 4
HASHES_AT_ONCE = 1_000_000
_ALL_HASHES = 1 << 64
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")


class Likeness(StrEnum):
    """same: one story. contained: a person decides. related: a person sees both. title: a hint."""

    SAME = "same"
    CONTAINED = "contained"
    RELATED = "related"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """What is compared of an article; hashes are shingle_hashes, none for a short text."""

    id: int
    title: str
    hashes: Sequence[int]
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Two articles, one the shorter, that share 0 to 1 of a text or are alike in headline."""

    one: int
    other: int
    likeness: Likeness
    shared: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """pairs: every two that are alike, sorted. groups: what is one story, two or more each."""

    pairs: tuple[Alike, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()

    def group_of(self, article: int) -> tuple[int, ...]:
        """Return the articles of one story with this one, itself among them."""
        return next((group for group in self.groups if article in group), (article,))

    def alike(self, article: int) -> tuple[Alike, ...]:
        """Return the pairs that an article is in."""
        return tuple(pair for pair in self.pairs if article in {pair.one, pair.other})


NO_STORIES = Stories()


def relate(texts: Sequence[KnownText]) -> Stories:
    """Compare all with all; the order of the texts does not matter."""
    known = {text.id: text for text in sorted(texts, key=lambda text: text.id)}
    shared = _Shared(known)
    pairs = {frozenset({pair.one, pair.other}): pair for pair in _alike_titles(known)}
    for pair in _alike_texts(known, shared):
        both = frozenset({pair.one, pair.other})
        if both not in pairs or pairs[both].likeness is Likeness.TITLE:
            pairs[both] = pair
    ordered = sorted(pairs.values(), key=lambda pair: (-pair.shared, pair.one, pair.other))
    return Stories(pairs=tuple(ordered), groups=_groups(ordered, shared))


class _Shared:
    def __init__(self, known: Mapping[int, KnownText]) -> None:
        self._known = known
        self._sets: dict[int, frozenset[int]] = {}

    def of(self, one: int, other: int) -> float:
        first, second = self._set(one), self._set(other)
        return len(first & second) / max(1, min(len(first), len(second)))

    def _set(self, number: int) -> frozenset[int]:
        if number not in self._sets:
            self._sets[number] = frozenset(self._known[number].hashes)
        return self._sets[number]


def _alike_texts(known: Mapping[int, KnownText], shared: _Shared) -> Iterator[Alike]:
    for pair, count in _counted_pairs(known).items():
        short, long = sorted(pair, key=lambda number: (len(known[number].hashes), number))
        smaller, longer = len(known[short].hashes), len(known[long].hashes)
        # Runs of words that very many texts share were not counted for each pair.
        if count < RELATED_FROM * smaller / 2:
            continue
        share = shared.of(short, long)
        if share < RELATED_FROM:
            continue
        likeness = Likeness.RELATED
        if share >= SAME_FROM and longer > MUCH_LONGER * smaller:
            likeness = Likeness.CONTAINED
        elif share >= SAME_FROM and _words(known[short].title) & _words(known[long].title):
            likeness = Likeness.SAME
        yield Alike(one=short, other=long, likeness=likeness, shared=share)


def _counted_pairs(known: Mapping[int, KnownText]) -> Counter[tuple[int, int]]:
    """Count the shingles that two texts share, by an index of one part of all hashes at a time."""
    counted: Counter[tuple[int, int]] = Counter()
    total = sum(len(text.hashes) for text in known.values())
    parts = total // HASHES_AT_ONCE + 1
    for part in range(parts):
        low, high = (_ALL_HASHES * edge // parts for edge in (part, part + 1))
        holders: defaultdict[int, list[int]] = defaultdict(list)
        for number, text in known.items():
            begin, end = bisect_left(text.hashes, low), bisect_left(text.hashes, high)
            for shingle in text.hashes[begin:end]:
                holders[shingle].append(number)
        for numbers in holders.values():
            if len(numbers) <= MOST_TEXTS_OF_A_SHINGLE:
                counted.update(combinations(numbers, 2))
            else:
                counted.update(pairwise(numbers))
    return counted


def _groups(pairs: Sequence[Alike], shared: _Shared) -> tuple[tuple[int, ...], ...]:
    """Join what is one story, the surest first, where all of both groups are related."""
    same = {(pair.one, pair.other) for pair in pairs if pair.likeness is Likeness.SAME}
    group: dict[int, frozenset[int]] = {}
    for one, other in ((p.one, p.other) for p in pairs if p.likeness is Likeness.SAME):
        first = group.get(one, frozenset({one}))
        second = group.get(other, frozenset({other}))
        if first != second and all(
            (a, b) in same or (b, a) in same or shared.of(a, b) >= RELATED_FROM
            for a in first
            for b in second
        ):
            joined = first | second
            group |= dict.fromkeys(joined, joined)
    return tuple(sorted({tuple(sorted(members)) for members in group.values()}))


def _alike_titles(known: Mapping[int, KnownText]) -> Iterator[Alike]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in known.items():
        for word in sorted(_words(text.title)):
            holders[word].append(number)
    seen: set[tuple[int, int]] = set()
    for carrying in holders.values():
        if len(carrying) > MOST_TITLES_OF_A_WORD:
            continue
        for pair in combinations(carrying, 2):
            if pair in seen:
                continue
            seen.add(pair)
            one, other = known[pair[0]], known[pair[1]]
            ratio = title_likeness(one.title, other.title)
            if ratio:
                is_one = _plain(one.title) == _plain(other.title)
                is_one = is_one and abs(one.moment - other.moment) <= SAME_TITLE_WITHIN
                likeness = Likeness.SAME if is_one else Likeness.TITLE
                yield Alike(one=one.id, other=other.id, likeness=likeness, shared=ratio)


def title_likeness(one: str, other: str) -> float:
    """Return how alike two headlines of the same numbers are, 0.85 to 1; 0 where they are not."""
    first, second = _plain(one), _plain(other)
    if min(len(first.split()), len(second.split())) < FEWEST_TITLE_WORDS:
        return 0.0
    if _NUMBER.findall(first) != _NUMBER.findall(second):
        return 0.0
    return token_set_ratio(first, second, score_cutoff=TITLES_ALIKE_FROM) / 100


def _words(title: str) -> set[str]:
    return {word for word in _WORD.findall(_plain(title)) if len(word) >= SHORTEST_TELLING_WORD}


def _plain(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
