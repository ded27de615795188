"""Each template as a browser lays it out, with issues that strain it."""

import re
from collections.abc import Iterator
from itertools import pairwise
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


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_scrolls_sideways(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    for width in (320, 375, 640):
        with mail_page(browser, mails[template, mail], width=width) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE, width) == []


@pytest.mark.parametrize("mail", ["own", "words"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_client_that_drops_the_styles_shows_it_all_the_same(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    bare = re.sub(r"<style.*?</style>", "", mails[template, mail], flags=re.DOTALL)
    with mail_page(browser, bare, width=320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert [pair for pair in page.evaluate(CONTRASTS) if pair[0] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
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


@pytest.mark.parametrize("mail", ["own", "words", "three"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_links_are_large_enough_for_a_thumb(
    browser: Browser, mails: dict[tuple[str, str], str], template: str, mail: str
) -> None:
    with mail_page(browser, mails[template, mail], width=375) as page:
        targets = page.evaluate(TARGETS)
        targets += page.evaluate(
            TARGETS.replace("!a.closest('p, li')", "a.closest('.toc, .end > .more')")
        )
        assert len(targets) >= 3
        assert [target for target in targets if target[0] < TAP] == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_headings_stand_in_their_order(
    browser: Browser, mails: dict[tuple[str, str], str], template: str
) -> None:
    for mail in MAILS:
        with mail_page(browser, mails[template, mail], width=375) as page:
            heads = page.evaluate(
                "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h =>"
                " [+h.tagName[1], h.getBoundingClientRect().top])"
            )
        levels = [level for level, _ in heads]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        tops = [top for _, top in heads]
        assert tops == sorted(tops)


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


@pytest.mark.parametrize("template", ["daily", "breaking", "weekly"])
def test_without_images_there_is_no_empty_box(
    browser: Browser, mails: dict[tuple[str, str], str], template: str
) -> None:
    with mail_page(browser, mails[template, "own"], width=375, images=False) as page:
        heights = page.evaluate("[...document.images].map(i => i.getBoundingClientRect().height)")
        assert heights
        assert all(0 < height <= 64 for height in heights)


def test_a_link_of_the_contents_leads_to_its_story(
    browser: Browser, mails: dict[tuple[str, str], str]
) -> None:
    with mail_page(browser, mails["weekly", "own"], width=375) as page:
        page.click("a[href='#story-4']")
        below = "document.querySelector('a[name=story-4] ~ h3').getBoundingClientRect().top"
        assert 0 <= page.evaluate(below) < 60
        page.click("a[href='#contents'] >> visible=true >> nth=1")
        top = "document.querySelector('a[name=contents]').getBoundingClientRect().top"
        assert -1 <= page.evaluate(top) < 60


def test_the_letter_is_on_one_ground(browser: Browser, mails: dict[tuple[str, str], str]) -> None:
    grounds = (
        "[...new Set([...document.querySelectorAll('body, .page, .paper, .paper > table')]"
        ".map(e => getComputedStyle(e).backgroundColor))]"
    )
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        with mail_page(browser, mails["plain", "own"], width=640, scheme=scheme) as page:
            assert len(page.evaluate(grounds)) == 1


def test_the_headline_of_breaking_is_the_largest_thing(
    browser: Browser, mails: dict[tuple[str, str], str]
) -> None:
    sizes = (
        "['.break-head', '.name'].map(s => getComputedStyle(document.querySelector(s)).fontSize)"
    )
    for width, expected in ((640, ["40px", "24px"]), (375, ["31px", "24px"])):
        with mail_page(browser, mails["breaking", "own"], width=width) as page:
            assert page.evaluate(sizes) == expected
