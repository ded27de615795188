"""docs/reference/settings.md names every key that load.py takes, and no other."""

import re
from pathlib import Path

from newsletter.config.brand import COLOURS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
FOLDER = ROOT / "src" / "newsletter" / "config"
SOURCE = "".join(
    (FOLDER / name).read_text("utf-8") for name in ("load.py", "newsletters.py", "brand.py")
)
TABLES = {
    "newsletter",
    "newsletters",
    "checks",
    "words",
    "schedule",
    "sources",
    "smtp",
    "delivery",
    "run",
    "llm",
    "recheck",
    "notices",
    "proof",
    "database",
    "brand",
}


def test_the_page_names_the_keys_of_the_program() -> None:
    taken = set(re.findall(r"(?:take|need|take_list)\(\s*\"([a-z_]+)\"", SOURCE)) | set(COLOURS)
    described = set(re.findall(r"^\| `([a-z_]+)`", PAGE, re.MULTILINE))
    assert described == taken


def test_the_page_has_a_part_for_each_table() -> None:
    headings = re.findall(r"^## \[([a-z]+)[.\]a-zA-Z]*", PAGE, re.MULTILINE)
    assert set(headings) | {"schedule"} == TABLES
