"""Each template as a browser lays it out, with issues that strain it."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from chromium import chromium, mail_page
from composing import PICTURE, ROOT, appeal, composed, for_reader, issue, placed, story, text
from mail_measures import CONTRASTS, OUTSIDE, TARGETS
from playwright.sync_api import Browser

from newsletter.compose.composer import Composer
from newsletter.issues.save import parse_issue
from newsletter.model.callout import CalloutStatus
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    StoryImage,
    TextPassage,
)
from newsletter.model.text import Link, Paragraph, Text

pytestmark = pytest.mark.browser

TEMPLATES = ("daily", "breaking", "weekly", "plain")
MAILS = ("own", "words", "one", "three", "thirty", "shapes")
SOME = ["words", *(pytest.param(mail, marks=pytest.mark.prove) for mail in ("own", "one", "three"))]
LEAST_CONTRAST = 4.5
TAP = 44
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
URL = "https://example.org/" + "a-very-long-address-without-a-space/" * 8


def own_issue(template: str) -> Issue:
    case = "full" if template == "daily" else template
    source = (ROOT / f"tests/golden/{case}/issue.md").read_text("utf-8")
    return parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue


def strained(mail: str) -> Issue:
    """Long words everywhere; one story, three, thirty; pictures of odd shapes."""
    match mail:
        case "one" | "three":
            count = 1 if mail == "one" else 3
            return issue(*(story(f"Bare {n}", url="", summary=()) for n in range(count)))
        case "thirty":
            many = [story(f"Story number {n}", image=PICTURE) for n in range(30)]
            parts = [many[at : at + 5] for at in range(0, 30, 5)]
            return issue(
                sections=[
                    Section(heading=f"Section {n}", blocks=tuple(part))
                    for n, part in enumerate(parts)
                ]
            )
        case "shapes":
            shapes = ("tall", "flat", "usual")
            pictures = [
                StoryImage(url=f"https://img.example.org/{s}.jpg", alt=f"A {s} one") for s in shapes
            ]
            return issue(*(story(f"Picture {n}", image=pictures[n % 3]) for n in range(6)))
        case _:
            return long_words()


def long_words() -> Issue:
    address = (
        Paragraph(
            children=(Text(text=f"See {URL} or "), Link(url=URL, children=(Text(text=URL),)))
        ),
    )
    cards = tuple(
        story(f"{WORD} {n}", byline=WORD, kicker=f"{WORD} " * 3, summary=address) for n in range(4)
    )
    brief = Briefs(items=(Brief(headline=WORD, url=URL, text=WORD),))
    return issue(
        *cards,
        CalloutRef(name="dec-ukraine"),
        opening=(TextPassage(blocks=text(WORD)),),
        sections=[
            Section(heading=WORD, blocks=cards[:3]),
            Section(heading=f"{WORD} {WORD}", blocks=(brief, EditorMessage(body=text(WORD)))),
        ],
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def mails() -> dict[tuple[str, str], str]:
    marked = placed(
        appeal(gift_aid_line="UK taxpayers can add Gift Aid.", heading=f"Give: {WORD}"),
        status=CalloutStatus.UNVERIFIED,
        marked=True,
        reason="nobody has verified it yet",
    )
    made: dict[tuple[str, str], str] = {}
    with Composer() as composer:
        for template in TEMPLATES:
            for mail in MAILS:
                what = own_issue(template) if mail == "own" else strained(mail)
                title = WORD if mail == "words" else "The Daily"
                result = composed(composer, what, marked, template=template, title=title)
                made[template, mail] = for_reader(result)[0]
    return made


@pytest.mark.parametrize("mail", [*SOME, "thirty"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_scrolls_sideways(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    for width in (320, 375, 640):
        with mail_page(browser, mails[template, mail], width=width) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE, width) == []


@pytest.mark.parametrize("mail", SOME[:2])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_client_that_drops_the_styles_shows_it_all_the_same(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    bare = re.sub(r"<style.*?</style>", "", mails[template, mail], flags=re.DOTALL)
    with mail_page(browser, bare, width=320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert [pair for pair in page.evaluate(CONTRASTS) if pair[0] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.prove), "dark"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_word_can_be_read(
    browser: Browser,
    mails: dict[tuple[str, str], str],
    template: str,
    scheme: Literal["light", "dark"],
) -> None:
    for mail in ("own", "words"):
        with mail_page(browser, mails[template, mail], width=640, scheme=scheme) as page:
            pairs = page.evaluate(CONTRASTS)
            assert len(pairs) > 8
            assert [pair for pair in pairs if pair[0] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("mail", SOME)
@pytest.mark.parametrize("template", TEMPLATES)
def test_links_are_large_enough_for_a_thumb(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    with mail_page(browser, mails[template, mail], width=375) as page:
        targets = page.evaluate(TARGETS)
        targets += page.evaluate(
            TARGETS.replace("!a.closest('p, li')", "a.closest('.toc, .end > .more')")
        )
        assert targets
        assert [target for target in targets if 0 < target[0] < TAP] == []  # 0 is not shown


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_picture_keeps_its_shape_and_its_column(
    browser: Browser, mails: dict[tuple[str, str], str], template: str
) -> None:
    ratios = (
        "[...document.images].map(i => [i.getBoundingClientRect().width /"
        " i.getBoundingClientRect().height, i.naturalWidth / i.naturalHeight])"
    )
    for width in (375, 640):
        with mail_page(browser, mails[template, "shapes"], width=width) as page:
            shapes = page.evaluate(ratios)
            assert len(shapes) == (0 if template == "plain" else 6)
            for shown, natural in shapes:
                assert shown == pytest.approx(natural, rel=0.03)


def test_cards_stand_in_two_columns_and_stack_at_479(
    browser: Browser, mails: dict[tuple[str, str], str]
) -> None:
    card = (
        "[...document.querySelectorAll('.half')].slice(0, 2).map(c => {"
        " const i = c.querySelector('img').getBoundingClientRect();"
        " return [i.left, i.top, i.width].map(Math.round) })"
    )
    with mail_page(browser, mails["daily", "own"], width=640) as page:
        (left, top, width), (left2, top2, width2) = page.evaluate(card)
        assert (left2 - left, top2, width, width2) == (280, top, 256, 256)
    for narrow, is_stacked in ((480, False), (479, True), (375, True)):
        with mail_page(browser, mails["daily", "own"], width=narrow) as page:
            (left, top, width), (left2, top2, width2) = page.evaluate(card)
            assert (left2 == left and top2 > top) is is_stacked
            assert width == width2 == (narrow - 40 if is_stacked else (narrow - 64) / 2 - 12)


def test_the_odd_card_fills_its_row(browser: Browser, mails: dict[tuple[str, str], str]) -> None:
    box = (
        "(() => { const [p, w] = [...document.querySelectorAll('.half')].slice(2, 4);"
        " const i = p.querySelector('img').getBoundingClientRect();"
        " const h = w.querySelector('h3').getBoundingClientRect();"
        " return [h.left - i.left, h.top - i.top, h.top - i.bottom].map(Math.round) })()"
    )
    with mail_page(browser, mails["daily", "own"], width=640) as page:
        assert page.evaluate(box)[:2] == [280, 0]
    with mail_page(browser, mails["daily", "own"], width=375) as page:
        aside, _, below = page.evaluate(box)
        assert (aside, below) == (0, 14)


def test_the_measures_are_those_of_the_design(
    browser: Browser, mails: dict[tuple[str, str], str]
) -> None:
    measures = {
        ".masthead": ("46px", "50px"),
        "h1": ("32px", "37px"),
        ".card-head": ("21px", "26px"),
        ".brief-head": ("17px", "24px"),
        ".call-head": ("20px", "27px"),
        ".intro": ("18px", "28px"),
        ".body": ("16px", "25px"),
        ".sect": ("13px", "18px"),
        ".kick": ("12px", "16px"),
        ".byline": ("13px", "20px"),
        ".more": ("15px", "20px"),
        ".btn a": ("16px", "20px"),
    }
    small = {".masthead": ("34px", "38px"), "h1": ("27px", "32px")}
    for width, expected in ((640, measures), (375, measures | small)):
        with mail_page(browser, mails["daily", "own"], width=width) as page:
            for selector, pair in expected.items():
                style = f"getComputedStyle(document.querySelector('{selector}'))"
                assert tuple(page.evaluate(f"[{style}.fontSize, {style}.lineHeight]")) == pair, (
                    selector
                )
            button = page.evaluate(
                "document.querySelector('.btn a').getBoundingClientRect().height"
            )
            assert button == 48


def test_a_phone_sets_briefs_contents_and_footer_as_the_design_says(
    browser: Browser, mails: dict[tuple[str, str], str]
) -> None:
    lines = """s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).map(e => {
      const b = e.getBoundingClientRect(), c = getComputedStyle(e);
      return [b.top + parseFloat(c.paddingTop), b.bottom - parseFloat(c.paddingBottom)] })"""
    with mail_page(browser, mails["daily", "own"], width=375) as page:
        link, text = page.evaluate(lines, ".brief-link")[0], page.evaluate(lines, ".body.end")
        assert link[1] in [line[0] for line in text]  # no gap: 25 px from line to line
        *_, last = page.evaluate(lines, ".foot-link")
        address = page.evaluate(lines, ".foot-address .meta, td.foot-address p")[-1]
        assert address[0] - last[1] > 24  # farther than the links from one another
    with mail_page(browser, mails["weekly", "own"], width=375) as page:
        assert len(page.evaluate(lines, ".toc")) == 5
    with mail_page(browser, mails["weekly", "own"], width=640) as page:
        assert len(page.evaluate(lines, ".toc")) > 5
