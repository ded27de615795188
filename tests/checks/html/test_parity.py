"""O19: both parts say the same."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import (
    LEAD,
    UNSUB_TEXT,
    compose,
    found,
    link_to,
    only,
    paragraph,
    request_for,
    with_blocks,
    with_html,
    with_story,
    with_text,
)

from newsletter.checks.run import run_checks
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import EditorMessage, Story, TextPassage
from newsletter.model.text import Emphasis, Link, ListBlock, Paragraph, Quote, Text

SUMMARY = (
    "US officials say Moscow has asked Beijing for military and economic support since its "
    "invasion of Ukraine; both capitals have rejected the claim."
)


def test_the_sample_says_the_same_in_both_parts() -> None:
    assert not found(request_for(), "O19")


@pytest.mark.parametrize(
    ("lost", "line"),
    cases("parity", "what_the_text_part_lacks_is_an_error_with_its_line"),
)
def test_what_the_text_part_lacks_is_an_error_with_its_line(lost: str, line: int) -> None:
    findings = found(with_text(lost, "gone"), "O19")
    assert [finding.line for finding in findings] == [line]
    assert findings[0].severity is Severity.ERROR
    assert "the text part lacks" in findings[0].message


def test_what_the_html_lacks_is_an_error_too() -> None:
    finding = only(with_html(SUMMARY, ""), "O19")
    assert finding.message == "the HTML part lacks words of the issue"
    assert finding.evidence.startswith("US officials say")


def test_what_both_lack_is_told_once() -> None:
    made = compose()
    both = replace(made, html=made.html.replace(SUMMARY, ""), text=made.text.replace(SUMMARY, ""))
    assert only(request_for(composed=both), "O19").message == "both parts lack words of the issue"


def test_a_link_within_a_summary_has_its_address_in_the_text() -> None:
    words = Link(url="https://example.org/offer?a=1&b=2", children=(Text(text="the offer"),))
    summary = (Paragraph(children=(Text(text=f"{SUMMARY} See "), words, Text(text=".")), line=16),)
    request = request_for(with_story(replace(LEAD, summary=summary)))
    assert not found(request, "O19")
    composed = request.composed
    assert composed is not None
    text = composed.text.replace(" <https://example.org/offer?a=1&b=2>", "")
    finding = found(replace(request, composed=replace(composed, text=text)), "O19")[0]
    assert finding.evidence == "“the offer” → https://example.org/offer?a=1&b=2"


def test_an_address_of_the_template_in_one_part_alone_is_a_warning() -> None:
    logo = '<a href="https://news.example.org/">The Daily</a><h1>'
    finding = only(with_html("<h1>", logo), "O19")
    assert (finding.severity, finding.file) == (Severity.WARNING, "templates/daily.mjml.j2")


def test_spellings_of_an_address_are_one() -> None:
    made = link_to("https://example.org/caf%C3%A9/?a=1&b=2", "the café").composed
    assert made is not None
    text = made.text.replace(
        "<https://example.org/caf%C3%A9/?a=1&b=2>", "https://example.org/café/?a=1&b=2."
    )
    assert not found(request_for(composed=replace(made, text=text)), "O19")
    assert not found(link_to("mailto:desk@example.org?subject=Hello", "desk@example.org"), "O19")


def test_marks_of_the_text_part_are_no_difference() -> None:
    quoted = "Because it\u2019s very possible that he lied to them the same way"
    blocks = (
        Quote(blocks=(paragraph(quoted),)),
        ListBlock(items=((paragraph("The rouble has lost a third of its value since"),),)),
        Paragraph(children=(Text(text="Peat holds "), Emphasis(children=(Text(text="twice"),)))),
    )
    issue = with_blocks(LEAD, TextPassage(blocks=blocks, line=30), EditorMessage(body=(), line=40))
    made = compose(issue)
    html = made.html.replace(
        "<h2>",
        f"<p>“{quoted}</p><li>The rouble has lost a third of its value"
        "<br>since</li><p>Peat holds <em>twice</em></p><h2>",
        1,
    )
    text = f"{made.text}\n> Because it's very possible that he\n> lied to them the same\n> way\n"
    text += "- The rouble has lost a third of its\n  value since\nPeat holds twice\n"
    assert not found(request_for(issue, composed=replace(made, html=html, text=text)), "O19")


def test_a_script_without_spaces_may_be_broken_anywhere() -> None:
    story = Story(headline="東京都千代田区で列車が止まる", url="https://example.org/j", line=11)
    made = compose(with_story(story))
    text = made.text.replace("東京都千代田区", "東京都\n千代田区")
    assert not found(request_for(with_story(story), composed=replace(made, text=text)), "O19")


def test_the_readers_own_links_are_compared_by_slot() -> None:
    assert not found(with_text(UNSUB_TEXT, ""), "O19")  # O15 says so


def test_what_composing_told_of_a_whole_part_is_not_told_again_and_not_passed() -> None:
    text = "templates/daily.txt.j2"
    lost = Finding(check="C09 content-lost", severity=Severity.ERROR, message="lost", file=text)
    request = request_for(composed=replace(compose(), text="nothing"))
    report = run_checks(replace(request, compile_findings=(lost,)))
    assert not {"O19", "S05"} & {finding.id for finding in report.findings}
    assert not {"O19", "S05"} & set(report.passed)
