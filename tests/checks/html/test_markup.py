"""O27 and O29."""

from dataclasses import replace

import pytest
from check_samples import ISSUE, LEAD, compose, found, only, request_for, with_html

from newsletter.model.finding import Severity

PADDING = "&#847;&zwnj;&nbsp;" * 60


@pytest.mark.parametrize("width", ["", ' width="100%"', ' width="auto"', ' style="width:9px"'])
def test_a_picture_of_a_template_without_a_width_is_a_warning(width: str) -> None:
    image = f'<img src="https://news.example.org/logo.png" alt="The Daily"{width}>'
    finding = only(with_html("<h3>", f"{image}<h3>"), "O27")
    assert (finding.severity, finding.evidence) == (
        Severity.WARNING,
        "https://news.example.org/logo.png",
    )


def test_a_picture_with_a_width_and_one_of_the_text_pass() -> None:
    assert LEAD.image is not None
    image = '<img src="https://news.example.org/logo.png" alt="The Daily" width="120">'
    image += '<img src="https://news.example.org/a.png" alt="" width="160.79999999999998">'
    image += f'<img src="{LEAD.image.url}" alt="x">'
    assert not found(with_html("<h3>", f"{image}<h3>"), "O27")


def test_words_before_the_preheader_are_what_the_inbox_shows() -> None:
    finding = only(with_html('<div style="display:none">', "<p>View online</p><div>"), "O29")
    assert finding.message == "the mail does not begin with its preheader"
    assert "View online" in finding.evidence


def test_a_long_preheader_needs_no_padding_and_none_is_another_checks() -> None:
    issue = replace(ISSUE, preheader="What Moscow is reported to have asked Beijing for " * 2)
    made = compose(issue)
    html = made.html.replace(PADDING, "")
    assert not found(request_for(issue, composed=replace(made, html=html)), "O29")
    assert not found(request_for(replace(ISSUE, preheader="")), "O29")
