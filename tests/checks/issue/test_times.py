"""Embargo and expiry: judged by the moment the issue goes out, in the newsletter's zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from case_tables import cases
from check_samples import ISSUE, NOW, found, request_for, with_blocks
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.registry import may_waive
from newsletter.checks.request import CheckRequest
from newsletter.model.issue import Story


def _request(moment: datetime = NOW, **attributes: str) -> CheckRequest:
    blocks = ISSUE.sections[0].blocks
    story = next(block for block in blocks if isinstance(block, Story))
    held = replace(story, attributes=tuple(attributes.items()))
    issue = with_blocks(*(held if block is story else block for block in blocks))
    return replace(request_for(issue), moment=moment)


@pytest.mark.parametrize(
    ("embargo", "is_kept"), cases("times", "no_story_goes_out_before_its_embargo_ends")
)
def test_no_story_goes_out_before_its_embargo_ends(embargo: str, is_kept: bool) -> None:  # noqa: FBT001
    findings = found(_request(embargo=embargo), "S20")
    assert (not findings) is is_kept
    if findings:
        assert "under embargo until" in findings[0].message
        assert findings[0].line


@pytest.mark.parametrize(
    ("expires", "is_kept"), cases("times", "no_story_goes_out_after_it_has_expired")
)
def test_no_story_goes_out_after_it_has_expired(expires: str, is_kept: bool) -> None:  # noqa: FBT001
    assert (not found(_request(expires=expires), "S21")) is is_kept


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01", "24.11.2026", "9" * 40])
def test_what_is_no_time_is_told_with_what_to_write(written: str) -> None:
    (finding,) = found(_request(embargo=written), "S20")
    assert "no date or time" in finding.message
    assert "2026-11-24 06:30" in finding.remedy


def test_an_embargo_can_be_waived_by_nobody() -> None:
    assert not may_waive("S20")
    assert may_waive("S21")


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 (local, as written)
    st.timedeltas(timedelta(days=-900), timedelta(days=900)),
)
def test_an_embargo_holds_until_its_moment_and_no_longer(at: datetime, apart: timedelta) -> None:
    moment = at.replace(tzinfo=UTC) + apart
    written = f"{at.replace(tzinfo=UTC).isoformat()}"
    assert bool(found(_request(moment, embargo=written), "S20")) is (apart < timedelta(0))
