import re
from typing import Any

import pytest
from composing import PICTURE, ROOT, composed, elements, issue, placed, story, templates, text

from newsletter.compose.composer import Composer
from newsletter.compose.plain import COLUMNS
from newsletter.model.composed import ComposedIssue
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    TextPassage,
)


def full_issue(**changes: Any) -> Issue:  # noqa: ANN401
    """One of everything; cards with and without pictures."""
    also = Section(
        heading="Also today",
        blocks=(
            story("One of two", image=PICTURE, kicker="Transport", byline="Priya Nair"),
            story("The other one without a picture"),
            story("An odd one at the end", image=PICTURE),
        ),
    )
    briefs = Briefs(
        items=(
            Brief(headline="A first brief", url="https://e.example/1", text="More."),
            Brief(headline="A second brief", url="https://e.example/2", text="More."),
        )
    )
    return issue(
        story("The lead of the day is this", image=PICTURE, kicker="World", byline="By Jane"),
        CalloutRef(name="dec-ukraine"),
        sections=[
            also,
            Section(heading="In depth", blocks=(TextPassage(blocks=text("Some words.")),)),
            Section(heading="In brief", blocks=(briefs, EditorMessage(body=text("Thank you.")))),
        ],
        opening=(TextPassage(blocks=text("Good morning.")),),
        **changes,
    )


@pytest.fixture(scope="module")
def full(composer: Composer) -> ComposedIssue:
    return composed(composer, full_issue(), placed())


def ghost_widths(html: str) -> list[int]:
    """The column widths that Word Outlook sees, in order."""
    comments = re.findall(r"<!--\[if mso \| IE\]>(.*?)<!\[endif\]-->", html, re.DOTALL)
    return [
        int(width)
        for comment in comments
        for width in re.findall(r"<td[^>]*vertical-align:top;width:(\d+)px", comment)
    ]


def test_outlooks_columns_are_as_wide_as_the_design_says(full: ComposedIssue) -> None:
    widths = ghost_widths(full.html)
    assert set(widths) == {536, 280}
    assert widths.count(280) == 4  # two cards, and the odd one's picture and words
    for left, right in re.findall(r"width:(280)px.*?width:(280)px", full.html, re.DOTALL):
        assert int(left) + int(right) == 536 + 24
    pictures = re.findall(r'<img [^>]*width="(\d+)"', full.html)
    assert pictures == ["536", "256", "256"]


def test_every_picture_has_alternative_text_even_an_empty_one(composer: Composer) -> None:
    decorative = story("Two", image=PICTURE.__class__(url=PICTURE.url, alt=""))
    html = composed(composer, issue(story(image=PICTURE), decorative)).html
    images = elements(html, "//img")
    assert [image.get("alt") for image in images] == ["Hills in low sun", ""]
    assert [str(image.getparent().tag) for image in images] == ["a", "td"]  # type: ignore[union-attr]  # no root
    for source in templates().values():
        for tag in re.findall(r"<mj-image css-class[^>]*>", source):
            assert " alt=" in tag


def test_the_document_says_what_it_is(full: ComposedIssue) -> None:
    html = full.html
    assert html.startswith("<!DOCTYPE html>\n<html")
    for node in elements(html, "/html|//div[@role='article']"):
        assert (node.get("lang"), node.get("dir")) == ("en-GB", "ltr")
    assert [title.text for title in elements(html, "//title")] == ["A subject of some length"]
    metas = {meta.get("name"): meta.get("content") for meta in elements(html, "//meta[@name]")}
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert metas["format-detection"] == "telephone=no,date=no,address=no,email=no,url=no"
    assert "x-apple-disable-message-reformatting" in metas
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    for table in elements(html, "//table"):
        assert table.get("role") == "presentation"
    assert not elements(html, "//body//style|//script|//link|//form|//svg|//iframe|//video")


def test_the_preheader_comes_first_and_nothing_leaks_in_after_it(full: ComposedIssue) -> None:
    (body,) = elements(full.html, "//body")
    shown = "".join(map(str, body.itertext())).strip()
    preheader = "What a reader sees beside the subject in the list of messages"
    assert shown.startswith(preheader + "\u034f\u200c\u00a0" * 60)


def test_styles_stay_within_what_gmail_keeps(full: ComposedIssue) -> None:
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", full.html, re.DOTALL)
    assert sum(map(len, blocks)) < 8_000
    for block in blocks:
        assert block.count("{") == block.count("}")
        assert "@import" not in block
        assert "@font-face" not in block


def test_a_card_costs_what_the_budget_says(composer: Composer) -> None:
    def size(count: int) -> int:
        cards = [
            story(f"Card number {n} with a headline", image=PICTURE, byline="By Jane")
            for n in range(count)
        ]
        return len(composed(composer, issue(*cards)).html.encode())

    assert (size(31) - size(11)) / 20 < 3_400
    assert size(21) < 90_000


def test_the_text_part_says_the_same_in_the_same_order(full: ComposedIssue) -> None:
    for line in full.text.splitlines():
        assert len(line) <= COLUMNS or line.startswith("https://")
        assert line == line.rstrip()
    squeezed = "".join(full.text.split())
    at = -1
    for words in [
        "A subject of some length", "The Daily", "Tuesday 15 March 2022 · Example News",
        "View this email in your browser:", "Good morning.", "World", "The lead of the day",
        "By Jane", "Read the full story:", "Charity appeal", "Learn more and donate what you can"
        " today:", "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal",
        "Donate to the DEC appeal:", "https://donation.dec.org.uk/ukraine-humanitarian-appeal",
        "Also today", "One of two", "The other one", "An odd one", "In depth", "Some words.",
        "In brief", "A first brief", "A message from the editor", "Thank you.",
        "You get this because you signed up for The Daily from Example News with the address",
        "Unsubscribe:", "Email preferences:", "1 Example Street, London",
    ]:  # fmt: skip
        found = squeezed.find("".join(words.split()), at + 1)
        assert found > at, words
        at = found


def test_the_repository_and_an_installed_folder_have_the_same_templates() -> None:
    starter = ROOT / "src/newsletter/starter/templates"
    assert (starter / "daily.mjml.j2").read_text("utf-8") == templates()["daily.mjml.j2"]
