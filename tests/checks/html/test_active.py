"""O26: nothing active is in the HTML."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import compose, found, request_for, with_html
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.run import run_checks
from newsletter.model.finding import Severity

ACTIVE = cases("active", "active")


@pytest.mark.covers("T01", "T02", "T03")
@pytest.mark.parametrize("active", ACTIVE)
def test_whatever_acts_is_an_error_that_nobody_can_waive(active: str) -> None:
    findings = found(with_html("<h3>", f"{active}<h3>"), "O26")
    assert findings
    assert all(finding.severity is Severity.ERROR for finding in findings)


@pytest.mark.parametrize(
    "inert",
    cases("active", "what_only_shows_and_leads_passes"),
)
def test_what_only_shows_and_leads_passes(inert: str) -> None:
    assert not found(with_html("<h3>", f"{inert}<h3>"), "O26")


def test_an_active_link_is_told_with_its_words() -> None:
    (finding,) = found(with_html("<h3>", '<a href="javascript:alert(1)">x</a><h3>'), "O26")
    assert finding.evidence == '<a href="javascript:alert(1)">'
    assert finding.file == "templates/daily.mjml.j2"


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "'",
                '"',
                ">",
                "<",
                "</",
                "<!--",
                "-->",
                "<style>",
                "</style>",
                "<script",
                "\\",
                "javascript:",
                "onload=",
                "<svg/",
                "<![endif]",
                "[if mso]>",
                "/*",
                "url(",
                "\x00",
                "=",
                " ",
            ]
        )
        | st.text(max_size=4),
        max_size=30,
    ).map("".join)
)
def test_no_html_makes_a_check_raise(html: str) -> None:
    run_checks(request_for(composed=replace(compose(), html=html, text=html)))
