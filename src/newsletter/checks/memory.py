"""S08: a story that stands twice in the issue, or went to the same list not long ago."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, leaves, shorten, word_count
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.memory import Repeat, SameBy
from newsletter.model.trackers import is_tracker

DUPLICATE_STORY = "S08 duplicate-story"

ALIKE = 0.8  # of the words of two headlines
FEWEST_ALIKE = 4  # words; fewer are a phrase
MOST_COMPARED = 100  # cards; each is compared with each
FEWEST_REPEATED = 8  # words of a summary that stands under two headlines
_WORD = re.compile(r"\w+")
# Places on a page that are no part of its story.
_NO_PLACES = frozenset(
    {"comments", "comment", "respond", "disqus_thread", "top", "main", "content"}
)
_SMALL = frozenset(
    {"the", "a", "an", "of", "in", "on", "at", "to", "for", "and", "is"}
    | {"are", "was", "as", "by", "with", "from", "it", "its"}
)

_HOW = {
    SameBy.ADDRESS: "this story ran",
    SameBy.TEXT: "the same story, from another address, ran",
    SameBy.HEADLINE: "a story with nearly this headline ran",
}
_SEVERITY = {
    SameBy.ADDRESS: Severity.WARNING,
    SameBy.TEXT: Severity.WARNING,
    SameBy.HEADLINE: Severity.INFO,
}


def duplicate_story(request: CheckRequest) -> Iterable[Finding]:
    """S08: no story stands twice in the issue, and none went to the same list of late."""
    yield from _twice(request)
    yield from _summaries_twice(request)
    for card, line in _alike(tuple(_cards(request.issue))):
        yield _again(request, card, f"a headline is nearly that of line {line}")
    for repeat in request.repeats:
        yield Finding(
            check=DUPLICATE_STORY,
            severity=_SEVERITY[repeat.by],
            message=f"{_HOW[repeat.by]} in {repeat.run.issue}{_on(repeat)}",
            evidence=shorten(repeat.run.headline or repeat.run.key),
            file=request.file,
            line=repeat.line,
            remedy='take it out; or, for an update, write "{update=yes}" below its headline',
        )


def _twice(request: CheckRequest) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for card in _cards(request.issue):
        for known in dict.fromkeys((_key(card.url), folded(card.headline))):
            if not known:
                continue
            first = seen.setdefault(known, card.line)
            if first != card.line:
                yield _again(request, card, f"a story stands here that stands in line {first} too")
                break


def _summaries_twice(request: CheckRequest) -> Iterator[Finding]:
    """Tell of words that stand under two headlines: those of one of them were lost."""
    seen: dict[str, int] = {}
    for card in _cards(request.issue):
        if isinstance(card, Brief):
            text = card.text
        else:
            text = " ".join(one for one, _ in leaves(card.summary))
        if word_count(text) < FEWEST_REPEATED:
            continue
        first = seen.setdefault(folded(text), card.line)
        if first != card.line:
            yield _again(request, card, f"the summary is that of the story in line {first}")


def _alike(cards: Sequence[Story | Brief]) -> Iterator[tuple[Story | Brief, int]]:
    """Give each card whose headline is nearly an earlier one's, with that one's line.

    Nearly means four words in five alike and the same numbers in the same order: "Leeds 2-1" and
    "Leeds 1-2" are two games.
    """
    known: dict[str, tuple[frozenset[str], list[str], int]] = {}
    for card in cards[:MOST_COMPARED]:
        if folded(card.headline) in known:
            continue  # one headline twice is told already
        words, numbers = _words(card.headline)
        for other, others, line in known.values():
            shared = len(words & other)
            alike = shared >= FEWEST_ALIKE and shared >= ALIKE * len(words | other)
            if alike and numbers == others:
                yield card, line
                break
        known[folded(card.headline)] = (words, numbers, card.line)


def _words(headline: str) -> tuple[frozenset[str], list[str]]:
    words = _WORD.findall(folded(headline))
    numbers = [word for word in words if any(map(str.isdigit, word))]
    return frozenset(word for word in words if word not in _SMALL), numbers


def _key(url: str) -> str:
    """Give what two addresses of one page have in common: no trackers, no slash at the end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = "&".join(
        sorted(pair for pair in parts.query.split("&") if not is_tracker(pair.partition("=")[0]))
    )
    host = parts.netloc.casefold().removeprefix("www.")
    place = "" if parts.fragment.casefold() in _NO_PLACES else parts.fragment
    return f"{host}{parts.path.rstrip('/')}?{query}#{place}" if host else url


def _on(repeat: Repeat) -> str:
    return f" on {repeat.run.at:%Y-%m-%d}" if repeat.run.at else ""


def _again(request: CheckRequest, card: Story | Brief, message: str) -> Finding:
    return Finding(
        check=DUPLICATE_STORY,
        severity=Severity.WARNING,
        message=message,
        evidence=shorten(card.headline or card.url),
        file=request.file,
        line=card.line,
        remedy="keep one of them",
    )


def _cards(issue: Issue) -> Iterator[Story | Brief]:
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        if isinstance(block, Story):
            yield block
        elif isinstance(block, Briefs):
            yield from block.items
