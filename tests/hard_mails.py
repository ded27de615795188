"""Mails that try the templates: every template there is with issues of odd shapes."""

from collections.abc import Iterator
from dataclasses import replace

from composing import PICTURE, ROOT, appeal, compose, for_reader, issue, placed, story, text

from newsletter.compose.composer import Composer
from newsletter.issues.issue_file import parse_issue
from newsletter.model.callout import CalloutStatus
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Severity
from newsletter.model.issue import Issue, Section, Story

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def template_names() -> list[str]:
    """The templates of the repository, as settings name them."""
    return sorted(file.name.split(".")[0] for file in (ROOT / "templates").glob("*.mjml.j2"))


def cards(count: int) -> Issue:
    """A lead, then as many cards with pictures and all that a story can have."""

    def card(number: int) -> Story:
        return story(
            f"Card number {number}", kicker="World", byline="By Jo Roe", image=replace(PICTURE)
        )

    lead = story(image=PICTURE, kicker="World", byline="By Jo Roe")
    second = Section(heading="More", blocks=tuple(card(n) for n in range(1, count + 1)))
    return issue(lead, sections=[second])


def everything() -> Issue:
    """The golden issue with every kind of row."""
    source = (ROOT / "tests/golden/full/issue.md").read_text("utf-8")
    return parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue


def endless_words() -> Issue:
    """Words that no line of a phone holds, in every place."""
    long = story(LONG, byline=LONG, kicker=LONG, summary=text(LONG * 3))
    return issue(
        long, story(LONG + "!"), sections=[Section(heading=LONG, blocks=(long, long, long))]
    )


SHAPES: dict[str, tuple[Issue, dict[str, object]]] = {
    "one card": (cards(1), {}),
    "two cards": (cards(2), {}),
    "three cards": (cards(3), {}),
    "from right to left": (cards(3), {"language": "ar"}),
    "everything": (everything(), {}),
    "endless words": (endless_words(), {"title": LONG, "postal_address": LONG * 2}),
    "least": (issue(story("Bare", url="", summary=())), {}),
}


def hard_mail(composer: Composer, template: str, shape: str) -> ComposedIssue:
    """One shape in one template, with an appeal that is marked as not verified."""
    made, changes = SHAPES[shape]
    marked = placed(
        appeal(gift_aid_line="UK taxpayers can add Gift Aid."),
        status=CalloutStatus.UNVERIFIED,
        marked=True,
        reason="nobody has verified it yet",
    )
    result = compose(composer, made, marked, template=template, **changes)
    errors = [each for each in result.findings if each.severity is Severity.ERROR]
    assert result.composed is not None, (template, shape, result.findings)
    assert errors == [], (template, shape)
    return result.composed


def hard_pages(composer: Composer) -> Iterator[tuple[str, str]]:
    """Every shape in every template: its name and its HTML as a reader gets it."""
    for template in template_names():
        for shape in SHAPES:
            yield f"{template}, {shape}", for_reader(hard_mail(composer, template, shape))[0]
