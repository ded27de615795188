"""Mails made by other hands than ours: good ones give nothing, and mistakes in them are found."""

from dataclasses import replace
from pathlib import Path

import pytest
from case_tables import cases
from check_samples import compose, request_for

from newsletter.checks.run import run_checks
from newsletter.model.finding import Finding

LOOKS = {"O02", "O03", "O06", "O07", "O08", "O20", "O22", "O23"}
GOOD = Path(__file__).parent / "mails" / "good"


def looks_of(html: str) -> list[Finding]:
    report = run_checks(request_for(composed=replace(compose(), html=html)))
    return [finding for finding in report.findings if finding.id in LOOKS]


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.html")), ids=lambda path: path.stem)
def test_a_good_mail_of_another_make_gives_no_finding(path: Path) -> None:
    assert looks_of(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "mail", "old", "new", "wanted"), cases("looks_of_strangers", "plants")
)
def test_a_mistake_in_another_makes_mail_is_found_and_nothing_else(
    name: str, mail: str, old: str, new: str, wanted: list[str]
) -> None:
    html = (GOOD / f"{mail}.html").read_text("utf-8")
    assert old in html
    found = looks_of(html.replace(old, new))
    assert {finding.id for finding in found} == set(wanted), (name, found)
