"""The templates breaking, weekly and plain: what each shows of an issue, and how."""

import re

import pytest
from composing import (
    PICTURE,
    compose,
    composed,
    elements,
    issue,
    placed,
    story,
    templates,
    text,
    words_in,
)

from newsletter.compose.composer import Composer
from newsletter.compose.plain import COLUMNS
from newsletter.compose.words import WORDS
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    Story,
    TextPassage,
)

TEMPLATES = ("daily", "breaking", "weekly", "plain")
OTHERS = TEMPLATES[1:]


def everything(*, stories: int = 4) -> Issue:
    """An issue with each kind of row."""
    also = tuple(story(f"Story number {n} of the day", image=PICTURE) for n in range(stories))
    briefs = Briefs(items=(Brief(headline="A brief", url="https://e.example/1", text="More."),))
    return issue(
        story("The lead of the day is this", image=PICTURE, kicker="World", byline="By Jane"),
        CalloutRef(name="dec-ukraine"),
        sections=[
            Section(heading="Also today", blocks=also),
            Section(heading="In depth", blocks=(TextPassage(blocks=text("Some words.")),)),
            Section(heading="In brief", blocks=(briefs, EditorMessage(body=text("Thank you.")))),
        ],
        opening=(TextPassage(blocks=text("Good morning.")),),
    )


def outline(html: str) -> list[int]:
    headings = elements(html, "//h1|//h2|//h3|//h4|//h5|//h6")
    return [int(str(node.tag)[1]) for node in headings]


@pytest.mark.parametrize("template", OTHERS)
def test_each_template_shows_all_of_an_issue(composer: Composer, template: str) -> None:
    """Even one that does not suit: breaking with nine stories, plain with pictures."""
    result = composed(composer, everything(stories=8), placed(), template=template)
    for words in ("Good morning.", "Some words.", "A brief", "Thank you.", "DEC appeal"):
        assert words in words_in(result.html).replace("\N{NO-BREAK SPACE}", " ")
        assert words in result.text
    assert [block.bytes > 0 for block in result.blocks] == [True] * len(result.blocks)


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_heading_outline_is_the_same_in_each_template(
    composer: Composer, template: str
) -> None:
    full = composed(composer, everything(), placed(), template=template)
    assert outline(full.html) == [1, 2, 2, 3, 3, 3, 3, 2, 2, 3, 2]
    no_story = composed(composer, issue(TextPassage(blocks=text("Words."))), template=template)
    assert outline(no_story.html) == [1, 2]


@pytest.mark.parametrize("template", TEMPLATES)
def test_outlooks_columns_fit_the_page(composer: Composer, template: str) -> None:
    html = composed(composer, everything(), placed(), template=template).html
    comments = re.findall(r"<!--\[if mso \| IE\]>(.*?)<!\[endif\]-->", html, re.DOTALL)
    column = r"<td[^>]*vertical-align:top;width:(\d+)px"
    widths = {int(width) for comment in comments for width in re.findall(column, comment)}
    assert widths == ({536} if template == "plain" else {536, 280})
    assert html.count("<!--[if") == html.count("<![endif]-->")
    pictures = set(re.findall(r'<img [^>]*width="(\d+)"', html))
    assert pictures == (set() if template == "plain" else {"536", "256"})


@pytest.mark.parametrize("template", TEMPLATES)
def test_styles_stay_within_what_gmail_keeps(composer: Composer, template: str) -> None:
    html = composed(composer, everything(), placed(), template=template).html
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert sum(map(len, blocks)) < 8_000
    assert all(block.count("{") == block.count("}") for block in blocks)
    for table in elements(html, "//table"):
        assert table.get("role") == "presentation"


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_absent_leaves_no_element_behind(composer: Composer, template: str) -> None:
    bare = [story(f"A bare headline {n}", url="", summary=()) for n in range(3)]
    html = composed(composer, issue(*bare), template=template).html
    assert not elements(html, "//img")
    for paragraph in elements(html, "//p[not(ancestor::td[@class='rule' or @class='hair'])]"):
        assert "".join(map(str, paragraph.itertext())).strip()
    for cell in elements(html, "//td[not(*) and not(normalize-space())]"):
        raise AssertionError(cell.get("style"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_text_part_is_whole_and_within_its_columns(composer: Composer, template: str) -> None:
    lines = composed(composer, everything(), placed(), template=template).text.splitlines()
    assert all(len(line) <= COLUMNS or line.startswith("https://") for line in lines)
    assert lines[0] == "A subject of some length"
    assert lines[-1] == "1 Example Street, London"
    longest = max(len(run) for run in re.findall(r"\n+", "\n".join(lines)))
    assert longest <= 3  # no gap of more than two empty lines


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_turns_for_a_language_from_right_to_left(
    composer: Composer, template: str
) -> None:
    html = composed(composer, everything(), placed(), template=template, language="ar").html
    aligned = {
        found[1]
        for node in elements(html, "//td[contains(@style, 'word-break')]/div")
        if (found := re.search(r"text-align:(\w+)", str(node.get("style"))))
    }
    assert "left" not in aligned
    assert {cell.get("align") for cell in elements(html, "//td[contains(@class, 'back-')]")} <= {
        "left"
    }


def test_breaking_has_one_clear_way_on(composer: Composer) -> None:
    alone = composed(composer, issue(story(image=PICTURE)), template="breaking").html
    (button,) = elements(alone, "//td[contains(@class, 'btn')]//a")
    assert "".join(map(str, button.itertext())).strip() == "Read the full story"
    with_appeal = composed(composer, everything(), placed(), template="breaking").html
    (button,) = elements(with_appeal, "//td[contains(@class, 'btn')]//a")
    assert "".join(map(str, button.itertext())).split() == ["Donate", "to", "the", "DEC", "appeal"]
    (link,) = elements(with_appeal, "//a[@class='more' and starts-with(., 'Read')]")
    assert str(link.get("href")).startswith("https://example.org/")


def test_breaking_says_so_where_the_story_has_no_kicker(composer: Composer) -> None:
    made = composed(composer, issue(story()), template="breaking").html
    assert [node.text for node in elements(made, "//p[@class='kick']")] == ["Breaking news"]
    made = composed(composer, issue(story(kicker="Floods")), template="breaking").html
    assert [node.text for node in elements(made, "//p[@class='kick']")] == ["Floods"]


def test_the_headline_of_breaking_stands_before_its_picture(composer: Composer) -> None:
    html = composed(composer, issue(story(image=PICTURE)), template="breaking").html
    (*_, before) = elements(html, "//h1/following::img")
    assert before.get("src") == PICTURE.url


def test_every_link_of_the_contents_finds_its_place(composer: Composer) -> None:
    html = composed(composer, everything(stories=9), placed(), template="weekly").html
    named = [str(node.get("name")) for node in elements(html, "//a[@name]")]
    assert len(named) == len(set(named))
    assert all(node.get("id") == node.get("name") for node in elements(html, "//a[@name]"))
    targets = [str(a.get("href"))[1:] for a in elements(html, "//a[starts-with(@href, '#')]")]
    assert set(targets) <= set(named)
    assert targets.count("contents") == 3  # from each heading
    assert [target for target in targets if target.startswith("story")] == [
        f"story-{n}" for n in range(1, 11)
    ]
    # an anchor is empty: programs that jump find it so alone
    assert all(not node.get("href") and not len(node) for node in elements(html, "//a[@name]"))


def test_the_contents_name_sections_and_headlines_in_order(composer: Composer) -> None:
    result = composed(composer, everything(stories=2), placed(), template="weekly")
    listed = [
        "".join(map(str, node.itertext())).replace("\N{NO-BREAK SPACE}", " ")
        for node in elements(result.html, "//p[contains(@class, 'toc')]")
    ]
    assert listed == [
        "The lead of the day is this",
        "Also today",
        "Story number 0 of the day",
        "Story number 1 of the day",
        "In depth",
        "In brief",
        "A brief",
    ]
    head, _, rest = result.text.partition("In this issue\n-------------\n")
    assert head.rstrip().endswith("Good morning.")
    assert rest.startswith(
        "\n- The lead of the day is this\n\nAlso today\n- Story number 0 of the day\n"
        "- Story number 1 of the day\n\nIn depth\n\nIn brief\n- A brief\n\n\nWorld\nThe lead"
    )


def test_a_list_of_contents_proves_no_story(composer: Composer) -> None:
    """A template that lists headlines and forgets the stories is found out all the same."""
    given = {**templates(), "weekly.txt.j2": "{{ plain.contents }}\n{{ plain.urls.unsubscribe }}"}
    made = compose(composer, issue(story(url="")), template="weekly", given=given)
    assert {finding.check for finding in made.findings} == {"C09 content-lost"}


@pytest.mark.parametrize("block", [story(), TextPassage(blocks=text("Words."))])
def test_one_thing_alone_needs_no_list_of_contents(
    composer: Composer, block: Story | TextPassage
) -> None:
    result = composed(composer, issue(block), template="weekly")
    assert "In this issue" not in words_in(result.html) + result.text
    assert not elements(result.html, "//a[starts-with(@href, '#')]")


def test_only_the_weekly_has_anchors(composer: Composer) -> None:
    for template in ("daily", "breaking", "plain"):
        html = composed(composer, everything(), placed(), template=template).html
        assert not elements(html, "//a[@name]|//a[starts-with(@href, '#')]")


def test_a_weekly_of_twenty_stories_is_not_cut_off_by_gmail(composer: Composer) -> None:
    sections = [
        Section(
            heading=f"Section {n}",
            blocks=tuple(
                story(f"Story {n}.{m} with a headline of usual length", byline="By Jane")
                for m in range(5)
            ),
        )
        for n in range(4)
    ]
    made = composed(composer, issue(sections=sections), template="weekly")
    assert len(made.html.encode()) < 90_000


def test_plain_has_no_pictures_and_underlines_its_links(composer: Composer) -> None:
    html = composed(composer, everything(), placed(), template="plain").html
    assert not elements(html, "//img")
    assert not elements(html, "//td[contains(@class, 'btn')]")
    for link in elements(html, "//a[@href]"):
        assert "text-decoration:underline" in str(link.get("style"))
    appeal = [a.get("href") for a in elements(html, "//a[contains(., 'DEC') or contains(., 'Le')]")]
    assert "https://donation.dec.org.uk/ukraine-humanitarian-appeal" in appeal
    assert "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal" in appeal


def test_each_template_is_made_of_shared_parts() -> None:
    """No template sets a colour or a font of its own, and each extends the daily's page."""
    for name, source in templates().items():
        assert not re.search(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b(?!;)", source), name
        assert "Georgia" not in source, name
    for name in OTHERS:
        for kind in ("mjml", "txt"):
            assert f'{{% extends "daily.{kind}.j2" %}}' in templates()[f"{name}.{kind}.j2"]
    assert {"breaking", "contents", "to_contents"} <= set(WORDS["en"])


def test_a_headline_without_a_link_is_not_underlined_as_one(composer: Composer) -> None:
    made = composed(composer, issue(story(), story("No way on", url="")), template="plain").html
    (unlinked,) = elements(made, "//span[normalize-space(.)='No way on']")
    assert "text-decoration:none" in str(unlinked.get("style")).replace(" ", "")


def test_a_long_word_in_the_title_is_set_smaller(composer: Composer) -> None:
    for title, size in (("The Daily", "46px"), ("Donaudampfschifffahrtspost", "34px")):
        made = composed(composer, issue(story()), title=title).html
        (masthead,) = elements(made, "//p[contains(@class, 'masthead')]")
        assert f"font-size:{size}" in str(masthead.get("style")).replace(" ", "")


def test_headlines_part_long_words_in_languages_that_have_them(composer: Composer) -> None:
    for language, parts in (("de-AT", True), ("en-GB", False), ("ar", False)):
        made = composed(composer, issue(story()), language=language).html
        assert ("hyphens: auto" in made) is parts, language


def test_an_address_stands_right_under_the_words_it_belongs_to(composer: Composer) -> None:
    one, two = story("The lead"), story("The second", url="https://example.org/2")
    made = composed(composer, issue(one, two, story("The third"))).text
    assert "A summary.\nhttps://example.org/2\n\nThe third" in made
