"""What each check of words finds in one field, and what it leaves alone."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from check_samples import LEAD, NEWSLETTER, found, paragraph, request_for, with_story

from newsletter.checks.request import CheckRequest
from newsletter.model.issue import Story, StoryImage

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("sentences.toml").read_text("utf-8")
)
CASES = [
    (check, row["field"], row.get("language", "en-GB"), text, is_found)
    for check, rows in TABLE.items()
    for row in rows
    for is_found in (True, False)
    for text in row["found" if is_found else "right"]
]


def story_with(field: str, text: str) -> Story:
    match field:
        case "alt":
            image = StoryImage(url="https://example.org/a.jpg", alt=text, line=17)
            return replace(LEAD, image=image)
        case "url":
            return replace(LEAD, url=text)
        case _:
            return replace(LEAD, summary=(*LEAD.summary, paragraph(text, line=17)))


def with_field(field: str, text: str, language: str) -> CheckRequest:
    newsletter = replace(NEWSLETTER, language=language)
    return replace(request_for(with_story(story_with(field, text))), newsletter=newsletter)


@pytest.mark.parametrize(("check", "field", "language", "text", "is_found"), CASES)
def test_a_field_is_right_or_not(
    check: str,
    field: str,
    language: str,
    text: str,
    is_found: bool,  # noqa: FBT001
) -> None:
    findings = found(with_field(field, text, language), check)
    assert bool(findings) is is_found
    assert all(finding.remedy for finding in findings)
    if is_found and field != "url":
        assert 17 <= findings[0].line <= 19
