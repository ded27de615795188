"""All checks by id, with what a person needs to know of each."""

from collections.abc import Mapping
from types import MappingProxyType

from newsletter.checks.check import Check
from newsletter.checks.issue_checks import ISSUE_CHECKS
from newsletter.checks.levels import rule_of
from newsletter.checks.message_checks import MESSAGE_CHECKS
from newsletter.checks.page_checks import PAGE_CHECKS
from newsletter.checks.template_checks import TEMPLATE_CHECKS
from newsletter.model.finding import CheckLevel, CheckRule, Finding, Report, Severity

_ALL = (*ISSUE_CHECKS, *TEMPLATE_CHECKS, *PAGE_CHECKS, *MESSAGE_CHECKS)

CHECKS: Mapping[str, Check] = MappingProxyType({check.id: check for check in _ALL})
"""Every check by its id, in the order of a report."""


def may_waive(check: str, level: CheckLevel | None = None) -> bool:
    """Return whether a person may answer for an error of this check; an unknown id never.

    A check that only warns by itself has errors to answer for where settings raise it.
    """
    known = CHECKS.get(check.split(" ", 1)[0])
    if known is None:
        return False
    return known.waivable or (known.severity is not Severity.ERROR and level is CheckLevel.ERROR)


def check_rules() -> Mapping[str, CheckRule]:
    """Say of every check what settings need to know."""
    return {check.id: rule_of(check) for check in CHECKS.values()}


def wants_person(report: Report) -> tuple[Finding, ...]:
    """Return the findings that no automatic approval may pass, beside the errors."""
    return tuple(
        finding
        for finding in report.findings
        if finding.severity is Severity.WARNING
        and (known := CHECKS.get(finding.id)) is not None
        and known.blocks_automatic
    )
