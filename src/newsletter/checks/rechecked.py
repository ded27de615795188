"""What `recheck` found, as checks: asking needs the network, telling does not."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from newsletter.checks.check import Check, Needs
from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Finding, Severity

LINK = "O11 link-alive"
PICTURE = "S15 image-source"
WITHDRAWN = "S22 withdrawn"
HEADLINE = "S23 headline-changed"

RECHECKED: Mapping[str, str] = MappingProxyType(
    {
        WITHDRAWN: "no page that a story links to was withdrawn",
        HEADLINE: "the sources' headlines are still those that were taken in",
        LINK: "every story's link answers",
        PICTURE: "every story's picture can be had, and is sharp and light enough",
    }
)
"""The checks that `recheck` makes, with what each says."""


def rechecked(label: str) -> Callable[[CheckRequest], Iterator[Finding]]:
    """Return the check that tells what the last look found under this label."""

    def told(request: CheckRequest) -> Iterator[Finding]:
        yield from (finding for finding in request.rechecked or () if finding.check == label)

    return told


def check_of_recheck(label: str) -> Check:
    """Return the check of that label: it repeats what `recheck` found."""
    return Check(
        label=label,
        severity=Severity.ERROR,
        waivable=True,
        doc=RECHECKED[label],
        needs=Needs.RECHECK,
        blocks_automatic=label != PICTURE,
        at_source=rechecked(label),
    )
