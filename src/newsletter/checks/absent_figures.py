"""Whether the numbers of a text stand in its source, however either writes them; pure.

What figure_words.py reads counts too ("a fifth" and "20%"), and what an editor may have rounded
or worked out (derived_figures.py).
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from newsletter.checks.calendar_names import MONTHS
from newsletter.checks.derived_figures import (
    is_about,
    is_converted,
    is_difference,
    is_hedged,
    is_of_clock,
    is_of_days,
    is_of_years,
    is_other_label,
    is_rate,
    is_rounded,
    is_year,
    is_year_of,
    shares,
    went_up,
    years_in,
)
from newsletter.checks.figure_words import Value, fraction_signs, spoken_value, spoken_values
from newsletter.checks.figures import BACKING_ONLY, Figure, figures_in
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

_ABOUT = re.compile(
    r"\b(about|around|approximately|roughly|some|almost|nearly|just under|up to"
    r"|more than|over|at least|just over|fewer than|less than)(?: the)?\s*[£$€]?$"
)
_BELOW = frozenset({"almost", "nearly", "just under", "fewer than", "less than", "up to"})
_ABOVE = frozenset({"more than", "over", "at least", "just over"})
_KIN = re.compile(
    r" (?:young |small |little |grown |adult )?(sons|daughters|children|brothers|sisters|boys"
    r"|girls|parents)\b"
)
_BEFORE_YEAR = re.compile(r"(?:mid|early|late|pre|post)(\d{4})s?")
_TIMES = re.compile(r"[- ](?:times|fold) (?:what|as|more|the|higher|larger|bigger|that of|its)\b")
_PARTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_OF_WHOLE = re.compile(r" ?of(?: the| its| his| her| their)? ?")
# "two may leave" is no date
_OF_MONTH = re.compile(
    rf"(?:st|nd|rd|th)? (?:of )?(?:{'|'.join(one for one in MONTHS if one != 'may')})\b"
)
_BEHIND = re.compile(r"(?:[- ][^\W\d_]+){1,3}")
_NO_NOUNS = frozenset(
    word
    for words in (
        "of in on at to for from by with and or the a an its his her their last this next more",
        "other others further new was were is are has have had who which that people",
    )
    for word in words.split()
)
STEM = 6  # letters that tell nouns apart
MOST_COUNTED = 12  # that an editor counts
MOST_NAMED = 4  # people whom a source names one by one
_ROUNDING = Decimal("0.1")  # so far apart may be a figure and its rounded form


def absent_figures(text: str, source: str, year: int = 0) -> tuple[str, ...]:
    """Return the numbers of a text that its source does not state, as written, each once.

    year is the text's own, for "forty years ago"; 0 where it is not known.
    """
    here, there = folded(fraction_signs(text)), folded(fraction_signs(source))
    known = figures_in(there)
    spoken = {reading for figure in known for reading in _readings(figure, there)}
    spoken.update(spoken_values(there))
    stated = figures_in(here)
    absent: dict[str, None] = {}
    for index, figure in enumerate(stated):
        follows = stated[index - 1] if index else None
        is_there = _is_backed(figure, known, here, there) or _is_spoken(figure, here, known, spoken)
        if not is_there and not _is_derived(
            figure, stated, known, here=here, source=source, year=year
        ):
            absent[figure.shown] = None
        elif follows and _is_score(follows, figure, here) and not _has_pair(follows, figure, known):
            absent[here[follows.start : figure.end].strip()] = None
    return tuple(absent)


def _is_derived(
    figure: Figure,
    stated: Sequence[Figure],
    known: Sequence[Figure],
    *,
    here: str,
    source: str,
    year: int,
) -> bool:
    """Whether an editor may have rounded it, counted it or worked it out from the source's."""
    there = folded(fraction_signs(source))
    if figure.name:  # "mid-2028"
        apart = _BEFORE_YEAR.fullmatch(figure.name)
        return apart is not None and int(apart[1]) in years_in(there)
    before, behind = here[: figure.start], here[figure.end :]
    up_to = before + here[figure.start : figure.start + 1]
    values = [one.value for one in known if one.kind == figure.kind]
    groups = figure_groups(source)
    return (
        is_year_of(figure.value, behind, there)
        or is_converted(figure.value, figure.kind, behind, there)
        or is_of_years(figure.value, behind, there, year)
        or is_of_days(figure.value, behind, there)
        or is_of_clock(figure.shown, there)
        or (not is_hedged(up_to) and _is_rounded_form(figure, known))
        or is_about(without_dots(figure), up_to, behind, there)
        or is_rate(figure.value, behind, values, there)
        or is_other_label(before, figure.value, there)
        # "three dozen" is looked up as 36
        or (figure.shown == "dozen" and any(0 <= figure.start - one.end <= 1 for one in stated))
        or is_difference(figure.value, behind, groups)
        or _is_whole(figure, stated, groups, here, there)
        or _is_so_many_in(figure, known, there)
        or _is_own_count(figure, known, here, there)
        or _is_ratio(figure, here, groups, known, there)
    )


def without_dots(figure: Figure) -> Decimal:
    """Give the value of a figure, with dots taken for what parts thousands: "9.000" in Spanish."""
    is_parted = _PARTED.fullmatch(figure.shown) is not None
    return Decimal(figure.shown.replace(".", "")) if is_parted else figure.value


def _is_rounded_form(figure: Figure, known: Sequence[Figure]) -> bool:
    return not is_year(figure.shown) and any(
        is_rounded(one.value, figure.value) and _agree(figure, one) for one in known
    )


def _is_whole(
    figure: Figure,
    stated: Sequence[Figure],
    groups: Sequence[Sequence[Decimal]],
    here: str,
    there: str,
) -> bool:
    """Return whether "two of the seven" adds up five and two, or "57 of 61" is all but four."""
    part = _beside(stated, lambda one: here[one.end : figure.start])
    whole = _beside(stated, lambda one: here[figure.end : one.start])
    whole = whole if "all but " in there else None
    return any(
        (part is not None and part in group and 1 < figure.value - part in group)
        or (whole is not None and whole in group and whole - figure.value in group)
        for group in groups
    )


def _beside(stated: Sequence[Figure], between: Callable[[Figure], str]) -> Decimal | None:
    return next((one.value for one in stated if _OF_WHOLE.fullmatch(between(one))), None)


def _is_so_many_in(figure: Figure, known: Sequence[Figure], there: str) -> bool:
    """Return whether "2 per cent" is the source's "one in fifty"."""
    return figure.kind == "percent" and any(
        there[one.end : other.start].strip() in {"in", "in every", "out of"}
        and one.value * 100 == figure.value * other.value
        for one, other in pairwise(known)
    )


def _is_own_count(figure: Figure, known: Sequence[Figure], here: str, there: str) -> bool:
    """Return whether it counts a few of what the source counts nowhere, and may name one by one."""
    if figure.kind or figure.value > MOST_COUNTED or figure.value % 1:
        return False
    if any(_readings(figure, here)) or _TIMES.match(here, figure.end):
        return False  # "a fifth" counts nothing, and neither does "nine times what it cost"
    if re.search(r"\w of(?: the)? ?$", here[: figure.start]):
        return False  # "two of three" counts a whole that the source has told
    nouns = _nouns(here, figure.end)
    if _OF_MONTH.match(here, figure.end):
        return False  # "5 January" counts none
    return bool(nouns) and not any(
        one.value > 1 and not one.kind and nouns & _nouns(there, one.end) for one in known
    )


def _nouns(text: str, start: int) -> frozenset[str]:
    """Return the few words behind a figure, up to the next mark, without their plural's ending."""
    found = _BEHIND.match(text, start)
    nouns: list[str] = []
    for word in found[0].replace("-", " ").split() if found else ():
        if word not in _NO_NOUNS:
            nouns.append(re.sub(r"(?:ies|es|s)$", "", word)[:STEM])
        elif nouns:
            break
    return frozenset(nouns)


def _is_ratio(
    figure: Figure,
    here: str,
    groups: Sequence[Sequence[Decimal]],
    known: Sequence[Figure],
    there: str,
) -> bool:
    """Whether "a tenth", "one in eight" or "nine times" is what figures of the source make."""
    behind = here[figure.end :]
    if re.match(r"[- ](?:times|fold)\b", behind):
        return any(
            abs(one - other * figure.value) * 50 <= one
            for group in groups
            for one in group
            for other in group
        )
    wanted = {value for value, kind in _readings(figure, here) if kind}
    of = re.match(r" (?:\w+ )?in (?:every )?(\w+)\b", behind)
    into = re.search(r"((?:\w+ )?\w+) in(?: every)? ?$", here[: figure.start])
    other = of or into
    second = figures_in(other[1]) if other else ()  # "than four" of "more than four in five"
    if second and second[0].value and figure.value:
        low, high = sorted((figure.value, second[0].value))
        wanted.add(low * 100 / high)
    if not wanted:
        return False
    stated = [one.value for one in known if one.kind == "percent"]
    stated += [value for value, kind in spoken_values(there) if kind]
    stated += [value for one in known for value, kind in _readings(one, there) if kind]
    loose = any(abs(one - value) <= value * _ROUNDING for value in wanted for one in stated)
    return loose or any(
        abs(one - value) <= value / 20 for one in shares(groups) for value in wanted
    )


@lru_cache(maxsize=16)
def figure_groups(source: str) -> tuple[tuple[Decimal, ...], ...]:
    """Return the figures of each two sentences of a text that follow each other."""
    each = [
        tuple(one.value for one in figures_in(folded(line[start:end])) if not one.name)
        for line in fraction_signs(source).split("\n")
        for start, end in split_sentences(line)
    ]
    return tuple((*one, *other) for one, other in pairwise((*each, ())))


def _is_backed(figure: Figure, known: Sequence[Figure], here: str, there: str) -> bool:
    if figure.name:
        return any(figure.name == other.name for other in known)
    if figure.shown in BACKING_ONLY:
        return True
    if any(figure.value == other.value and _agree(figure, other) for other in known):
        return True
    if _counts_kin(figure, here, there):
        return True
    if figure.value == 1 and not figure.kind:
        return _is_said_otherwise(figure, here, there)
    return any(_rounds(other, figure, here) for other in known)


def _readings(figure: Figure, text: str) -> Iterator[Value]:
    if figure.name or figure.kind:
        return
    reading = spoken_value(figure.value, text[: figure.start], figure.shown, text[figure.end :])
    if reading is not None:
        yield reading


def _is_spoken(figure: Figure, here: str, known: Sequence[Figure], spoken: Set[Value]) -> bool:
    """Return whether the source has the number in words of its own, or the text has ("a fifth")."""
    if any(figure.value == value and kind in {figure.kind, ""} for value, kind in spoken):
        return True
    if figure.kind == "percent" and any(
        _is_share(figure.value, value) for value, kind in spoken if kind
    ):
        return True
    return any(
        (value, kind) in spoken
        or any(
            _is_share(other.value, value) if kind else value == other.value
            for other in known
            if other.kind == kind
        )
        for value, kind in _readings(figure, here)
    )


def _is_share(percent: Decimal, share: Decimal) -> bool:
    """Whether 33% or 33.3% stands for a third; a share that is whole in percent wants just that."""
    return percent == share or (share % 1 != 0 and abs(percent - share) < 1)


def _agree(figure: Figure, other: Figure) -> bool:
    """Whether two equal values may be one: a plain number may be any kind, 25% is no 25 people."""
    return not other.name and (not figure.kind or figure.kind == other.kind)


def _rounds(other: Figure, figure: Figure, here: str) -> bool:
    """Return whether "nearly 5,000" may stand for 4,958."""
    about = _ABOUT.search(here, max(0, figure.start - 20), figure.start + 1)
    if about is None:
        about = _ABOUT.search(here[max(0, figure.start - 20) : figure.start].rstrip() + " ")
    is_hedge = about is not None and not went_up(here[: figure.start + 1])
    if about is None or not is_hedge or not _agree(figure, other) or figure.value == 0:
        return False
    apart = (other.value - figure.value) / figure.value
    if about[1] in _BELOW:
        return -_ROUNDING <= apart <= 0
    if about[1] in _ABOVE:
        return 0 <= apart <= _ROUNDING
    return abs(apart) <= _ROUNDING / 2


def _counts_kin(figure: Figure, here: str, there: str) -> bool:
    """Return whether "two sons" counts those that the source names: "her sons Archie and Theo"."""
    kin = _KIN.match(here, figure.end)
    if kin is None or figure.value > MOST_NAMED or figure.kind:
        return False
    return any(
        not any(other.end <= hit.start() <= other.end + 2 for other in figures_in(there))
        for hit in re.finditer(rf"\b{kin[1]}\b", there)
    )


def _is_said_otherwise(figure: Figure, here: str, there: str) -> bool:
    """Return whether "one man" stands for "a man", or "one" counts nothing ("one of", "no one")."""
    after = re.match(r"\W*(\w+)", here[figure.end :])
    noun = after[1] if after else ""
    before = re.search(r"(\w+)\W*$", here[: figure.start])
    if noun in {"", "of", "another", "day", "that", "who", "is", "was", "has"}:
        return True
    if before and before[1] in {"no", "any", "every", "this", "that", "the"}:
        return True
    return re.search(rf"\b{re.escape(noun)}\b", there) is not None  # of "men" there is no "man"


def _is_score(first: Figure, second: Figure, here: str) -> bool:
    between = here[first.end : second.start]
    return between == "-" and max(first.value, second.value) < 100  # noqa: PLR2004 (two digits)


def _has_pair(first: Figure, second: Figure, known: Sequence[Figure]) -> bool:
    return any(one.value == first.value and two.value == second.value for one, two in _pairs(known))


def _pairs(known: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    return pairwise(known)
