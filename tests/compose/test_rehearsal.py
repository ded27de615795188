"""Mistakes in what one issue does not come to are found by filling templates with others."""

from dataclasses import replace

import pytest
from check_samples import NEWSLETTER
from real_mails import shipped_templates

from newsletter.compose.composer import Composer
from newsletter.model.finding import Finding

TEMPLATES = shipped_templates()
CALLOUT, BRIEFS, MACROS = (
    f"parts/{name}.mjml.j2" for name in ("callout", "briefs", "story_macros")
)
MASTHEAD, MARK = "parts/masthead.mjml.j2", "parts/mark.mjml.j2"
THEME = "theme.css.j2"
PAGE, TEXT = "daily.mjml.j2", "daily.txt.j2"
ROWS = "{% for row in rows %}"
WORDS = "does not show"


def rehearsed(composer: Composer, name: str, old: str, new: str) -> tuple[Finding, ...]:
    assert old in TEMPLATES[name]
    templates = {**TEMPLATES, name: TEMPLATES[name].replace(old, new, 1)}
    return composer.rehearse(replace(NEWSLETTER, template="daily"), templates)


@pytest.mark.parametrize("language", ["en-GB", "ar", "fr", "fr-CA", "de", "es", "cy"])
@pytest.mark.parametrize("template", ["daily", "breaking", "weekly", "plain"])
def test_the_shipped_templates_set_whatever_an_issue_has(
    composer: Composer, template: str, language: str
) -> None:
    newsletter = replace(NEWSLETTER, template=template, language=language)
    assert composer.rehearse(newsletter, TEMPLATES) == ()


MISTAKES = (
    (CALLOUT, "<mj-button ", "<mj-buton ", "C01", "mj-buton"),
    (CALLOUT, 'padding="14px 0px 0px"', 'padding="14px 0 0"', "C03", "0 without unit"),
    (CALLOUT, "row.button.words", "row.button.label", "C06", "label"),
    (CALLOUT, "{{ line }}", "{{ lines }}", "C06", "lines"),
    (CALLOUT, 'class="label meta"', 'class="label meta', "C04", ""),
    (CALLOUT, 'href="{{ row.link.url }}"', 'href="#" onclick="x()"', "C07", "onclick"),
    (BRIEFS, "item in row.items", "item in row.entries", "C06", "entries"),
    (MARK, "row.mark", "row.marks", "C06", "marks"),
    (
        MACROS,
        '{% if story.url and story.image.alt %}href="{{ story.url }}"{% endif %}',
        'href="{{ story.url }}"',
        "C01",
        "href is empty",
    ),
    (MASTHEAD, "<h1", "<h1 {{ nam }}", "C06", "nam"),
    (MACROS, '<span class="{{ kind }}-link', '<spam class="{{ kind }}-link', "C01", "spam"),
    (THEME, ".sign { font-size: 14px;", ".sign { font-size: 14px", "C08", "a ; is missing"),
    (THEME, "font-style: normal; font-weight: bold", "{{ brand.fat }}", "C06", "fat"),
    ("parts/name.mjml.j2", "brand.logo.width", "brand.logo.wide", "C06", "wide"),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[0]} {one[2]}")
def test_a_mistake_in_a_branch_has_its_line(
    composer: Composer, mistake: tuple[str, str, str, str, str]
) -> None:
    name, old, new, wanted, told = mistake
    line = TEMPLATES[name][: TEMPLATES[name].index(old)].count("\n") + 1
    found = [one for one in rehearsed(composer, name, old, new) if one.id == wanted]
    assert [(one.file, one.line) for one in found[:1]] == [(f"templates/{name}", line)]
    assert told in found[0].message


@pytest.mark.parametrize(
    ("name", "new", "told"),
    [
        (PAGE, "{% for row in rows if row.kind != 'callout' %}", f"{WORDS} a callout's text"),
        (PAGE, "{% for row in rows if row.kind != 'wide' %}", "a card that stands alone"),
        (PAGE, "{% for row in rows if row.kind != 'passage' %}", f"{WORDS} running text"),
        (TEXT, "{% for row in rows if row.kind != 'briefs' %}", "the text of a brief"),
        (TEXT, "{% for row in rows if row.kind != 'editor' %}", "the editor's message"),
    ],
)
def test_a_kind_of_row_that_is_not_set_is_told(
    composer: Composer, name: str, new: str, told: str
) -> None:
    (finding,) = rehearsed(composer, name, ROWS, new)
    assert (finding.id, finding.file) == ("C09", f"templates/{name}")
    assert told in finding.message


@pytest.mark.parametrize(
    ("old", "told"), [("{{ line }}", "small print"), ("{{ row.label }}", "an appeal's label")]
)
def test_what_an_appeal_says_beside_its_words_is_missed(
    composer: Composer, old: str, told: str
) -> None:
    (finding,) = rehearsed(composer, CALLOUT, old, "")
    assert finding.id == "C09"
    assert told in finding.message


def test_a_button_that_leads_elsewhere_is_told(composer: Composer) -> None:
    (finding,) = rehearsed(composer, CALLOUT, "{{ row.button.url }}", "{{ row.link.url }}")
    assert "a callout's button" in finding.message


def test_templates_that_do_not_end_are_tried_once(composer: Composer) -> None:
    found = rehearsed(composer, CALLOUT, "{{ row.heading }}", "{{ 'a' * 999999999 }}")
    assert [one.id for one in found] == ["C06"]
    assert composer.rehearse(NEWSLETTER, {"daily.mjml.j2": "<mjml></mjml>"}) == ()
