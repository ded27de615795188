"""The set of benchmarks/summaries.toml, whose rates docs/benchmarks.md gives."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_rates_are_those_of_the_page() -> None:
    rates = runpy.run_path(str(ROOT / "benchmarks" / "summaries.py"))["measure"]()
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    part = page.split("## What the checks of summaries find")[1]
    told = re.findall(r"\| (\d+ of \d+) \|$", part, re.MULTILINE)
    changed = ("changed number", "changed name", "changed quotation", "dropped hedge")
    plain = ("inserted not", "honest flagged", "hedged flagged", "own sentences flagged")
    order = (*changed, *plain, "changed meaning", "honest of the harder set flagged")
    assert told == [str(rates[kind]) for kind in order]
    assert rates["own paragraphs flagged"].found == 0
