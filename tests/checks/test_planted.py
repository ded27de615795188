"""Issues as newsrooms write them: the good ones bring no warning, a planted mistake is found."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from check_samples import NEWSLETTER

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.issues.parse_issue import parse_issue
from newsletter.model.finding import Finding, Severity

GOOD = Path(__file__).parent / "good"
PLANTED: list[dict[str, str]] = tomllib.loads((GOOD.parent / "planted.toml").read_text("utf-8"))[
    "planted"
]
ON_LINES: list[dict[str, Any]] = tomllib.loads(
    (GOOD.parent / "planted_lines.toml").read_text("utf-8")
)["planted"]
NEAR: list[dict[str, Any]] = tomllib.loads((GOOD.parent / "near_misses.toml").read_text("utf-8"))[
    "near"
]
LANGUAGES = {"matin": "fr", "morgen": "de", "diario": "es", "bore": "cy", "sabah": "ar"}


def source_findings(text: str) -> list[Finding]:
    """What is found in the issue file, save of its callouts."""
    issue = parse_issue(text, name="issue", file="issue.md").issue
    newsletter = replace(
        NEWSLETTER,
        language=LANGUAGES.get(issue.newsletter, "en-GB"),
        public_url="https://news.dailyledger.com",
    )
    request = CheckRequest(
        issue=issue,
        newsletter=newsletter,
        composed=None,
        on=issue.date,
        moment=datetime.combine(issue.date, time(6), UTC),
    )
    return [finding for finding in run_checks(request).findings if finding.id[0] in "SH"]


@pytest.mark.parametrize("file", sorted(GOOD.glob("*.md")), ids=lambda file: file.stem)
def test_a_good_issue_brings_no_warning(file: Path) -> None:
    found = source_findings(file.read_text("utf-8"))
    assert [f for f in found if f.severity is not Severity.INFO] == []
    assert len(found) <= 1


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[f"{p['check']}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_mistake_is_found(planted: dict[str, str]) -> None:
    text = (GOOD / f"{planted['issue']}.md").read_text("utf-8")
    assert planted["old"] in text
    found = source_findings(text.replace(planted["old"], planted["new"], 1))
    assert planted["check"] in {finding.id for finding in found}
    assert all(finding.remedy and finding.message for finding in found)


def test_a_planted_mistake_brings_hardly_any_other_finding() -> None:
    others = 0
    for planted in PLANTED:
        text = (GOOD / f"{planted['issue']}.md").read_text("utf-8")
        found = source_findings(text.replace(planted["old"], planted["new"], 1))
        beside = [f for f in found if f.id != planted["check"] and f.severity is not Severity.INFO]
        assert len(beside) <= 1
        others += len(beside)
    assert others * 20 <= len(PLANTED)


def test_a_planted_mistake_is_found_on_its_line() -> None:
    lost = []
    for planted in ON_LINES:
        text = (GOOD / f"{planted['issue']}.md").read_text("utf-8")
        for old, new in planted["changes"]:
            assert old in text
            text = text.replace(old, new, 1)
        found = [(finding.id, finding.line) for finding in source_findings(text)]
        if (planted["check"], planted["line"]) not in found:
            lost.append((planted, found))
    assert lost == []


def test_what_looks_like_a_mistake_and_is_none_brings_no_warning() -> None:
    wrong = []
    for near in NEAR:
        text = (GOOD / f"{near['issue']}.md").read_text("utf-8")
        for old, new in near["changes"]:
            assert old in text
            text = text.replace(old, new, 1)
        found = [f for f in source_findings(text) if f.severity is not Severity.INFO]
        if found:
            wrong.append((near, [(f.check, f.line, f.message) for f in found]))
    assert wrong == []
