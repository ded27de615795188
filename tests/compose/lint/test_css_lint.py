"""The theme and the head blocks: what premailer or a mail client would lose is an error."""

import time
import tomllib
from pathlib import Path
from typing import Any

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

MISTAKES = tomllib.loads((Path(__file__).parent / "themes.toml").read_text("utf-8"))["case"]


def theme(css: str) -> list[tuple[str, int, str]]:
    """Return check, line and message of each finding."""
    found = lint_theme(unmarked(css, "templates/theme.css"))
    return [(f.id, f.line, f.message) for f in found]


def head(css: str) -> list[tuple[str, int]]:
    """Return check and offset of each finding of a head block."""
    return [(check.split()[0], at) for check, _, at in lint_head_block(css)]


def test_classes_and_elements_pass() -> None:
    css = (
        "/* colours; with { braces } and url(x) in a comment */\n"
        "p { margin: 0px; }\n.a, h2.b .c_d, td { color: #123456; font-family: 'A;B}', serif }\n"
        ".x-y{mso-line-height-rule:exactly}\n.z { border: 1px solid #fff; color: #A1B2C3d4 !ie; }"
    )
    assert theme(css) == []


@pytest.mark.covers("T03", "T26")
@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: str(case["css"])[:40])
def test_what_cannot_be_inlined_is_an_error_with_its_line(case: dict[str, Any]) -> None:
    found = theme(case["css"])
    assert [
        1
        for check, line, message in found
        if (check, line) == (case["check"], case["line"]) and case["words"] in message
    ], found


@pytest.mark.parametrize("css", [".a {}\n" * 1999 + ".a, .b, .c {}", f"/* {'x' * 150_000} */"])
def test_a_sheet_that_would_take_seconds_is_refused(css: str) -> None:
    assert any("more than" in message for _, _, message in theme(css))


def test_head_blocks_may_hold_media_queries_and_important() -> None:
    css = (
        "@media (max-width: 479px) {\n .a > td, body { color: red !important; }\n .b { top: 0 }\n}"
    )
    assert head(css) == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("@import 'x';", ("C07", 0)),
        ("@charset 'x';", ("C07", 0)),
        (".a { background: url(x) }", ("C07", 17)),
        (".b { width: expr/* */ession(1) }", ("C07", 16)),
        (".a { color: red } </b>", ("C04", 18)),
    ],
)
def test_a_head_block_that_is_unsafe_is_an_error(css: str, found: tuple[str, int]) -> None:
    assert head(css) == [found]


@pytest.mark.covers("T03")
@pytest.mark.parametrize(
    "css", ["background:url(x)", "a:b}", "color:\\72 ed", "x:/**/y", "a:javascript:b", "@import x"]
)
def test_a_style_attribute_stays_plain(css: str) -> None:
    assert lint_style_attribute(css)
    assert lint_style_attribute("color:#123456; font-family:Georgia, 'Times New Roman'") == ""


@given(st.text(alphabet="{}@;:.a/*'\"\\ \n!url(", max_size=60))
def test_any_text_gets_an_answer(css: str) -> None:
    lint_theme(unmarked(css, "x"))
    lint_head_block(css)


@pytest.mark.parametrize("piece", ["/*", '"', "'\\", "{", "}", "a{}", "url(", ".a,", ".a{x;"])
def test_time_grows_with_the_sheet_and_no_faster(piece: str) -> None:
    css = piece * (149_000 // len(piece))
    begun = time.process_time()
    found = lint_theme(unmarked(css, "x"))
    lint_head_block(css)
    assert time.process_time() - begun < 5
    assert len(found) <= 50


@pytest.mark.parametrize(
    ("css", "broken"),
    [
        ("*zoom: 1; -webkit-hyphens: none; mso-hide: all;; font-family: 'a; b', serif", ""),
        ("color: red; font-size 14px", "font-size 14px"),
        ("color=red", "color=red"),
        ("color:", "color:"),
    ],
)
def test_a_piece_of_a_style_attribute_that_is_no_declaration_is_named(
    css: str, broken: str
) -> None:
    assert broken_declaration(css) == broken


@pytest.mark.parametrize("colour", ["#12345", "#ggg", "#1", "#"])
def test_a_hash_that_is_no_colour_is_an_error(colour: str) -> None:
    (found,) = theme(f".a {{ color: {colour}; }}")
    assert found[2].startswith(f"{colour} is no colour")
