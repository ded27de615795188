"""scripts/covered lists what is proven; the ids that tests name are ids that there are."""

import re
import subprocess
import sys
from pathlib import Path

from docs.pages import ROOT

from newsletter.checks.registry import CHECKS

SCRIPT = ROOT / "scripts" / "covered"
PAGE = ROOT / "docs" / "what-can-go-wrong.md"


def printed(*arguments: str) -> str:
    """Run the script."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_each_marked_id_is_one_of_the_tables_or_a_check() -> None:
    table = printed().split("\n\n", maxsplit=1)[0]
    ids = re.findall(r"^([A-Z]\d\d) ", table, re.MULTILINE)
    assert len(ids) == len(set(ids)) > 0
    assert ids == sorted(ids)
    rows = re.findall(r"^\| ([TIF]\d\d) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(ids) <= {*rows, *CHECKS}


def test_a_list_of_ids_may_be_asked_for(tmp_path: Path) -> None:
    wanted = tmp_path / "ids"
    wanted.write_text("| I01 | nobody twice |\nF99 no such row\n")
    assert printed(str(wanted)).endswith("\n1 of 2 have a test; without one:\nF99\n")
