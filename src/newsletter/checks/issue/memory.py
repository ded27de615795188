"""S08: a story that stands twice in the issue, or went to the same list not long ago."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit

from newsletter.checks.headline_words import HeadlineWords
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, leaves, shorten, word_count
from newsletter.model.article import Repeat, SameBy
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.source import is_tracker

DUPLICATE_STORY = "S08 duplicate-story"

MOST_COMPARED = 100  # cards; each is compared with each
FEWEST_REPEATED = 8  # words of a summary that stands under two headlines
NEARLY = 0.9  # of two headlines that differ in a word at most
# Places on a page that are no part of its story.
_NO_PLACES = frozenset(
    {"comments", "comment", "respond", "disqus_thread", "top", "main", "content"}
)
_SLASHES = re.compile(r"//+")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")
_HOW = {
    SameBy.ADDRESS: "this story ran",
    SameBy.TEXT: "the same story, from another address, ran",
    SameBy.HEADLINE: "a story with nearly this headline ran",
}


def duplicate_story(request: CheckRequest) -> Iterable[Finding]:
    """S08: no story stands twice in the issue, and none went to the same list of late."""
    yield from _twice(request)
    yield from _summaries_twice(request)
    language = request.newsletter.language.partition("-")[0].casefold()
    for card, line in _alike(tuple(_cards(request.issue)), language):
        yield _again(request, card, f"a headline is nearly that of line {line}")
    headlines = {card.line: card.headline for card in _cards(request.issue)}
    for repeat in request.repeats:
        is_hint = repeat.by is SameBy.HEADLINE and not _is_one(headlines.get(repeat.line), repeat)
        yield Finding(
            check=DUPLICATE_STORY,
            severity=Severity.INFO if is_hint else Severity.WARNING,
            message=_ran(repeat),
            evidence=shorten(repeat.run.headline or repeat.run.key),
            file=request.file,
            line=repeat.line,
            remedy='take it out; or, for an update, write "{update=yes}" below its headline',
        )


def _is_one(headline: str | None, repeat: Repeat) -> bool:
    """Return whether a headline is that of the run but for a few letters, and no standing title."""
    if headline is None or repeat.times > 1:
        return False
    here, there = _spelled(headline), _spelled(repeat.run.headline)
    return SequenceMatcher(None, here, there, autojunk=False).ratio() >= NEARLY


def _twice(request: CheckRequest) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for card in _cards(request.issue):
        for known in dict.fromkeys((_key(card.url), _spelled(card.headline))):
            if not known:
                continue
            first = seen.setdefault(known, card.line)
            if first != card.line:
                told = f"a story stands here that stands in line {first} too"
                yield _again(request, card, told)
                other = next((one for one in _cards(request.issue) if one.line == first), None)
                if other is not None and _fits(card) and not _fits(other):
                    # the address is this story's own: the slip is above
                    told = f"a story has the address of the one in line {card.line}"
                    yield _again(request, other, told)
                break


def _spelled(headline: str) -> str:
    """Return a headline's words without accents and marks: "APRÈS LA CRUE !" is "Apres la crue"."""
    parts = unicodedata.normalize("NFKD", folded(headline))
    return " ".join(re.findall(r"\w+", "".join(c for c in parts if not unicodedata.combining(c))))


def _fits(card: Story | Brief) -> bool:
    """Return whether the last part of a story's address has a word of its headline."""
    words = set(re.findall(r"\w{4,}", folded(card.headline)))
    last = folded(card.url.partition("?")[0].rstrip("/").rpartition("/")[2])
    return any(word in last for word in words)


def _summaries_twice(request: CheckRequest) -> Iterator[Finding]:
    """Tell of words that stand under two headlines: those of one of them were lost."""
    seen: dict[str, int] = {}
    for card in _cards(request.issue):
        line = card.line
        if isinstance(card, Brief):
            text = card.text
        else:
            said = tuple(leaves(card.summary))
            text = " ".join(one for one, _ in said)
            line = next((at for _, at in said if at), line)
        if word_count(text) < FEWEST_REPEATED:
            continue
        first = seen.setdefault(folded(text), line)
        if first != line:
            yield _again(request, card, f"the summary stands in line {first} too", line)


def _alike(cards: Sequence[Story | Brief], language: str) -> Iterator[tuple[Story | Brief, int]]:
    """Return each card whose headline is an earlier one's in other words, with that one's line."""
    known: dict[str, tuple[HeadlineWords, int]] = {}
    for card in cards[:MOST_COMPARED]:
        if folded(card.headline) in known:
            continue  # one headline twice is told already
        words = HeadlineWords.of(card.headline, language)
        for other, line in known.values():
            if words.tells_the_same(other):
                yield card, line
                break
        known[folded(card.headline)] = (words, card.line)


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


def _again(request: CheckRequest, card: Story | Brief, message: str, line: int = 0) -> Finding:
    return Finding(
        check=DUPLICATE_STORY,
        severity=Severity.WARNING,
        message=message,
        evidence=shorten(card.headline or card.url),
        file=request.file,
        line=line or card.line,
        remedy="keep one of them",
    )


def _cards(issue: Issue) -> Iterator[Story | Brief]:
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        if isinstance(block, Story):
            yield block
        elif isinstance(block, Briefs):
            yield from block.items
