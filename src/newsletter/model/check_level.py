"""How grave a newsroom takes a check: what [checks] of newsletter.toml may say; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class CheckLevel(StrEnum):
    """off: the check is not made; else what its findings are."""

    OFF = "off"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """What settings need to know of a check: its name, and why they may not set it, or "".

    refusal follows the check's id: "is set in [recheck]; write link there".
    """

    name: str
    refusal: str = ""


CheckRules = Callable[[], Mapping[str, CheckRule]]
"""Gives all checks by id; asked only where settings name one, for it loads every check."""

Levels = tuple[tuple[str, CheckLevel], ...]
"""Check ids with their levels, by id."""
