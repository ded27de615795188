"""Bounds of figures: "over 50" for "fewer than 50", "900" for "up to 900"; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.fidelity.sentences import Edit, Sentence, Source
from newsletter.checks.figures import figures_in
from newsletter.checks.wording import folded

_UP_TO = (
    r"up to|as (?:many|much|long|high) as|no more than|not more than|at most|a maximum of"
    r"|no longer than"
)
_BELOW = r"under|below|fewer than|less than|smaller than|younger than"
_ABOVE = (
    r"over|above|more than|at least|exceeding|upwards of|no fewer than|no less than"
    r"|a minimum of|older than|larger than"
)
_SOFT = re.compile(rf"\b(?:{_UP_TO})(?: (?:about|some|a further|another))? $")
_UPPER = re.compile(rf"\b(?:{_UP_TO}|{_BELOW}) (?:about |some )?$")
_LOWER = re.compile(rf"\b(?:{_ABOVE}) (?:about |some )?$")
_UPPER_BEHIND = re.compile(
    r" ?(?:[a-z]+ ){0,3}?(?:or (?:fewer|less|under)|at (?:the )?most|at the outside)\b"
)
_LOWER_BEHIND = re.compile(r" ?(?:[a-z]+ ){0,3}?(?:or (?:more|over)|at (?:the very )?least)\b")
_LESS = re.compile(r" (?:[a-z]+ )?(?:less|lower|below|fewer|cheaper|down on)\b(?! than half)")
_MORE = re.compile(r" (?:[a-z]+ )?(?:more|higher|above|dearer|up on)\b")
# What leaves a figure open without such a word.
_OPEN = re.compile(
    r"\b(?:may|might|could|would|should|can|if|fear\w*|risk\w*|threat\w*|expect\w*"
    r"|potential\w*|possibl\w*"
    r"|perhaps|maximum|most|cap|capped|limit\w*|longest|highest|almost|nearly|close to|about|around"
    r"|some|roughly|estimat\w*|forecast\w*|predict\w*|warn\w*|likely|within|plan\w*"
    r"|propos\w*|hop\w+"
    r"|for|or|to|under|less|fewer|only)\b"
)
LEAST = 10  # a figure below it may be of anything


@dataclass(frozen=True, slots=True)
class _Bound:
    side: int  # -1 upper, 1 lower, 0 none
    soft: str  # "up to"
    compared: int  # 1 for "3% more", -1 for "3% less"
    shown: str
    sentence: Sentence


def other_bounds(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a figure with the other bound than the source, or one compared the other way."""
    for key, mine in _bounds(here):
        there = [one for each in source.sentences for other, one in _bounds(each) if other == key]
        if not there:
            continue
        for told, theirs in (
            (mine.side, {one.side for one in there}),
            (mine.compared, {one.compared for one in there}),
        ):
            if told and theirs == {-told}:
                yield Edit(told=mine.shown, there=there[0].shown, source=there[0].sentence.text)
                return


def lost_bounds(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a figure that is told as such, and is everywhere "up to" it in the source."""
    if _OPEN.search(folded(here.text).replace(" to a ", " ")):
        return
    for key, mine in _bounds(here):
        if mine.side or float(key[0]) < LEAST:
            continue
        there = [one for each in source.sentences for other, one in _bounds(each) if other == key]
        if there and all(one.soft for one in there):
            yield Edit(told=mine.shown, there=there[0].shown, source=there[0].sentence.text)
            return


@lru_cache(maxsize=1024)
def _bounds(sentence: Sentence) -> tuple[tuple[tuple[str, str], _Bound], ...]:
    return tuple(_read_bounds(sentence))


def _read_bounds(sentence: Sentence) -> Iterator[tuple[tuple[str, str], _Bound]]:
    text = folded(sentence.text)
    for figure in figures_in(text):
        if figure.name:
            continue
        before, behind = f"{text[: figure.start].rstrip()} ", text[figure.end :]
        start = figure.start
        upper, lower, soft = _UPPER.search(before), _LOWER.search(before), _SOFT.search(before)
        upper_behind, lower_behind = _UPPER_BEHIND.match(behind), _LOWER_BEHIND.match(behind)
        side = 0
        end = figure.end
        if hit := upper or lower:
            start = hit.start()
            side = -1 if upper else 1
        elif behind_hit := upper_behind or lower_behind:
            end += behind_hit.end()
            side = -1 if upper_behind else 1
        compared = 0
        if figure.kind == "percent" and (word := _LESS.match(behind) or _MORE.match(behind)):
            compared = -1 if _LESS.match(behind) else 1
            end = figure.end + word.end()
        key = f"{figure.value.normalize():f}", figure.kind
        yield (
            key,
            _Bound(side, soft[0] if soft else "", compared, text[start:end].strip(), sentence),
        )
