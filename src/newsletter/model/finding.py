"""What a check found and where, and how a newsletter may set its level."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


class Severity(StrEnum):
    """error blocks a send; warning and info never do."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check found; check is "O10 links", evidence what was seen, line 0 for none."""

    check: str
    severity: Severity
    message: str
    evidence: str = ""
    file: str = ""
    line: int = 0
    remedy: str = ""

    @property
    def id(self) -> str:
        """The check's id alone: "O10"."""
        return self.check.split(" ", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A named person's exception for one check of one issue, kept with the issue.

    check is the id alone; at is when it was kept, None before that.
    """

    check: str
    by: str
    reason: str
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one run, waived ones set apart; blocked where an unwaived error is left.

    unseen are the ids of checks that could not see all that they look at, each with the reason.
    idle are waivers with no error left to cover. levels are what [checks] set for this newsletter.
    """

    issue: str
    fingerprint: str
    passed: tuple[str, ...]
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()
    idle: tuple[Waiver, ...] = ()
    levels: Levels = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The unwaived errors."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def off(self) -> tuple[str, ...]:
        """The ids of the checks that were not made, because [checks] says so."""
        return tuple(check for check, level in self.levels if level is CheckLevel.OFF)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A place in a text file; line and column start at 1 and count characters, a BOM none."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of character offsets in the decoded source, BOM included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in a user's file: its place, what is wrong, what to write instead."""

    place: Place
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f"; {self.remedy}" if self.remedy else ""
        return f"{self.place}: {self.message}{tail}"
