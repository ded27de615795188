"""The templates breaking, weekly and plain: what each shows of an issue, and how."""

import re

import pytest
from composing import PICTURE, composed, elements, issue, placed, story, text, words_in

from newsletter.compose.composer import Composer
from newsletter.compose.plain import COLUMNS
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
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


@pytest.mark.parametrize("template", OTHERS)
def test_each_template_shows_all_of_an_issue(composer: Composer, template: str) -> None:
    """Even one that does not suit: breaking with nine stories, plain with pictures."""
    result = composed(composer, everything(stories=8), placed(), template=template)
    for words in ("Good morning.", "Some words.", "A brief", "Thank you.", "DEC appeal"):
        assert words in words_in(result.html).replace("\N{NO-BREAK SPACE}", " ")
        assert words in result.text
    assert [block.bytes > 0 for block in result.blocks] == [True] * len(result.blocks)


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_text_part_is_whole_and_within_its_columns(composer: Composer, template: str) -> None:
    lines = composed(composer, everything(), placed(), template=template).text.splitlines()
    assert all(len(line) <= COLUMNS or line.startswith("https://") for line in lines)
    assert lines[0] == "A subject of some length"
    assert lines[-1] == "Example News, 1 Example Street, London"
    longest = max(len(run) for run in re.findall(r"\n+", "\n".join(lines)))
    assert longest <= 3  # no gap of more than two empty lines


def test_breaking_has_one_clear_way_on(composer: Composer) -> None:
    alone = composed(composer, issue(story(image=PICTURE)), template="breaking").html
    (button,) = elements(alone, "//td[contains(@class, 'btn')]//a")
    assert "".join(map(str, button.itertext())).strip() == "Read the full story"
    with_appeal = composed(composer, everything(), placed(), template="breaking").html
    (button,) = elements(with_appeal, "//td[contains(@class, 'btn')]//a")
    assert "".join(map(str, button.itertext())).split() == ["Donate", "to", "the", "DEC", "appeal"]
    (link,) = elements(with_appeal, "//a[@class='more' and starts-with(., 'Read')]")
    assert str(link.get("href")).startswith("https://example.org/")


def test_breaking_shows_its_sections_title_without_a_kicker(composer: Composer) -> None:
    made = composed(composer, issue(story()), template="breaking").html
    assert [node.text for node in elements(made, "//p[@class='kick']")] == ["Top story"]
    made = composed(composer, issue(story(kicker="Floods")), template="breaking").html
    assert [node.text for node in elements(made, "//p[@class='kick']")] == ["Floods"]


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
