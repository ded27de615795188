"""The Arabic mail as a browser lays it out: the others mirrored, as a browser shows it."""

from collections.abc import Iterator
from typing import Any

import pytest
from chromium import chromium, mail_page
from composing import composed, for_reader
from golden.test_golden import OTHERS, read_case
from playwright.sync_api import Browser, Page

from newsletter.compose.composer import Composer

pytestmark = pytest.mark.browser
# Where the box of an element stands: left, right and top.
BOXES = """s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).map(e => {
  const b = e.getBoundingClientRect(); return [b.left, b.right, b.top] })"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def mail(composer: Composer) -> str:
    made, callouts = read_case("arabic")
    return for_reader(composed(composer, made, *callouts, **OTHERS["arabic"]))[0]


def boxes(page: Page, selector: str) -> Any:  # noqa: ANN401
    return page.evaluate(BOXES, selector)


def test_what_stands_left_elsewhere_stands_right(browser: Browser, mail: str) -> None:
    with mail_page(browser, mail, width=640) as page:
        first, second = boxes(page, ".half")[:2]
        assert first[0] > second[1] - 1
        assert first[2] == second[2]
        heads = boxes(page, ".card-head")
        assert [round(head[1]) for head in heads[:2]] == [588, 308]
        assert round(boxes(page, ".btn a")[0][1]) == 564
        links = boxes(page, ".foot-link")
        assert [link[1] for link in links] == sorted((link[1] for link in links), reverse=True)
        assert round(links[0][1]) == 588
        style = "getComputedStyle(document.querySelector('blockquote'))"
        assert page.evaluate(f"[{style}.borderRightWidth, {style}.borderLeftWidth]") == [
            "2px",
            "0px",
        ]
        item = boxes(page, "li")[0]
        assert round(item[1]) == 588 - 24
