"""S08: a story that stands twice in the issue, or went to the same list not long ago."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import cards_of, folded, leaves, shorten, word_count
from newsletter.model.article import Repeat, SameBy
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Story
from newsletter.model.source import is_tracker

DUPLICATE_STORY = "S08 duplicate-story"

MOST_COMPARED = 100  # cards; each is compared with each
FEWEST_REPEATED = 8  # words of a summary that stands under two headlines
NEARLY = 0.9  # of two headlines that differ in a word at most
FEWEST_SHARED, ALIKE = 5, 0.75  # long words of two headlines: how many, and of the shorter one
# Places on a page that are no part of its story.
_NO_PLACES = frozenset({"comments", "comment", "respond", "disqus_thread", "top", "main"})
_SLASHES = re.compile(r"//+")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")
_LONG_WORD, _NUMBER = re.compile(r"[^\W\d_]{4,}"), re.compile(r"\d+(?:[.,-]\d+)*")
_HOW = {
    SameBy.ADDRESS: "this story ran",
    SameBy.TEXT: "the same story, from another address, ran",
    SameBy.HEADLINE: "a story with nearly this headline ran",
}


def duplicate_story(request: CheckRequest) -> Iterable[Finding]:
    """S08: no story stands twice in the issue, and none went to the same list of late."""
    cards = tuple(cards_of(request.issue))[:MOST_COMPARED]
    for card, line, message in (*_twice(cards), *_summaries_twice(cards), *_alike(cards)):
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
        for known in filter(None, dict.fromkeys((_key(card.url), _spelled(card.headline)))):
            first = seen.setdefault(known, card.line)
            if first != card.line:
                yield card, card.line, f"same story as line {first}"
                break


def _summaries_twice(cards: Iterable[Story | Brief]) -> Iterator[tuple[Story | Brief, int, str]]:
    """Find words that stand under two headlines: those of one of them were lost."""
    seen: dict[str, int] = {}
    for card in cards:
        said = ((card.text, card.line),) if isinstance(card, Brief) else tuple(leaves(card.summary))
        text = " ".join(one for one, _ in said)
        line = next((at for _, at in said if at), card.line)
        if word_count(text) >= FEWEST_REPEATED:
            first = seen.setdefault(folded(text), line)
            if first != line:
                yield card, line, f"same summary as in line {first}"


def _alike(cards: Iterable[Story | Brief]) -> Iterator[tuple[Story | Brief, int, str]]:
    """Find headlines with nearly the same long words; "Leeds 2-1" and "Leeds 1-2" are two."""
    known: dict[str, tuple[frozenset[str], tuple[str, ...], int]] = {}
    for card in cards:
        text = folded(card.headline)
        words, figures = frozenset(_LONG_WORD.findall(text)), tuple(_NUMBER.findall(text))
        if text in known:
            continue  # one headline twice is told already
        for other, others, line in known.values():
            shared = len(words & other)
            is_alike = shared >= max(FEWEST_SHARED, ALIKE * min(len(words), len(other)))
            if is_alike and figures == others:
                yield card, card.line, f"nearly the same headline as in line {line}"
                break
        known[text] = (words, figures, card.line)


def _is_one(headline: str | None, repeat: Repeat) -> bool:
    """Return whether a headline is that of the run but for a few letters, and no standing title."""
    if headline is None or repeat.times > 1:
        return False
    here, there = _spelled(headline), _spelled(repeat.run.headline)
    return SequenceMatcher(None, here, there, autojunk=False).ratio() >= NEARLY


def _spelled(headline: str) -> str:
    """Return a headline's words without accents and marks: "APRÈS LA CRUE !" is "apres la crue"."""
    parts = unicodedata.normalize("NFKD", folded(headline))
    return " ".join(re.findall(r"\w+", "".join(c for c in parts if not unicodedata.combining(c))))


def _key(url: str) -> str:
    """Return what two addresses of one page have in common: no trackers, no slash at the end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = "&".join(
        sorted(pair for pair in parts.query.split("&") if not is_tracker(pair.partition("=")[0]))
    )
    host = _DEFAULT_PORT.sub("", parts.netloc.casefold().removeprefix("www."))
    place = "" if parts.fragment.casefold() in _NO_PLACES else parts.fragment
    path = _SLASHES.sub("/", unquote(parts.path)).rstrip("/")
    return f"{host}{path}?{query}#{place}" if host else url


def _ran(repeat: Repeat) -> str:
    told = f"{_HOW[repeat.by]} in {repeat.run.issue}"
    if repeat.run.at is None:
        return f"{told.replace(' ran in ', ' stands in ')}, which is not sent yet"
    return f"{told} on {repeat.run.at:%Y-%m-%d}"
