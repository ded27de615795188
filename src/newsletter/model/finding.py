"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


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
    """A named person's exception for one check of one issue, kept with the issue."""

    check: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one run, waived ones set apart; blocked where an unwaived error is left."""

    issue: str
    fingerprint: str
    passed: tuple[str, ...]
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The unwaived errors."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)
