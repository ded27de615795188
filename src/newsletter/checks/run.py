"""One run of all checks over one composition."""

from collections.abc import Iterator

from newsletter.checks.check import Check, Needs
from newsletter.checks.fidelity import has_all_sources
from newsletter.checks.registry import CHECKS, may_waive, wants_person
from newsletter.checks.request import CheckRequest, Composition, read_composition
from newsletter.model.finding import Finding, Report, Severity, Waiver

__all__ = ["CHECKS", "Check", "CheckRequest", "may_waive", "run_checks", "wants_person"]


def run_checks(request: CheckRequest) -> Report:
    """Run every check that can run; never raises, whatever was composed.

    A check passes where it ran and found nothing. A waiver takes the errors of its check out of the
    findings, never warnings, and none of a check that may not be waived.
    """
    made = read_composition(request)
    passed: list[str] = []
    findings: list[Finding] = []
    for check in CHECKS.values():
        found = tuple(dict.fromkeys(_run(check, request, made)))
        findings.extend(found)
        if not found and _is_all_seen(check, request, made):
            passed.append(check.id)
    told = {(finding.id, finding.line) for finding in findings}
    findings.extend(
        finding for finding in request.compile_findings if (finding.id, finding.line) not in told
    )
    waivers = {waiver.check.split(" ", 1)[0]: waiver for waiver in request.waivers}
    waived = tuple(
        (finding, waivers[finding.id]) for finding in findings if _is_waived(finding, waivers)
    )
    return Report(
        issue=request.issue.name,
        fingerprint=request.composed.fingerprint if request.composed else "",
        passed=tuple(passed),
        findings=tuple(finding for finding in findings if not _is_waived(finding, waivers)),
        waived=waived,
    )


def _run(check: Check, request: CheckRequest, made: Composition | None) -> Iterator[Finding]:
    if check.at_source is not None:
        yield from check.at_source(request)
    if check.at_mail is not None and made is not None:
        yield from check.at_mail(made)


def _is_all_seen(check: Check, request: CheckRequest, made: Composition | None) -> bool:
    match check.needs:
        case Needs.ISSUE:
            return True
        case Needs.RECHECK:
            return request.rechecked is not None
        case Needs.SOURCES:
            return has_all_sources(request)
        case Needs.COMPOSITION:
            return made is not None
        case Needs.MESSAGE:
            return made is not None and made.mail is not None


def _is_waived(finding: Finding, waivers: dict[str, Waiver]) -> bool:
    return finding.severity is Severity.ERROR and finding.id in waivers and may_waive(finding.id)
