"""C10: whether an issue suits the template that its newsletter has.

Only where an editor would choose another template or change the issue: each template shows
everything (C09 proves that), so nothing here stops a send.
"""

from collections.abc import Iterator, Sequence

from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Briefs, Issue, Story

TEMPLATE_FIT = "C10 template-fit"
BREAKING, WEEKLY = "breaking", "weekly"
FEWEST_FOR_CONTENTS = 4  # fewer stories are seen at a glance: a list of them is in the way
SHOWN = 60


def issue_fits(request: CheckRequest) -> Iterator[Finding]:
    """C10: breaking has one story, weekly enough of them for its list of contents."""
    stories = _stories(request.issue)
    if request.newsletter.template == BREAKING and len(stories) != 1:
        yield _not_one(request, stories)
    count = len(stories) + _brief_count(request.issue)
    if request.newsletter.template == WEEKLY and count < FEWEST_FOR_CONTENTS:
        yield Finding(
            check=TEMPLATE_FIT,
            severity=Severity.WARNING,
            message=f"the template weekly lists its contents, and this issue has {_so_many(count)}",
            evidence=f"{count} of at least {FEWEST_FOR_CONTENTS}",
            file=request.file,
            remedy='add stories, or set template = "daily" for this newsletter',
        )


def pictures_show(made: Composition) -> Iterator[Finding]:
    """C10: the template shows pictures where stories have some."""
    pictured = [story for story in _stories(made.request.issue) if story.image]
    logo = made.request.newsletter.brand.logo
    shown = [
        image
        for image in made.page.images
        if image.get("class") != "inset" and not (logo and image.get("src") == logo.url)
    ]
    addresses = {image.get("src") for image in shown}
    left = [story for story in pictured if story.image and story.image.url not in addresses]
    template = made.request.newsletter.template
    if shown and left and len(left) < len(pictured):
        count = "a story" if len(left) == 1 else f"{len(left)} stories"
        yield Finding(
            check=TEMPLATE_FIT,
            severity=Severity.INFO,
            message=f"the template {template} does not show the picture of {count}",
            evidence=f"the first: {shorten(left[0].headline, SHOWN)}",
            file=made.file,
            line=left[0].line,
            remedy="take it out, or let the template's part for that kind of row show it",
        )
    if pictured and not shown:
        pictures = "the picture" if len(pictured) == 1 else f"the {len(pictured)} pictures"
        yield Finding(
            check=TEMPLATE_FIT,
            severity=Severity.INFO,
            message=f"the template {template} shows no pictures: readers do not see {pictures}"
            " of the stories",
            evidence=f"the first: {shorten(pictured[0].headline, SHOWN)}",
            file=made.file,
            line=pictured[0].line,
            remedy='take them out, or set template = "daily" for this newsletter',
        )


def _not_one(request: CheckRequest, stories: Sequence[Story]) -> Finding:
    second = stories[1] if stories else None
    return Finding(
        check=TEMPLATE_FIT,
        severity=Severity.WARNING,
        message=f"the template breaking is for one story; this issue has {_so_many(len(stories))}",
        evidence=f"the second: {shorten(second.headline, SHOWN)}" if second else "no story",
        file=request.file,
        line=second.line if second else 0,
        remedy='keep one story and tell the rest as text, or set template = "daily"'
        if second
        else 'write the story as "## [Headline](https://…)"',
    )


def _stories(issue: Issue) -> list[Story]:
    return [
        block for section in issue.sections for block in section.blocks if isinstance(block, Story)
    ]


def _brief_count(issue: Issue) -> int:
    blocks = (block for section in issue.sections for block in section.blocks)
    return sum(len(block.items) for block in blocks if isinstance(block, Briefs))


def _so_many(count: int) -> str:
    return {0: "none", 1: "one"}.get(count, str(count))
