"""scripts/covered lists what is proven; the ids that tests name are ids that there are."""

import re
import subprocess
import sys

from docs.pages import ROOT

from newsletter.checks.registry import CHECKS

SCRIPT = ROOT / "scripts" / "covered"
PAGE = ROOT / "docs" / "what-can-go-wrong.md"


def test_each_marked_id_is_one_of_the_tables_or_a_check() -> None:
    ran = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True)
    table = ran.stdout.split("\n\n", maxsplit=1)[0]
    ids = re.findall(r"^([A-Z]\d\d) ", table, re.MULTILINE)
    assert len(ids) == len(set(ids)) > 0
    assert ids == sorted(ids)
    rows = re.findall(r"^\| ([TIF]\d\d) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(ids) <= {*rows, *CHECKS}
