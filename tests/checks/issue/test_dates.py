from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from check_samples import ISSUE, LEAD, NEWSLETTER, NOW, SOURCES, paragraph, request_for, with_story

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.model.article import StorySource
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import TextPassage

TEXT = "The minister said today that the vote on Friday would go ahead, whatever the others did."


def s13(request: CheckRequest) -> list[Finding]:
    return [finding for finding in run_checks(request).findings if finding.id == "S13"]


def told(text: str, source: StorySource | None = None) -> CheckRequest:
    story = replace(LEAD, summary=(paragraph(text, line=16),))
    return replace(request_for(with_story(story)), sources={story: source} if source else {})


def source_of(published: datetime | None) -> StorySource:
    return replace(SOURCES[LEAD], body=(TEXT,), published=published)


def opening(text: str) -> CheckRequest:
    issue = replace(ISSUE, opening=(TextPassage(blocks=(paragraph(text, line=7),), line=7),))
    return request_for(issue)


def test_today_in_a_text_of_the_same_day_is_right() -> None:
    assert s13(told(TEXT, source_of(NOW))) == []


def test_today_in_a_text_of_another_day_is_told_with_both_days() -> None:
    (finding,) = s13(told(TEXT, source_of(NOW - timedelta(days=2))))
    assert finding.severity is Severity.WARNING
    assert "Sunday 22 November" in finding.message
    assert "Tuesday 24 November" in finding.message
    assert "“today”" in finding.message
    assert finding.line == 16


def test_an_editors_own_today_is_right_whatever_the_source_says() -> None:
    text = TEXT.replace("today", "tonight")
    assert s13(told(text, source_of(NOW - timedelta(days=2)))) == []


def test_an_issue_planned_for_another_day_is_told() -> None:
    (finding,) = s13(replace(request_for(), planned=NOW + timedelta(days=1)))
    assert "dated Tuesday 24 November and goes out on Wednesday 25 November" in finding.message
    assert finding.line == 3


def test_the_day_is_that_of_the_newsletters_zone() -> None:
    evening_before = datetime(2026, 11, 23, 22, tzinfo=UTC)
    in_tokyo = replace(NEWSLETTER, timezone=ZoneInfo("Asia/Tokyo"))
    assert s13(replace(request_for(), planned=evening_before, newsletter=in_tokyo)) == []


def test_a_day_that_somebody_is_quoted_with_was_not_copied() -> None:
    source = replace(source_of(NOW - timedelta(days=1)), body=('"Today I lost time," he said.',))
    assert s13(told("Today the riders rest at last, and nobody loses any time.", source)) == []
