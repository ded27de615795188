"""One run of all checks over one composition."""

from collections.abc import Iterator

from newsletter.checks.check import Check, Needs
from newsletter.checks.levels import at_levels, why_fixed
from newsletter.checks.place import forgotten_parts
from newsletter.checks.registry import CHECKS, may_waive, wants_person
from newsletter.checks.request import CheckRequest, Composition, read_composition
from newsletter.checks.rows import lost_in_template
from newsletter.checks.sources import has_all_sources
from newsletter.model.finding import CheckLevel, Finding, Report, Severity, Waiver

__all__ = [
    "CHECKS",
    "Check",
    "CheckRequest",
    "may_waive",
    "run_checks",
    "wants_person",
    "why_fixed",
]


_WAITING = frozenset({"S05", "O19"})  # they say nothing of a part that C09 tells whole


def run_checks(request: CheckRequest) -> Report:
    """Run every check that can run; never raises, whatever was composed.

    A check passes where it ran and found nothing. Settings turn checks off, down and up first; a
    waiver then takes the errors of its check out of the findings, never warnings, and none of a
    check that may not be waived.
    """
    made = read_composition(request)
    levels = dict(request.newsletter.check_levels)
    passed: list[str] = []
    findings: list[Finding] = []
    told: set[tuple[str, int]] = set()
    for check in CHECKS.values():
        level = levels.get(check.id)
        if level is CheckLevel.OFF:
            continue
        found = tuple(dict.fromkeys(_run(check, request, made)))
        told |= {(finding.id, finding.line) for finding in found}
        if made is not None:
            found = tuple(lost_in_template(made, finding) for finding in found)
        findings.extend(at_levels(found, level, check.severity))
        if not found and _is_all_seen(check, request, made):
            passed.append(check.id)
    findings.extend(
        finding
        for finding in request.compile_findings
        if (finding.id, finding.line) not in told and levels.get(finding.id) is not CheckLevel.OFF
    )
    return _report(request, passed, findings)


def _report(request: CheckRequest, passed: list[str], findings: list[Finding]) -> Report:
    levels = request.newsletter.check_levels
    set_ = dict(levels)
    waivers = {
        key: waiver
        for waiver in request.waivers
        if may_waive(key := waiver.check.split(" ", 1)[0], set_.get(key))
    }
    waived = tuple((f, waivers[f.id]) for f in findings if _is_waived(f, waivers))
    used = {finding.id for finding, _ in waived}
    return Report(
        issue=request.issue.name,
        fingerprint=request.composed.fingerprint if request.composed else "",
        passed=tuple(passed),
        findings=tuple(finding for finding in findings if not _is_waived(finding, waivers)),
        waived=waived,
        idle=tuple(w for w in request.waivers if w.check.split(" ", 1)[0] not in used),
        levels=levels,
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
            waits = check.id in _WAITING and made is not None and forgotten_parts(made)
            return made is not None and not waits
        case Needs.MESSAGE:
            return made is not None and made.mail is not None


def _is_waived(finding: Finding, waivers: dict[str, Waiver]) -> bool:
    return finding.severity is Severity.ERROR and finding.id in waivers
