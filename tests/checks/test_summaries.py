# ruff: noqa: RUF001 (quotation marks are what is tried)
"""The traps of the seed, and what each check says of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from case_tables import cases
from check_samples import (
    BRIEF,
    LEAD,
    NEWSLETTER,
    found,
    paragraph,
    request_for,
    with_blocks,
    with_story,
)

from newsletter.checks.registry import CHECKS, wants_person
from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.ingest.text_file import article_from_text
from newsletter.issues.callout_file import read_callout
from newsletter.model.article import StorySource
from newsletter.model.issue import Briefs, Story
from newsletter.workflows.stories.story_memory import source_of

ROOT = Path(__file__).parents[2]
SEED = ROOT / "demo" / "seed.txt"
GOOD = (
    "US media report that Russia has asked China for military and economic support for its "
    "invasion of Ukraine, and the US says China has signalled it would be willing to help; both "
    "countries have rejected the claim about military support. US officials warn of "
    "“consequences” if Xi Jinping backs Vladimir Putin, with National Security Adviser Jake "
    "Sullivan saying the US will not allow “a lifeline to Russia from these economic sanctions”."
)
OF_FIDELITY = ("S11", "S12", "S17")


@pytest.fixture(scope="module")
def source() -> StorySource:
    appeal = read_callout(ROOT / "callouts" / "dec-ukraine.md", shown="dec-ukraine.md")
    article = article_from_text(SEED.read_bytes(), url="", source="", callouts=[appeal], noise=[])
    return source_of(article, number=7, version=1)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return SEED.read_text("utf-8").split("\n")


def request_with(summary: str, source: StorySource, story: Story = LEAD) -> CheckRequest:
    told = replace(story, summary=(paragraph(summary, line=16),))
    return replace(request_for(with_story(told)), sources={told: source})


def of_fidelity(summary: str, source: StorySource) -> dict[str, str]:
    findings = run_checks(request_with(summary, source)).findings
    return {one.id: f"{one.message} | {one.evidence}" for one in findings if one.id in OF_FIDELITY}


def test_a_good_summary_and_the_automatic_one_pass(source: StorySource, lines: list[str]) -> None:
    assert of_fidelity(GOOD, source) == {}
    assert of_fidelity(f"{lines[10]} {lines[12]}", source) == {}


def test_the_standfirst_that_drops_the_hedge_is_found(
    source: StorySource, lines: list[str]
) -> None:
    told = of_fidelity(f"{lines[8]}.", source)
    assert set(told) == {"S17"}
    assert "turned to China" in told["S17"]


@pytest.mark.parametrize(
    ("summary", "check", "named"), cases("summaries", "a_trap_of_the_seed_is_found")
)
def test_a_trap_of_the_seed_is_found(
    source: StorySource, summary: str, check: str, named: str
) -> None:
    assert named in of_fidelity(summary, source)[check]


@pytest.mark.parametrize("line", [90, 92, 96, 100])
def test_lines_that_are_no_text_do_not_back_a_summary(
    source: StorySource, lines: list[str], line: int
) -> None:
    assert lines[line - 1]
    assert lines[line - 1] not in source.text


def test_jinping_as_a_surname_is_the_sources_own(source: StorySource) -> None:
    assert of_fidelity("President Jinping and President Putin met, reports say.", source) == {}


def test_the_findings_name_file_and_line_and_what_to_do(source: StorySource) -> None:
    (finding,) = found(
        request_with("The mayor of Berlin said that it would be willing to help.", source), "S12"
    )
    assert (finding.file, finding.line) == ("issues/2026-11-24-daily.md", 16)
    assert finding.message == "not in the source: Berlin"
    assert finding.remedy


def test_a_brief_is_compared_too(source: StorySource) -> None:
    brief = replace(BRIEF, text="services to Lowmoor resume on Monday.")
    request = replace(
        request_for(with_blocks(LEAD, Briefs(items=(brief,)))), sources={brief: source}
    )
    assert [one.line for one in found(request, "S12")] == [22]


def described(summary: str, *body: str) -> StorySource:
    return StorySource(article=7, version=1, beside=("Floods hit Arda", summary), body=body)


@pytest.mark.parametrize(
    ("summary", "body", "check", "named"),
    cases("summaries", "a_description_does_not_bear_itself_out"),
)
def test_a_description_does_not_bear_itself_out(
    summary: str, body: str, check: str, named: str
) -> None:
    told = of_fidelity(summary, described(summary, body))
    assert set(told) == {check}
    assert named.casefold() in told[check].casefold()
    assert of_fidelity(summary, described(summary)) == {}  # there is no text to hold it against


def test_a_description_that_its_text_bears_out_passes() -> None:
    summary = "Twelve people died and 30 were hurt as floods hit the town of Arda on Monday."
    body = "Twelve people died and thirty were hurt in Arda on Monday, the mayor said."
    assert of_fidelity(summary, described(summary, body)) == {}


def test_names_are_left_alone_where_every_noun_has_a_capital(source: StorySource) -> None:
    request = request_with("Der Kanzler hat 999 Gründe dafür genannt, sagt er heute.", source)
    german = replace(request, newsletter=replace(NEWSLETTER, language="de-DE"))
    assert [one.message for one in found(german, "S12")] == ["not in the source: 999"]


def test_a_story_without_a_source_is_not_said_to_have_passed() -> None:
    request = replace(request_for(), sources={})
    assert not {"S10", "S11", "S12", "S17", "S18"} & set(run_checks(request).passed)


@pytest.mark.parametrize(
    ("headline", "absent"),
    [("Three dead in Arda", "Three"), ("Three questions on Arda", ""), ("Two dead in Arda", "")],
)
def test_a_count_in_a_headline_is_the_sources_or_the_writers_own(
    headline: str, absent: str
) -> None:
    body = "Two people died in the town of Arda on Monday, the mayor of the town said."
    text = StorySource(article=7, version=1, body=(body,))
    found_in = found(request_with(body, text, replace(LEAD, headline=headline)), "S12")
    assert [one.message for one in found_in] == [f"not in the source: {absent}"] * bool(absent)


def test_a_source_that_changed_is_shown_with_its_lines(source: StorySource) -> None:
    changes = tuple(f"new: line {number}" for number in range(10))
    stale = replace(source, version=3, drafted_version=1, changes=changes)
    (finding,) = found(request_with(GOOD, stale), "S18")
    assert "version 1 then, 3 now" in finding.message
    assert finding.evidence.split("\n") == [*changes[:8], "… and 2 more lines"]
    assert "newsletter accept 2026-11-24-daily 7" in finding.remedy


@pytest.mark.parametrize(("value", "blocks"), [("draft", 1), ("Draft", 1), ("done", 0)])
def test_a_summary_that_nobody_accepted_blocks(value: str, blocks: int) -> None:
    story = replace(LEAD, attributes=(("summary", value),))
    request = request_for(with_story(story))
    assert len(found(request, "S19")) == blocks


def test_a_source_that_earns_money_wants_one_word_of_ours(source: StorySource) -> None:
    assert source.affiliate_notice.startswith("This article contains affiliate links.")
    (finding,) = found(request_with(GOOD, source), "S10")
    assert "affiliate links" in finding.evidence
    disclosed = request_with(f"{GOOD} We may earn a commission.", source)
    assert not found(disclosed, "S10")


def test_a_page_that_earns_by_its_links_says_so_in_its_noise() -> None:
    assert _notice_of("We may earn a commission on what you buy by these links.")
    assert not _notice_of("Influencers earn commission when a follower buys by their link.")


def _notice_of(paragraph: str) -> str:
    text = f"A headline of an article\nFive pairs of boots were worn for a month.\n{paragraph}\n"
    article = article_from_text(text.encode(), url="", source="", callouts=[], noise=[])
    return source_of(article).affiliate_notice


def test_a_brief_whose_source_earns_money_wants_that_word_too() -> None:
    notice = "We may earn a commission on what you buy here."
    silent = StorySource(article=7, version=1, body=(BRIEF.text,), affiliate_notice=notice)
    request = replace(request_for(), sources={BRIEF: silent})
    (finding,) = found(request, "S10")
    assert finding.line == BRIEF.line


def test_a_sentence_quoted_in_a_headline_was_said(source: StorySource) -> None:
    for headline, times in (
        ("‘We will never help Moscow in this war’, says China", 1),
        ("“A lifeline to Russia from these economic sanctions” is ruled out", 0),
        ("China’s ‘special friendship’ with Russia is tried", 0),
    ):
        story = replace(LEAD, headline=headline)
        assert len(found(request_with(GOOD, source, story), "S11")) == times, headline


def test_an_automatic_approval_stops_at_these_and_at_no_other_warning(source: StorySource) -> None:
    report = run_checks(request_with("Berlin said “we shall” to 999 men.", source))
    assert {one.id for one in wants_person(report)} == {"S11", "S12"}
    assert {check.id for check in CHECKS.values() if check.blocks_automatic} == {
        *("S11", "S12", "S17", "S18", "S19", "S22", "S23", "S24", "S27", "O11")
    }
