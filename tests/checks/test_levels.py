from dataclasses import replace

import pytest
from check_samples import ISSUE, LEAD, NEWSLETTER, paragraph, request_for, with_story

from newsletter.checks.registry import CHECKS, check_rules, may_waive, wants_person
from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.model.finding import CheckLevel, Finding, Severity, Waiver
from newsletter.model.issue import Issue

SHORT_SUBJECT = replace(ISSUE, subject="News")
NO_SUMMARY = with_story(replace(LEAD, summary=()))
INVENTED = with_story(
    replace(LEAD, summary=(paragraph("US officials say Moscow has asked Beijing for 77 tanks."),))
)
BY_ADA = Waiver(check="S12", by="Ada", reason="I counted them")


def at(check: str, level: CheckLevel, issue: Issue = ISSUE) -> CheckRequest:
    newsletter = replace(NEWSLETTER, check_levels=((check, level),))
    sources = {issue.sections[0].blocks[0]: next(iter(request_for().sources.values()))}
    return replace(request_for(issue), newsletter=newsletter, sources=sources)  # type: ignore[arg-type]


def of(check: str, request: CheckRequest) -> list[Severity]:
    return [f.severity for f in run_checks(request).findings if f.id == check]


def test_a_check_that_is_off_finds_nothing_has_not_passed_and_is_named() -> None:
    report = run_checks(at("S01", CheckLevel.OFF, SHORT_SUBJECT))
    assert "S01" not in {finding.id for finding in report.findings}
    assert "S01" not in report.passed
    assert report.off == ("S01",)
    assert report.levels == (("S01", CheckLevel.OFF),)


@pytest.mark.parametrize("level", [CheckLevel.INFO, CheckLevel.WARNING, CheckLevel.ERROR])
def test_a_level_makes_findings_lighter_or_graver(level: CheckLevel) -> None:
    assert of("S01", at("S01", level, SHORT_SUBJECT)) == [Severity(level)]
    assert of("S07", at("S07", level, NO_SUMMARY)) == [Severity(level)]


@pytest.mark.parametrize("level", list(CheckLevel))
def test_an_empty_subject_stops_the_mail_whatever_is_set_and_waived(level: CheckLevel) -> None:
    newsletter = replace(NEWSLETTER, check_levels=(("S01", level),))
    waivers = (replace(BY_ADA, check="S01"), replace(BY_ADA, check="H03"))
    empty = request_for(replace(ISSUE, subject=""))
    composed = replace(empty, newsletter=newsletter, waivers=waivers)
    not_composed = replace(composed, composed=None, example=None)
    for request in (composed, not_composed):
        errors = [error for error in run_checks(request).errors if error.id == "H03"]
        assert [error.message for error in errors] == ["the subject is empty"]


def test_what_a_check_finds_by_itself_stays_where_nothing_is_set() -> None:
    assert of("S01", request_for(SHORT_SUBJECT)) == [Severity.WARNING]


def test_what_only_tells_stays_info_when_a_check_is_raised() -> None:
    told = Finding(check="S15 image-source", severity=Severity.INFO, message="told")
    request = replace(at("S15", CheckLevel.ERROR), rechecked=(told,))
    assert of("S15", request) == [Severity.INFO]


def test_a_level_holds_for_what_composing_found_too() -> None:
    found = Finding(check="C03 mrml-gap", severity=Severity.WARNING, message="title", line=3)
    request = replace(at("C03", CheckLevel.ERROR), compile_findings=(found,))
    assert of("C03", request) == [Severity.ERROR]
    request = replace(at("C03", CheckLevel.OFF), compile_findings=(found,))
    assert of("C03", request) == []


def test_a_check_set_to_info_bars_no_automatic_approval_and_one_set_to_error_blocks() -> None:
    as_it_is = run_checks(replace(at("S01", CheckLevel.OFF, INVENTED)))
    assert [finding.id for finding in wants_person(as_it_is)] == ["S12"]
    assert wants_person(run_checks(at("S12", CheckLevel.INFO, INVENTED))) == ()
    assert wants_person(run_checks(at("S12", CheckLevel.OFF, INVENTED))) == ()
    raised = run_checks(at("S12", CheckLevel.ERROR, INVENTED))
    assert [error.id for error in raised.errors] == ["S12"]


def test_what_settings_made_an_error_may_be_waived() -> None:
    request = at("S12", CheckLevel.ERROR, INVENTED)
    report = run_checks(replace(request, waivers=(BY_ADA,)))
    assert report.errors == ()
    assert [waiver for _, waiver in report.waived] == [BY_ADA]
    assert not may_waive("S12")
    assert may_waive("S12", CheckLevel.ERROR)
    assert not may_waive("S04", CheckLevel.ERROR)


def test_a_waiver_that_covers_nothing_any_more_is_told() -> None:
    waiver = replace(BY_ADA, check="S07")
    report = run_checks(replace(request_for(), waivers=(waiver,)))
    assert (report.waived, report.idle) == ((), (waiver,))
    report = run_checks(replace(request_for(NO_SUMMARY), waivers=(waiver,)))
    assert report.idle == ()


def test_every_check_that_nobody_may_touch_says_why() -> None:
    fixed = {check.id for check in CHECKS.values() if check.fixed}
    assert {"S04", "S05", "S20", "O15", "O16", "O18", "H02", "H03", "C07", "C09"} <= fixed
    assert not any(may_waive(check, CheckLevel.ERROR) for check in fixed)


def test_the_rules_for_settings_refuse_the_fixed_and_point_to_recheck() -> None:
    rules = check_rules()
    assert set(rules) == set(CHECKS)
    assert "by law" in rules["O15"].refusal
    assert "[recheck]" in rules["O11"].refusal
    assert rules["S07"].refusal == ""
    refused = {key for key, rule in rules.items() if rule.refusal}
    assert refused == {c.id for c in CHECKS.values() if c.fixed} | {"O11", "S22", "S23"}
