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

STEPS = {0, 6, 8, 10, 12, 14, 18, 24, 32, 36}  # 12 alone makes a 20px line a target of 44px


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


def test_no_padding_is_a_bare_zero() -> None:
    for name, source in templates().items():
        values = re.findall(r'(?<!cell)padding[a-z-]*="([^"{]*)"', source)
        values += re.findall(r"padding[a-z-]*:\s*([^;}]*)", source)
        for value in values:
            assert not re.search(r"(?<![\d.])0(?![\d.px])", value), (name, value)


def test_space_comes_in_the_steps_of_the_design() -> None:
    beside_halves = {20}  # the side's 32 less half a gutter, which the half itself has
    for name, source in templates().items():
        if name.endswith(".mjml.j2"):
            for value in re.findall(r' padding="([^"]*)"', source):
                given = {int(px) for px in re.findall(r"(\d+)px", value)}
                assert given <= STEPS | beside_halves, (name, value)
    theme = templates()["theme.css.j2"]
    for value in re.findall(r"(?:margin|padding)[a-z-]*:\s*([^;}]*)", theme):
        assert {int(px) for px in re.findall(r"(\d+)px", value)} <= STEPS | {2}, value


def test_the_theme_selects_by_class_and_element_alone() -> None:
    theme = re.sub(r"\{[#%].*?[#%]\}", "", templates()["theme.css.j2"], flags=re.DOTALL)
    theme = re.sub(r"\{\{.*?\}\}", "x", theme)
    assert theme.count("{") == theme.count("}")
    assert not re.search(r"!important|@|url\(|:not|:is|::|\[|;;", theme)
    for selector in re.findall(r"([^{}]+)\{", theme):
        assert re.fullmatch(r"\s*(\.[a-z-]+|[a-z]+)( \.?[a-z0-9]+)?\s*", selector), selector


def test_every_picture_has_alternative_text_even_an_empty_one(composer: Composer) -> None:
    decorative = story("Two", image=PICTURE.__class__(url=PICTURE.url, alt=""))
    html = composed(composer, issue(story(image=PICTURE), decorative)).html
    images = elements(html, "//img")
    assert [image.get("alt") for image in images] == ["Hills in low sun", ""]
    assert [str(image.getparent().tag) for image in images] == ["a", "td"]  # type: ignore[union-attr]  # no root
    for source in templates().values():
        for tag in re.findall(r"<mj-image css-class[^>]*>", source):
            assert " alt=" in tag


def outline(html: str) -> list[int]:
    headings = elements(html, "//h1|//h2|//h3|//h4|//h5|//h6")
    return [int(str(node.tag)[1]) for node in headings]


def test_headings_form_an_outline(full: ComposedIssue, composer: Composer) -> None:
    assert outline(full.html) == [1, 2, 2, 3, 3, 3, 2, 2, 3, 3, 2]
    first_section_only = composed(composer, issue(story("One"), story("Two"), story("Three")))
    assert outline(first_section_only.html) == [1, 2, 2]
    no_story = composed(composer, issue(TextPassage(blocks=text("Words."))))
    assert outline(no_story.html) == [1, 2]
    assert "<h1" in no_story.html.split("The Daily</h1>")[0]


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


def test_without_a_preheader_there_is_no_empty_one(composer: Composer) -> None:
    assert "\u034f" not in composed(composer, issue(story(), preheader="")).html


def test_outlooks_comments_are_balanced(full: ComposedIssue) -> None:
    assert full.html.count("<!--[if") == full.html.count("<![endif]-->")
    assert "data-premailer" not in full.html


def test_styles_stay_within_what_gmail_keeps(full: ComposedIssue) -> None:
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", full.html, re.DOTALL)
    assert sum(map(len, blocks)) < 8_000
    for block in blocks:
        assert block.count("{") == block.count("}")
        assert "@import" not in block
        assert "@font-face" not in block


def test_what_is_absent_leaves_no_element_behind(composer: Composer) -> None:
    bare = story("A bare headline", url="", summary=())
    html = composed(composer, issue(bare, story("Another bare one", url="", summary=()))).html
    assert not elements(html, "//img")
    assert "Read the full story" not in html
    for paragraph in elements(html, "//p[not(ancestor::td[@class='rule' or @class='hair'])]"):
        assert "".join(map(str, paragraph.itertext())).strip()
    assert len(elements(html, "//a")) == 4  # view online twice, unsubscribe, preferences


def test_a_card_costs_what_the_budget_says(composer: Composer) -> None:
    def size(count: int) -> int:
        cards = [
            story(f"Card number {n} with a headline", image=PICTURE, byline="By Jane")
            for n in range(count)
        ]
        return len(composed(composer, issue(*cards)).html.encode())

    assert (size(31) - size(11)) / 20 < 3_400
    assert size(21) < 90_000


def test_thirty_cards_and_long_words_compose(composer: Composer) -> None:
    cards = [story("W" * 300 + str(n), summary=text("x" * 2_000)) for n in range(31)]
    result = composed(composer, issue(*cards))
    assert sum(block.name.startswith("story") for block in result.blocks) == 31
    assert set(ghost_widths(result.html)) == {536, 280}


def test_a_right_to_left_newsletter_turns_the_page(composer: Composer) -> None:
    result = composed(composer, full_issue(), placed(), language="ar")
    html = result.html

    def styles(path: str, pattern: str) -> set[str]:
        found = (re.search(pattern, str(node.get("style"))) for node in elements(html, path))
        return {match[1] for match in found if match}

    assert elements(html, "/html")[0].get("dir") == "rtl"
    assert styles("//div[contains(@class, 'mj-column')]", r"direction:(\w+)") == {"rtl"}
    aligned = styles("//td[contains(@style, 'word-break')]/div", r"text-align:(\w+)")
    assert aligned == {"right", "center"}
    halves = elements(html, "//div[contains(@class, 'half')]/table/tbody/tr/td")
    assert "padding:0px 12px 32px" in str(halves[0].get("style"))
    assert "padding:0px 12px 32px" in str(halves[1].get("style"))


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


def test_french_text_sets_a_space_before_each_colon_of_ours(composer: Composer) -> None:
    french = composed(composer, full_issue(), placed(), language="fr").text
    ours = [line for line in french.splitlines() if line.endswith(":")]
    assert len(ours) > 4
    assert all(line.endswith("\u00a0:") for line in ours), ours
