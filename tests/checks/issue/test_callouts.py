from dataclasses import replace
from datetime import date

import pytest
from case_tables import cases
from check_samples import (
    CALLOUT,
    CALLOUT_REF,
    DONATE,
    ISSUE,
    LEAD,
    LEARN,
    NEWSLETTER,
    OPEN,
    compose,
    errors,
    found,
    linked,
    only,
    paragraph,
    request_for,
    with_blocks,
    with_html,
    with_text,
)

from newsletter.checks.run import run_checks
from newsletter.config.settings import CalloutIfUnverified
from newsletter.model.callout import Callout, CalloutKind, CalloutStatus, CalloutUse, WhenClosed
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Severity
from newsletter.model.text import Break, CodeSpan, Paragraph, Strong, Text

UNVERIFIED = CalloutUse(
    callout=replace(CALLOUT, last_verified=None),
    status=CalloutStatus.UNVERIFIED,
    reason="nobody has verified it yet.",
)
CLOSED = CalloutUse(
    callout=replace(CALLOUT, status=CalloutStatus.CLOSED, closed_on=date(2026, 11, 1)),
    status=CalloutStatus.CLOSED,
    reason="it closed on 2026-11-01",
)


def appearing(how: str, composed: ComposedIssue | None = None) -> ComposedIssue:
    return replace(composed or compose(), appearances=(("dec-ukraine", how),))


@pytest.mark.covers("T53")
def test_an_unverified_appeal_is_the_one_error_of_a_sound_issue() -> None:
    finding = only(request_for(ISSUE, UNVERIFIED), "S04")
    assert finding.severity is Severity.ERROR
    assert finding.message == "the appeal dec-ukraine is unverified: nobody has verified it yet"
    assert finding.evidence == (
        "callouts/dec-ukraine.md: never verified, "
        "to be verified every 14 days; judged for 2026-11-24"
    )
    assert "newsletter callouts verify dec-ukraine" in finding.remedy
    assert (finding.file, finding.line) == (ISSUE.file, 18)
    assert errors(request_for(ISSUE, UNVERIFIED)) == ["S04"]


def test_an_appeal_placed_twice_is_told_once() -> None:
    issue = with_blocks(LEAD, CALLOUT_REF, replace(CALLOUT_REF, line=30))
    assert only(request_for(issue, UNVERIFIED), "S04").line == 18


def test_an_unknown_callout_is_an_error_that_names_the_file() -> None:
    issue = with_blocks(LEAD, replace(CALLOUT_REF, name="dec-ukrain"))
    finding = only(request_for(issue), "S04")
    assert finding.evidence == "callouts/dec-ukrain.md"


@pytest.mark.parametrize(
    ("days", "when"), [(3, "for 3 more days"), (1, "until tomorrow"), (4, None), (None, None)]
)
def test_editors_are_warned_three_days_before_a_verification_lapses(
    days: int | None, when: str | None
) -> None:
    findings = found(request_for(ISSUE, replace(OPEN, days_left=days)), "S04")
    assert [finding.severity for finding in findings] == [Severity.WARNING] * bool(when)
    if when:
        assert findings[0].message.endswith(f"only {when}")


def test_a_closed_appeal_that_is_left_out_is_told_and_blocks_nothing() -> None:
    bare = replace(compose(with_blocks(LEAD)), appearances=(("dec-ukraine", "left out"),))
    finding = only(request_for(ISSUE, CLOSED, composed=bare), "S04")
    assert finding.severity is Severity.WARNING
    assert "shows nothing in its place" in finding.message


def test_a_closed_appeal_shows_its_closed_wording_and_nothing_else() -> None:
    use = replace(CLOSED, callout=replace(CLOSED.callout, when_closed=WhenClosed.REPLACE))
    bare = compose(with_blocks(LEAD))
    thanks = "The DEC Ukraine appeal has closed. Thank you to all who gave."
    shown = replace(
        bare,
        html=bare.html.replace("<h3>", f"<h2>Ukraine Humanitarian Appeal</h2><p>{thanks}</p><h3>"),
        text=f"{thanks}\n{bare.text}",
        appearances=(("dec-ukraine", "closed wording"),),
    )
    finding = only(request_for(ISSUE, use, composed=shown), "S04")
    assert finding.severity is Severity.INFO
    assert "its closed wording" in finding.message
    assert errors(request_for(ISSUE, use, composed=appearing("closed wording"))) == ["S05", "S05"]


def test_a_closed_appeal_still_shown_is_an_error() -> None:
    request = request_for(ISSUE, CLOSED, composed=appearing("shown"))
    assert only(request, "S04").severity is Severity.ERROR


def test_an_unverified_appeal_that_the_newsletter_drops_is_a_warning() -> None:
    bare = replace(compose(with_blocks(LEAD)), appearances=(("dec-ukraine", "left out"),))
    held = request_for(ISSUE, UNVERIFIED, composed=bare)
    drops = replace(NEWSLETTER, callout_if_unverified=CalloutIfUnverified.DROP)
    assert only(held, "S04").severity is Severity.ERROR
    assert only(replace(held, newsletter=drops), "S04").severity is Severity.WARNING


def test_a_notice_has_no_life_to_judge() -> None:
    notice = replace(CALLOUT, kind=CalloutKind.NOTICE)
    use = CalloutUse(callout=notice, status=CalloutStatus.DRAFT)
    assert errors(request_for(ISSUE, use)) == []


def test_wording_of_the_issues_own_is_shown_word_by_word() -> None:
    own = (
        paragraph(
            "Disasters Emergency Committee (DEC) charities and their local partners are in Poland "
            "and in neighbouring countries providing food, water, shelter and medical assistance."
        ),
    )
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=own))
    finding = only(request_for(issue), "S05")
    assert finding.severity is Severity.ERROR
    assert "[-Ukraine-] {+Poland+}" in finding.evidence
    assert finding.line == 18


def test_wording_of_the_issues_own_is_right_where_the_callout_allows_it() -> None:
    own = (paragraph("Please give what you can to the DEC appeal for Ukraine, say the editors."),)
    callout = replace(CALLOUT, own_wording=True)
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=own))
    shown = compose(issue, replace(OPEN, callout=replace(callout, body=own)))
    assert errors(request_for(issue, replace(OPEN, callout=callout), composed=shown)) == []


@pytest.mark.parametrize("url", [LEARN, f"{DONATE}/"])
def test_own_wording_may_link_to_the_registered_addresses(url: str) -> None:
    callout = replace(CALLOUT, own_wording=True, body=linked(url, "the appeal"))
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=callout.body))
    assert errors(request_for(issue, replace(OPEN, callout=callout))) == []


@pytest.mark.covers("T53")
@pytest.mark.parametrize(
    ("url", "told"),
    cases("callouts", "a_link_in_a_callout_leads_where_it_is_registered_or_nowhere"),
)
def test_a_link_in_a_callout_leads_where_it_is_registered_or_nowhere(url: str, told: str) -> None:
    callout = replace(CALLOUT, own_wording=True)
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=linked(url, "Give now")))
    findings = found(request_for(issue, replace(OPEN, callout=callout)), "S05")
    assert any(told in finding.message for finding in findings)


@pytest.mark.covers("T53")
def test_a_record_whose_donation_address_left_its_hosts_is_an_error() -> None:
    callout = replace(CALLOUT, donation_url="https://give.example.com/ukraine")
    assert errors(request_for(ISSUE, replace(OPEN, callout=callout))) == ["S05"]


def test_hosts_in_other_scripts_are_compared_in_their_ascii_form() -> None:
    callout = replace(
        CALLOUT,
        donation_url="https://spende.b\u00fchne.example/hilfe",
        info_url="https://b\u00fchne.example/",
        allowed_hosts=("spende.xn--bhne-0ra.example", "b\u00fchne.example"),
    )
    use = replace(OPEN, callout=callout)
    shown = compose(ISSUE, use)
    ascii_shown = replace(
        shown,
        html=shown.html.replace("b\u00fchne", "xn--bhne-0ra"),
        text=shown.text.replace("b\u00fchne", "xn--bhne-0ra"),
        links=(),
    )
    assert errors(request_for(ISSUE, use, composed=shown)) == []
    assert errors(request_for(ISSUE, use, composed=ascii_shown)) == []


def test_a_template_that_changes_the_wording_is_shown_the_words() -> None:
    finding = only(with_html("food, water, shelter", "food and shelter"), "S05")
    assert "[-food, water,-] {+food and+}" in finding.evidence
    assert "HTML part" in finding.message


def test_a_template_that_leaves_a_part_out_is_told() -> None:
    assert "text part" in only(with_text(CALLOUT.heading.upper(), "DONATE"), "S05").message
    assert "HTML part" in only(with_html("Donate to the DEC appeal", "Give!"), "S05").message


@pytest.mark.covers("T53")
def test_a_text_part_without_the_donation_address_is_an_error() -> None:
    assert "donation address" in only(with_text(DONATE, "our website"), "S05").message


def test_typography_and_line_breaks_are_no_change_of_wording() -> None:
    callout = replace(
        CALLOUT,
        heading="The charity's “winter” appeal - give today",
        body=(
            Paragraph(
                children=(
                    Strong(children=(Text(text="Food"),)),
                    Text(text=" and "),
                    CodeSpan(text="water"),
                    Break(hard=True),
                    Text(text="for those who need it"),
                )
            ),
        ),
    )
    use = replace(OPEN, callout=callout)
    plain = replace(callout, body=(paragraph("*Food* and `water`\nfor those\u00a0who need it"),))
    shown = compose(ISSUE, replace(use, callout=plain))
    shown = replace(shown, html=shown.html.replace("&#x27;", "\u2019").replace(" - ", " \u2013 "))
    assert errors(request_for(ISSUE, use, composed=shown)) == []


def test_a_charity_number_and_labels_in_the_block_are_no_change() -> None:
    assert errors(with_html("</a></td>", "</a><p>Registered charity 1062638</p></td>")) == []


def test_nothing_composed_leaves_the_source_checked() -> None:
    own = (paragraph("Give, please."),)
    issue = with_blocks(LEAD, replace(CALLOUT_REF, body=own))
    request = replace(request_for(issue), composed=None, example=None)
    report = run_checks(request)
    assert [finding.id for finding in report.errors] == ["S05", "C05"]
    assert "S04" in report.passed


def test_a_callout_of_a_second_kind_beside_the_first_is_kept_apart() -> None:
    second: Callout = replace(
        CALLOUT,
        name="fair",
        file="callouts/fair.md",
        kind=CalloutKind.NOTICE,
        heading="Book fair in the town hall",
        body=(paragraph("Come to the fair on Sunday at ten and bring a friend along."),),
        donation_url="",
        button_text="",
        info_url="https://fair.example.org/",
        allowed_hosts=(),
        link_text="See the programme",
    )
    use = CalloutUse(callout=second, status=CalloutStatus.OPEN)
    issue = with_blocks(LEAD, CALLOUT_REF, replace(CALLOUT_REF, name="fair", line=25))
    assert errors(request_for(issue, OPEN, use)) == []
