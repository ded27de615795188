"""Mistakes that a designer makes in a template are found, at the template's own line."""

from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import NEWSLETTER
from real_mails import HEAD, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding, Severity

TEMPLATES = shipped_templates()
TEXT = "daily.txt.j2"
HEADER, FOOTER, TOP = "parts/document_head.mjml.j2", "parts/footer.mjml.j2", "parts/top.mjml.j2"
LAST = '    <mj-text css-class="foot-address"><p class="meta">{{ postal_address }}</p></mj-text>\n'
UNSUBSCRIBE = 'href="{{ urls.unsubscribe }}"'
ONLINE_TEXT = "{{ plain.urls.view_online }}"
STORY = """## [Rail strike called off after late-night talks](https://papers.example/rail)

Trains will run as usual on Tuesday: the union's leaders said the offer was good enough to put to
their members, who vote next week. One wrote {{ name }} in a letter.
"""
SIGN_UP = '<a class="foot-link" href="{url}">{words}</a>'


@pytest.fixture(scope="module")
def appeal() -> Callout:
    return verified_appeal()


def found(
    composer: Composer, appeal: Callout, changes: dict[str, tuple[str, str]]
) -> list[Finding]:
    """Return what the checks find where each old piece of a template is the new one."""
    templates = dict(TEMPLATES)
    for name, (old, new) in changes.items():
        assert old in templates[name]
        templates[name] = templates[name].replace(old, new)
    newsletter = replace(NEWSLETTER, template="daily")
    request = made_of(composer, parsed(HEAD + STORY), templates, appeal, newsletter)
    return [one for one in run_checks(request).findings if one.id[0] in "CO"]


def at_foot(html: str) -> dict[str, tuple[str, str]]:
    """Add HTML to the footer, on a line of its own."""
    return {FOOTER: (LAST, f"{LAST}    <mj-text>{html}</mj-text>\n")}


def link(url: str, words: str = "About this paper") -> dict[str, tuple[str, str]]:
    return at_foot(SIGN_UP.format(url=url, words=words))


FOOT_LINE = TEMPLATES[FOOTER][: TEMPLATES[FOOTER].index(LAST)].count("\n") + 2


def test_the_shipped_template_has_no_finding(composer: Composer, appeal: Callout) -> None:
    assert found(composer, appeal, {}) == []


@pytest.mark.parametrize(
    ("html", "wanted"),
    cases("planted_templates", "a_mistake_of_the_footer_has_the_footers_line"),
)
def test_a_mistake_of_the_footer_has_the_footers_line(
    composer: Composer, appeal: Callout, html: str, wanted: str
) -> None:
    places = [
        (one.file, one.line) for one in found(composer, appeal, at_foot(html)) if one.id == wanted
    ]
    assert places == [(f"templates/{FOOTER}", FOOT_LINE)]


@pytest.mark.parametrize(
    ("more", "why"),
    cases("planted_templates", "a_link_to_leave_by_that_is_there_for_show_is_an_error"),
)
def test_a_link_to_leave_by_that_is_there_for_show_is_an_error(
    composer: Composer, appeal: Callout, more: str, why: str
) -> None:
    all_found = found(composer, appeal, {FOOTER: (UNSUBSCRIBE, f"{UNSUBSCRIBE} {more}")})
    (one,) = (one for one in all_found if one.id == "O15")
    assert why in one.evidence
    line = TEMPLATES[FOOTER][: TEMPLATES[FOOTER].index(UNSUBSCRIBE)].count("\n") + 1
    assert (one.file, one.line) == (f"templates/{FOOTER}", line)


@pytest.mark.parametrize(
    ("name", "old", "wanted"),
    cases("planted_templates", "what_a_footer_lacks_is_told_of_the_parts_template"),
)
def test_what_a_footer_lacks_is_told_of_the_parts_template(
    composer: Composer, appeal: Callout, name: str, old: str, wanted: str
) -> None:
    files = {one.file for one in found(composer, appeal, {name: (old, "")}) if one.id == wanted}
    assert files == {f"templates/{name}"}


def test_words_and_slots_that_a_template_wrote_are_told_at_its_line(
    composer: Composer, appeal: Callout
) -> None:
    lead, words = "parts/lead.mjml.j2", "{{ words.read_more }}"
    line = TEMPLATES[lead][: TEMPLATES[lead].index(words)].count("\n") + 1
    (vague,) = found(composer, appeal, {lead: (words, "Click here")})
    assert (vague.id, vague.file, vague.line) == ("O12", f"templates/{lead}", line)
    slot = found(composer, appeal, link("https://news.example.org/a?u=[[email]]"))
    assert {(one.file, one.line) for one in slot} == {(f"templates/{FOOTER}", FOOT_LINE)}
    lost = found(composer, appeal, {TEXT: ("{{ plain.urls.unsubscribe }}", "")})
    assert {one.file for one in lost} == {f"templates/{TEXT}"}


def test_a_mistyped_condition_never_holds(composer: Composer, appeal: Callout) -> None:
    changes = {HEADER: ("@media only screen and (max-width", "@media only screen and (max-widht")}
    assert "O03" in {one.id for one in found(composer, appeal, changes)}


@pytest.mark.parametrize("selector", [".break-head", ".quote-rtl", ".toc-link", ".sub", ".body p"])
def test_rules_for_what_another_issue_or_template_sets_wait(
    composer: Composer, appeal: Callout, selector: str
) -> None:
    old = "  .btn table {"
    rule = f"  {selector} {{ margin-top: 2px !important; }}\n"
    assert found(composer, appeal, {HEADER: (old, f"{rule}{old}")}) == []


def test_words_that_one_rule_hides_are_told_once(composer: Composer, appeal: Callout) -> None:
    rule = ".kick { display: none; }"
    kicker = "**{0}**\n\n"
    story = STORY.replace("\n\n", "\n" + kicker.format("Rail"), 1)
    other = story.replace("rail", "road").replace("Rail", "Road")
    theme = TEMPLATES["theme.css.j2"]
    templates = {**TEMPLATES, "theme.css.j2": f"{theme}\n{rule}\n"}
    newsletter = replace(NEWSLETTER, template="daily")
    issue = parsed(f"{HEAD}{story}\n{other}")
    request = made_of(composer, issue, templates, appeal, newsletter)
    (one,) = (one for one in run_checks(request).findings if one.id == "O20")
    assert "“Rail” and in one more place" in one.evidence


BRIEFS = """
# In brief

- [The choir looks for basses](https://papers.example/choir): nobody needs to read music at all.
- [A heron in the school pond](https://papers.example/heron): it has eaten most of the goldfish.
- [New benches at the station](https://papers.example/benches): they are made from old sleepers.
"""


def test_a_block_that_a_part_lacks_is_told_in_few_words(
    composer: Composer, appeal: Callout
) -> None:
    rows, fewer = "for row in rows %}", 'for row in rows if row.kind != "briefs" %}'
    templates = {**TEMPLATES, TEXT: TEMPLATES[TEXT].replace(rows, fewer)}
    newsletter = replace(NEWSLETTER, template="daily")
    issue = parsed(
        f"{HEAD}{STORY}\n{STORY.replace('rail', 'road').replace('Rail', 'Road')}{BRIEFS}"
    )
    request = made_of(composer, issue, templates, appeal, newsletter)
    errors = [one for one in run_checks(request).findings if one.severity is Severity.ERROR]
    assert [one.id for one in errors if one.id[0] in "CO"] == ["C09"]


@pytest.mark.parametrize(
    "words", ["[[citation needed]] and [[sic]]", "50 %% of a %%", "a | b * c", "{ } and {{}}"]
)
def test_other_marks_are_words(composer: Composer, appeal: Callout, words: str) -> None:
    html = f'<p class="meta">{{% raw %}}{words}{{% endraw %}}</p>'
    assert found(composer, appeal, at_foot(html)) == []
