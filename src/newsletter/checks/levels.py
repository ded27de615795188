"""What [checks] of newsletter.toml does to findings, and which checks it may not touch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from newsletter.checks.check import Check
from newsletter.checks.rechecked import HEADLINE, LINK, WITHDRAWN
from newsletter.model.finding import CheckLevel, CheckRule, Finding, Severity

_SEVERITIES = {
    CheckLevel.INFO: Severity.INFO,
    CheckLevel.WARNING: Severity.WARNING,
    CheckLevel.ERROR: Severity.ERROR,
}
_BY_RECHECK = {LINK: "link", WITHDRAWN: "withdrawn", HEADLINE: "headline"}
_NO_MAIL = "without it there is no mail to send"
_MALFORMED = "mail programs could not read the message"
_UNSUBSCRIBE = "a reader must be able to leave, by law and by the rules of the large mail providers"
_WHY_FIXED: Mapping[str, str] = MappingProxyType(
    {
        "S04": "asking for money for an appeal that is not open misleads readers",
        "S05": "a changed wording or address is how an appeal's donations are stolen",
        "S19": "a person has to have read what a model wrote",
        "S20": "an embargo is a promise to the source",
        "C04": _NO_MAIL,
        "C05": _NO_MAIL,
        "C06": _NO_MAIL,
        "C07": "active or fetched content in a mail endangers readers",
        "C09": "readers would not know what they miss",
        "O15": _UNSUBSCRIBE,
        "O16": "the law asks for the sender's address, and readers for the reason",
        "O18": "a reader would see another's data, or a bare token",
        "H01": _MALFORMED,
        "H02": _UNSUBSCRIBE,
        "H03": "a forged or broken sender endangers readers",
        "H06": _MALFORMED,
    }
)
_ANY_FIXED = "it protects readers or the law"


def why_fixed(check: Check) -> str:
    """Return why neither settings nor a waiver touch a check; "" where they may."""
    return _WHY_FIXED.get(check.id, _ANY_FIXED) if check.is_fixed else ""


def rule_of(check: Check) -> CheckRule:
    """Return what settings need to know of a check."""
    refusal = ""
    if check.label in _BY_RECHECK:
        key = _BY_RECHECK[check.label]
        refusal = f'is set elsewhere; write {key} = "block", "warn" or "off" into [recheck]'
    elif check.is_fixed:
        refusal = f"cannot be set: {why_fixed(check)}; take the line out"
    return CheckRule(name=check.name, refusal=refusal)


def at_levels(
    findings: Iterable[Finding], level: CheckLevel | None, usual: Severity
) -> Iterator[Finding]:
    """Return findings as a level makes them; what only tells stays info in a check that can more.

    Args:
        findings: as their check made them.
        level: None where settings say nothing.
        usual: the gravest that the check finds by itself.
    """
    severity = _SEVERITIES.get(level) if level is not None else None
    for finding in findings:
        tells = finding.severity is Severity.INFO and usual is not Severity.INFO
        yield finding if severity is None or tells else replace(finding, severity=severity)
