"""docs/reference/settings.md names every key that is read, and no other."""

import re
from pathlib import Path

from newsletter.config.brand import BRAND, COLOURS
from newsletter.config.load import DATABASE, DELIVERY, LLM, NOTICES, PROOF, RECHECK, RUN, SOURCE
from newsletter.config.newsletters import CHOICE, NEWSLETTER, SCHEDULE, SHARED, SMTP, WORDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")


def test_the_page_names_the_keys_of_the_program() -> None:
    tables = (BRAND, COLOURS, DATABASE, DELIVERY, LLM, NOTICES, PROOF, RECHECK, RUN, SOURCE)
    own = (CHOICE, NEWSLETTER, SCHEDULE, SHARED, SMTP)
    taken = {"name"}.union(*tables, *own)
    described = set(re.findall(r"^\| `([a-z_]+)`", PAGE, re.MULTILINE))
    assert described - set(WORDS) == taken


def test_the_page_has_a_part_for_each_table() -> None:
    headings = re.findall(r"^## \[([a-z]+)[.\]a-zA-Z]*", PAGE, re.MULTILINE)
    assert set(headings) >= {"newsletter", "newsletters", "checks", "words", "sources", "smtp"}
    assert set(headings) >= {"delivery", "run", "llm", "recheck", "notices", "proof", "database"}
