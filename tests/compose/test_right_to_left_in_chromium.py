"""The Arabic mail as a browser lays it out: the others mirrored, each sentence in its order."""

from collections.abc import Iterator
from typing import Any

import pytest
from chromium import chromium, mail_page
from composing import appeal, composed, for_reader, issue, placed, story
from golden.test_golden import OTHERS, read_case
from playwright.sync_api import Browser, Page

from newsletter.compose.composer import Composer
from newsletter.model.issue import CalloutRef

pytestmark = pytest.mark.browser
TEMPLATES = ["daily", "weekly", "breaking", "plain"]
# Where the box of an element stands: left, right and top.
BOXES = """s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).map(e => {
  const b = e.getBoundingClientRect(); return [b.left, b.right, b.top] })"""
# The words of an element in the order in which they stand on the screen, from left to right.
SEEN = """needle => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.indexOf(needle);
    if (at < 0 || !node.parentElement.checkVisibility()) continue;
    const block = node.parentElement.closest('p, h1, h2, h3, li');
    const inner = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (inner.nextNode()) {
      for (let i = 0; i < inner.currentNode.data.length; i++) {
        const range = document.createRange();
        range.setStart(inner.currentNode, i); range.setEnd(inner.currentNode, i + 1);
        const box = range.getBoundingClientRect();
        if (box.width) found.push([Math.round(box.top), box.left, inner.currentNode.data[i]]);
      }
    }
    break;
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lines = {};
  for (const [top, , char] of found) lines[top] = (lines[top] || '') + char;
  return Object.values(lines);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def mails() -> dict[str, str]:
    made, callouts = read_case("arabic")
    with Composer() as composer:
        return {
            name: for_reader(
                composed(composer, made, *callouts, **{**OTHERS["arabic"], "template": name})
            )[0]
            for name in TEMPLATES
        }


def boxes(page: Page, selector: str) -> Any:  # noqa: ANN401
    return page.evaluate(BOXES, selector)


def test_what_stands_left_elsewhere_stands_right(browser: Browser, mails: dict[str, str]) -> None:
    with mail_page(browser, mails["daily"], width=640) as page:
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


@pytest.mark.parametrize("width", [320, 375, 640])
@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_scrolls_sideways(
    browser: Browser, mails: dict[str, str], template: str, width: int
) -> None:
    with mail_page(browser, mails[template], width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.dir") == "rtl"
        spaced = """[...document.querySelectorAll('p, h1, h2, h3, a, li')].filter(e =>
            e.checkVisibility() && getComputedStyle(e).letterSpacing !== 'normal').length"""
        assert page.evaluate(spaced) == 0  # letters that join come apart by it


def test_every_sentence_stands_in_the_order_it_is_read(
    browser: Browser, mails: dict[str, str]
) -> None:
    with mail_page(browser, mails["daily"], width=640) as page:
        assert any(line.endswith("free? The council") or "Will the new ferry" in line
                   for line in page.evaluate(SEEN, "Will the new ferry"))  # fmt: skip
        quoted = page.evaluate(SEEN, "for everyone")
        assert any('"Yes, for everyone."' in line for line in quoted), quoted
        why = page.evaluate(SEEN, "sam@readers.example")
        assert any("sam@readers.example" in line for line in why)
        assert any(line.strip().startswith(".The Harbour Post") for line in why), why
        assert any("PORT-2022 (A)" in line for line in page.evaluate(SEEN, "PORT-2022"))


def test_names_and_addresses_in_latin_script_keep_their_order(browser: Browser) -> None:
    """A house number, a full stop, a question mark: what an Arabic page would move to the end."""
    said = {
        "title": "24 Hours in Beirut!",
        "publication": "7 Days: What now?",
        "postal_address": "1 Example Street, London",
    }
    small, byline = "UK taxpayers can add 25p in the pound.", "4 reporters in Tyre (staff)"
    given = placed(appeal(gift_aid_line=small, info_url="https://a.example/", link_text="Why us?"))
    told = issue(story("عنوان", byline=byline), CalloutRef(name="dec-ukraine"))
    with Composer() as composer:
        made = composed(composer, told, given, language="ar-LB", **said)
    html, text = for_reader(made)
    with mail_page(browser, html, width=640) as page:
        for words in (*said.values(), byline, small):
            assert any(words in line for line in page.evaluate(SEEN, words)), words
    assert '<span dir="ltr">Why us?</span></a>' in html
    for words in (said["publication"].replace(" ", "\u00a0"), byline, small, "Why us?:"):
        assert f"\u2066{words}\u2069" in text, words
    assert text.rstrip().endswith("\u20661 Example Street, London\u2069")


def test_the_way_back_to_the_contents_ends_where_its_rule_ends(
    browser: Browser, mails: dict[str, str]
) -> None:
    with mail_page(browser, mails["weekly"], width=640) as page:
        backs = boxes(page, ".note[href='#contents']")
        assert len(backs) > 1
        assert {round(back[0]) for back in backs} == {52}
