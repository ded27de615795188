from dataclasses import replace

import pytest
from check_samples import ISSUE, LEAD, NEWSLETTER, found, only, request_for, with_blocks

from newsletter.checks.request import CheckRequest
from newsletter.config.languages import SPOKEN
from newsletter.model.finding import Severity
from newsletter.model.issue import Block, Brief, Briefs, Issue, Section

SECOND = replace(LEAD, headline="A second story", url="https://example.org/2", line=30)
OTHERS = tuple(
    replace(LEAD, headline=f"Story {n} of several", url=f"https://example.org/{n}", line=30 + n)
    for n in range(3)
)


def sent_with(template: str, issue: Issue) -> CheckRequest:
    return replace(request_for(issue), newsletter=replace(NEWSLETTER, template=template))


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


def test_a_language_without_standing_words_is_named() -> None:
    made = request_for()
    for language in (*SPOKEN, "en-US", "fr-CA", "EN"):
        spoken = replace(made, newsletter=replace(made.newsletter, language=language))
        assert found(spoken, "C11") == ()
    other = replace(made, newsletter=replace(made.newsletter, language="it-CH"))
    finding = only(other, "C11", beside=frozenset({"O04"}))  # the sample says en-GB
    assert finding.message.startswith("the mail is in Italian, and there are no standing words")
    assert finding.file == "newsletter.toml"
