"""What a text tells the other way round in words of its own: "backed", where they "rejected"; pure.

For English. Each part of the text with a word of one side is laid beside those parts of the source
that share enough rare words with it. It is told where those have words of the other side alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from newsletter.checks.fidelity.parts import (
    Part,
    parts_of,
    read_parts,
    shared_weight,
    stems_of,
)
from newsletter.checks.fidelity.sentences import Edit, Sentence, Source, read_source

LEAST_SHARED = 2.0  # weight of the words that make a part of the source the one that is told of
LEAST_OF_FEW, NEARLY_ALL = 1.2, 0.8  # of a headline of few words
LEAST_AROUND = 0.5  # of that weight for what only the rest of its sentence shares
AS_NEAR = 0.6  # of the nearest part's weight: a part of the own side as near bears the text out
NOT_BEFORE = 24  # characters before a word in which a "not" may belong to it


class _Pair(NamedTuple):
    one: re.Pattern[str]
    other: re.Pattern[str]


def _pair(one: str, other: str) -> _Pair:
    return _Pair(re.compile(rf"\b(?:{one})\b"), re.compile(rf"\b(?:{other})\b"))


_PAIRS = (
    _pair(
        r"approve[sd]?|back(?:s|ed)|accept(?:s|ed)?|lawful|endorse[sd]?|agree[sd]? to|in favour"
        r"|vote[sd]? for|voting for|yes to|support(?:s|ed)|wave[sd]? through|uphold|upheld"
        r"|adopt(?:s|ed)"
        r"|green light|go-ahead|welcome[sd]?",
        r"reject(?:s|ed)?|refuse[sd]?|quash(?:es|ed)?|str(?:ikes?|uck) down|unlawful"
        r"|strikes out|turn(?:s|ed)? down|throw(?:s|n)? out|threw out|against"
        r"|oppose[sd]?"
        r"|no to|defeated|overturn(?:s|ed)?|dismiss(?:es|ed)?|block(?:s|ed)|rebuff(?:s|ed)"
        r"|spurn(?:s|ed)"
        r"|veto(?:es|ed)?|vote[sd]? down",
    ),
    _pair(
        r"stays? open|stay(?:s|ed)? open|reopen(?:s|ed|ing)?|opens?|keeps?|kept|sav(?:e|es"
        r"|ed) (?!£)"
        r"|spare[sd]?|reprieve[sd]?|surviv(?:e|es|ed)|saved from closure",
        r"clos(?:e|es|ed|ing|ure|ures)|shut(?:s|ting|ters)?|axe[sd]?|scrap(?:s|ped)?|loses?|goes",
    ),
    _pair(
        r"convict(?:s|ed)|guilty|convictions?",
        r"acquit(?:s|ted)?|cleared|clears|innocent|acquittals?",
    ),
    _pair(
        r"ris(?:e|es|en|ing)|rose|grow(?:s|n|ing)?|grew|climb(?:s|ed|ing)?|jump(?:s|ed)?"
        r"|increas(?:e|es|ed)|soar(?:s|ed)?|(?:go|goes|gone|went) up|up by|dearer"
        r"|rais(?:e|es|ed)",
        r"f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|slip(?:s|ped)?|sank|shr[aiu]nk\w*"
        r"|declin(?:e|es|ed)"
        r"|decreas(?:e|es|ed)|plunge[sd]?|slump(?:s|ed)?|tumble[sd]?|(?:go|goes|gone|went) down"
        r"|down by|cheaper|cut(?:s|ting)?(?! off)|reduc(?:e|es|ed)|lower(?:s|ed)",
    ),
    _pair(
        r"w[io]ns?|winning|beat(?:s|ing)?|victor(?:y|ies|ious)|triumph(?:s|ed)?",
        r"los(?:e|es|t|ing)|defeat(?:s|ed)?|beaten",
    ),
    _pair(
        r"go(?:es)? ahead|going ahead|step(?:s|ped)? up|resum(?:e|es|ed)|press(?:es|ed)? ahead"
        r"|walk(?:s|ed)? out|will sail|extend(?:s|ed)?",
        r"suspend(?:s|ed)?|call(?:s|ed)? off|put(?:s)? off|postpone[sd]?|halt(?:s|ed)?"
        r"|cancel(?:s|led)?"
        r"|shelve[sd]?|pause[sd]?|scrap(?:s|ped)?|abandon(?:s|ed)?|delay(?:s|ed)?|reject(?:s|ed)?"
        r"|thrown out",
    ),
    _pair(
        r"eas(?:e|es|ed|ing)|relax(?:es|ed)?|loosen(?:s|ed)?|soften(?:s|ed)?",
        r"tighten(?:s|ed)?|toughen(?:s|ed)?|stiffen(?:s|ed)?|stricter|tougher",
    ),
    _pair(
        r"keeps?|kept|retain(?:s|ed)?|clings?|still (?:runs?|holds?|has|have|in charge|controls?)",
        r"los(?:e|es|t)|no longer|ousted|gives? up|gave up",
    ),
    _pair(
        r"hir(?:e|es|ed|ing)|recruit(?:s|ed)?|tak(?:e|es|ing) on|creat(?:e|es|ed)|add(?:s|ed)",
        r"lay(?:s|ing)? off|laid off|sack(?:s|ed)?|redundan\w+|axe[sd]?|shed(?:s|ding)?",
    ),
    _pair(
        r"releas(?:e|es|ed)|freed|bailed", r"detain(?:s|ed)?|jail(?:s|ed)?|remanded|arrest(?:s|ed)?"
    ),
    _pair(
        r"joins?|joined|sign(?:s|ed) for|arriv(?:e|es|ed)",
        r"leav(?:e|es|ing)|left|quits?|depart(?:s|ed)?",
    ),
    _pair(
        r"prais(?:e|es|ed)|hail(?:s|ed)?|applaud(?:s|ed)?|welcom(?:e|es|ed)",
        r"critici[sz](?:e|es|ed)|condemn(?:s|ed)?|attack(?:s|ed)?|denounce[sd]?|slam(?:s|med)?",
    ),
    _pair(
        r"widen(?:s|ed)?|expand(?:s|ed)?|extend(?:s|ed)?|lengthen(?:s|ed)?|doubl(?:e|es|ed|ing)",
        r"narrow(?:s|ed)?|shr[aiu]nk\w*|shorten(?:s|ed)?|halv(?:e|es|ed|ing)",
    ),
    _pair(r"succeed(?:s|ed)?|passe[sd]", r"fail(?:s|ed)?"),
    _pair(
        r"allow(?:s|ed)?|permit(?:s|ted)?|lift(?:s|ed)?",
        r"ban(?:s|ned)?|forb[ia]d\w*|prohibit(?:s|ed)?|bar(?:s|red)",
    ),
)
# Only where they stand with the same figure: each of these words has other senses.
_WITH_FIGURE = (
    _pair(r"sav(?:e|es|ed|ing|ings)", r"cost(?:s|ing)?|spend(?:s|ing)?|spent"),
    _pair(r"profits?|surplus", r"loss(?:es)?|lost|deficit"),
    _pair(r"income|earn(?:s|ed)?|receiv(?:e|es|ed)", r"pays?|paid|ow(?:e|es|ed)|debts?"),
    _pair(r"ahead|above|clear of", r"behind|adrift|below"),
)
_NOT = re.compile(r"(?:\b(?:not|never|no longer|nobody|none|without|nor|neither)\b|n't\b)[^,;]*$")
_SIDESTEPS = re.compile(
    r"\b(?:saved from|spared|avert\w*|threat(?:s|ened)? (?:of|with)|instead of|rather than)\b"
)
_PARTICLES = frozenset(("go", "goes", "going", "up", "down", "off", "out", "ahead"))
# "Labour loses the ward to the Greens", who won it: both are told, see actors.py.
_BOTH_SIDES = re.compile(
    r"\b(?:los|los[et]|losing|wins?|won|winning|beat)\w* (?:[\w'-]+ ){1,6}(?:to|from|by|against) "
)


def opposed(here: Sentence, source: Source, text: str) -> Iterator[Edit]:
    """Return the first word that the source has the other of; text is the source's own."""
    for part in parts_of(here):
        for pairs, needs_figure in ((_PAIRS, False), (_WITH_FIGURE, True)):
            for pair in pairs:
                edit = _told(part, pair, text, source, needs_figure=needs_figure)
                if edit is not None:
                    yield edit
                    return


def opposed_texts(text: str, source: str) -> Iterator[Edit]:
    """Return the same of each sentence of a text, such as a subject."""
    there = read_source(source)
    for sentence in read_source(text).sentences:
        yield from opposed(sentence, there, source)


def _told(part: Part, pair: _Pair, text: str, source: Source, *, needs_figure: bool) -> Edit | None:
    mine = _side(part.text, pair)
    if mine is None:
        return None
    side, shown = mine
    own = frozenset(shown.split())
    words = stems_of([one for one in part.tokens if one.word not in own | _PARTICLES])
    figures = frozenset(stem for stem in words if any(map(str.isdigit, stem)))
    best: dict[int, tuple[float, str, Sentence]] = {}
    for one in read_parts(text):
        part_shares = shared_weight(words, one.stems, source)
        if part_shares == 0 or (needs_figure and not figures & one.stems):
            continue
        around = shared_weight(words - one.stems, one.sentence.stems, source)
        weight = part_shares + LEAST_AROUND * around
        theirs = _sides(one.text, pair)
        for which, word in theirs:
            if which not in best or best[which][0] < weight:
                best[which] = (weight, word, one.sentence)
    other, same = best.get(-side), best.get(side)
    whole = shared_weight(words, words, source)
    if other is None or other[0] < min(LEAST_SHARED, max(LEAST_OF_FEW, NEARLY_ALL * whole)):
        return None
    if other[1] == shown:
        return None  # a "not" too many or too few is told of by `turned`
    if same is not None and same[0] >= AS_NEAR * other[0]:
        return None
    return Edit(told=shown, there=other[1], source=other[2].text)


def _side(text: str, pair: _Pair) -> tuple[int, str] | None:
    """Return the side that a part takes and its word; None where it takes none or both."""
    sides = _sides(text, pair)
    return sides[0] if len({side for side, _ in sides}) == 1 else None


def _sides(text: str, pair: _Pair) -> list[tuple[int, str]]:
    found = []
    for sign, pattern in ((1, pair.one), (-1, pair.other)):
        for hit in pattern.finditer(text):
            before = text[max(0, hit.start() - NOT_BEFORE) : hit.start()]
            found.append((-sign if _NOT.search(before) else sign, hit[0].strip()))
    if found and (_SIDESTEPS.search(text) or _BOTH_SIDES.search(text)):
        return []
    return found
