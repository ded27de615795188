"""The default template as a browser lays it out: measured, not compared by pixels."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from chromium import chromium, mail_page
from composing import ROOT, appeal, composed, for_reader, issue, placed, story, text
from mail_measures import CONTRASTS, TARGETS
from playwright.sync_api import Browser, Page

from newsletter.compose.composer import Composer
from newsletter.issues.save import parse_issue
from newsletter.model.callout import CalloutStatus
from newsletter.model.issue import Issue, Section, StoryImage

pytestmark = pytest.mark.browser

LEAST_CONTRAST = 4.5
TAP = 44


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def demo_issue() -> Issue:
    source = (ROOT / "tests/golden/full/issue.md").read_text("utf-8")
    return parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue


@pytest.fixture(scope="module")
def mails(composer: Composer) -> dict[str, str]:
    """The full issue with a mark; a hard one; one from right to left; one with nothing to show."""
    marked = placed(
        appeal(gift_aid_line="UK taxpayers can add Gift Aid."),
        status=CalloutStatus.UNVERIFIED,
        marked=True,
        reason="nobody has verified it yet",
    )
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    cards = [
        story(f"{word} {n}", byline=word, kicker=word, summary=text(word * 3)) for n in range(6)
    ]
    hard = issue(*cards, sections=[Section(heading=word, blocks=tuple(cards[:3]))])
    bare = issue(story("Bare", url="", summary=()))
    made = {
        "full": composed(composer, demo_issue(), marked),
        "hard": composed(composer, hard, title=word, postal_address=word * 2),
        "rtl": composed(composer, demo_issue(), marked, language="ar"),
        "bare": composed(composer, bare),
    }
    return {name: for_reader(result)[0] for name, result in made.items()}


def look(page: Page, script: str) -> Any:  # noqa: ANN401
    return page.evaluate(script)


@pytest.mark.parametrize("width", [320, 375, 600, 640])
@pytest.mark.parametrize("mail", ["full", "hard", "rtl", "bare"])
def test_nothing_scrolls_sideways(
    browser: Browser, mails: dict[str, str], mail: str, width: int
) -> None:
    with mail_page(browser, mails[mail], width=width) as page:
        assert look(page, "document.compatMode") == "CSS1Compat"
        assert look(page, "document.documentElement.scrollWidth") <= width
        outside = """w => [...document.body.querySelectorAll('p,h1,h2,h3,a,img,li,pre')]
            .filter(e => e.checkVisibility())
            .filter(e => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > w; })
            .map(e => e.outerHTML.slice(0, 80))"""
        assert page.evaluate(outside, width) == []


@pytest.mark.parametrize("mail", ["full", "rtl"])
def test_a_client_that_drops_the_styles_still_stacks_the_cards(
    browser: Browser, mails: dict[str, str], mail: str
) -> None:
    """As Gmail does for accounts of others: what is inline must stand alone on a phone."""
    bare = re.sub(r"<style.*?</style>", "", mails[mail], flags=re.DOTALL)
    with mail_page(browser, bare, width=375) as page:
        assert look(page, "document.documentElement.scrollWidth") <= 375
        tops = "[...document.querySelectorAll('.half')].map(c => c.getBoundingClientRect().top)"
        found = look(page, tops)
        assert found == sorted(set(found))
        edge = {"full": "left", "rtl": "right"}[mail]
        edges = f"s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect().{edge})"
        flush = set(page.evaluate(edges, ".lead-head, .half .pic img, .half h3, .half .body"))
        assert len(flush) == 1
        gaps = """[...document.querySelectorAll('.half')].slice(0, 2).map(c =>
            Math.round(c.getBoundingClientRect().bottom -
            Math.max(...[...c.querySelectorAll('p, img')]
                .map(e => e.getBoundingClientRect().bottom))))"""
        assert look(page, gaps) == [32, 32]
        assert [pair for pair in look(page, CONTRASTS) if pair[0] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mail", ["full", "bare"])
def test_every_word_can_be_read(
    browser: Browser, mails: dict[str, str], mail: str, scheme: Literal["light", "dark"]
) -> None:
    with mail_page(browser, mails[mail], width=640, scheme=scheme) as page:
        pairs = look(page, CONTRASTS)
        assert len(pairs) > 8
        assert [pair for pair in pairs if pair[0] < LEAST_CONTRAST] == []
        body = "getComputedStyle(document.body).backgroundColor"
        assert (
            look(page, body) == {"light": "rgb(241, 238, 231)", "dark": "rgb(18, 18, 17)"}[scheme]
        )


def test_links_are_large_enough_for_a_thumb(browser: Browser, mails: dict[str, str]) -> None:
    with mail_page(browser, mails["full"], width=375) as page:
        targets = look(page, TARGETS)
        assert len(targets) > 15
        assert [target for target in targets if target[0] < TAP] == []


@pytest.mark.parametrize("width", [375, 640])
def test_the_page_is_read_from_top_to_bottom(
    browser: Browser, mails: dict[str, str], width: int
) -> None:
    """In the order of the source no heading stands above the one before it."""
    with mail_page(browser, mails["full"], width=width) as page:
        tops = look(
            page,
            "[...document.querySelectorAll('h1,h2,h3')].map(h => Math.round("
            "h.getBoundingClientRect().top / 40))",
        )
        assert tops == sorted(tops)


def test_cards_stand_in_two_columns_and_stack_at_479(
    browser: Browser, mails: dict[str, str]
) -> None:
    card = (
        "[...document.querySelectorAll('.half')].slice(0, 2).map(c => {"
        " const i = c.querySelector('img').getBoundingClientRect();"
        " return [i.left, i.top, i.width].map(Math.round) })"
    )
    with mail_page(browser, mails["full"], width=640) as page:
        (left, top, width), (left2, top2, width2) = look(page, card)
        assert (left2 - left, top2, width, width2) == (280, top, 256, 256)
    for narrow, is_stacked in ((480, False), (479, True), (375, True)):
        with mail_page(browser, mails["full"], width=narrow) as page:
            (left, top, width), (left2, top2, width2) = look(page, card)
            assert (left2 == left and top2 > top) is is_stacked
            assert width == width2 == (narrow - 40 if is_stacked else (narrow - 64) / 2 - 12)


def test_the_odd_card_fills_its_row(browser: Browser, mails: dict[str, str]) -> None:
    box = (
        "(() => { const [p, w] = [...document.querySelectorAll('.half')].slice(2, 4);"
        " const i = p.querySelector('img').getBoundingClientRect();"
        " const h = w.querySelector('h3').getBoundingClientRect();"
        " return [h.left - i.left, h.top - i.top, h.top - i.bottom].map(Math.round) })()"
    )
    with mail_page(browser, mails["full"], width=640) as page:
        assert look(page, box)[:2] == [280, 0]
    with mail_page(browser, mails["full"], width=375) as page:
        aside, _, below = look(page, box)
        assert (aside, below) == (0, 14)


def test_from_right_to_left_the_first_card_is_on_the_right(
    browser: Browser, mails: dict[str, str]
) -> None:
    lefts = (
        "[...document.querySelectorAll('.half img')].slice(0, 2)"
        ".map(i => i.getBoundingClientRect().left)"
    )
    with mail_page(browser, mails["rtl"], width=640) as page:
        first, second = look(page, lefts)
        assert first - second == 280


def test_without_images_there_is_no_empty_box(
    browser: Browser, mails: dict[str, str], composer: Composer
) -> None:
    heights = "[...document.images].map(i => i.getBoundingClientRect().height)"
    for width in (375, 640):
        with mail_page(browser, mails["full"], width=width, images=False) as page:
            assert all(0 < height <= 64 for height in look(page, heights))
            assert look(page, "getComputedStyle(document.images[0]).fontStyle") == "italic"
    decorative = story("Two", image=StoryImage(url="https://img.example.org/x.jpg", alt=""))
    html = for_reader(composed(composer, issue(decorative)))[0]
    with mail_page(browser, html, width=640, images=False) as page:
        assert look(page, heights) == [0]


def test_the_measures_are_those_of_the_design(browser: Browser, mails: dict[str, str]) -> None:
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
        with mail_page(browser, mails["full"], width=width) as page:
            for selector, pair in expected.items():
                style = f"getComputedStyle(document.querySelector('{selector}'))"
                assert tuple(look(page, f"[{style}.fontSize, {style}.lineHeight]")) == pair, (
                    selector
                )
            button = look(page, "document.querySelector('.btn a').getBoundingClientRect().height")
            assert button == 48
