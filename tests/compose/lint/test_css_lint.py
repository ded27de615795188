"""The theme and the head blocks: what premailer or a mail client would lose is an error."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.line_marks import unmarked
from newsletter.compose.lint.css_lint import (
    broken_declaration,
    lint_head_block,
    lint_style_attribute,
    lint_theme,
)
from newsletter.model.finding import Severity


def theme(css: str) -> list[tuple[str, int, str]]:
    """Return check, line and message of each finding."""
    found = lint_theme(unmarked(css, "templates/theme.css"))
    assert all(f.severity is Severity.ERROR and f.file == "templates/theme.css" for f in found)
    return [(f.id, f.line, f.message) for f in found]


def head(css: str) -> list[tuple[str, int]]:
    """Return check and offset of each finding of a head block."""
    return [(check.split()[0], at) for check, _, at in lint_head_block(css)]


def test_classes_and_elements_pass() -> None:
    css = (
        "/* colours; with { braces } and url(x) in a comment */\n"
        "p { margin: 0px; }\n.a, h2.b .c_d, td { color: #123456; font-family: 'A;B}', serif }\n"
        ".x-y{mso-line-height-rule:exactly}\n"
    )
    assert theme(css) == []


@pytest.mark.covers("T03", "T26")
@pytest.mark.parametrize(
    ("css", "line", "check", "words"),
    [
        ("\n@import url(http://a/b.css);", 2, "C07", "@import"),
        ("\n@import 'b.css';", 2, "C07", "@import"),
        (".a{color:red}\n.b { background: url(http://x/y) }", 2, "C07", "url()"),
        (".b { background: URL (x) }", 1, "C07", "url()"),
        (".b { background: u\\72l(x) }", 1, "C07", "escapes"),
        (".b { width: expression(alert(1)) }", 1, "C07", "script"),
        (".b { width: expr/**/ession(alert(1)) }", 1, "C07", "within a word"),
        ('.b { background-image: src("http://x/y") }', 1, "C07", "src()"),
        (".b { background: -webkit-cross-fade('a.png', red) }", 1, "C07", "cross-fade()"),
        (".a {}\n" * 1999 + ".a, .b, .c {}", 2000, "C08", "more than 2,000 selectors"),
        (f"/* {'x' * 150_000} */", 1, "C08", "more than 150,000 characters"),
        (".b { -moz-binding: x }", 1, "C07", "binding"),
        (".b { behavior: x }", 1, "C07", "binding"),
        ("\n@media print { .a { color: red } }", 2, "C08", "@media"),
        ("@font-face { font-family: x }", 1, "C08", "@font-face"),
        (".a { color: red !important }", 1, "C08", "!important"),
        (".a { color: red ! IMPORTANT }", 1, "C08", "!important"),
        (".a:hover { color: red }", 1, "C08", "cannot be inlined"),
        (".a::before { color: red }", 1, "C08", "cannot be inlined"),
        (".a, kick { color: red }", 1, "C08", '"kick" is no element of HTML'),
        ("p:not(.a) { color: red }", 1, "C08", "cannot be inlined"),
        (":is(.a, .b) { color: red }", 1, "C08", "cannot be inlined"),
        ("@supports (top: 0) { .a { color: red } }", 1, "C08", "@supports"),
        (".a {\n color: red\n margin: 0px }", 2, "C08", "; is missing"),
        (".a { color: red }\n/* the end", 2, "C08", "comment is never closed"),
        ("#a { color: red }", 1, "C08", "cannot be inlined"),
        ("* { color: red }", 1, "C08", "cannot be inlined"),
        ("a[href] { color: red }", 1, "C08", "cannot be inlined"),
        (".a > .b { color: red }", 1, "C08", "cannot be inlined"),
        (".a,, .b { color: red }", 1, "C08", "empty place"),
        ("\n\n.a { color: red", 3, "C08", "never closed"),
        (".a { color: red }\n}", 2, "C08", "closes nothing"),
        (".a { color: red } .b", 1, "C08", "no { }"),
        (".a {\n color: red;\n color;\n}", 3, "C08", "no declaration"),
        (".a {\n color: ;\n}", 2, "C08", "no declaration"),
        (".a {\n color: red;; margin: 0px }", 2, "C08", "stands alone"),
        ("{ color: red }", 1, "C08", "no selector"),
        (".a { .b { color: red } }", 1, "C08", "rules inside rules"),
        ("a; .b { color: red }", 1, "C08", "before a rule"),
    ],
)
def test_what_cannot_be_inlined_is_an_error_with_its_line(
    css: str, line: int, check: str, words: str
) -> None:
    assert any(
        found == check and at == line and words in message for found, at, message in theme(css)
    ), theme(css)


@pytest.mark.parametrize(
    "css",
    ["@import url(http://a/b.css);", "@import 'b.css'", "@charset 'x';", "@namespace url(x);"],
)
def test_a_statement_without_a_body_is_one_mistake(css: str) -> None:
    assert [(check, line) for check, line, _ in theme(f".a {{ color: red }}\n{css}\n")] == [
        ("C07", 2)
    ]
    assert head(f"{css}\n.a {{ color: red }}" if css.endswith(";") else css) == [("C07", 0)]


def test_head_blocks_may_hold_media_queries_and_important() -> None:
    css = (
        ":root { color-scheme: light dark; }\n"
        "@media (max-width: 479px) {\n .a > td, body { color: red !important; }\n"
        " .b { margin: 0 }\n}"
    )
    assert head(css) == []


@pytest.mark.parametrize(
    ("css", "check"),
    [
        ("@import 'x';", "C07"),
        (".a { background: url(x) }", "C07"),
        (".a { color: red } </b>", "C04"),
    ],
)
def test_a_head_block_that_is_unsafe_is_an_error(css: str, check: str) -> None:
    assert check in {found for found, _ in head(css)}


def test_whether_programs_can_read_a_head_block_is_told_of_the_finished_mail() -> None:
    for css in (
        "@media x { .a { color: red }",
        "@media x { @font-face { font-family: x } }",
        ".a { color red }",
        ".a { color: red } /* the end",
        ".a { .b { color: red } }",
        "{ color: red }",
    ):
        assert head(css) == [], css


@pytest.mark.covers("T03")
@pytest.mark.parametrize(
    "css", ["background:url(x)", "a:b}", "color:\\72 ed", "x:/**/y", "a:javascript:b", "@import x"]
)
def test_a_style_attribute_stays_plain(css: str) -> None:
    assert lint_style_attribute(css)


def test_a_plain_style_attribute_passes() -> None:
    assert lint_style_attribute("color:#123456; font-family:Georgia, 'Times New Roman'") == ""


@given(st.text(alphabet="{}@;:.a/*'\"\\ \n!url(", max_size=60))
def test_any_text_gets_an_answer(css: str) -> None:
    lint_theme(unmarked(css, "x"))
    lint_head_block(css)


@pytest.mark.parametrize(
    "piece",
    [
        "/*",
        '"',
        '\\"',
        "'\\",
        "{",
        "}",
        "a{",
        "a{}",
        ";",
        "url(",
        ".a,",
        "@media x{",
        "\n",
        ".a{x;",
    ],
)
def test_time_grows_with_the_sheet_and_no_faster(piece: str) -> None:
    css = piece * (200_000 // len(piece))
    begun = time.process_time()
    found = lint_theme(unmarked(css, "x"))
    lint_head_block(css)
    assert time.process_time() - begun < 5
    assert len(found) <= 50


@pytest.mark.parametrize("css", ['.a { font-family: "x', ".a { color: red } /* never closed"])
def test_what_is_never_closed_is_read_to_the_end_and_told_once(css: str) -> None:
    assert [finding.id for finding in lint_theme(unmarked(css, "x"))] == ["C08"]


@pytest.mark.parametrize(
    ("css", "broken"),
    [
        ("color: red; margin: 0px", ""),
        ("  ", ""),
        ("*zoom: 1; -webkit-hyphens: none; mso-hide: all;;", ""),
        ("font-family: 'a; b', serif", ""),
        ("color: red; font-size 14px", "font-size 14px"),
        ("color=red", "color=red"),
        ("color:", "color:"),
    ],
)
def test_a_piece_of_a_style_attribute_that_is_no_declaration_is_named(
    css: str, broken: str
) -> None:
    assert broken_declaration(css) == broken


@pytest.mark.parametrize("colour", ["#12345", "#1c1b1", "#ggg", "#1", "#"])
def test_a_hash_that_is_no_colour_is_an_error(colour: str) -> None:
    (found,) = theme(f".a {{ color: {colour}; }}")
    assert found[2].startswith(f"{colour} is no colour")


@pytest.mark.parametrize("value", ["#123", "#1234", "#a1b2c3", "#A1B2C3d4", "1px solid #fff"])
def test_colours_in_digits_pass(value: str) -> None:
    assert theme(f".a {{ border: {value}; color: {value} !ie; }}") == []


def test_a_comment_within_a_word_of_a_head_block_is_unsafe() -> None:
    assert head(".b { width: expr/* */ession(1) }") == [("C07", 16)]
    assert head(".b { /* wide */ width: 1px /* or so */; }/**/p { top: 0px }") == []
