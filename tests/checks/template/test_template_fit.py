from dataclasses import replace

import pytest
from check_samples import ISSUE, LEAD, NEWSLETTER, found, only, request_for, with_blocks

from newsletter.checks.request import CheckRequest
from newsletter.model.brand import Brand, Logo
from newsletter.model.finding import Severity
from newsletter.model.issue import Block, Brief, Briefs, Issue, Section

SECOND = replace(LEAD, headline="A second story", url="https://example.org/2", line=30)
OTHERS = tuple(
    replace(LEAD, headline=f"Story {n} of several", url=f"https://example.org/{n}", line=30 + n)
    for n in range(3)
)


def sent_with(template: str, issue: Issue) -> CheckRequest:
    return replace(request_for(issue), newsletter=replace(NEWSLETTER, template=template))


def plain_request(issue: Issue, html: str = "") -> CheckRequest:
    """Composed by a template that shows none of the stories' pictures."""
    request = sent_with("plain", issue)
    assert request.composed is not None
    page = "".join(
        part if index == 0 else part.partition(">")[2]
        for index, part in enumerate(request.composed.html.split("<img "))
    )
    composed = replace(request.composed, html=page.replace("<h3>", f"{html}<h3>"))
    return replace(request, composed=composed)


def test_breaking_with_one_story_passes() -> None:
    assert not found(sent_with("breaking", ISSUE), "C10")


def test_breaking_with_several_stories_is_told_at_the_second() -> None:
    finding = only(sent_with("breaking", with_blocks(LEAD, SECOND)), "C10")
    assert finding.severity is Severity.WARNING
    assert finding.line == 30
    assert "2" in finding.message
    assert "A second story" in finding.evidence


def test_breaking_without_a_story_has_nothing_to_tell() -> None:
    no_story = replace(ISSUE, sections=ISSUE.sections[1:])
    (finding,) = found(sent_with("breaking", no_story), "C10")
    assert "has 0" in finding.message


@pytest.mark.parametrize(
    ("blocks", "fits"),
    [
        ((LEAD,), False),  # the sample has one brief besides
        ((LEAD, SECOND), False),
        ((LEAD, *OTHERS[:2]), True),
        ((LEAD, Briefs(items=(Brief(headline="A", url="https://e.example"),) * 3, line=9)), True),
    ],
)
def test_a_weekly_wants_enough_for_a_list_of_contents(
    blocks: tuple[Block, ...], *, fits: bool
) -> None:
    findings = found(sent_with("weekly", with_blocks(*blocks)), "C10")
    assert [finding.severity for finding in findings] == ([] if fits else [Severity.WARNING])


@pytest.mark.parametrize("template", ["daily", "evening"])
def test_other_templates_take_any_number(template: str) -> None:
    assert not found(sent_with(template, with_blocks(LEAD, *OTHERS)), "C10")
    empty = replace(ISSUE, sections=(Section(heading="", blocks=(), line=9),))
    assert not found(sent_with(template, empty), "C10")


def test_pictures_that_a_template_does_not_show_are_told_once_and_gently() -> None:
    (finding,) = found(plain_request(with_blocks(LEAD, SECOND)), "C10")
    assert finding.severity is Severity.INFO
    assert "and 1 more" in finding.evidence
    assert finding.line == LEAD.line


def test_a_logo_and_a_picture_within_the_text_are_no_storys_picture() -> None:
    inset = '<p><img class="inset" src="https://e.example/x.png" alt="x"></p>'
    logo = '<p><img class="logo" src="https://e.example/logo.png" alt="The Daily"></p>'
    request = plain_request(with_blocks(LEAD), inset + logo)
    brand = Brand(logo=Logo(url="https://e.example/logo.png", width=200))
    request = replace(request, newsletter=replace(request.newsletter, brand=brand))
    assert len(found(request, "C10")) == 1


def test_without_pictures_plain_suits() -> None:
    assert not found(plain_request(with_blocks(replace(LEAD, image=None))), "C10")
