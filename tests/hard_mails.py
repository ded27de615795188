"""Mails that try the templates: every template there is with issues of odd shapes."""

from collections.abc import Iterator
from dataclasses import replace

from composing import PICTURE, READER, ROOT, appeal, compose, for_reader, issue, placed, story, text
from independent import golden_bytes, golden_cases

from newsletter.compose.composer import Composer, Composition
from newsletter.compose.message.skeleton import MessageParts, assemble, build_skeleton
from newsletter.issues.save import parse_issue
from newsletter.model.address import parse_address, parse_mailbox
from newsletter.model.callout import CalloutStatus
from newsletter.model.composed import ComposedIssue, Skeleton
from newsletter.model.finding import Severity
from newsletter.model.issue import Issue, Section, Story

FIELDS = {
    "date": "Tue, 15 Mar 2022 06:30:00 +0000",
    "message_id": "hard.1@news.example.org",
    "delivery": "1",
}
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
    """One shape in one template, composed without any error."""
    result = compose_hard(composer, template, shape)
    errors = [each for each in result.findings if each.severity is Severity.ERROR]
    assert result.composed is not None, (template, shape, result.findings)
    assert errors == [], (template, shape)
    return result.composed


def compose_hard(composer: Composer, template: str, shape: str) -> Composition:
    """One shape in one template, with an appeal that is marked as not verified."""
    made, changes = SHAPES[shape]
    marked = placed(
        appeal(gift_aid_line="UK taxpayers can add Gift Aid."),
        status=CalloutStatus.UNVERIFIED,
        marked=True,
        reason="nobody has verified it yet",
    )
    return compose(composer, made, marked, template=template, **changes)


def hard_pages(composer: Composer) -> Iterator[tuple[str, str]]:
    """Every shape in every template: its name and its HTML as a reader gets it."""
    for template in template_names():
        for shape in SHAPES:
            yield f"{template}, {shape}", for_reader(hard_mail(composer, template, shape))[0]


def messages(composer: Composer) -> dict[str, bytes]:
    """Wire bytes that try whoever hands them on: golden mails, hard ones, and worse."""
    made = {case: golden_bytes(case, "eml") for case in golden_cases()}
    values = READER | FIELDS | {"name": "Zoë “Ünïcode” Ðæþ 😀, and a name that is rather long"}
    for template in template_names():
        for shape in SHAPES:
            skeleton = hard_mail(composer, template, shape).skeleton
            made[f"{template}, {shape}"] = assemble(skeleton, values)
    made["dots and marks"] = assemble(dots_and_marks(), values)
    return made


def dots_and_marks() -> Skeleton:
    """A message whose parts are all that has ever been mangled on the way."""
    lines = [
        ".",
        "..",
        ".a",
        "From me",
        ">From",
        "-- ",
        "é" * 300,
        "x" * 5000,
        "=",
        "=2E",
        "\t",
        "~",
    ]
    body = "\n".join([*lines, *(f"{line} " for line in lines), "--=_", "😀" * 400, "."])
    return build_skeleton(
        MessageParts(
            subject=". From Łódź: " + "a rather long subject with an é " * 9,
            sender=parse_mailbox('"Example, News: ünd so" <news@example.org>'),
            reply_to=parse_address("editor@example.org"),
            list_id="daily",
            list_name="The Daily of a long, long name that goes on (and on) to the end of a line",
            feedback_id="a:b:c:example12345678",
            html=body,
            text=body,
            sentinels=(),
        )
    )[0]
