"""The checks on what the composer really makes of the shipped files and of realistic issues."""

from dataclasses import replace

import pytest
from check_samples import NEWSLETTER, TODAY, errors
from real_mails import (
    APPEAL,
    ISSUE,
    ROOT,
    changed,
    made_of,
    many,
    parsed,
    shipped_templates,
    verified_appeal,
)

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.issues.callout_file import read_callout
from newsletter.issues.save import read_issue
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding, Severity

SAMPLE = ROOT / "issues" / "2022-03-16-daily.md"


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    return shipped_templates()


@pytest.fixture(scope="module")
def unverified() -> Callout:
    return read_callout(APPEAL, shown="callouts/dec-ukraine.md")


@pytest.fixture(scope="module")
def verified() -> Callout:
    return verified_appeal()


def ids(request: CheckRequest) -> set[str]:
    return set(errors(request))


@pytest.mark.parametrize("template", ["breaking", "weekly", "plain"])
def test_a_good_issue_of_each_template_passes_without_a_word(
    composer: Composer, templates: dict[str, str], verified: Callout, template: str
) -> None:
    source = (ROOT / "tests" / "golden" / template / "issue.md").read_text("utf-8")
    issue = replace(parsed(source), date=TODAY)
    newsletter = replace(NEWSLETTER, template=template)
    report = run_checks(made_of(composer, issue, templates, verified, newsletter))
    assert [finding for finding in report.findings if finding.check[0] in "COH"] == []


def test_the_shipped_issue_has_one_error_until_its_appeal_is_verified(
    composer: Composer, templates: dict[str, str], unverified: Callout, verified: Callout
) -> None:
    issue = read_issue(SAMPLE, shown="issues/2022-03-16-daily.md").issue
    report = run_checks(made_of(composer, issue, templates, unverified))
    assert [finding.id for finding in report.findings] == ["S04"]
    assert run_checks(made_of(composer, issue, templates, verified)).findings == ()


def test_a_realistic_issue_gives_no_false_alarm(
    composer: Composer, templates: dict[str, str], verified: Callout
) -> None:
    told = run_checks(made_of(composer, parsed(ISSUE), templates, verified)).findings
    findings = [finding for finding in told if finding.severity is not Severity.INFO]
    assert [(finding.id, finding.severity) for finding in findings] == [("O10", Severity.WARNING)]
    assert [finding.id for finding in told if finding not in findings] == []
    lines = ISSUE.split("\n")
    assert lines[findings[0].line - 1].startswith("## [Amazon.com")
    assert "http://example.org/court" in findings[0].evidence


@pytest.mark.parametrize("language", ["de-DE", "ar", "he", "ja"])
def test_no_language_gives_a_false_alarm(
    composer: Composer, templates: dict[str, str], verified: Callout, language: str
) -> None:
    newsletter = replace(
        NEWSLETTER,
        language=language,
        title="Müllers “Täglicher” & Co",
        postal_address="Straße des 17. Juni 1, 10623 Berlin, Deutschland (c/o Müller & Söhne)",
    )
    assert ids(made_of(composer, parsed(ISSUE), templates, verified, newsletter)) == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("parts/footer.mjml.j2", "{{ postal_address }}", "", {"O16"}),
        ("parts/footer.mjml.j2", "{{ why }}", "Goodbye", {"O16"}),
        ("daily.txt.j2", "{{ plain.postal_address }}", "", {"O16"}),
        ("daily.txt.j2", "{{ plain.urls.unsubscribe }}", "", {"O15", "C09"}),
        ("parts/footer.mjml.j2", "{{ urls.unsubscribe }}", "#", {"O10", "O15", "C09"}),
        ("parts/footer.mjml.j2", "{{ words.unsubscribe }}", "", {"O15"}),
        ("parts/footer.mjml.j2", "{{ postal_address }}", "{{ urls.unsubscribe }}", {"O16", "O18"}),
        ("parts/callout.mjml.j2", "{{ row.body }}", "<p>Give now.</p>", {"S05"}),
        (
            "parts/callout.mjml.j2",
            "{{ row.body }}",
            '{{ row.body }}<p><a href="https://example.com/give">Give</a></p>',
            {"S05"},
        ),
        ("parts/callout.mjml.j2", "{{ row.button.words }}", "Help!", {"S05"}),
        ("parts/callout.mjml.j2", "{{ row.button.url }}", "https://example.com/", {"S05", "C09"}),
    ],
)
def test_a_mistake_planted_in_a_template_is_found(  # noqa: PLR0917 (a row of the table)
    composer: Composer,
    templates: dict[str, str],
    verified: Callout,
    name: str,
    old: str,
    new: str,
    wanted: set[str],
) -> None:
    wrong = changed(templates, name, old, new)
    assert ids(made_of(composer, parsed(ISSUE), wrong, verified)) == wanted


def test_a_tag_the_compiler_does_not_know_is_told_with_file_and_line(
    composer: Composer, templates: dict[str, str], verified: Callout
) -> None:
    wrong = changed(
        templates, "parts/footer.mjml.j2", "<mj-text><p", "<mj-text><mj-txt></mj-txt><p"
    )
    found = errors_of(made_of(composer, parsed(ISSUE), wrong, verified))
    assert {one.id for one in found} <= {"C01", "C02"}
    assert {(one.file, bool(one.line)) for one in found} == {
        ("templates/parts/footer.mjml.j2", True)
    }


def test_a_template_that_cannot_be_filled_passes_nothing_of_the_mail(
    composer: Composer, templates: dict[str, str], verified: Callout
) -> None:
    wrong = changed(templates, "parts/footer.mjml.j2", "{{ why }}", "{{ wy }}")
    report = run_checks(made_of(composer, parsed(ISSUE), wrong, verified))
    assert [error.id for error in report.errors] == ["C06"]
    assert not {one for one in report.passed if not one.startswith("S")}


def test_thirty_stories_are_cut_off_and_twelve_are_not(
    composer: Composer, templates: dict[str, str], verified: Callout
) -> None:
    few = run_checks(made_of(composer, parsed(many(12)), templates, verified))
    assert few.errors == ()
    (finding,) = errors_of(made_of(composer, parsed(many(34)), templates, verified))
    assert finding.id == "O01"
    assert "story 34" in finding.evidence


def errors_of(request: CheckRequest) -> tuple[Finding, ...]:
    return run_checks(request).errors
