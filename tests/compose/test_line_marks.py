"""Line marks carry template lines through Jinja and leave no trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.line_marks import Place, mark, read_marks
from newsletter.compose.render.jinja_env import TemplateSet

FILES = ("templates/daily.mjml.j2",)


def line_of(templates: dict[str, str], needle: str, context: dict[str, object]) -> Place:
    """Render daily and give the place of the first character of a needle."""
    made = TemplateSet(templates)
    marked = read_marks(made.render_mjml("daily", context, limit=100_000), made.files, own=FILES[0])
    assert marked.text.count(needle) >= 1
    return marked.place(marked.text.index(needle))


def test_lines_survive_a_loop_in_every_round() -> None:
    source = "<mjml>\n{% for x in xs %}\n  <a>\n  {{ x }}\n  <hit>\n{% endfor %}\n</mjml>"
    made = TemplateSet({"daily.mjml.j2": source})
    rendered = made.render_mjml("daily", {"xs": ["1\n\n\n", "2"]}, limit=10_000)
    marked = read_marks(rendered, made.files, own=FILES[0])
    first = marked.text.index("<hit>")
    second = marked.text.index("<hit>", first + 1)
    assert {marked.place(first).line, marked.place(second).line} == {5}
    assert marked.place(marked.text.index("</mjml>")).line == 7


def test_an_included_part_and_a_macro_name_their_own_file() -> None:
    templates = {
        "daily.mjml.j2": '<mjml>\n\n{% include "parts/a.mjml.j2" %}\n<after>',
        "parts/a.mjml.j2": (
            '{% from "parts/m.mjml.j2" import row %}\n<part>\n{{ row("x") }}\n<end-of-part>'
        ),
        "parts/m.mjml.j2": "{# a #}\n\n{% macro row(x) %}\n  <cell>{{ x }}</cell>\n{% endmacro %}",
    }
    assert line_of(templates, "<part>", {}) == Place(file="templates/parts/a.mjml.j2", line=2)
    assert line_of(templates, "<cell>", {}) == Place(file="templates/parts/m.mjml.j2", line=4)
    assert line_of(templates, "<end-of-part>", {}).line == 4
    assert line_of(templates, "<after>", {}) == Place(file="templates/daily.mjml.j2", line=4)


def test_a_tag_over_many_lines_with_values_between_names_each_line() -> None:
    source = '<mj-image\n  src="{{ a }}"\n  alt="{{ a }}"\n  widht="1px" />\n<after>'
    templates = {"daily.mjml.j2": source}
    context: dict[str, object] = {"a": "x"}
    assert line_of(templates, "alt=", context).line == 3
    assert line_of(templates, "widht=", context).line == 4
    assert line_of(templates, "<after>", context).line == 5


@pytest.mark.parametrize(
    "forged", ["\\ufdd0\\ufde9\\ufdd1\\ufde9\\ufdd2", "\\ufdd0", "\\ufdef\\ufdd3", "\\ufdd1x"]
)
def test_a_template_that_writes_marks_itself_only_loses_them(forged: str) -> None:
    made = TemplateSet({"daily.mjml.j2": "<a>{{ '" + forged + "' }}</a>\n<b>"})
    marked = read_marks(made.render_mjml("daily", {}, limit=10_000), made.files, own=FILES[0])
    assert not any("\ufdd0" <= char <= "\ufdef" for char in marked.text)
    assert marked.place(marked.text.index("<b>")).line == 2
    assert marked.text in {"<a></a>\n<b>", "<a>x</a>\n<b>"}


@given(st.lists(st.tuples(st.text(alphabet='<>"= ab\n', max_size=20), st.integers(1, 99_999))))
def test_marks_come_out_again_and_leave_the_text_as_it_was(pieces: list[tuple[str, int]]) -> None:
    rendered = "".join(mark(text, file=0, line=line) for text, line in pieces)
    marked = read_marks(rendered, FILES, own=FILES[0])
    assert marked.text == "".join(text for text, _ in pieces)
    at = 0
    for text, line in pieces:
        bracket = text.find("<")
        if bracket >= 0:
            assert marked.place(at + bracket).line == line + text.count("\n", 0, bracket)
        at += len(text)
