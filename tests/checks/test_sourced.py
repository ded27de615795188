"""Good issues beside the texts of their sources: hardly a line is noise."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from case_tables import cases
from check_samples import NEWSLETTER

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.checks.wording import cards_of
from newsletter.issues.parse_issue import parse_issue
from newsletter.model.article import StorySource
from newsletter.model.finding import Finding

SOURCED = Path(__file__).parent / "sourced"
SOURCES: dict[str, dict[str, Any]] = tomllib.loads((SOURCED / "sources.toml").read_text("utf-8"))


def findings_of(file: Path, old: str = "", new: str = "") -> list[Finding]:
    text = file.read_text("utf-8")
    assert old in text
    issue = parse_issue(text.replace(old, new, 1), name=file.stem, file=file.name).issue
    newsletter = replace(
        NEWSLETTER,
        language="de-DE" if issue.newsletter == "morgen" else "en-GB",
        public_url="https://news.dailyledger.com",
    )
    sources = {}
    for number, card in enumerate(cards_of(issue), start=1):
        known = SOURCES[card.url.rpartition("/")[2]]
        sources[card] = StorySource(
            article=number,
            version=1,
            body=tuple(known["text"].split("\n")),
            published=datetime.combine(known["on"], time(18), UTC),
        )
    request = CheckRequest(
        issue=issue,
        newsletter=newsletter,
        composed=None,
        on=issue.date,
        moment=datetime.combine(issue.date, time(6), UTC),
        sources=sources,
    )
    report = run_checks(request)
    assert {"S11", "S12"} <= set(report.passed) | {finding.id for finding in report.findings}
    return [finding for finding in report.findings if finding.id[0] in "SH"]


def test_at_most_one_line_in_two_good_issues_is_noise() -> None:
    files = sorted(SOURCED.glob("*.md"))
    noise = [
        (file.stem, one.check, one.line, one.message) for file in files for one in findings_of(file)
    ]
    assert len(files) == 12
    assert 2 * len(noise) <= len(files), noise


@pytest.mark.parametrize(
    ("file", "old", "new", "check"), cases("sourced", "a_mistake_beside_its_source_is_found")
)
def test_a_mistake_beside_its_source_is_found(file: str, old: str, new: str, check: str) -> None:
    found = findings_of(SOURCED / f"{file}.md", old, new)
    assert check in {finding.id for finding in found}
