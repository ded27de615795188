"""Mistakes of looks, planted one at a time in the shipped templates: each is found, no more is."""

from collections.abc import Mapping
from typing import Any

import pytest
from case_tables import cases
from real_mails import ISSUE, changed, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding

LOOKS = {"O02", "O03", "O06", "O07", "O08", "O20", "O22", "O23"}
THEME = "theme.css.j2"
HEAD = "parts/document_head.mjml.j2"
FOOTER = "parts/footer.mjml.j2"
WHY = '<mj-text><p class="meta">{{ why }}</p></mj-text>'


def planted(plant: list[list[str]]) -> dict[str, str]:
    """Return the shipped templates with each change made."""
    sheets: Mapping[str, str] = shipped_templates()
    for what, *words in plant:
        match what:
            case "rule":  # at the end of the theme
                sheets = {**sheets, THEME: f"{sheets[THEME]}\n{words[0]}\n"}
            case "without":  # the head's line that begins so
                lines = sheets[HEAD].split("\n")
                kept = [line for line in lines if not line.strip().startswith(words[0])]
                assert len(kept) < len(lines), words
                sheets = {**sheets, HEAD: "\n".join(kept)}
            case "footer":
                sheets = changed(sheets, FOOTER, WHY, f"{WHY}<mj-text>{words[0]}</mj-text>")
            case "block":  # of style
                new = f"<mj-style>{words[0]}</mj-style><mj-raw>"
                sheets = changed(sheets, HEAD, "<mj-raw>", new)
            case "dark" | "media":  # a rule more for dark mode, or for phones
                old = "  .rule p {" if what == "dark" else "  .btn table {"
                sheets = changed(sheets, HEAD, old, f"{words[0]}\n{old}")
            case _:  # swap
                sheets = changed(sheets, *words)
    return dict(sheets)


@pytest.fixture(scope="module")
def appeal() -> Callout:
    return verified_appeal()


def looks_of(composer: Composer, appeal: Callout, case: dict[str, Any]) -> list[Finding]:
    request = made_of(composer, parsed(ISSUE), planted(case["plant"]), appeal)
    assert request.composed is not None, [found.message for found in request.compile_findings]
    return [finding for finding in run_checks(request).findings if finding.id in LOOKS]


@pytest.mark.parametrize(
    "case", cases("planted_looks", "planted"), ids=lambda case: str(case["name"])
)
def test_a_planted_mistake_is_found_and_nothing_else(
    composer: Composer, appeal: Callout, case: dict[str, Any]
) -> None:
    found = looks_of(composer, appeal, case)
    assert {f"{one.id} {one.severity.value}" for one in found} == set(case["wanted"]), found
    assert all(one.evidence and one.remedy for one in found)
    placed = [one for one in found if one.id != "O02"]  # which is of all blocks together
    assert all(one.file.startswith("templates/") and one.line for one in placed), found


def test_what_looks_like_a_mistake_and_is_none(composer: Composer, appeal: Callout) -> None:
    fine = cases("planted_looks", "fine")
    told = {case["name"]: found for case in fine if (found := looks_of(composer, appeal, case))}
    assert told == {}
