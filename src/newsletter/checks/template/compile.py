"""C checks: what composing found in templates and MJML, handed on with file and line."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Finding, Severity

COMPILE_CRASH = "C05 compile-crash"


def found_by_composing(label: str) -> Callable[[CheckRequest], Iterator[Finding]]:
    """Make the check that hands on the findings with the label's id."""
    code = label.split(" ", 1)[0]

    def hand_on(request: CheckRequest) -> Iterator[Finding]:
        for finding in request.compile_findings:
            if finding.id == code:
                yield replace(finding, check=label, file=finding.file or request.file)

    return hand_on


def compile_crash(request: CheckRequest) -> Iterator[Finding]:
    """C05: composing came to an end; no mail and no reason for it is a finding too."""
    yield from found_by_composing(COMPILE_CRASH)(request)
    told = any(finding.severity is Severity.ERROR for finding in request.compile_findings)
    if request.composed is None and not told:
        yield Finding(
            check=COMPILE_CRASH,
            severity=Severity.ERROR,
            message="the issue could not be composed",
            file=request.file,
            remedy="build it and look at what is reported",
        )
