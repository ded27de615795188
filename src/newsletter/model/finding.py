"""What a check found."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter.model.check_level import CheckLevel, Levels


class Severity(StrEnum):
    """error blocks a send; warning and info never do."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check found.

    check is "O10 links": the id, a space, the short name. evidence is what was seen. file is the
    path shown to the user (relative to the folder), line 0 where none applies.
    """

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

    idle are waivers with no error left to cover. levels are what [checks] set for this newsletter.
    """

    issue: str
    fingerprint: str
    passed: tuple[str, ...]
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...] = ()
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
