"""The part of `edits` that needs no sentence of the source to be copied; pure, for English.

An editor's own words may turn a fact round: "profit slipped to £6.8m" where it rose to that, "five
have died" where nobody has. So a rise is told of where each clause of the source with its figure
tells of a fall, and a grave word that the source has in denials alone.
"""

import re
from collections.abc import Iterator

from newsletter.checks.fidelity.sentences import Edit, Sentence, Source
from newsletter.checks.figures import Figure, figures_in
from newsletter.checks.wording import folded

FEWEST_DIGITS = 2  # of a figure that stands for one fact; "3" may be anything

_RISE = re.compile(
    r"\b(?:rise|rises|rose|risen|rising|raise[sd]?|grew|grown|grows?|climb(?:s|ed)?|jump(?:s|ed)?"
    r"|increase[sd]?|soar(?:s|ed)?|up(?! to\b))\b"
)
_FALL = re.compile(
    r"\b(?:fall|falls|fell|fallen|falling|drop(?:s|ped)?|slip(?:s|ped)?|dip(?:s|ped)?|sank|shrank"
    r"|declined?|declines|decrease[sd]?|plunge[sd]?|slump(?:s|ed)?|tumble[sd]?|cuts?|reduce[sd]?"
    r"|down)\b"
)
_DENIAL = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|without|unless|hardly)\b|n['\u2019]t\b"
)
_PUT_UP = re.compile(r"\bputs? up\b|\bputting up\b")  # a price, a prize or a building
_CLAUSE = re.compile(
    r"[,:](?!\d)|[;\u2013\u2014]|\b(?:and|but|while|though|although|that|which|who)\b"
)
# What happened to people or plans, in whatever form or word for it a source may have it.
_GRAVE = tuple(
    (re.compile(rf"\b(?:{told})\b"), re.compile(rf"\b(?:{backed})\b"))
    for told, backed in (
        (
            r"died|killed|dead",
            r"dea(?:d|ths?)|fatal\w*|drown\w*|murder\w*|lost (?:his|her|their) li\w+|bod(?:y|ies)"
            r"|di(?:e|es|ed)|dying|kill\w*|lives|widow\w*|funerals?|obituary|mourn\w*",
        ),
        (
            r"cancelled|scrapped",
            r"cancel\w*|scrap\w*|axed|abandon\w*|dropp?\w*|call\w* off|stopp\w*",
        ),
        (r"arrested", r"arrest\w*|custody|detain\w*|held"),
        (r"evacuated", r"evacuat\w*|led out|moved out|leave|left"),
    )
)


def contraries(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return what the source tells the other way round, wherever it does."""
    yield from _turned_figures(here, source)
    if here.denials:
        return
    words = folded(here.text)
    for told, backed in _GRAVE:
        hit = told.search(words)
        there = [one for one in source.sentences if hit and backed.search(folded(one.text))]
        if hit and there and all(_is_denied(one, backed) for one in there):
            yield Edit(told=hit[0], there="", source=there[0].text)


def _is_denied(sentence: Sentence, word: re.Pattern[str]) -> bool:
    """Whether each part with such a word denies it: "without power, and a man died" does not."""
    parts = [part for part in _CLAUSE.split(folded(sentence.text)) if word.search(part)]
    return sentence.denials > 0 and all(_DENIAL.search(part) for part in parts)


def _turned_figures(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a rise to a figure that the source gives as one of a fall, and the other way round."""
    parts: list[tuple[str, list[Figure], Sentence]] = []
    for clause in _CLAUSE.split(folded(here.text)):
        rise, fall = _RISE.search(clause), _FALL.search(clause)
        told = rise or fall
        if told is None or (rise and fall) or _PUT_UP.search(clause):
            continue
        own, other = (_RISE, _FALL) if rise else (_FALL, _RISE)
        figures = _telling(clause)
        if figures and not parts:  # read once, and only where something may be turned round
            parts = [
                (part, _telling(part), one)
                for one in source.sentences
                for part in _CLAUSE.split(folded(one.text))
            ]
        for figure in figures:
            there = [
                (part, one)
                for part, told_there, one in parts
                if any(_is_same(figure, each) for each in told_there)
            ]
            turned = next(
                ((hit[0], one) for part, one in there if (hit := other.search(part))), None
            )
            if turned and not any(own.search(part) for part, _ in there):
                word, sentence = turned
                yield Edit(told=f"{told[0]} … {figure.shown}", there=word, source=sentence.text)
                return


def _telling(clause: str) -> list[Figure]:
    return [
        one
        for one in figures_in(clause)
        if not one.name and (one.kind or sum(map(str.isdigit, one.shown)) >= FEWEST_DIGITS)
    ]


def _is_same(one: Figure, other: Figure) -> bool:
    return one.value == other.value and one.kind == other.kind
