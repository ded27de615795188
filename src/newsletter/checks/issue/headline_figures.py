"""Where an English headline gives another figure than its own summary, of the same thing; pure.

A headline may round, add up, or give a figure that the summary leaves out, and a summary has
figures of its own. So a figure is told only where the summary has one other of its kind and about
its size, nowhere the headline's, and the words beside both say that they count one thing: the same
noun follows, or the same verb stands before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from newsletter.checks.figures import Figure, figures_in
from newsletter.checks.headline_words import stems
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 2  # words of the headline in the sentence with the other figure
NEAREST = Decimal("0.2")  # so far apart, one may be the other's rounded form
SHORTEST_STEM = 3
FEWEST_ROUNDED = 20  # fewer are counted
MOST_FIGURES = 20
REACH = 60  # characters before a figure and after it
NEAR = 4  # words after a figure
MOST_ADDED = 8  # figures of a summary whose sums are tried
FARTHEST = Decimal(3)  # times as much is another thing, save where a nought is lost
_OF_FIGURES = stems("hundred thousand million billion trillion pounds dollars euros", "en")
_YEARS = range(1500, 2200)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[.,;:!?()\"]")
_STOP = frozenset([".", ",", ";", ":", "!", "?", "(", ")", '"'])
_SMALL = frozenset(
    word
    for words in (
        "a an the of in on for to by from at and or than about around nearly almost over under",
        "just some up only as is are was were be been will would has have had with more further",
        "its his her their our this that it who which people",
    )
    for word in words.split()
)
# Figures that go by the day or the head, were another year's, or are beside the headline's.
_OTHER = re.compile(
    r"^in [a-z ]{3,30},|\bin (?:19|20)\d\d\b"
    r"|\b(?:last|previous|earlier|former|original(?:ly)?|first|initial(?:ly)?|already|until|since"
    r"|another|extra|further|other|more|instead|rather|compared|against|versus|so far"
    r"|average|mean|median|target|goal|hoped|aims?|usual(?:ly)?|normal(?:ly)?|alone|many more"
    r"|each|every|per(?! ?cent)|apiece|annual(?:ly)?|yearly|weekly|monthly|daily"
    r"|up from|down (?:from|to)|total(?:s|led|ling)?|altogether|half|third|quarter|both"
    r"|double[ds]?|triple[ds]?|twice|of (?:wh(?:om|ich)|the(?:m)?)|out of|include[sd]?|including"
    r"|remain(?:s|ed|ing)?|rest)\b"
)
_RATE = re.compile(r" ?(?:an?|per|each|every|apiece|/) ?(?:[a-z]+)?\b|p(?:er)?[hw]\b")
_LEVEL = re.compile(
    r"\b(to|at|from|of|below|above)(?: (?:about|around|nearly|almost|just))? ?[£$€]?$"
)
_TIME = re.compile(
    r"[ -]?(?:(?:year|month|week|day|night|hour|minute|second)s?|year-old|am|pm|o'clock)\b"
)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$")
_JOINED = re.compile(
    r"(?:\d[-/:\u2013]|\d (?:to|or|and) [£$€]?|\b(?:aged|age|between|page|no\.?) [£$€]?)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A figure with the words beside it, as stems.

    noun is the one right after it, if any, following the word after that, near the next words,
    before the last word or two ahead of it. is_level: it is a share reached, and no change.
    """

    figure: Figure
    noun: frozenset[str]
    near: frozenset[str]
    before: frozenset[str]
    following: frozenset[str]
    is_level: bool


def other_figures(headline: str, summary: str) -> Iterator[tuple[str, str]]:
    """Return each figure of a headline that its summary gives otherwise, with the summary's."""
    head = folded(headline)
    told = folded(summary)
    mine_all, every = figures_in(head), figures_in(told)
    if not mine_all or max(len(mine_all), len(every)) > MOST_FIGURES:
        return  # more is a table
    lacking = [mine for mine in _counted(head) if not _is_in(mine.figure, every)]
    sentences = [told[start:end] for start, end in split_sentences(told)] if lacking else []
    counted = [(one, each) for each in sentences for one in _counted(each)]
    for mine in lacking:
        rivals = [
            (theirs, sentence)
            for theirs, sentence in counted
            if theirs.figure.kind == mine.figure.kind
            and (mine.figure.kind or _meet(theirs.noun, mine.noun))
        ]
        if len(rivals) != 1:
            continue
        theirs, sentence = rivals[0]
        if _is_another(mine, theirs, head, sentence):
            yield mine.figure.shown, theirs.figure.shown


def _is_another(mine: _Counted, theirs: _Counted, head: str, sentence: str) -> bool:
    """Return whether two figures of a kind are of about one size, and count one thing."""
    if _OTHER.search(sentence) or _OTHER.search(head) or mine.is_level != theirs.is_level:
        return False
    if not _is_about_as_much(mine.figure.value, theirs.figure.value):
        return False
    shared = (stems(head, "en") & stems(sentence, "en")) - _OF_FIGURES
    is_same_noun = _meet(mine.noun, theirs.noun)
    if _meet(mine.before, theirs.before):
        return bool(shared) and (is_same_noun or not mine.noun or not theirs.noun)
    if not mine.figure.kind:
        # "close six libraries" and "seven libraries close": the verb stands on either side
        is_one = _meet(mine.following | mine.before, theirs.following | theirs.before)
    elif mine.noun and theirs.noun:
        is_one = is_same_noun
    else:
        is_one = not theirs.noun and _meet(mine.near, theirs.near)
    return is_one and len(shared) >= FEWEST_SHARED


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether two sets of stems have one in common; "cut" and "cuts" are one."""
    return any(
        min(len(one), len(other)) >= SHORTEST_STEM
        and (one.startswith(other) or other.startswith(one))
        for one in some
        for other in others
    )


def _is_about_as_much(one: Decimal, other: Decimal) -> bool:
    small, large = sorted((one, other))
    digits = [f"{value.normalize():f}".strip("0").replace(".", "") for value in (small, large)]
    return large <= FARTHEST * small or digits[0] == digits[1]


def _is_in(mine: Figure, every: Sequence[Figure]) -> bool:
    """Whether a figure stands there: by itself, rounded, or as a sum or what is left of two."""
    values = [one.value for one in every if not one.name]
    alike = [one.value for one in every if not one.name and one.kind == mine.kind][:MOST_ADDED]
    made = [sum(alike, Decimal(0))]
    for one, other in combinations(alike, 2):
        made += [one + other, abs(one - other)]
    if mine.kind == "percent":
        made += [100 - value for value in alike]
    return any(_is_rounded(mine.value, value) for value in (*values, *made))


def _is_rounded(one: Decimal, other: Decimal) -> bool:
    """Return whether one is the other, or is so with fewer digits, up or down."""
    if one == other:
        return True
    if min(one, other) <= 0 or max(one, other) < FEWEST_ROUNDED:
        return False
    short, long = sorted((one, other), key=_digits)
    if _digits(short) == _digits(long):
        return False
    unit = Decimal(1).scaleb(short.adjusted() + 1 - _digits(short))
    return abs(one - other) < unit and abs(one - other) <= NEAREST * max(one, other)


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _counted(text: str) -> list[_Counted]:
    return [found for figure in figures_in(text) for found in _with_words(figure, text)]


def _with_words(figure: Figure, text: str) -> Iterator[_Counted]:
    """Return a figure with the words beside it; nothing for one that counts no things."""
    ahead = text[max(0, figure.start - REACH) : figure.start]
    behind = text[figure.end : figure.end + REACH]
    if figure.name or figure.value <= 1 or _is_no_count(figure, ahead, behind):
        return
    noun, following, near = _after(behind)
    if not figure.kind and (not noun or _is_year(figure)):
        return
    words = [word for word in _WORD.findall(ahead) if word not in _SMALL]
    most = 2 if figure.kind == "percent" else 1  # "rents up 4%" and "rents rose by 5%"
    before = " ".join(word for word in words[-most:] if word not in _STOP)
    yield _Counted(
        figure=figure,
        noun=noun,
        near=near,
        before=stems(before, "en"),
        following=following,
        is_level=figure.kind == "percent" and _LEVEL.search(ahead) is not None,
    )


def _is_year(figure: Figure) -> bool:
    return figure.value in _YEARS and re.fullmatch(r"\d{4}", figure.shown) is not None


def _is_no_count(figure: Figure, before: str, after: str) -> bool:
    """Whether a figure is a time, an age, a score, a range, an ordinal, or goes by the day."""
    return bool(
        _TIME.match(after)
        or _RATE.match(after)
        or after.startswith(("-", "/", "\u2013", ":"))
        or _ORDINAL.search(figure.shown)
        or re.match(r" (?:to|and|or) [£$€]?\d", after)
        or _JOINED.search(before)
    )


def _after(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the noun right after a figure, the word after that, and the words near it."""
    words: list[str] = []
    for word in _WORD.findall(text.lstrip("- ")):
        if word in _STOP:
            break
        words.append(word)
    direct = words[0] if words and words[0] not in _SMALL - {"people"} else ""
    content = [word for word in words if word not in _SMALL - {"people"}]
    noun = frozenset({"people"}) if direct == "people" else stems(direct, "en")
    rest = content[1:] if direct else content
    following = stems(rest[0], "en") if rest else frozenset[str]()
    return noun, following, stems(" ".join(content[:NEAR]), "en")
