"""scripts/covered lists what is proven; the ids that tests name are ids that there are."""

import re
import subprocess
import sys
from pathlib import Path

from docs.pages import ROOT

from newsletter.checks.registry import CHECKS

SCRIPT = ROOT / "scripts" / "covered"
LARGEST = {"T": 55, "I": 10, "F": 63, "E": 23}


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
    for id_ in ids:
        assert id_ in CHECKS or 1 <= int(id_[1:]) <= LARGEST.get(id_[0], 0), id_


def test_a_list_of_ids_may_be_asked_for(tmp_path: Path) -> None:
    wanted = tmp_path / "ids"
    wanted.write_text("| I01 | nobody twice |\nF99 no such row\n")
    assert printed(str(wanted)).endswith("\n1 of 2 have a test; without one:\nF99\n")
