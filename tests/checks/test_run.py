import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from check_samples import (
    CALLOUT_REF,
    ISSUE,
    LEAD,
    NEWSLETTER,
    NOW,
    OPEN,
    SENTINELS,
    TODAY,
    compose,
    paragraph,
    request_for,
    with_blocks,
    with_story,
)
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.registry import CHECKS, may_waive
from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.model.callout import CalloutStatus, CalloutUse
from newsletter.model.composed import ComposedIssue, Sentinel, Skeleton, Slot, SlotContext
from newsletter.model.finding import Finding, Severity, Waiver
from newsletter.model.issue import Story, StoryImage, TextPassage
from newsletter.model.text import Inline, Link, ListBlock, Paragraph, Quote, SlotRef, Text

WAIVED = Waiver(check="S07", by="Ada", reason="a picture story")
CRASH = Finding(check="C05 compile-crash", severity=Severity.ERROR, message="the child died")


def test_all_ids_are_there_in_the_order_of_a_report() -> None:
    wanted = [
        "S01",
        "S04",
        "S05",
        "S07",
        "S09",
        "S14",
        "C01",
        "C04",
        "C05",
        "O01",
        "O10",
        "O15",
        "O16",
        "O18",
        "H01",
        "H02",
        "H03",
        "H06",
    ]
    assert [check for check in CHECKS if check in wanted] == wanted
    assert all(check.id == key and check.name for key, check in CHECKS.items())


def test_what_protects_readers_and_the_law_may_not_be_waived() -> None:
    assert not any(
        map(may_waive, ("S04", "S05", "O15", "O16", "O18", "H02", "H03", "C05", "X9", ""))
    )
    assert all(map(may_waive, ("S07", "S09", "S14", "O01", "O10", "O10 links")))


def test_a_waived_error_is_set_apart_with_its_waiver() -> None:
    request = request_for(with_story(replace(LEAD, summary=(), url="")))
    assert [error.id for error in run_checks(request).errors] == ["S07"]
    report = run_checks(replace(request, waivers=(WAIVED,)))
    assert report.errors == ()
    ((finding, waiver),) = report.waived
    assert (finding.id, waiver) == ("S07", WAIVED)
    assert [finding.severity for finding in report.findings] == [Severity.WARNING]
    assert "S07" not in report.passed


@pytest.mark.parametrize("check", ["S04", "S04 stale-callout"])
def test_a_waiver_of_what_may_not_be_waived_changes_nothing(check: str) -> None:
    use = CalloutUse(callout=OPEN.callout, status=CalloutStatus.UNVERIFIED, reason="too old")
    request = replace(request_for(ISSUE, use), waivers=(replace(WAIVED, check=check),))
    report = run_checks(request)
    assert [error.id for error in report.errors] == ["S04"]
    assert report.waived == ()


def test_every_check_that_ran_and_found_nothing_passed() -> None:
    assert set(run_checks(request_for()).passed) == set(CHECKS)


def test_what_was_not_composed_was_not_passed() -> None:
    request = replace(request_for(), composed=None, example=None, compile_findings=(CRASH,))
    report = run_checks(request)
    assert [error.id for error in report.errors] == ["C05"]
    assert report.fingerprint == ""
    of_issue = {"S06", "S07", "S08", "S09", "S19", "S24", "S25"}
    of_sources = {"S10", "S11", "S12", "S17", "S18"}
    of_times = {"S20", "S21", "S22", "S23", "S15", "O11"}
    of_words = {"S02", "S03", "S13", "S16", *(f"S{number}" for number in range(26, 29))}
    assert set(report.passed) == {"S01", "S04", *of_issue, *of_sources, *of_times, *of_words}


def test_a_mail_that_was_not_composed_blocks_even_without_a_reason() -> None:
    report = run_checks(replace(request_for(), composed=None, example=None))
    assert [error.id for error in report.errors] == ["C05"]


def test_findings_of_composing_keep_their_file_and_line() -> None:
    finding = Finding(
        check="C01 unknown-mjml",
        severity=Severity.ERROR,
        message="there is no tag mj-txt",
        evidence="mj-text",
        file="templates/parts/story.mjml.j2",
        line=7,
        remedy="write mj-text",
    )
    report = run_checks(replace(request_for(), compile_findings=(finding,)))
    assert report.findings == (finding,)


def test_a_finding_of_composing_under_an_id_unknown_here_is_not_lost() -> None:
    odd = Finding(check="C77 odd", severity=Severity.ERROR, message="odd")
    assert run_checks(replace(request_for(), compile_findings=(odd,))).errors == (odd,)


def test_what_composing_and_a_check_both_found_is_told_once() -> None:
    issue = with_blocks(LEAD, replace(CALLOUT_REF, name="nowhere"))
    twin = Finding(check="S04 stale-callout", severity=Severity.ERROR, message="unknown", line=18)
    report = run_checks(replace(request_for(issue), compile_findings=(twin,)))
    assert [error.id for error in report.errors] == ["S04"]


def test_findings_name_the_file_as_it_was_shown() -> None:
    request = replace(request_for(replace(ISSUE, subject="News")), shown="there/issues/x.md")
    assert run_checks(request).findings[0].file == "there/issues/x.md"


def test_the_page_of_the_checks_is_up_to_date() -> None:
    script = Path(__file__).parents[2] / "scripts" / "checks_page"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0


CHARACTERS = st.text(
    st.one_of(
        st.sampled_from("<>&\"'/=[]{}|.:#@ \n\r\tab*_`-\x00\ufffe\u200b"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)
URLS = st.one_of(
    CHARACTERS,
    st.sampled_from(
        ["http://[", "https://a:b@c:99999/", "//", "mailto:", "javascript:x", "https://ü.de"]
    ),
)
INLINES: st.SearchStrategy[Inline] = st.one_of(
    st.builds(Text, text=CHARACTERS),
    st.builds(SlotRef, name=CHARACTERS),
    st.builds(Link, url=URLS, children=st.tuples(st.builds(Text, text=CHARACTERS))),
)
PARAGRAPHS = st.builds(Paragraph, children=st.lists(INLINES, max_size=3).map(tuple))
BLOCKS = st.one_of(
    PARAGRAPHS,
    st.builds(Quote, blocks=st.tuples(PARAGRAPHS)),
    st.builds(ListBlock, items=st.tuples(st.tuples(PARAGRAPHS))),
)
STORIES = st.builds(
    Story,
    headline=CHARACTERS,
    url=URLS,
    kicker=CHARACTERS,
    image=st.none() | st.builds(StoryImage, url=URLS, alt=CHARACTERS),
    summary=st.lists(BLOCKS, max_size=2).map(tuple),
)
FRAGMENTS = st.sampled_from(
    ["<p>", "</td>", "<a href='", "'>", "</a>", "<h2>", "<!--", "<style>", "<![>", "<svg/onload=x>"]
    + [sentinel.token for sentinel in SENTINELS]
    + [OPEN.callout.heading, OPEN.callout.button_text, "<div style='display:none;color:#zzz'>"]
)
MARKUP = st.lists(FRAGMENTS | CHARACTERS, max_size=12).map("".join)
SLOTS = st.builds(Slot, name=CHARACTERS, context=st.sampled_from(SlotContext), fallback=CHARACTERS)


def composed_of(
    html: str, text: str, subject: str, sentinels: Sequence[Sentinel], data: bytes
) -> ComposedIssue:
    return replace(
        compose(),
        html=html,
        text=text,
        subject=subject,
        sentinels=(*SENTINELS, *sentinels),
        skeleton=Skeleton(segments=(data,), slots=tuple(one.slot for one in sentinels)),
    )


COMPOSED = st.builds(
    composed_of,
    MARKUP,
    MARKUP,
    CHARACTERS,
    st.lists(st.builds(Sentinel, token=CHARACTERS, slot=SLOTS), max_size=2),
    st.binary(max_size=20),
)
HEADS = st.sampled_from(
    [
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; ",
        b"charset=bogus\r\n",
        b"Content-Transfer-Encoding: base64\r\n\r\n=",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 6\r\n",
        b"From: =?x?b?=?=\r\n",
        b"Subject: =?utf-8?b?////?=\r\n",
        b"Date: 1\r\n",
        b"To: <<,\r\n",
        b"\r\n--x--\r\n",
        b"--x\r\n",
    ]
)
MESSAGES = st.none() | st.lists(HEADS | st.binary(max_size=30), max_size=8).map(b"".join)


@given(st.lists(STORIES, max_size=2), st.none() | COMPOSED, MESSAGES, CHARACTERS)
def test_no_composition_whatever_makes_a_check_raise(
    stories: list[Story], composed: ComposedIssue | None, example: bytes | None, subject: str
) -> None:
    issue = replace(with_blocks(*stories, *ISSUE.sections[0].blocks[1:]), subject=subject)
    request = CheckRequest(
        issue=issue,
        newsletter=NEWSLETTER,
        composed=composed,
        on=TODAY,
        moment=NOW,
        callouts=(OPEN,),
        example=example,
    )
    report = run_checks(request)
    assert composed is not None or report.errors
    assert not {finding.id for finding in report.findings} & set(report.passed)


@pytest.mark.covers("T20")
@pytest.mark.parametrize(
    "piece", ["a", "hide ad ", "(", "[[", "a.", "www.", "you ", "<", "\n", "*", "é", "中", " ", "@"]
)
def test_no_text_makes_a_pattern_run_away(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    issue = with_blocks(
        replace(LEAD, headline=long, summary=(paragraph(long),)),
        TextPassage(blocks=(paragraph(long),)),
    )
    made = replace(
        compose(), html=f"<p>{long}</p><a href='https://e.org/{long}'>{long}</a>", text=long
    )
    began = process_time()  # of this process: how busy the machine is says nothing of a pattern
    run_checks(replace(request_for(), issue=replace(issue, subject=long), composed=made))
    assert process_time() - began < 8
