from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from check_samples import ISSUE, LEAD, NEWSLETTER, NOW, SOURCES, paragraph, request_for, with_story

from newsletter.checks.day_names import day_names
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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-GB", "The hearing is on Monday 24 November 2026 in Leeds."),
        ("en-US", "The hearing is on Monday, November 24, 2026 in Leeds."),
        ("en-GB", "The office opened on 2026-02-30, the notice says."),
        ("fr", "Le procès s'ouvre le lundi 24 novembre 2026 à Lille."),
        ("de-DE", "Der Prozess beginnt am Montag, dem 24. November 2026."),
        ("es", "El juicio empieza el lunes, 24 de noviembre de 2026."),
        ("cy", "Bydd yr achos yn dechrau ddydd Llun 24 Tachwedd 2026."),
        ("ar", "تبدأ المحاكمة يوم الاثنين 24 نوفمبر 2026 في المدينة."),
        ("nl", "De zaak begint op maandag 24 november 2026 in Gent."),
    ],
)
def test_a_wrong_weekday_is_found_in_each_language(language: str, text: str) -> None:
    newsletter = replace(NEWSLETTER, language=language)
    known = ("disagree", "no such day")
    right = text.replace("24", "23").replace("2026-02-30", "2026-02-28")
    for one, expected in ((text, 1), (right, 0)):
        found = s13(replace(told(one), newsletter=newsletter))
        assert sum(f.message.endswith(known) for f in found) == expected, one


def test_a_word_with_two_senses_names_a_day_before_a_weekday() -> None:
    de, es = day_names("de"), day_names("es")
    (one,) = de.words_with_weekday("Morgen, am Montag, tagt der Rat.")
    assert (one[0].offset, one[1]) == (1, 0)
    (two,) = es.words_with_weekday("El pleno es mañana, lunes, a las diez.")
    assert (two[0].offset, two[1]) == (1, 0)
    assert [word.offset for word in de.words_in("Morgen früh wird gebaut.")] == [1]
    for text in ("Guten Morgen, Montag ist Markttag.", "Am Morgen, Montag bis Freitag."):
        assert list(de.words_with_weekday(text)) == []
    assert list(es.words_with_weekday("Por la mañana, el lunes, cierra.")) == []


def test_a_day_that_somebody_is_quoted_with_was_not_copied() -> None:
    source = replace(source_of(NOW - timedelta(days=1)), body=('"Today I lost time," he said.',))
    assert s13(told("Today the riders rest at last, and nobody loses any time.", source)) == []


@pytest.mark.parametrize(
    ("text", "is_late"),
    [
        ("The fair opens on 20 November at the quay, and entry is free.", True),
        ("Applications are open until 19 November, the school says.", True),
        ("The fair opened on 20 November at the quay, and entry was free.", False),
        ("The fair opens on 27 November at the quay, and entry is free.", False),
        ("The fair opens on 27 November, a year after the fire of 20 November.", False),
    ],
)
def test_a_passed_date_that_is_said_to_come_is_found(text: str, is_late: bool) -> None:  # noqa: FBT001
    messages = [finding.message for finding in s13(told(text))]
    assert messages == ["a passed date is said to be still to come"] * is_late
