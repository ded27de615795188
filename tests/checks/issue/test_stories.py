from dataclasses import replace

import pytest
from check_samples import (
    BRIEF,
    CALLOUT_REF,
    ISSUE,
    LEAD,
    found,
    only,
    paragraph,
    request_for,
    with_blocks,
    with_html,
    with_story,
)

from newsletter.checks.run import run_checks
from newsletter.model.finding import Severity
from newsletter.model.issue import Briefs, EditorMessage, TextPassage
from newsletter.model.text import Break, InlineImage, Paragraph, Text

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_the_sample_passes_every_check() -> None:
    report = run_checks(request_for())
    assert report.findings == ()
    assert report.waived == ()
    assert report.issue == "2026-11-24-daily"
    assert report.fingerprint == "0" * 64


@pytest.mark.parametrize("subject", ["", "   ", "\u200b\u2060"])
def test_an_empty_subject_is_an_error_on_its_line(subject: str) -> None:
    finding = only(request_for(replace(ISSUE, subject=subject)), "H03")
    assert finding.severity is Severity.ERROR
    assert (finding.file, finding.line) == ("issues/2026-11-24-daily.md", 4)
    assert finding.message == "the subject is empty"


def test_a_long_subject_is_shown_as_three_inboxes_cut_it() -> None:
    subject = "Energy bills: what the new cap means for you, and why your neighbour pays less"
    finding = only(request_for(replace(ISSUE, subject=subject)), "S01")
    assert finding.severity is Severity.WARNING
    assert "78 characters" in finding.message
    assert finding.evidence == (
        "at 33: Energy bills: what the new cap me…; "
        "at 50: Energy bills: what the new cap means for you, and…; "
        "at 60: Energy bills: what the new cap means for you, and why your n…"
    )


def test_a_subject_is_counted_in_what_readers_call_characters() -> None:
    # 60 families of five code points each are 60 characters
    assert not found(request_for(replace(ISSUE, subject=FAMILY * 60)), "S01")
    assert found(request_for(replace(ISSUE, subject=FAMILY * 61)), "S01")


def test_a_story_without_a_headline_is_an_error() -> None:
    finding = only(request_for(with_story(replace(LEAD, headline=""))), "S07")
    assert (finding.severity, finding.line) == (Severity.ERROR, 11)
    assert finding.message == "a story has no headline"


def test_a_story_without_a_summary_is_an_error() -> None:
    finding = only(request_for(with_story(replace(LEAD, summary=()))), "S07")
    assert finding.severity is Severity.ERROR
    assert finding.evidence == "Will China help Russia in Ukraine?"


def test_a_picture_alone_is_no_summary() -> None:
    picture = Paragraph(children=(InlineImage(url="https://example.org/a.png", alt="A chart"),))
    finding = only(request_for(with_story(replace(LEAD, summary=(picture,)))), "S07")
    assert finding.message == "a story has no summary"


def test_a_story_without_a_link_is_a_warning() -> None:
    finding = only(request_for(with_story(replace(LEAD, url=""))), "S07")
    assert (finding.severity, finding.message) == (Severity.WARNING, "a story has no link")


@pytest.mark.parametrize(
    ("words", "wrong"), [(1, True), (7, True), (8, False), (80, False), (81, True)]
)
def test_a_summary_has_8_to_80_words(words: int, wrong: bool) -> None:  # noqa: FBT001
    summary = (paragraph(" ".join(["word"] * words) + " \u2013 !", line=16),)
    findings = found(request_for(with_story(replace(LEAD, summary=summary))), "S07")
    assert [finding.severity for finding in findings] == [Severity.WARNING] * wrong
    assert {finding.line for finding in findings} <= {16}  # the summary's, not the headline's


def test_a_summary_that_repeats_its_headline_is_told_on_its_own_line() -> None:
    summary = (paragraph(f"{LEAD.headline}", line=17),)
    finding = only(request_for(with_story(replace(LEAD, summary=summary))), "S07")
    assert (finding.message, finding.line) == ("a summary only repeats its headline", 17)


def test_an_issue_without_a_story_is_a_warning_on_a_line() -> None:
    first, *_ = ISSUE.sections
    issue = replace(ISSUE, sections=(replace(first, blocks=(CALLOUT_REF,)),))
    (finding,) = found(request_for(issue), "S07")
    assert (finding.message, finding.severity) == ("the issue has no story", Severity.WARNING)
    assert finding.line


def test_a_chinese_summary_is_not_one_word() -> None:
    summary = (
        paragraph("中国外交部发言人表示\uff0c有关中国向俄罗斯提供军事援助的报道是虚假信息。"),
    )
    assert not found(request_for(with_story(replace(LEAD, summary=summary))), "S07")


def test_a_left_line_within_a_paragraph_is_found_on_its_own_line() -> None:
    words = Paragraph(
        children=(
            Text(text="Ministers met again on Monday in Brussels, officials said."),
            Break(hard=False),
            Text(text="Hide Ad"),
            Break(hard=False),
            Text(text="Talks go on."),
        ),
        line=16,
    )
    assert only(request_for(with_story(replace(LEAD, summary=(words,)))), "S09").line == 17


def test_residue_is_found_in_briefs_and_text_too() -> None:
    brief = Briefs(items=(replace(BRIEF, text="Hide Ad"),), line=20)
    passage = TextPassage(blocks=(paragraph("Subscribe now", line=30),), line=30)
    assert len(found(request_for(with_blocks(LEAD, CALLOUT_REF, brief, passage)), "S09")) == 2


def test_a_label_for_an_advertisement_and_an_editors_own_opening_are_right() -> None:
    paid = replace(LEAD, kicker="Advertisement")
    editor = EditorMessage(
        body=(
            paragraph("A message from the editor:"),
            paragraph("Thank you for reading. NationalWorld is a new national news brand."),
            paragraph("Sign up to our weekend newsletter"),
        ),
        line=25,
    )
    label = TextPassage(blocks=(paragraph("Advertisement"),), line=28)
    assert not found(request_for(with_blocks(paid, CALLOUT_REF, editor, label)), "S09")


def test_a_picture_in_running_text_needs_an_alternative_text_too() -> None:
    picture = Paragraph(children=(InlineImage(url="https://example.org/a.png", alt=""),), line=31)
    issue = with_blocks(LEAD, CALLOUT_REF, TextPassage(blocks=(picture,), line=30))
    assert only(request_for(issue), "S14").line == 31


def test_a_template_that_sets_a_picture_without_alt_is_told() -> None:
    request = with_html("<h3>", '<img src="https://example.org/logo.png"><h3>')
    assert "logo.png" in only(request, "S14").evidence
    assert not found(with_html("<h3>", '<img src="https://a.example/x.png" alt=""><h3>'), "S14")
