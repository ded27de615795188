"""What a check is, and what [checks] of newsletter.toml does to what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from newsletter.checks.request import CheckRequest, Composition
from newsletter.model.finding import CheckLevel, CheckRule, Finding, Severity

LINK = "O11 link-alive"
PICTURE = "S15 image-source"
WITHDRAWN = "S22 withdrawn"
HEADLINE = "S23 headline-changed"


class Needs(Enum):
    """What a check must have seen to be passed."""

    ISSUE = "issue"
    RECHECK = "recheck"  # a look at the sources, by `newsletter recheck`
    SOURCES = "sources"  # of every story and brief
    COMPOSITION = "composition"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check, as checks.toml describes it.

    Args:
        label: id and name, "O10 links".
        rule: what is right, in one line.
        mend: what to do where it is not.
        severity: the gravest that it finds.
        fixed: why neither settings nor a waiver touch it; "" where they may.
        key: the key of [recheck] that sets its level; "" for none.
        needs: what there must be before finding nothing means passed.
        blocks_automatic: its warnings want a person where approval is automatic.
        at_source: looks at the request alone.
        at_mail: looks at what was composed.
    """

    label: str
    rule: str
    mend: str
    severity: Severity = Severity.WARNING
    fixed: str = ""
    key: str = ""
    needs: Needs = Needs.ISSUE
    blocks_automatic: bool = False
    at_source: Callable[[CheckRequest], Iterable[Finding]] | None = None
    at_mail: Callable[[Composition], Iterable[Finding]] | None = None

    @property
    def id(self) -> str:
        """The id alone: "O10"."""
        return self.label.split(" ", 1)[0]

    @property
    def name(self) -> str:
        """The short name alone: "links"."""
        return self.label.split(" ", 1)[1]

    @property
    def settings(self) -> CheckRule:
        """What settings need to know of it."""
        refusal = ""
        if self.key:
            refusal = (
                f'is set elsewhere; write {self.key} = "block", "warn" or "off" into [recheck]'
            )
        elif self.fixed:
            refusal = f"cannot be set: {self.fixed}; take the line out"
        return CheckRule(name=self.name, refusal=refusal)


def at_level(
    findings: Iterable[Finding], level: CheckLevel | None, usual: Severity
) -> Iterator[Finding]:
    """Return findings at the level that is set; None sets none.

    A finding that only informs stays so in a check whose gravest, usual, is more.
    """
    for finding in findings:
        informs = finding.severity is Severity.INFO and usual is not Severity.INFO
        is_set = level is not None and level is not CheckLevel.OFF and not informs
        yield replace(finding, severity=Severity(level)) if is_set and level else finding


def found_by_recheck(label: str) -> Callable[[CheckRequest], Iterator[Finding]]:
    """Return the check that repeats what `recheck` found under this label."""

    def repeat(request: CheckRequest) -> Iterator[Finding]:
        yield from (finding for finding in request.rechecked or () if finding.check == label)

    return repeat
