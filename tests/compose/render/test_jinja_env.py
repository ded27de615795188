"""The sandbox: what templates may do, and what they are refused, with file and line."""

import pytest
from case_tables import own_cases

from newsletter.compose.line_marks import read_marks
from newsletter.compose.render.jinja_env import TemplateFault, TemplateSet, context_from

LIMIT = 100_000


def mjml(source: str, context: object = None) -> str:
    """Render a template daily.mjml.j2, marks taken out."""
    made = TemplateSet({"daily.mjml.j2": source})
    rendered = made.render_mjml("daily", context_from(context or {}), limit=LIMIT)
    return read_marks(rendered, made.files, own="templates/daily.mjml.j2").text


def text(source: str, context: object = None) -> str:
    """Render a template daily.txt.j2."""
    made = TemplateSet({"daily.txt.j2": source})
    return made.render_text("daily", context_from(context or {}), limit=LIMIT)


def fault(source: str, context: object = None) -> TemplateFault:
    """Return the fault of a template that cannot be rendered."""
    with pytest.raises(TemplateFault) as caught:
        mjml(source, context)
    return caught.value


def test_values_are_escaped_in_mjml_and_plain_in_text() -> None:
    context = {"x": "<b>&\"'"}
    assert mjml("{{ x }}", context) == "&lt;b&gt;&amp;&#34;&#39;"
    assert text("{{ x }}", context) == "<b>&\"'"


def test_html_is_refused_in_the_text_part() -> None:
    with pytest.raises(TemplateFault, match="HTML in the text part"):
        text("a\n{{ x }}", {"x": {"__html__": "<b>x</b>"}})


@pytest.mark.covers("T21")
def test_template_code_in_content_is_shown_as_typed() -> None:
    payload = "{{7*7}}{% for x in y %}{# #}"
    assert mjml("{{ x }}", {"x": payload}) == payload
    assert text("{{ x }}", {"x": payload}) == payload


@pytest.mark.parametrize(
    ("source", "line", "words"), own_cases(__file__, "a_fault_names_file_and_line")
)
def test_a_fault_names_file_and_line(source: str, line: int, words: str) -> None:
    context = {"a": {"none": None, "true": True, "list": [1]}}
    made = TemplateSet({"daily.mjml.j2": source, "parts/cards.mjml.j2": ""})
    with pytest.raises(TemplateFault) as caught:
        made.render_mjml("daily", context, limit=LIMIT)
    assert words in caught.value.message
    assert (caught.value.place.file, caught.value.place.line) == ("templates/daily.mjml.j2", line)


@pytest.mark.parametrize(
    ("source", "message", "remedy"),
    own_cases(__file__, "a_fault_is_told_in_plain_words_with_a_remedy"),
)
def test_a_fault_is_told_in_plain_words_with_a_remedy(
    source: str, message: str, remedy: str
) -> None:
    context = {"a": {"ink": "red", "ground": "blue"}, "date": "today", "nothing": None}
    others = {"parts/cards.mjml.j2": "", "parts/top.mjml.j2": "", "daily.txt.j2": ""}
    with pytest.raises(TemplateFault) as caught:
        TemplateSet({"daily.mjml.j2": source, **others}).render_mjml("daily", context, limit=LIMIT)
    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert "jinja" not in (caught.value.message + caught.value.remedy).lower()


def test_a_fault_in_a_part_or_macro_names_the_part() -> None:
    templates = {
        "daily.mjml.j2": "<a>\n{% from 'parts/m.mjml.j2' import m %}\n{{ m(1) }}",
        "parts/m.mjml.j2": "\n\n{% macro m(x) %}\n{{ x.y }}\n{% endmacro %}",
    }
    with pytest.raises(TemplateFault) as caught:
        TemplateSet(templates).render_mjml("daily", {}, limit=LIMIT)
    assert caught.value.place.file == "templates/parts/m.mjml.j2"
    assert caught.value.place.line == 4


@pytest.mark.covers("T22")
@pytest.mark.parametrize("payload", own_cases(__file__, "hostile_templates_are_refused"))
def test_hostile_templates_are_refused(payload: str) -> None:
    made = TemplateSet(
        {"daily.mjml.j2": f"\n{payload}", "theme.css": "secret", "daily.txt.j2": "secret"}
    )
    with pytest.raises(TemplateFault) as caught:
        made.render_mjml("daily", {"x": {"a": "b"}, "y": [1]}, limit=LIMIT)
    assert caught.value.place.file == "templates/daily.mjml.j2"
    assert "secret" not in caught.value.message


@pytest.mark.covers("T23")
@pytest.mark.parametrize(
    "payload", own_cases(__file__, "templates_that_would_eat_memory_are_refused")
)
def test_templates_that_would_eat_memory_are_refused(payload: str) -> None:
    assert fault(f"<a>\n{payload}").place.line == 2


def test_nothing_of_one_rendering_is_left_in_the_next() -> None:
    templates = {
        "daily.mjml.j2": "{% from 'm.mjml.j2' import next %}{{ next() }}",
        "m.mjml.j2": (
            "{% set n = namespace(x=0) %}{% set c = cycler('a', 'b') %}"
            "{% macro next() %}{% set n.x = n.x + 1 %}{{ n.x }}{{ c.next() }}{% endmacro %}"
        ),
    }
    made = TemplateSet(templates)
    assert [made.render_mjml("daily", {}, limit=LIMIT) for _ in range(3)] == ["1a"] * 3


def test_what_is_nested_too_deep_is_no_call_without_end() -> None:
    for source in ("{% if 1 %}" * 3000, "{{ " + "(" * 5000, "{{ " + "+".join("1" * 20_000) + " }}"):
        assert fault(source).message.startswith("the template is nested too deep")
    for source in (
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 'daily.mjml.j2' %}",
    ):
        assert "without end" in fault(source).message
