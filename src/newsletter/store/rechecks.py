"""What the last look at an issue's sources found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from newsletter.model.finding import Finding, Severity
from newsletter.store.content_tables import recheck_findings, rechecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One look: when, and each finding with the address it is about."""

    at: datetime
    findings: tuple[tuple[str, Finding], ...]


def keep(
    conn: Connection, issue: str, findings: Sequence[tuple[str, Finding]], *, now: datetime
) -> None:
    """Keep what a look found, by address; that of an earlier look goes."""
    conn.execute(delete(recheck_findings).where(recheck_findings.c.issue == issue))
    conn.execute(delete(rechecks).where(rechecks.c.issue == issue))
    conn.execute(insert(rechecks).values(issue=issue, at=now))
    if findings:
        conn.execute(
            insert(recheck_findings),
            [
                {
                    "issue": issue,
                    "number": number,
                    "check_id": finding.check,
                    "severity": str(finding.severity),
                    "url": url,
                    "message": finding.message,
                    "evidence": finding.evidence,
                    "remedy": finding.remedy,
                }
                for number, (url, finding) in enumerate(findings)
            ],
        )


def last(conn: Connection, issue: str) -> Recheck | None:
    """Return the last look at an issue's sources; None where there was none."""
    at = conn.execute(select(rechecks.c.at).where(rechecks.c.issue == issue)).scalar_one_or_none()
    if at is None:
        return None
    found = conn.execute(
        select(
            recheck_findings.c.url,
            recheck_findings.c.check_id,
            recheck_findings.c.severity,
            recheck_findings.c.message,
            recheck_findings.c.evidence,
            recheck_findings.c.remedy,
        )
        .where(recheck_findings.c.issue == issue)
        .order_by(recheck_findings.c.number)
    )
    return Recheck(
        at=at,
        findings=tuple(
            (
                url,
                Finding(
                    check=check,
                    severity=Severity(severity),
                    message=message,
                    evidence=evidence,
                    remedy=remedy,
                ),
            )
            for url, check, severity, message, evidence, remedy in found
        ),
    )
