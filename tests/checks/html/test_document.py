"""O04 and O09."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import LEAD, METAS, compose, found, only, request_for, with_blocks, with_html

from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Severity


def test_the_sample_says_all_about_itself() -> None:
    assert not found(request_for(), "O04")
    assert not found(request_for(), "O09")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    cases("document", "a_part_that_is_missing_or_untrue_is_an_error"),
)
def test_a_part_that_is_missing_or_untrue_is_an_error(old: str, new: str, told: str) -> None:
    finding = found(with_html(old, new), "O04")[0]
    assert (finding.severity, finding.file) == (Severity.ERROR, "templates/daily.mjml.j2")
    assert told in finding.evidence


@pytest.mark.parametrize("scheme", ["light", "light only", "only light", "dark", "dark light"])
def test_a_mail_may_have_one_set_of_colours_alone(scheme: str) -> None:
    request = with_html('content="light dark"', f'content="{scheme}"')
    assert not found(request, "O04")
    rule = "@media (prefers-color-scheme: dark) { p { color: #eee } }"
    composed = request.composed
    assert composed is not None
    two = composed.html.replace("</style>", f"{rule}</style>", 1)
    evidence = [one.evidence for one in found(_of(two), "O04")]
    told = "meta color-scheme: light dark; meta supported-color-schemes: light dark"
    assert evidence == ([] if scheme == "dark light" else [told])


def test_all_that_is_missing_is_told_at_once() -> None:
    errors = [one for one in found(with_html(METAS, ""), "O04") if one.severity is Severity.ERROR]
    assert [error.evidence.count(";") for error in errors] == [3]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    cases("document", "what_only_keeps_programs_from_changing_the_mail_is_a_warning"),
)
def test_what_only_keeps_programs_from_changing_the_mail_is_a_warning(
    old: str, new: str, told: str
) -> None:
    finding = only(with_html(old, new), "O04")
    assert finding.severity is Severity.WARNING
    assert told in finding.evidence


def test_a_language_from_right_to_left_wants_its_direction() -> None:
    request = with_html('lang="en-GB"', 'lang="ar"')
    arabic = replace(request, newsletter=replace(request.newsletter, language="ar"))
    assert "ar is written rtl" in found(arabic, "O04")[0].evidence
    composed = arabic.composed
    assert composed is not None
    turned = replace(composed, html=composed.html.replace('dir="ltr"', 'dir="rtl"'))
    assert not found(replace(arabic, composed=turned), "O04")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    cases("document", "an_outline_that_cannot_be_followed_is_a_warning"),
)
def test_an_outline_that_cannot_be_followed_is_a_warning(old: str, new: str, told: str) -> None:
    findings = found(with_html(old, new), "O09")
    assert any(told in finding.message for finding in findings)
    assert all(finding.severity is Severity.WARNING for finding in findings)
    assert all("Trains run again" in finding.evidence for finding in findings)


def test_a_skipped_level_is_told_with_the_line_of_the_heading_in_the_issue() -> None:
    without = with_html("<h2>In brief</h2>", "").composed
    assert without is not None
    finding = only(_of(without.html.replace("<h2>", "<p>").replace("</h2>", "</p>")), "O09")
    assert (finding.message, finding.line) == ("the headings go from h1 to h3", 22)


def test_a_heading_may_hold_more_than_the_headline() -> None:
    assert not found(with_html("<h3><a", "<h3>World <a"), "O09")


def test_a_mail_without_headings_is_told() -> None:
    html = compose(with_blocks(LEAD)).html
    for level in "123":
        html = html.replace(f"h{level}>", "p>")
    assert "no headings" in found(_of(html), "O09")[0].message


def test_a_heading_may_be_a_picture_that_says_it_and_hidden_ones_do_not_count() -> None:
    picture = '<h2><img src="https://news.example.org/l.png" alt="In pictures"></h2><h2>'
    assert not found(with_html("<h2>In", f"{picture}In"), "O09")
    assert not found(with_html("<h1>", '<h4 style="display:none">x</h4><h1>'), "O09")


def _of(html: str) -> CheckRequest:
    return request_for(composed=replace(compose(), html=html))
