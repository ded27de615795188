"""Figures of an English text that stand beside another unit than in its source; pure.

"Six months", where the source has "six years" and "three months".
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from newsletter.checks.absent_figures import figure_groups
from newsletter.checks.derived_figures import (
    is_difference,
    is_of_days,
    is_of_years,
    is_other_label,
    is_rounded,
)
from newsletter.checks.fidelity.synonyms import are_alike
from newsletter.checks.figures import Figure, figures_in, number_word
from newsletter.checks.headline_words import stems
from newsletter.checks.wording import folded
from newsletter.model.sentences import split_sentences

FEWEST_SHARED = 2  # words that make two sentences tell of one thing

_UNIT = re.compile(
    r"[ -]?(?:(?:more|other|further|full|whole|long|consecutive|straight|new)[ -])?"
    r"(years?|months?|weeks?|days?|nights?|hours?|minutes?|seconds?|miles?|kilometres?|km|metres?"
    r"|feet"
    r"|acres?|tonnes?|votes?|points?|goals?|seats?|jobs?|homes?|people|men|women|children|pupils"
    r"|patients|passengers|drivers|staff|workers)\b"
    r"(?![- ]old\b)"  # an age needs no unit: "a man of 58"
)
# Kinds of which one cannot stand for another; "people" can stand for any of them.
_KINDS = tuple(
    frozenset(words.split())
    for words in (
        "year",
        "month",
        "week",
        "day night",
        "hour",
        "minute",
        "second",
        "pupil student child youngster boy girl learner",
        "teacher staff worker employee job post",
        "patient",
        "passenger",
        "home house flat property household",
        "business shop firm company trader",
        "vote",
        "seat",
        "mile",
        "kilometre km",
        "metre",
    )
)
_SEASON = re.compile(
    r"\b(?:in|of|by|from|until|this|next|last|early|late) (?:the )?(spring|summer|autumn"
    r"|winter)\b"
)
_THING = re.compile(
    r" (?:(?:of|more|of the|of its|other|new) )?(?!(?:last|this|next|on|after|when|while|yesterday"
    r"|today|now|against|with)\b)([a-z]{3,20})\b(?!-)(?: ([a-z]{3,20})\b(?!-))?"
)
# What a figure counts stands behind it: no mark, small word or participle does.
_COUNTS = re.compile(
    r"[- ](?!(?:(?:and|or|to|of them|now|last|this|next|on|in|at|by|from|for|after|were|was|are|is"
    r"|have|had|have|more|others?|on|per)\b)|[a-z]+(?:ed|ing|en)\b)[a-z]{2,}"
)
_IN_SO_MANY = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine)(?: [a-z]+)? in(?: every)? ?$"
)
_IN_SO_MANY_BEHIND = re.compile(r" (?:[a-z]+ )?in (?:every )?(?:[a-z]+|\d+)\b")
_OF_TIME = frozenset(("year", "month", "week", "day", "night", "hour", "minute", "second"))
_FOLK = frozenset(("people", "person", "men", "women"))
_PERSONS = frozenset(("patient", "passenger", "driver", "worker", "pupil"))
_HIRED = re.compile(r"[- ](?:[a-z-]+ ){0,2}(?:jobs?|posts?|roles?)\b")
_BY = re.compile(r"\b(?:by|majority of)(?: just| only| a mere)? ?$")  # "passed by five votes"
_MONTHS_OF = {
    season: re.compile(rf"\b(?:{months})\b")
    for season, months in (
        ("spring", "march|april|may"),
        ("summer", "june|july|august"),
        ("autumn", "september|october|november"),
        ("winter", "december|january|february"),
    )
}
_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
LONGEST_VERB = 24  # characters from the beginning of such a verb to its figure
_VERB = re.compile(r"\b(kill|injur|arrest|aged|rescu|evacuat|wound|jail)(?:s|ed|es|ing|ing of)? ?$")


def other_units(text: str, source: str, year: int = 0) -> tuple[str, ...]:
    """Return "six months" where the source has six of other things and other months.

    year is the text's own, 0 where it is not known.
    """
    there = folded(source)
    known = set(_counted(source))
    bare = _without_thing(there)
    # "the first vessel" counts no vessels
    units = {unit for value, unit in known if value != "1" or unit in _OF_TIME}
    backed = {shown for pair, (shown, _) in _counted(text).items() if pair in known}
    seasons = set(_SEASON.findall(there))
    months = {season for season, names in _MONTHS_OF.items() if names.search(there)}
    other = [
        one
        for one in _SEASON.findall(folded(text))
        if seasons and one not in seasons and one not in months
    ]
    here = folded(text)
    return tuple(other) + tuple(
        dict.fromkeys(
            shown
            for (value, unit), (shown, figure) in _counted(text).items()
            if (value, unit) not in known
            and shown not in backed
            and value not in bare
            and (
                (unit in units and any(value == one for one, _ in known))
                or _is_of_another_kind(value, unit, known)
            )
            and not _is_meant(figure, unit, known, here=here, source=source, year=year)
        )
    )


def _is_meant(
    figure: Figure,
    unit: str,
    known: set[tuple[str, str]],
    *,
    here: str,
    source: str,
    year: int,
) -> bool:
    """Return whether the figure counts what the source tells in other words."""
    there = folded(source)
    before, behind = here[: figure.start], here[figure.end :]
    # "one of the ferries" is of however many
    is_one_of = figure.value == 1 and behind.startswith(" of the ")
    if is_one_of or _IN_SO_MANY.search(before) or _IN_SO_MANY_BEHIND.match(behind):
        return True
    if (
        is_other_label(before, figure.value, there)
        or is_of_years(figure.value, behind, there, year)
        or is_of_days(figure.value, behind, there)
        or is_difference(figure.value, behind, figure_groups(source))
    ):
        return True
    if unit == "day" and any(
        len(set(_WEEKDAY.findall(source[start:end]))) == figure.value
        for start, end in split_sentences(source)
    ):
        return True
    value = f"{figure.value.normalize():f}"
    things = {one for number, one in known if number == value}
    if any(
        is_rounded(other.value, figure.value) and other.value != figure.value
        for other in figures_in(there)
    ) or _is_part_or_margin(figure, unit, before, source=source):
        return True
    if (unit in _FOLK and not any(things & kind for kind in _KINDS)) or (
        unit in _PERSONS and things & _FOLK
    ):
        return True
    # "750 jobs" of 750 people who are taken on
    is_hired = bool(_HIRED.match(behind) and things & _FOLK)
    return is_hired or any(are_alike(unit, one) for one in things)


def _is_part_or_margin(figure: Figure, unit: str, before: str, *, source: str) -> bool:
    """Whether it counts as "two of its 14 steel hangers" does, or is the margin of two figures."""
    there = folded(source)
    whole = re.compile(rf" ?of (?:the|its|his|her|their) (?:[\w-]+ ){{1,3}}{re.escape(unit)}")
    if any(one.value == figure.value and whole.match(there, one.end) for one in figures_in(there)):
        return True
    is_margin = _BY.search(before) is not None
    return is_margin and is_difference(figure.value, " points", figure_groups(source))


def _without_thing(text: str) -> frozenset[str]:
    """Return the figures that a text also has without a thing behind them: "there are 18 now"."""
    return frozenset(
        f"{one.value.normalize():f}"
        for one in figures_in(text)
        if not one.name and not one.kind and not _COUNTS.match(text, one.end)
    )


def _is_of_another_kind(value: str, unit: str, known: set[tuple[str, str]]) -> bool:
    """Whether the source has this figure, and only of things that cannot be meant: six weeks."""
    own = next((kind for kind in _KINDS if unit in kind), frozenset[str]())
    there = {one for number, one in known if number == value}
    named = {kind for kind in _KINDS if kind & there}
    return bool(own and named) and own not in named and not there & {"people", "person"}


@lru_cache(maxsize=64)  # a source is read for each paragraph of its summary
def _counted(text: str) -> Mapping[tuple[str, str], tuple[str, Figure]]:
    here = folded(text)
    pairs: dict[tuple[str, str], tuple[str, Figure]] = {}
    for figure in figures_in(here):
        unit = _UNIT.match(here, figure.end)
        if unit and not figure.name and not figure.kind:
            value = f"{figure.value.normalize():f}"
            pairs[value, _singular(unit[1])] = here[figure.start : unit.end()].strip(), figure
        thing = _THING.match(here, figure.end) if not figure.name and not figure.kind else None
        # "six of nine policymakers" counts a part of them, and no policymakers
        is_part = thing is not None and number_word(thing[1]) is not None
        for noun in thing.groups() if thing and not unit and not is_part else ():
            for stem in stems(noun or "", "en"):
                key = f"{figure.value.normalize():f}", stem
                shown = here[figure.start : thing.end() if thing else 0].strip()
                pairs.setdefault(key, (shown, figure))
        verb = _VERB.search(here, max(0, figure.start - LONGEST_VERB), figure.start)
        if verb and not figure.name and not figure.kind:
            shown = here[verb.start() : figure.end].strip()
            pairs[f"{figure.value.normalize():f}", verb[1]] = shown, figure
    return pairs


def _singular(unit: str) -> str:
    return unit.removesuffix("s")
