"""S08: a story that stands twice in the issue, or went to the same list not long ago."""

from collections.abc import Iterable, Iterator

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, shorten
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Issue, Story
from newsletter.model.memory import Repeat, SameBy

DUPLICATE_STORY = "S08 duplicate-story"

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
        for known in dict.fromkeys((card.url, folded(card.headline))):
            if not known:
                continue
            first = seen.setdefault(known, card.line)
            if first != card.line:
                yield Finding(
                    check=DUPLICATE_STORY,
                    severity=Severity.WARNING,
                    message=f"a story stands here that stands in line {first} too",
                    evidence=shorten(card.headline or card.url),
                    file=request.file,
                    line=card.line,
                    remedy="keep one of them",
                )
                break


def _on(repeat: Repeat) -> str:
    return f" on {repeat.run.at:%Y-%m-%d}" if repeat.run.at else ""


def _cards(issue: Issue) -> Iterator[Story | Brief]:
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        if isinstance(block, Story):
            yield block
        elif isinstance(block, Briefs):
            yield from block.items
