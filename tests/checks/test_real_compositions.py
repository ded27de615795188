"""The checks on what the composer really makes of the shipped files and of realistic issues."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from check_samples import NEWSLETTER, TODAY, errors

from newsletter.audience.tokens import new_key, proof_links
from newsletter.checks.run import CheckRequest, run_checks
from newsletter.compose.composer import CalloutPlacement, Composer, ComposeRequest
from newsletter.compose.skeleton import assemble
from newsletter.config.settings import NewsletterSettings
from newsletter.issues.callout_file import parse_callout, read_callout, verified_text
from newsletter.issues.callout_status import appearances, effective_status
from newsletter.issues.issue_file import parse_issue, read_issue
from newsletter.model.callout import Appearance, Callout
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Issue

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "issues" / "2022-03-16-daily.md"
APPEAL = ROOT / "callouts" / "dec-ukraine.md"
HEAD = """---
newsletter: daily
date: 2026-11-24
subject: "Rail strike called off, and five more reads"
preheader: "What the deal means for your journey this week"
---
Good morning, [[name|reader]].

# Top story

"""
ISSUE = f"""{HEAD}## [Rail strike called off after late-night talks](https://example.org/rail?a=1&b=2)
**Transport**
![A platform full of people at rush hour](https://example.org/img/rail.jpg)
*By Jane Doe · Example News · 4 min read*

Trains will run as usual on Tuesday: the union's leaders said the "best and final" offer was
good enough to put to their members, who vote next week. See [the offer](https://example.org/offer.pdf).

::: callout dec-ukraine
:::

# In depth

## [“Hide and seek”: how advertisers hide ads in plain sight](https://example.org/ads)

An advertisement need not say that it is one, the regulator found; comment guidelines are to follow.

- Related questions: who pays?
- See more of the report at <https://example.org/report>.

## [Amazon.com and Booking.com lose in court](http://example.org/court)

The judges in Luxembourg ruled on Monday both must share data with the smaller rivals they list.

## [سكان المدينة ينتظرون القطار منذ ساعات](https://example.org/ar)

قال المسؤولون إن القطارات ستعود إلى العمل صباح الثلاثاء بعد اتفاق مع النقابات على الأجور.

> A quotation of "[[name]]" in `[[email|you]]` stays as typed: \\[[name]].

# In brief

- [Fishing boat found](https://example.org/boat): all five aboard are safe and well.
- [Write to us](mailto:editor@example.org)

::: editor
A message from the editor:

Thank you for reading. Please follow us on [Mastodon](https://social.example/@news), and mail
editor@example.org or ring 020 7946 0000 if you want to sign up to our Sunday newsletter.
:::
"""


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer() as made:
        yield made


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def unverified() -> Callout:
    return read_callout(APPEAL, shown="callouts/dec-ukraine.md")


@pytest.fixture(scope="module")
def verified() -> Callout:
    source = verified_text(
        APPEAL.read_text("utf-8"),
        name="dec-ukraine",
        file="callouts/dec-ukraine.md",
        by="Ada",
        source_url="https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal",
        on=TODAY,
    )
    return parse_callout(source, name="dec-ukraine", file="callouts/dec-ukraine.md")


def parsed(source: str) -> Issue:
    return parse_issue(source, name="2026-11-24-daily", file="issues/2026-11-24-daily.md").issue


def made_of(
    composer: Composer,
    issue: Issue,
    templates: Mapping[str, str],
    callout: Callout,
    newsletter: NewsletterSettings = NEWSLETTER,
) -> CheckRequest:
    """What `check` makes: the mail as a real send carries it, and a message with proof links."""
    use = effective_status(callout, TODAY)
    placement = CalloutPlacement(
        use=use, appearance=appearances(use) or Appearance.SHOWN, marked=False
    )
    composition = composer.compose(
        ComposeRequest(
            issue=issue, newsletter=newsletter, callouts=(placement,), templates=templates
        )
    )
    example = None
    if composition.composed is not None:
        links = proof_links(
            newsletter.public_url, new_key(), list_name=newsletter.list, issue=issue.name
        )
        values = {
            "name": "",
            "email": "editor@example.org",
            "unsubscribe_url": links.unsubscribe_url,
            "preferences_url": links.preferences_url,
            "view_online_url": links.view_online_url,
            "date": "Tue, 24 Nov 2026 06:30:00 +0000",
            "message_id": "7f3a@example.org",
            "delivery": "proof",
        }
        example = assemble(composition.composed.skeleton, values)
    return CheckRequest(
        issue=issue,
        newsletter=newsletter,
        composed=composition.composed,
        compile_findings=composition.findings,
        on=TODAY,
        moment=datetime(2026, 11, 24, 5, 0, tzinfo=UTC),
        callouts=(use,),
        example=example,
    )


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


def changed(templates: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The templates with one mistake planted."""
    assert old in templates[name]
    return {**templates, name: templates[name].replace(old, new)}


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
    findings = run_checks(made_of(composer, parsed(ISSUE), templates, verified)).findings
    assert [(finding.id, finding.severity) for finding in findings] == [("O10", Severity.WARNING)]
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
    assert "crossed in story " in finding.evidence


def errors_of(request: CheckRequest) -> tuple[Finding, ...]:
    return run_checks(request).errors


def many(stories: int) -> str:
    """An issue of so many stories, each with all its parts."""
    story = """## [Headline number {0} of a long and busy day](https://example.org/news/{0})
**Kicker**
![What the picture of story {0} shows](https://example.org/img/{0}.jpg)
*By Jane Doe · Example News*

Officials said on Monday that the talks would go on, and that nobody should expect a quick result
from a meeting which had been called at short notice by both sides.
"""
    return HEAD + "\n".join(story.format(number) for number in range(1, stories + 1))
