"""O21: what opening the mail tells others."""

import pytest
from case_tables import cases
from check_samples import found, only, request_for, with_html

from newsletter.model.finding import Severity

PIXEL = '<img src="https://mail.example.org/o/7" alt=""'


@pytest.mark.covers("T42")
@pytest.mark.parametrize(
    ("image", "told"),
    cases("privacy", "a_picture_that_is_only_fetched_is_a_warning"),
)
def test_a_picture_that_is_only_fetched_is_a_warning(image: str, told: str) -> None:
    finding = only(with_html("<h3>", f"{image}<h3>"), "O21")
    assert finding.severity is Severity.WARNING
    assert told in finding.message
    assert "example.org" in finding.evidence


@pytest.mark.parametrize(
    "remote",
    cases("privacy", "a_host_that_is_nobodys_here_is_told"),
)
def test_a_host_that_is_nobodys_here_is_told(remote: str) -> None:
    findings = [
        one
        for one in found(with_html("<h3>", f"{remote}<h3>"), "O21")
        if one.severity is Severity.INFO
    ]
    assert len(findings) == 1
    assert "tracker.example" in findings[0].evidence


@pytest.mark.parametrize(
    "own",
    cases("privacy", "own_and_story_pictures_and_links_pass"),
)
def test_own_and_story_pictures_and_links_pass(own: str) -> None:
    assert not found(request_for(), "O21")
    assert not found(with_html("<h3>", f"{own}<h3>"), "O21")
