"""What the compiler and the inliner do in silence, row by row, found in a template that does it.

Each row was measured with mrml 6.0.1 or premailer 3.10.0. The sample stands in the shipped
templates, on a line of its own, and goes the whole way of a build: the finding names file and line.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from composing import compose, issue, story, templates
from mjml import mjml2html

from newsletter.compose.composer import Composer
from newsletter.model.finding import Severity

ROWS = tomllib.loads(Path(__file__).with_name("lint_rows.toml").read_text("utf-8"))["row"]
BEFORE = {
    "body": "    <mj-wrapper ",
    "head": '    {% include "parts/document_head.mjml.j2" %}\n',
    "top": "  <mj-body ",
}


def sample_of(row: dict[str, Any]) -> str:
    deep = row.get("nested", 0)
    return str(row["sample"]).replace("{}", "<b>" * deep + "x" + "</b>" * deep if deep else "{}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["name"]))
def test_what_a_template_must_not_hold_is_found_on_its_line(
    row: dict[str, Any], composer: Composer
) -> None:
    where, sample = row.get("where", "body"), sample_of(row)
    file = "theme.css.j2" if where == "theme" else "daily.mjml.j2"
    severity = Severity.WARNING if row.get("warns") else Severity.ERROR
    source = templates()[file]
    before = BEFORE.get(where, "")
    assert source.count(before) == 1 or not before
    source = source.replace(before, f"{sample}\n{before}") if before else f"{source}\n{sample}\n"
    result = compose(composer, issue(story()), given={**templates(), file: source})
    line = source.count("\n", 0, source.rindex(f"\n{sample}\n")) + 2
    found = [(each.id, each.severity, each.file, each.line) for each in result.findings]
    assert (row["check"], severity, f"templates/{file}", line) in found, result.findings
    assert {each.id for each in result.findings} - {row.get("also")} == {row["check"]}
    assert (result.composed is None) == (severity is Severity.ERROR)


def test_the_compiler_alone_would_say_nothing() -> None:
    for row in ROWS:
        if row.get("silent"):
            sample = sample_of(row)
            head, body = (sample, "") if row.get("where") == "head" else ("", sample)
            mjml = f"<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"
            assert mjml2html(mjml, fonts={}).lower().startswith("<!doctype html>"), row["name"]
