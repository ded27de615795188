"""Who did what to whom: "Stott beat Nair", where Nair beat Stott; pure, for English.

A verb between two names, active or passive, is read as one who acts and one who is acted on; what
says that somebody won, in whatever word, is one verb.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.fidelity.sentences import Edit, Sentence, Source, Token, words_of

MOST_BETWEEN = 10  # words from a name to the verb, and from the verb to the other

_BEATS = frozenset(
    (
        *("beat", "beats", "beating", "beaten", "overtake", "overtakes", "overtook", "overtaken"),
        *("outplayed", "outpolled", "defeat", "defeats", "defeated", "thrash", "thrashed", "edged"),
    )
)

_LOSES = frozenset(["lose", "loses", "lost", "losing"])
_BE = frozenset(["was", "were", "been", "be", "being", "is", "are"])
_PAST = re.compile(r"(?:ed|s|ought|old|ave|ook|aid|eat)$")
_STOPS = frozenset(("who", "which", "that", "while", "but", "and", "after", "when", "as"))
_NO_VERBS = frozenset(
    (
        "has",
        "is",
        "was",
        "his",
        "its",
        "this",
        "years",
        "news",
        "said",
        "says",
        "based",
        "aged",
        "named",
        "called",
        "held",
        "expected",
    )
)


@dataclass(frozen=True, slots=True)
class _Deed:
    shown: str
    sentence: Sentence


def other_actors(here: Sentence, source: Source) -> Iterator[Edit]:
    """Return a deed of one to another that the source has the other way round alone."""
    mine = dict(_deeds(here))
    if not mine:
        return
    known = {key: deed for one in source.sentences for key, deed in _deeds(one)}
    for (agent, verb, other), deed in mine.items():
        turned = known.get((other, verb, agent))
        if turned is not None and (agent, verb, other) not in known:
            yield Edit(told=deed.shown, there=turned.shown, source=turned.sentence.text)
            return


@lru_cache(maxsize=1024)
def _deeds(sentence: Sentence) -> tuple[tuple[tuple[str, str, str], _Deed], ...]:
    return tuple(_read_deeds(sentence))


def _read_deeds(sentence: Sentence) -> Iterator[tuple[tuple[str, str, str], _Deed]]:
    tokens = sentence.tokens
    names = [
        place
        for place, token in enumerate(tokens)
        if _is_name(token) or (place and tokens[place - 1].word == "the" and token.tells)
    ]
    if len(names) < 2:  # noqa: PLR2004 (one who acts and one acted on)
        return
    for place in range(len(tokens)):
        verb, turned, size = _verb(tokens, place)
        before = [one for one in names if one < place]
        behind = [one for one in names if place + size <= one <= place + size + MOST_BETWEEN]
        is_far = not before or not behind or (size == 1 and before[-1] < place - MOST_BETWEEN)
        if not verb or place in names or is_far:
            continue
        agents = {*_run(tokens, before[-1]), *(_run(tokens, before[0]) if size > 1 else ())}
        patients = _patients(tokens, place, behind[0], names)
        is_passive = any(one.word in _BE for one in tokens[max(0, place - 2) : place])
        by = any(one.word == "by" for one in tokens[place + 1 : behind[0]])
        if is_passive and not by:
            continue
        shown = words_of(tokens[_run(tokens, before[-1])[0] : behind[0] + 1])
        for one in agents:
            for other in patients:
                ends = tokens[one].stem, tokens[other].stem
                agent, patient = ends[::-1] if turned != by else ends
                if agent != patient:
                    yield (agent, verb, patient), _Deed(shown, sentence)


def _patients(tokens: tuple[Token, ...], verb: int, first: int, names: list[int]) -> Iterable[int]:
    if tokens[verb].word not in _LOSES:
        return range(first, _run_end(tokens, first) + 1)
    to = next((one for one in range(verb, len(tokens)) if tokens[one].word == "to"), len(tokens))
    return [one for one in names if to < one <= to + MOST_BETWEEN]


def _run(tokens: tuple[Token, ...], place: int) -> list[int]:
    run = [place]
    while run[0] > 0 and _is_name(tokens[run[0] - 1]):
        run.insert(0, run[0] - 1)
    return run


def _run_end(tokens: tuple[Token, ...], place: int) -> int:
    while place + 1 < len(tokens) and _is_name(tokens[place + 1]):
        place += 1
    return place


def _is_name(token: Token) -> bool:
    return token.tells and token.shown[0].isupper() and token.kind in {"name", ""}


def _verb(tokens: tuple[Token, ...], place: int) -> tuple[str, bool, int]:
    """Return a verb in one form, whether it turns who acts, and of how many words it is."""
    token = tokens[place]
    behind = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if token.word == "ahead" and behind == "of":
        return "beat", False, 2
    if token.word in _BEATS:
        return "beat", False, 1
    if token.word in _LOSES and any(one.word == "to" for one in tokens[place + 1 : place + 10]):
        return "beat", True, 1
    if (
        token.tells
        and not token.kind
        and token.shown[0].islower()
        and _PAST.search(token.word)
        and token.word not in _NO_VERBS
    ):
        return token.stem, False, 1
    return "", False, 0
