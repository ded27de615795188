"""Our computed style beside the browser's own, element by element: the proof of the module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from chromium import chromium, mail_page
from playwright.sync_api import Browser

from newsletter.checks.page import read_page
from newsletter.checks.styles.look import Look
from newsletter.checks.styles.media import DARK, LIGHT, PHONE, View
from newsletter.model.brand import Colour

pytestmark = pytest.mark.browser

GOLDEN = sorted((Path(__file__).parents[1] / "golden").rglob("expected.html"))
FEW = {"full", "arabic", "hybrid", "shop"}  # in the ordinary run
SAMPLES = sorted((Path(__file__).parent / "mails").rglob("*.html"))
COMPUTED = """() => [...document.querySelectorAll('*')].map(element => {
  const style = getComputedStyle(element);
  return [element.localName, style.color, style.backgroundColor, parseFloat(style.fontSize),
          style.fontWeight, style.lineHeight, style.display, style.visibility,
          ['Top', 'Right', 'Bottom', 'Left'].map(side => style['padding' + side])];
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def name_of(path: Path) -> str:
    return path.parent.name if path.name == "expected.html" else path.stem


PATHS = [
    pytest.param(path, id=name_of(path), marks=() if name_of(path) in FEW else pytest.mark.prove)
    for path in (*GOLDEN, *SAMPLES)
]


@pytest.mark.parametrize("view", [LIGHT, PHONE, DARK], ids=["640", "375", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_every_element_looks_to_us_as_it_does_to_the_browser(
    browser: Browser, path: Path, view: View
) -> None:
    html = path.read_text("utf-8")
    page = read_page(html)
    scheme: Literal["light", "dark"] = "dark" if view.dark else "light"
    with mail_page(browser, html, width=view.width, scheme=scheme) as shown:
        theirs: list[list[Any]] = shown.evaluate(COMPUTED)
    ours = page.style.looks(view)
    assert [one[0] for one in theirs] == [element.tag for element in page.elements]
    in_body = page.style.at(next(one for one in page.elements if one.tag == "body"))
    wrong = []
    for at, (look, seen) in enumerate(zip(ours, theirs, strict=True)):
        differences = list(differing(look, seen[1:])) if at >= in_body else []
        if differences:
            element = page.elements[at]
            wrong.append((element.tag, element.items(), differences))
    assert wrong == []
    assert len(ours) - in_body > 8


def differing(look: Look, seen: list[Any]) -> Iterator[str]:
    colour, ground, size, weight, line, display, visibility, padding = seen
    if str(look.colour) != str(Colour.parse(colour)):
        yield f"colour {look.colour}, not {colour}"
    mine = look.own_ground or Colour(red=0, green=0, blue=0, alpha=0)
    if str(mine) != str(Colour.parse(ground)):
        yield f"background {mine}, not {ground}"
    if abs(look.size - size) > 0.02:
        yield f"font-size {look.size}, not {size}"
    if str(look.weight) != weight:
        yield f"font-weight {look.weight}, not {weight}"
    if line != "normal" and abs(look.line - float(line.removesuffix("px"))) > 0.02:
        yield f"line-height {look.line}, not {line}"
    if look.display != display and not blockified(look, display):
        yield f"display {look.display}, not {display}"
    if look.is_visible != (visibility == "visible"):
        yield f"visibility {look.is_visible}, not {visibility}"
    for side, theirs in zip(("top", "right", "bottom", "left"), padding, strict=True):
        own = look.length(f"padding-{side}")
        if own is not None and abs(own - float(theirs.removesuffix("px"))) > 0.02:
            yield f"padding-{side} {own}, not {theirs}"


def blockified(look: Look, display: str) -> bool:
    """A float, and what stands in a flex box, becomes a block; we need no more than that."""
    return look.own.get("float", "none") != "none" and display == "block"
