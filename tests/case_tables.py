"""Cases of tests, kept as data beside them: cases/NAME.toml holds a list for each test."""

import tomllib
from pathlib import Path
from typing import Any

CHECKS = Path(__file__).parent / "checks" / "cases"


def cases(name: str, test: str) -> list[Any]:
    """Return the cases of a test of the checks: each a value, or a tuple of them."""
    rows = tomllib.loads((CHECKS / f"{name}.toml").read_text("utf-8"))[test]
    return [tuple(row) if isinstance(row, list) else row for row in rows]


def own_cases(file: str, test: str) -> list[Any]:
    """Return the cases of a test module's test, from the .toml of its name beside it."""
    rows = tomllib.loads(Path(file).with_suffix(".toml").read_text("utf-8"))[test]
    return [tuple(row) if isinstance(row, list) else row for row in rows]
