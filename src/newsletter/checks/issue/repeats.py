"""S08: a story that stands twice in the issue, or went to the same list not long ago."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from newsletter.checks.address import page_of
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import cards_of, folded, leaves, shorten, word_count
from newsletter.model.article import Repeat, SameBy
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Story

DUPLICATE_STORY = "S08 duplicate-story"

MOST_COMPARED = 100  # cards
FEWEST_REPEATED = 8  # words of a summary that stands under two headlines
NEARLY = 0.9  # of two headlines that differ in a word at most
_HOW = {
    SameBy.ADDRESS: "this story ran",
    SameBy.TEXT: "the same story, from another address, ran",
    SameBy.HEADLINE: "a story with nearly this headline ran",
}


def duplicate_story(request: CheckRequest) -> Iterable[Finding]:
    """S08: no story stands twice in the issue, and none was sent to the same list lately."""
    cards = tuple(cards_of(request.issue))[:MOST_COMPARED]
    for card, line, message in _twice(cards):
        seen = shorten(card.headline or card.url)
        yield request.finding(DUPLICATE_STORY, line, message, seen=seen, remedy="keep one of them")
    headlines = {card.line: card.headline for card in cards}
    for repeat in request.repeats:
        is_hint = repeat.by is SameBy.HEADLINE and not _is_one(headlines.get(repeat.line), repeat)
        yield request.finding(
            DUPLICATE_STORY,
            repeat.line,
            _ran(repeat),
            seen=shorten(repeat.run.headline or repeat.run.key),
            remedy='take it out; or, for an update, write "{update=yes}" below its headline',
            severity=Severity.INFO if is_hint else Severity.WARNING,
        )


def _twice(cards: Iterable[Story | Brief]) -> Iterator[tuple[Story | Brief, int, str]]:
    seen: dict[str, int] = {}
    for card in cards:
        said = ((card.text, card.line),) if isinstance(card, Brief) else tuple(leaves(card.summary))
        text = folded(" ".join(one for one, _ in said))
        begin = next((at for _, at in said if at), card.line)
        known = [
            (f"address {page_of(card.url)}" if card.url else "", card.line, "same story as line"),
            (f"headline {_spelt(card.headline)}", card.line, "same story as line"),
        ]
        if word_count(text) >= FEWEST_REPEATED:
            known.append((f"summary {text}", begin, "same summary as in line"))
        for key, line, message in known:
            first = seen.setdefault(key, line) if key else line
            if first != line:
                yield card, line, f"{message} {first}"
                break


def _is_one(headline: str | None, repeat: Repeat) -> bool:
    """Return whether a headline is that of the run but for a few letters, and no standing title."""
    if headline is None or repeat.times > 1:
        return False
    here, there = _spelt(headline), _spelt(repeat.run.headline)
    return SequenceMatcher(None, here, there, autojunk=False).ratio() >= NEARLY


def _spelt(headline: str) -> str:
    return " ".join(re.findall(r"\w+", folded(headline)))


def _ran(repeat: Repeat) -> str:
    told = f"{_HOW[repeat.by]} in {repeat.run.issue}"
    if repeat.run.at is None:
        return f"{told.replace(' ran in ', ' is in ')}, which is not sent yet"
    return f"{told} on {repeat.run.at:%Y-%m-%d}"
