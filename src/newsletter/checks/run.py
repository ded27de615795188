"""One run of all checks over one composition."""

from collections.abc import Iterator

from newsletter.checks.check import Check, Needs, at_level
from newsletter.checks.place import forgotten_parts
from newsletter.checks.registry import CHECKS, may_waive
from newsletter.checks.request import CheckRequest, Composition, read_composition
from newsletter.checks.rows import lost_in_template
from newsletter.checks.sources import has_all_sources
from newsletter.model.finding import CheckLevel, Finding, Report, Severity

_WAITING = frozenset({"S05", "O19"})  # they leave a part to C09 that has forgotten the issue


def run_checks(request: CheckRequest) -> Report:
    """Run every check that can run; never raises, whatever was composed.

    A check passes where it ran and found nothing. Settings turn checks off, down and up first; a
    waiver then takes the errors of its check out of the findings, never warnings, and none of a
    check that may not be waived.
    """
    made = read_composition(request)
    levels = dict(request.newsletter.check_levels)
    passed: list[str] = []
    unseen: list[tuple[str, str]] = []
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
        findings.extend(at_level(found, level, check.severity))
        missing = _missing(check, request, made)
        if missing:
            unseen.append((check.id, missing))
        elif not found:
            passed.append(check.id)
    findings.extend(
        finding
        for finding in request.compile_findings
        if (finding.id, finding.line) not in told and levels.get(finding.id) is not CheckLevel.OFF
    )
    waivers = {
        key: waiver
        for waiver in request.waivers
        if may_waive(key := waiver.check.split(" ", 1)[0], levels.get(key))
    }
    waived = tuple(
        (finding, waivers[finding.id])
        for finding in findings
        if finding.severity is Severity.ERROR and finding.id in waivers
    )
    covered = {finding for finding, _ in waived}
    used = {finding.id for finding in covered}
    return Report(
        issue=request.issue.name,
        fingerprint=request.composed.fingerprint if request.composed else "",
        passed=tuple(passed),
        unseen=tuple(unseen),
        findings=tuple(finding for finding in findings if finding not in covered),
        waived=waived,
        idle=tuple(w for w in request.waivers if w.check.split(" ", 1)[0] not in used),
        levels=request.newsletter.check_levels,
    )


def _run(check: Check, request: CheckRequest, made: Composition | None) -> Iterator[Finding]:
    if check.at_source is not None:
        yield from check.at_source(request)
    if check.at_mail is not None and made is not None:
        yield from check.at_mail(made)


def _missing(check: Check, request: CheckRequest, made: Composition | None) -> str:
    """Return why a check could not see all that it looks at; "" where it could."""
    match check.needs:
        case Needs.RECHECK if request.rechecked is None:
            return "links and pictures were not asked: run newsletter recheck"
        case Needs.SOURCES if not has_all_sources(request):
            return "the source of a story is not known"
        case Needs.COMPOSITION | Needs.MESSAGE if made is None:
            return "the mail could not be composed"
        case Needs.COMPOSITION if check.id in _WAITING and made and forgotten_parts(made):
            return "a part of the mail leaves the issue out"
        case Needs.MESSAGE if made is not None and made.mail is None:
            return "there is no message"
        case _:
            return ""
