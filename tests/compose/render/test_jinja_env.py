"""The sandbox: what templates may do, and what they are refused, with file and line."""

import pytest

from newsletter.compose.line_marks import read_marks
from newsletter.compose.render.jinja_env import (
    TemplateFault,
    TemplateSet,
    context_from,
)

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
    ("source", "line", "words"),
    [
        ("<a>\n{% if %}", 2, "cannot be read"),
        ("<a>\n\n{{ nothing.at.all }}", 3, "was not given"),
        ("<a>\n{{ a.b.c }}", 2, "was not given"),
        (
            "<a>\n{% include 'parts/cadrs.mjml.j2' %}",
            2,
            "there is no template file templates/parts/cadrs.mjml.j2",
        ),
        ("<a>\n{{ a.b | nofilter }}", 2, "cannot be read"),
        ("<a>\n{{ 1 // 0 }}", 2, "ZeroDivisionError"),
        ("<a>\n{{ a.none }}", 2, "prints nothing"),
        ("<a>\n{{ a.true }}", 2, "prints true"),
        ("<a>\n{{ a.list }}", 2, "prints a list"),
        ("<a>\n{% autoescape false %}{% endautoescape %}", 2, "no autoescape"),
        ("<a>\n{{ a|safe }}", 2, "cannot be read"),
        ("<a>\n{{ lipsum() }}", 2, "was not given"),
        ("<a>\n{% include 'daily.mjml.j2' %}", 2, "includes or calls itself"),
    ],
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
    [
        ("{{ a['inkk'] }}", "has no 'inkk'", "did you mean ink?"),
        ("{{ a.zzz }}", "has no 'zzz'", "known there are ground, ink"),
        ("{{ dat }}", "there is no 'dat'", "did you mean date?"),
        ("{% if date %}", "{% if %} is not closed", "write {% endif %}"),
        ("{% endif %}", "{% endif %} closes or divides nothing", "take it out"),
        ("{% inclde 'x' %}", "there is no tag {% inclde %}", "did you mean include?"),
        ("{{ date|uper }}", "there is no filter 'uper'", "did you mean upper?"),
        ("{{ date ? }}", "'?'", "braces"),
        ("{{ nothing }}", "prints nothing", "put {% if"),
        ("{% include 'cards.mjml.j2' %}", "no template file", "did you mean parts/cards.mjml.j2?"),
        ("{% include 'daily.txt.j2' %}", "no template file", "take in .mjml.j2 files alone"),
    ],
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
@pytest.mark.parametrize(
    "payload",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ x.__init__.__globals__ }}",
        "{{ x['__class__'] }}",
        "{{ x|attr('__class__') }}",
        "{{ [x]|map(attribute='__class__')|list|first }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ '{0.__class__.__init__.__globals__}'.format_map({'0': x}) }}",
        "{{ '%s' % x.__class__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ range.__class__ }}",
        "{{ dict.mro() }}",
        "{{ loop }}",
        "{% for y in [1] %}{{ loop.__class__ }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__ }}",
        "{% include '../newsletter.toml' %}",
        "{% include '/etc/passwd' %}",
        "{% include 'theme.css' %}",
        "{% include 'daily.txt.j2' %}",
        "{% import 'os' as os %}",
        "{% set x.y = 1 %}",
        "{{ y.append(1) }}",
        "{{ x.update(a=1) }}",
        "{{ x.pop('a') }}",
        "{{ joiner.__init__.__builtins__ }}",
        "{{ ''.encode().fromhex }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ x|tojson }}",
        "{{ x|pprint }}",
        "{{ y|random }}",
        "{{ config }}{{ request }}{{ environment }}",
        "{% debug %}",
        "{% do y.append(1) %}",
    ],
)
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
    "payload",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ [1] * 10**9 }}",
        "{{ range(10**9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 2 ** 99999999 }}",
        "{{ (10**15) * (10**15) * (10**15) }}",
        "{% for x in range(99999) %}{{ 'aaaaaaaaaa' }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
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
        assert fault(source).message == "the template is nested too deep"
    for source in (
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 'daily.mjml.j2' %}",
    ):
        assert "without end" in fault(source).message
