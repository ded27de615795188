"""Small words of a source whose loss turns a text: "no" before a noun, "may" before a verb; pure.

"There will be redundancies", where the source has "no redundancies"; "an east coast", where it only
has a west coast; "it guarded the mines", where it "may have guarded" them. For English.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from newsletter.checks.fidelity.denials import says_no
from newsletter.checks.fidelity.parts import parts_of, shared_weight, stems_of
from newsletter.checks.fidelity.sentences import Edit, Sentence, Source, Token
from newsletter.checks.fidelity.synonyms import are_rivals
from newsletter.checks.headline_words import stem_of
from newsletter.checks.wording import folded
from newsletter.model.sentences import is_attributed

NEAR = 4  # words from a "no" to the noun that it denies
LEAST_BESIDE = 1.5  # weight of what else the denied thing's sentence shares
SHORT = 3  # words of a part that has nothing else to share
FEWEST_BESIDE_VERB = 3  # words of the sentence whose verb is in doubt

_MAY = r"\b(?:may|might|could)(?: also| well)?"
_MAY_HAVE = re.compile(rf"{_MAY} have (?:been )?([a-z]+)|{_MAY} ([a-z]{{4,}})")
_OPEN = re.compile(
    r"\b(?:would|should|can|whether|plan\w*|expect\w*|hop\w+|chance|thought|fear\w*|risk\w*)\b|\?"
)
_NOS = frozenset(("no", "nobody"))
_MEASURED = frozenset(("more", "fewer", "less", "later", "longer", "one", "earlier", "further"))
_ON_CONDITION = re.compile(r"\b(?:if|unless|until|once|as long as|provided|without|were)\b")


def lost_no(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a thing that is there, and of which the source everywhere says that there is none."""
    if says_no(here) or _ON_CONDITION.search(folded(here.text)):
        return
    for part in parts_of(here):
        for token in part.tokens:
            if not token.tells or token.kind or token.word.endswith(("ed", "ing")):
                continue
            there = source.with_stem(token.stem)
            if not there or not all(_is_denied(one, token.stem) for one in there):
                continue
            beside = shared_weight(part.stems - {token.stem}, there[0].stems, source)
            if beside >= LEAST_BESIDE or len(part.stems) < SHORT:
                yield Edit(told=token.shown, there=f"no … {token.shown}", source=there[0].text)
                return


def other_kinds(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return "east coast", where the source has a west coast and no east."""
    for one, thing in pairwise(here.tokens):
        if not (one.tells and thing.tells) or one.kind or thing.kind or one.stem in source.by_stem:
            continue
        for sentence in source.with_stem(thing.stem):
            for other, same in pairwise(sentence.tokens):
                if same.stem == thing.stem and _is_other(one, other):
                    told, there = f"{one.shown} {thing.shown}", f"{other.shown} {same.shown}"
                    yield Edit(told=told, there=there, source=sentence.text)
                    return


def settled(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return what the source says only that it may be, told without a doubt."""
    if is_attributed(here.text) or _OPEN.search(folded(here.text)) or says_no(here):
        return
    mine = stems_of(here.tokens)
    verbs = {token.stem: token for token in here.tokens if token.tells and not token.kind}
    for stem, token in verbs.items():
        there = source.with_stem(stem)
        doubts = [doubt for one in there if (doubt := _doubt(one, stem))]
        if not there or len(doubts) < len(there):
            continue
        if any(len(mine & stems_of(one.tokens) - {stem}) >= FEWEST_BESIDE_VERB for one in there):
            yield Edit(told=token.shown, there=doubts[0], source=there[0].text)
            return


def _doubt(sentence: Sentence, stem: str) -> str:
    for hit in _MAY_HAVE.finditer(folded(sentence.text)):
        if stem_of(hit[1] or hit[2], "en") == stem:
            return hit[0]
    return ""


def _is_denied(sentence: Sentence, stem: str) -> bool:
    tokens = sentence.tokens
    for place, one in enumerate(tokens[:-1]):
        next_ones = tokens[place + 1 : place + 1 + (NEAR if place == 0 else NEAR - 2)]
        is_no = one.word in _NOS and next_ones[0].word not in _MEASURED
        if is_no and stem in {each.stem for each in next_ones}:
            return True
    return False


def _is_other(one: Token, other: Token) -> bool:
    return other.tells and not other.kind and are_rivals(one.word, other.word, in_place=False)
