"""Figures of an English text that stand beside another unit than in its source; pure.

"Six months", where the source has "six years" and "three months".
"""

import re

from newsletter.checks.figures import figures_in
from newsletter.checks.headline_words import stems
from newsletter.checks.wording import folded

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
_THING = re.compile(r" (?:(?:of|more|of the|of its|other|new) )?([a-z]{3,20})(?: ([a-z]{3,20}))?\b")
_VERB = re.compile(r"\b(kill|injur|arrest|aged|rescu|evacuat|wound|jail)(?:s|ed|es|ing|ing of)? ?$")


def other_units(text: str, source: str) -> tuple[str, ...]:
    """Give "six months" where the source has six of other things and other months."""
    known = set(_counted(source))
    units = {unit for _, unit in known}
    backed = {shown for pair, shown in _counted(text).items() if pair in known}
    seasons = set(_SEASON.findall(folded(source)))
    other = [one for one in _SEASON.findall(folded(text)) if seasons and one not in seasons]
    return tuple(other) + tuple(
        dict.fromkeys(
            shown
            for (value, unit), shown in _counted(text).items()
            if (value, unit) not in known
            and shown not in backed
            and (
                (unit in units and any(value == one for one, _ in known))
                or _is_of_another_kind(value, unit, known)
            )
        )
    )


def _is_of_another_kind(value: str, unit: str, known: set[tuple[str, str]]) -> bool:
    """Whether the source has this figure, and only of things that cannot be meant: six weeks."""
    own = next((kind for kind in _KINDS if unit in kind), frozenset[str]())
    there = {one for number, one in known if number == value}
    named = {kind for kind in _KINDS if kind & there}
    return bool(own and named) and own not in named and not there & {"people", "person"}


def _counted(text: str) -> dict[tuple[str, str], str]:
    here = folded(text)
    pairs: dict[tuple[str, str], str] = {}
    for figure in figures_in(here):
        unit = _UNIT.match(here, figure.end)
        if unit and not figure.name and not figure.kind:
            value = f"{figure.value.normalize():f}"
            pairs[value, _singular(unit[1])] = here[figure.start : unit.end()].strip()
        thing = _THING.match(here, figure.end) if not figure.name and not figure.kind else None
        for noun in thing.groups() if thing and not unit else ():
            for stem in stems(noun or "", "en"):
                key = f"{figure.value.normalize():f}", stem
                pairs.setdefault(key, here[figure.start : thing.end() if thing else 0].strip())
        verb = _VERB.search(here[: figure.start])
        if verb and not figure.name and not figure.kind:
            pairs[f"{figure.value.normalize():f}", verb[1]] = here[
                verb.start() : figure.end
            ].strip()
    return pairs


def _singular(unit: str) -> str:
    return unit.removesuffix("s")
