"""The lint over rendered MJML: what mrml swallows without a word has a sentence and a line."""

import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from case_tables import own_cases
from hypothesis import given
from hypothesis import strategies as st
from mjml import mjml2html

from newsletter.compose.line_marks import MAX_FINDINGS, unmarked
from newsletter.compose.lint import mjml_registry
from newsletter.compose.lint.mjml_lint import lint_mjml
from newsletter.model.finding import Finding, Severity

FILE = "templates/daily.mjml.j2"


def lint(mjml: str) -> list[Finding]:
    """Lint MJML as if it stood in a template as it is."""
    return lint_mjml(unmarked(mjml, FILE)).findings


def in_column(inner: str) -> str:
    """Put blocks in a column; they begin on line 3."""
    return (
        "<mjml><mj-body>\n<mj-section><mj-column>\n"
        f"{inner}\n</mj-column></mj-section></mj-body></mjml>"
    )


def in_text(inner: str) -> str:
    """Put HTML in an mj-text; it begins on line 3."""
    return in_column(f"<mj-text>{inner}</mj-text>")


def in_head(inner: str) -> str:
    """Put elements in the head; they begin on line 2."""
    return f"<mjml><mj-head>\n{inner}\n</mj-head><mj-body></mj-body></mjml>"


GOOD = Path(__file__).with_name("good.mjml").read_text("utf-8")


def test_a_good_document_has_no_finding_and_compiles() -> None:
    assert lint(GOOD) == []
    assert mjml2html(GOOD, fonts={}).startswith("<!doctype html>")


MISTAKES = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text("utf-8"))["case"]
AROUND: dict[str, Callable[[str], str]] = {
    "text": in_text,
    "column": in_column,
    "head": in_head,
    "": str,
}


@pytest.mark.covers("T24")
@pytest.mark.parametrize("case", MISTAKES, ids=map(str, range(len(MISTAKES))))
def test_each_mistake_has_its_check_its_line_and_a_sentence(case: dict[str, Any]) -> None:
    findings = lint(AROUND[case.get("around", "")](case["mjml"]))
    hits = [
        f
        for f in findings
        if (f.id, f.line) == (case["check"], case["line"]) and case["words"] in f.message
    ]
    assert hits, findings
    assert all(f.severity is Severity.ERROR and f.file == FILE for f in hits)


@pytest.mark.parametrize(
    ("mjml", "words"),
    [
        (in_head('<mj-style inline="inline">.a { color: red }</mj-style>'), "does not inline"),
        (in_column('<mj-image src="https://x.test/" alt="" sizes="x" />'), '"sizes"'),
        (in_column('<mj-image src="https://x.test/" alt="" title="x" />'), '"title"'),
        (in_column("<mj-button>x</mj-button>"), "leads nowhere"),
    ],
)
def test_what_mrml_leaves_out_is_a_warning(mjml: str, words: str) -> None:
    findings = lint(mjml)
    assert [(f.id, f.severity) for f in findings] == [("C03", Severity.WARNING)]
    assert words in findings[0].message


def test_components_that_become_form_fields_are_refused() -> None:
    for mjml in (
        in_column("<mj-carousel></mj-carousel>"),
        in_column("<mj-accordion></mj-accordion>"),
        in_column('<mj-navbar hamburger="hamburger"></mj-navbar>'),
    ):
        assert ("C07", Severity.ERROR) in [(f.id, f.severity) for f in lint(mjml)], mjml


@pytest.mark.covers("T24")
@pytest.mark.parametrize(
    "address",
    own_cases(__file__, "no_link_or_picture_leads_to_code_or_nowhere")
)  # fmt: skip
def test_no_link_or_picture_leads_to_code_or_nowhere(address: str) -> None:
    for mjml in (
        in_text(f'<a href="{address}">x</a>'),
        in_column(f'<mj-button href="{address}">x</mj-button>'),
        in_column(f'<mj-image src="{address}" alt="" />'),
        in_text(f'<img src="{address}" alt="" />'),
    ):
        assert "C07" in {f.id for f in lint(mjml)}, mjml


def test_a_mailto_breaks_lines_in_its_body_alone() -> None:
    for address in ("a@b.test?subject=x&amp;body=y%0D%0Az", "a@b.test?Body=%0a"):
        assert lint(in_text(f'<a href="mailto:{address}">x</a>')) == [], address
    for address in ("a@b.test?subject=x%0d%0aBcc:c@d.test", "a%0Ab@b.test", "a@b.test?to=x%00"):
        (finding,) = lint(in_text(f'<a href="mailto:{address}">x</a>'))
        assert "a line break" in finding.message, address


@pytest.mark.covers("T25")
@pytest.mark.parametrize("tag", ["mj-section", "div", "b", "mj-x"])
def test_deep_nesting_is_found_quickly_and_once(tag: str) -> None:
    count = 20_000
    opened, closed = f"<{tag}>" * count, f"</{tag}>" * count
    mjml = in_text(opened + closed) if not tag.startswith("mj-") else in_column(opened + closed)
    begun = time.process_time()
    findings = lint(mjml)
    assert time.process_time() - begun < 5
    assert len([f for f in findings if "more than 64" in f.message]) <= 1
    assert any(f.severity is Severity.ERROR for f in findings)


def test_a_crowd_of_warnings_hides_no_error() -> None:
    many = '<mj-button title="x">y</mj-button>\n' * 3_000
    findings = lint(in_column(many + '<mj-text onload="x">y</mj-text>'))
    assert len(findings) == MAX_FINDINGS + 1
    assert findings[-1].id == "C07"


@pytest.mark.parametrize(
    "piece", ["<a b='", '<a b="', "<!--", "<a ", "</a ", "<mj-style>", "&", "< "]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    begun = time.process_time()
    lint(in_text(piece * (400_000 // len(piece))))
    assert time.process_time() - begun < 5


def test_the_registry_knows_no_attribute_twice_and_no_unknown_parent() -> None:
    inside = {name for names in mjml_registry.CHILDREN.values() for name in names}
    inside -= {"html", "words", "css"}
    assert inside <= set(mjml_registry.COMPONENTS)
    for tag, name in mjml_registry.IGNORED:
        assert name in mjml_registry.COMPONENTS[tag], (tag, name)


MARKUP = st.lists(
    st.sampled_from(
        ["<mjml>", "</mjml>", "<mj-body>", "</mj-body>", "<mj-section>", "</mj-section>",
         "<mj-column>", "</mj-column>", "<mj-text>", "</mj-text>", "<b>", "</b>", "<br>", "x", "&",
         "<", ">", '"', "'", "<!--", "-->", "--", "<p a='", '<p a="', "=", " ", "/>", "<mj-style>",
         "</mj-style>", "{", "}", "<mj-raw>", "</mj-raw>", "<?", "<![CDATA["]
    ),
    max_size=25,
)  # fmt: skip


@given(MARKUP)
def test_what_passes_the_lint_is_never_refused_by_mrml(pieces: list[str]) -> None:
    mjml = "".join(pieces)
    if not lint(mjml):
        assert mjml2html(mjml, fonts={})
