"""What the compiler and the inliner do in silence, row by row, found in a template that does it.

Each row was measured with mrml 6.0.1 or premailer 3.10.0. The sample stands in the shipped
templates, on a line of its own, and goes the whole way of a build: the finding names file and line.
"""

from dataclasses import dataclass

import pytest
from composing import compose, issue, story, templates
from mjml import mjml2html

from newsletter.compose.composer import Composer
from newsletter.model.finding import Severity

MJML = "templates/daily.mjml.j2"
THEME = "templates/theme.css.j2"
BODY = "  <mj-body "
WRAPPER = "    <mj-wrapper "
HEAD = '    {% include "parts/document_head.mjml.j2" %}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a name, what is written, where, and what must find it.

    silent: the compiler takes it without a word, so that without the lint it would go out. also:
    what else is wrong with the sample.
    """

    name: str
    sample: str
    check: str
    where: str = "body"
    severity: Severity = Severity.ERROR
    silent: bool = False
    also: str = ""


def section(inner: str, **attributes: str) -> str:
    """A row of one column, on one line."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<mj-section{given}><mj-column>{inner}</mj-column></mj-section>"


def text(inner: str) -> str:
    """HTML in a text block."""
    return section(f"<mj-text>{inner}</mj-text>")


IMAGE = '<mj-image src="https://img.example.org/a.png" alt="a" {} />'
WARNS = Severity.WARNING
COMPILER = (
    Row(
        name="0 in a section's padding",
        sample=section("", padding="0 32px"),
        check="C03",
        silent=True,
    ),
    Row(
        name="0 last in a padding",
        sample=section("", padding="24px 32px 0"),
        check="C03",
        silent=True,
    ),
    Row(
        name="0 in a wrapper's padding",
        sample=f'<mj-wrapper padding="0 12px 0 0">{section("")}</mj-wrapper>',
        check="C03",
        silent=True,
    ),
    Row(
        name="0 in a column's padding",
        sample='<mj-section><mj-column padding="0 12px 0 0"></mj-column></mj-section>',
        check="C03",
        silent=True,
    ),
    Row(
        name="0 in an image's padding",
        sample=section(IMAGE.format('padding="0 1px"')),
        check="C03",
        silent=True,
    ),
    Row(
        name="0 in a padding by mj-attributes",
        sample='<mj-attributes><mj-section padding="0 32px" /></mj-attributes>',
        check="C03",
        where="head",
        silent=True,
    ),
    Row(
        name="0 in a padding by mj-class",
        sample='<mj-attributes><mj-class name="q" padding="0 32px" /></mj-attributes>',
        check="C03",
        where="head",
        silent=True,
    ),
    Row(
        name="a column of 40 % in such a section",
        sample='<mj-section padding="0 32px"><mj-column width="40%"></mj-column></mj-section>',
        check="C03",
        silent=True,
    ),
    Row(name="mj-include", sample='<mj-include path="x.mjml" />', check="C07"),
    Row(
        name="mj-include in the head",
        sample='<mj-include path="x.css" type="css" />',
        check="C07",
        where="head",
    ),
    Row(
        name="mj-style inline",
        sample='<mj-style inline="inline">.q { color: red }</mj-style>',
        check="C03",
        where="head",
        severity=WARNS,
        silent=True,
    ),
    Row(
        name="mj-class with children",
        sample='<mj-attributes><mj-class name="q"><mj-text /></mj-class></mj-attributes>',
        check="C03",
        where="head",
    ),
    Row(
        name="mj-body in mj-attributes",
        sample='<mj-attributes><mj-body width="500px" /></mj-attributes>',
        check="C03",
        where="head",
        severity=WARNS,
        silent=True,
    ),
    Row(name="mj-raw at the top", sample="<mj-raw>x</mj-raw>", check="C02", where="top"),
    Row(
        name="mj-navbar",
        sample=section("<mj-navbar></mj-navbar><mj-navbar></mj-navbar>"),
        check="C03",
        severity=WARNS,
        silent=True,
    ),
    Row(
        name="mj-carousel",
        sample=section(
            '<mj-carousel><mj-carousel-image src="https://img.example.org/a.png" alt="a" />'
            "</mj-carousel>"
        ),
        check="C07",
        silent=True,
    ),
    Row(
        name="an unknown social network",
        sample=section(
            '<mj-social><mj-social-element name="bluesky">x</mj-social-element></mj-social>'
        ),
        check="C03",
        silent=True,
    ),
    Row(
        name="mj-html-attributes",
        sample="<mj-html-attributes></mj-html-attributes>",
        check="C03",
        where="head",
    ),
    Row(
        name="mj-font",
        sample='<mj-font name="x" href="https://fonts.example.org/x.css" />',
        check="C07",
        where="head",
        silent=True,
    ),
    Row(
        name="an image without alt",
        sample=section('<mj-image src="https://img.example.org/a.png" />'),
        check="C03",
        silent=True,
    ),
    Row(
        name="sizes of an image",
        sample=section(IMAGE.format('sizes="x"')),
        check="C03",
        severity=WARNS,
        silent=True,
    ),
    Row(
        name="title of an image",
        sample=section(IMAGE.format('title="x"')),
        check="C03",
        severity=WARNS,
        silent=True,
    ),
    Row(
        name="title of a button",
        sample=section('<mj-button href="https://example.org/" title="x">x</mj-button>'),
        check="C03",
        severity=WARNS,
        silent=True,
    ),
    Row(name="an unknown tag", sample=section("<mj-txt>x</mj-txt>"), check="C01", silent=True),
    Row(name="an unknown tag in the head", sample="<mj-txt>x</mj-txt>", check="C01", where="head"),
    Row(name="a text outside a column", sample="<mj-text>x</mj-text>", check="C02", silent=True),
    Row(
        name="a text outside a column, in a section",
        sample="<mj-section><mj-text>x</mj-text></mj-section>",
        check="C02",
        silent=True,
    ),
    Row(
        name="an unknown attribute",
        sample=section('<mj-text colour="red">x</mj-text>'),
        check="C01",
        silent=True,
    ),
    Row(
        name="a size without unit",
        sample=section('<mj-text font-size="13">x</mj-text>'),
        check="C01",
        silent=True,
    ),
    Row(
        name="a width of abc", sample=section(IMAGE.format('width="abc"')), check="C01", silent=True
    ),
    Row(
        name="a width of 9999%",
        sample='<mj-section><mj-column width="9999%"></mj-column></mj-section>',
        check="C01",
        silent=True,
    ),
    Row(name="a bare <", sample=text("a < b"), check="C04"),
    Row(name="an attribute without quotes", sample=text("<p class=q>x</p>"), check="C04"),
    Row(name="-- in a comment", sample=text("<!-- a -- b -->"), check="C04"),
    Row(
        name="a script with <",
        sample=text("<script>if (a < b) c()</script>"),
        check="C07",
        also="C04",
    ),
    Row(name="U+0000", sample=text("a\x00b"), check="C04"),
    Row(name="an inline tag that is not closed", sample=text("<b>x"), check="C04"),
    Row(name="a paragraph in a paragraph", sample=text("<p>x<p>y"), check="C04", also="C02"),
    Row(
        name='a " in an attribute',
        sample=section("<mj-image src='https://img.example.org/a.png' alt='5\" tall' />"),
        check="C04",
        silent=True,
    ),
    Row(
        name="20,000 nested tags",
        sample=text("<b>" * 20_000 + "</b>" * 20_000),
        check="C04",
        also="C05",
    ),
    Row(
        name="2,000 nested sections",
        sample="<mj-section>" * 2_000 + "</mj-section>" * 2_000,
        check="C05",
        also="C02",
    ),
)
INLINER = (
    Row(name="!important in the theme", sample=".q { color: red !important }", check="C08"),
    Row(name=":not()", sample="p:not(.q) { color: red }", check="C08"),
    Row(name=":is()", sample=":is(p, td) { color: red }", check="C08"),
    Row(name="::first-line", sample="p::first-line { color: red }", check="C08"),
    Row(name=":hover", sample="a:hover { color: red }", check="C08"),
    Row(name="* as a selector", sample="* { color: red }", check="C08"),
    Row(name="an attribute as a selector", sample="[data-ogsc] .q { color: red }", check="C08"),
    Row(name="@supports", sample="@supports (display: grid) { .q { color: red } }", check="C08"),
    Row(name="@media in the theme", sample="@media print { .q { color: red } }", check="C08"),
    Row(name="@font-face", sample="@font-face { font-family: q }", check="C08"),
    Row(name="@import", sample="@import 'q.css';", check="C07"),
    Row(name="url()", sample=".q { background: url(https://img.example.org/a.png) }", check="C07"),
    Row(name="a brace too many", sample="}", check="C08"),
    Row(name="an empty value", sample=".q { color: }", check="C08"),
    Row(name="a double ;", sample=".q { color: red;; margin: 0px }", check="C08"),
)
CONTENTS = (
    Row(name="a revealed conditional", sample=text("<![if !mso]>x<![endif]>"), check="C04"),
    Row(name="a conditional comment", sample=text("<!--[if mso]>x<![endif]-->"), check="C04"),
    Row(
        name="a space in an address",
        sample=text('<a href="https://example.org/a b">x</a>'),
        check="C07",
    ),
    Row(name="U+000B", sample=text("a\x0bb"), check="C04"),
    Row(
        name="51 nested tags", sample=text("<b>" * 51 + "x" + "</b>" * 51), check="C04", silent=True
    ),
    Row(
        name="@import in a head block",
        sample="<mj-style>@import 'q.css';</mj-style>",
        check="C07",
        where="head",
        silent=True,
    ),
    Row(
        name="our own marker",
        sample=text('<p data-premailer="ignore">x</p>'),
        check="C01",
        silent=True,
    ),
)


def with_sample(row: Row) -> dict[str, str]:
    """The shipped templates with the sample on a line of its own."""
    given = dict(templates())
    source = given["daily.mjml.j2"]
    before = {"body": WRAPPER, "head": HEAD, "top": BODY}[row.where]
    assert source.count(before) == 1
    given["daily.mjml.j2"] = source.replace(before, f"{row.sample}\n{before}")
    return given


def line_of(source: str, sample: str) -> int:
    """The line on which the sample begins."""
    return source.count("\n", 0, source.index(sample)) + 1


@pytest.mark.parametrize("row", [*COMPILER, *CONTENTS], ids=lambda row: row.name)
def test_what_a_template_must_not_hold_is_found_on_its_line(row: Row, composer: Composer) -> None:
    given = with_sample(row)
    result = compose(composer, issue(story()), given=given)
    line = line_of(given["daily.mjml.j2"], row.sample)
    found = [(each.id, each.severity, each.file, each.line) for each in result.findings]
    assert (row.check, row.severity, MJML, line) in found, result.findings
    assert {each.id for each in result.findings} - {row.also} == {row.check}
    assert (result.composed is None) == (row.severity is Severity.ERROR)


@pytest.mark.parametrize(
    "row", [row for row in (*COMPILER, *CONTENTS) if row.silent], ids=lambda row: row.name
)
def test_the_compiler_alone_would_say_nothing(row: Row) -> None:
    head, body = (row.sample, "") if row.where == "head" else ("", row.sample)
    mjml = f"<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"
    assert mjml2html(mjml, fonts={}).lower().startswith("<!doctype html>")


@pytest.mark.parametrize("row", INLINER, ids=lambda row: row.name)
def test_what_the_inliner_would_lose_or_twist_is_found_on_its_line(
    row: Row, composer: Composer
) -> None:
    given = dict(templates())
    given["theme.css.j2"] += f"\n{row.sample}\n"
    result = compose(composer, issue(story()), given=given)
    line = line_of(given["theme.css.j2"], f"\n{row.sample}\n") + 1
    found = [(each.id, each.severity, each.file, each.line) for each in result.findings]
    assert (row.check, Severity.ERROR, THEME, line) in found, result.findings
    assert {each.id for each in result.findings} == {row.check}
    assert result.composed is None
