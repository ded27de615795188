"""The looks of a mail as a browser computes them: each colour of words on each ground, by name.

A palette of colours that are all different tells which of its colours is seen where. What the load
of newsletter.toml knows (WORDS_ON) has to be all that a reader meets, in each template.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Literal

import pytest
from chromium import chromium, mail_page
from composing import ROOT, appeal, composed, for_reader, placed, templates
from playwright.sync_api import Browser

from newsletter.compose.composer import Composer
from newsletter.issues.save import parse_issue
from newsletter.model.brand import FOLLOWS, WORDS_ON, Brand, Logo, Palette
from newsletter.model.callout import Appearance, CalloutStatus
from newsletter.model.text import CodeSpan, Emphasis, Link, Paragraph, Text

pytestmark = pytest.mark.browser

NAMES = tuple(field.name for field in fields(Palette))

MAILS = sorted(
    name.removesuffix(".mjml.j2")
    for name in templates()
    if name.endswith(".mjml.j2") and "/" not in name
)
PAIRS = """() => {
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'none';
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    found.push([getComputedStyle(node).color, ground(node), walker.currentNode.data.trim()]);
  }
  for (const image of document.images)
    found.push([getComputedStyle(image).color, ground(image), image.alt]);
  return found;
}"""
MORE = """
# Set in every way

A passage with **strong**, *soft* and `typed` words, [a link](https://example.org/a), [`typed`](https://example.org/b)
and ![a small picture](https://img.example.org/small.png).

[![a linked picture](https://img.example.org/small.png)](https://example.org/c)

### A sub-heading

> Quoted, with [a link](https://example.org/d) and `typed` words.
>
> - a list in it

---

1. One [link](https://example.org/e)

::: callout other
:::

::: callout gone
:::
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def distinct(red: int) -> Palette:
    return Palette(**{name: f"#{red:02x}{at * 8:02x}40" for at, name in enumerate(NAMES)})


def mail(composer: Composer, template: str, brand: Brand) -> str:
    source = (ROOT / "tests/golden/full/issue.md").read_text("utf-8") + MORE
    made = parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue
    words = (
        Text(text="Give "),
        Emphasis(children=(CodeSpan(text="now"),)),
        Link(url="https://example.org/f", children=(Text(text="here"),)),
    )
    body = (Paragraph(children=words), Paragraph(children=(Emphasis(children=words),)))
    marked = placed(
        appeal(body=body, gift_aid_line="Gift Aid", charity_number="1"),
        status=CalloutStatus.UNVERIFIED,
        marked=True,
        reason="nobody has verified it yet",
    )
    other = placed(appeal(name="other"), appearance=Appearance.CLOSED_WORDING)
    gone = placed(
        appeal(name="gone"),
        status=CalloutStatus.CLOSED,
        appearance=Appearance.LEFT_OUT,
        marked=True,
        reason="over",
    )
    result = composed(composer, made, marked, other, gone, brand=brand, template=template)
    return for_reader(result)[0]


def pairs(browser: Browser, html: str, palette: Palette, scheme: str) -> dict[tuple[str, str], str]:
    shown: Literal["light", "dark"] = "dark" if scheme == "dark" else "light"
    names = {getattr(palette, name): name for name in NAMES}
    found: dict[tuple[str, str], str] = {}
    with mail_page(browser, html, width=640, scheme=shown) as page:
        for words, ground, said in page.evaluate(PAIRS):
            named = [
                names.get("#" + "".join(f"{int(part):02x}" for part in rgb[4:-1].split(",")), rgb)
                for rgb in (words, ground)
            ]
            found.setdefault((named[0], named[1]), said[:60])
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("template", MAILS)
def test_no_words_stand_on_a_ground_that_the_settings_were_not_checked_for(
    browser: Browser, composer: Composer, template: str, scheme: str
) -> None:
    brand = Brand(light=distinct(16), dark=distinct(160))
    palette = brand.dark if scheme == "dark" else brand.light
    for looks in (brand, replace(brand, logo=Logo(url="https://img.example.org/l.png", width=200))):
        found = pairs(browser, mail(composer, template, looks), palette, scheme)
        assert {pair: said for pair, said in found.items() if pair not in WORDS_ON} == {}
        if template == "daily":
            assert set(found) == set(WORDS_ON)


def test_a_logo_is_as_wide_as_asked_and_never_wider_than_the_screen(
    browser: Browser, composer: Composer
) -> None:
    brand = Brand(logo=Logo(url="https://img.example.org/logo.png", alt="The Paper", width=500))
    html = mail(composer, "daily", brand)
    box = "(e => [e.width, Math.round(e.x + e.width / 2)])(document.querySelector('.logo'))"
    for width, wide, middle in ((640, 500, 320), (320, 280, 160)):
        with mail_page(browser, html, width=width) as page:
            assert page.evaluate(box) == [wide, middle]
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_pictures_the_logos_words_look_like_the_name(
    browser: Browser, composer: Composer
) -> None:
    brand = Brand(logo=Logo(url="https://img.example.org/logo.png", width=240))
    script = """e => { const s = getComputedStyle(document.querySelector(e));
        return [s.fontFamily, s.fontSize, s.fontWeight, s.color, s.letterSpacing] }"""
    with mail_page(browser, mail(composer, "daily", brand), width=640, images=False) as page:
        of_logo = page.evaluate(script, ".logo")
        assert page.evaluate("document.querySelector('.logo').alt") == "The Daily"
        assert page.evaluate("document.querySelector('.logo').height") < 110
    with mail_page(browser, mail(composer, "daily", Brand()), width=640) as page:
        assert of_logo == page.evaluate(script, ".masthead")


def test_what_follows_another_colour_is_in_the_palette() -> None:
    assert {*FOLLOWS, *FOLLOWS.values()} <= set(NAMES)
    assert not set(FOLLOWS) & set(FOLLOWS.values())
