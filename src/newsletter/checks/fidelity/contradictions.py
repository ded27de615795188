"""Where an English text says another thing than its source with the source's own words; pure.

Two kinds: a figure that stands beside another unit than it does there ("six months", where the
source has "six years" and "three months"), and a word in the place of its opposite ("rise", where
the same sentence of the source has "fall").
"""

import re
from collections.abc import Iterator

from newsletter.checks.figures import figures_in
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
_PAIRS = (
    (
        "rise rises rose risen rising up increase increases increased increasing grow grew climbed",
        "fall falls fell fallen falling down decrease decreased shrank dropped declined",
    ),
    ("higher more greater longer better earlier", "lower fewer less shorter worse later"),
    ("win wins won winning victory", "lose loses lost losing defeat"),
    ("open opens opened opening reopen reopens", "close closes closed closing closure shut shuts"),
    (
        "approve approves approved accept accepts accepted agreed allow allows allowed backs"
        " backed",
        "reject rejects rejected refuse refuses refused block blocked opposed ban bans banned",
    ),
    ("guilty convicted", "acquitted cleared innocent"),
    ("favour favours favoured backing", "against"),
    (
        "praise praises praised welcome welcomes welcomed hailed hails",
        "criticise criticises criticised attacked condemns condemned denounced slammed",
    ),
    ("permanent permanently", "temporary temporarily"),
    ("join joins joined", "quit quits resign resigns resigned"),
    ("save saves saved", "scrap scraps scrapped"),
    ("expand expands expanded", "shrink shrinks"),
    ("support supports supported", "oppose opposes opposed"),
    ("raise raises raised", "cut cuts lower lowers lowered"),
    ("hire hires hired hiring", "sack sacked fired dismissed"),
    ("start starts started begin begins began", "end ends ended finish finishes finished"),
    ("include includes including", "exclude excludes excluding"),
    ("dead died killed", "survived alive unhurt"),
    ("morning", "evening afternoon"),
    *(("before", "after"), ("profit profits", "loss losses"), ("always", "never")),
    *(("north northern", "south southern"), ("east eastern", "west western")),
    *(("first", "last"), ("oldest", "youngest"), ("best", "worst"), ("majority", "minority")),
)
_OPPOSITES: dict[str, frozenset[str]] = {}
_ALIKE: dict[str, frozenset[str]] = {}
for _one, _two in _PAIRS:
    for _words, _others in ((_one, _two), (_two, _one)):
        for _word in _words.split():
            _OPPOSITES[_word] = _OPPOSITES.get(_word, frozenset()) | frozenset(_others.split())
            _ALIKE[_word] = _ALIKE.get(_word, frozenset()) | frozenset(_words.split())
# Two words that are one verb, so that "down" in them is no fall.
_PHRASES = tuple(
    (re.compile(rf"\b(?:{words})\b"), one)
    for words, one in (
        ("turn(?:ed|s|ing)? down|thr(?:ew|own|ow) out|vot(?:ed?|es) down", "rejected"),
        (r"vot(?:ed?|es|ing) (?:\S+ to \S+ )?against", "opposed against"),
        (r"vot(?:ed?|es|ing) (?:\S+ to \S+ )?for", "favour"),
        ("g(?:iven|ave|ives) the go-ahead", "approved"),
        ("call(?:ed|s)? off", "cancelled"),
        ("shut(?:s|ting)? down|clos(?:ed|es|ing) down", "closed"),
        ("broke(?:n)? down|breaks? down|laid down|down to earth|down the road", "broke"),
    )
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_TURNED = re.compile(
    r"\b(?:not|no|never|nor|without|n't|fail(?:s|ed)? to|refus\w+|den(?:y|ies|ied))\b|n't\b"
)


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


def opposites(text: str, source: str) -> tuple[tuple[str, str], ...]:
    """Give each word of a text whose opposite the source has in its place, with that sentence."""
    sentences = [_joined(source[start:end]) for start, end in split_sentences(source)]
    told = [(stems(one, "en"), frozenset(_WORD.findall(one)), one) for one in sentences]
    found: list[tuple[str, str]] = []
    for start, end in split_sentences(text):
        sentence = _joined(text[start:end])
        words = stems(sentence, "en")
        for word in dict.fromkeys(_WORD.findall(sentence)):
            is_both = not _OPPOSITES.get(word, frozenset()).isdisjoint(_WORD.findall(sentence))
            if word not in _OPPOSITES or is_both or _TURNED.search(sentence):
                continue
            # the sentence that it was made from is the one with most of its words
            backed = max(
                (len(words & there) for there, has, _ in told if _ALIKE[word] & has), default=0
            )
            against = [
                (len(words & there), one, min(_OPPOSITES[word] & has))
                for there, has, one in told
                if _OPPOSITES[word] & has and not _ALIKE[word] & has and not _TURNED.search(one)
            ]
            shared, other, opposite = max(against, default=(0, "", ""))
            if shared >= FEWEST_SHARED and shared > backed + 1:
                found.append((f"{word}, where the source has {opposite}", other))
    return tuple(found)


def _joined(sentence: str) -> str:
    here = folded(sentence)
    for pattern, one in _PHRASES:
        here = pattern.sub(one, here)
    return here


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


def differing(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Give what differs, each with its evidence."""
    for shown in other_units(text, source):
        yield f"not in the source: {shown}", shown
    for told, sentence in opposites(text, source):
        yield f"the source says the opposite: {told}", sentence
