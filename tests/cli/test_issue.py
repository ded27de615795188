"""A finding is told in the columns of a terminal, and as it is to a file."""

from newsletter.cli.issue import finding_lines
from newsletter.model.finding import Finding, Severity

LONG = "the appeal was verified by nobody " * 4


def test_a_finding_on_a_terminal_stays_in_its_columns_and_elsewhere_on_its_lines() -> None:
    finding = Finding(
        check="S04 stale-callout",
        severity=Severity.ERROR,
        message=LONG,
        evidence=f"{LONG}\nhttps://example.org/{'x' * 90}\n\nend",
        remedy=LONG,
    )
    plain = finding_lines(finding, in_columns=False)
    assert plain[1:] == [
        f"    {LONG}",
        f"    | {LONG}",
        f"    | https://example.org/{'x' * 90}",
        "    | ",
        "    | end",
        f"    → {LONG}",
    ]
    broken = finding_lines(finding, in_columns=True)
    assert [line for line in broken if len(line) > 80] == [plain[3]], "an address stays whole"
    assert " ".join(" ".join(broken[1:]).replace("|", "").split()) == " ".join(
        " ".join(plain[1:]).replace("|", "").split()
    )
    assert all(line.startswith("    | ") for line in broken[broken.index("    | end") - 4 :][:5])
    assert broken[-1].startswith("      "), "what goes on stands under what began"
