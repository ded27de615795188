"""Build: what an issue looks like, on disk, for people and programs."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from newsletter.compose.message.skeleton import assemble, parse_message
from newsletter.config.settings import SmtpSettings
from newsletter.config.values import shown
from newsletter.delivery.send_one import send_one
from newsletter.errors import UserError
from newsletter.model.address import Address, parse_address
from newsletter.model.composed import ComposedIssue
from newsletter.model.mailing import Reply
from newsletter.store import approvals, occurrences
from newsletter.workflows.callouts.life import TEST, record_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import (
    Prepared,
    compose,
    composed_or_error,
    prepare,
    proof_values,
    readers_key,
    short_key,
)
from newsletter.workflows.project_files import leads_elsewhere, write_together


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What a build made."""

    folder: Path
    fingerprint: str
    html_bytes: int
    message: bytes
    marks: tuple[str, ...]
    report: dict[str, object]


def proof_address(desk: Desk, prepared: Prepared) -> Address:
    """Return the first proof address, or the sender's own where none is set."""
    return (*desk.settings.proof_addresses, prepared.newsletter.sender.address)[0]


def example_message(desk: Desk, prepared: Prepared, composed: ComposedIssue, of: str) -> bytes:
    """Assemble a composition for the first proof address; `of` is the fingerprint it stands for.

    Its date is the planned time, else the issue's date at 00:00 in its zone.
    """
    issue, newsletter = prepared.file.issue, prepared.newsletter
    with desk.database.read() as connection:
        planned = occurrences.planned_at(connection, issue.name)
    return assemble(
        composed.skeleton,
        proof_values(
            newsletter,
            issue=issue.name,
            to=proof_address(desk, prepared),
            key=readers_key(desk),
            at=planned or datetime.combine(issue.date, time(), tzinfo=newsletter.timezone),
            message_key=short_key(of),
        ),
    )


def _waivers_kept(desk: Desk, name: str) -> list[dict[str, object]]:
    with desk.database.read() as connection:
        kept = approvals.waivers_of(connection, name)
    return [
        {"check": w.check, "by": w.by, "reason": w.reason, "at": w.at and w.at.isoformat()}
        for w in kept
    ]


def build_issue(desk: Desk, name: str) -> Build:
    """Compose an issue and write build/NAME/: issue.html, issue.txt, issue.eml, report.json.

    The files show the mark of an unverified appeal; the fingerprint is of what a real send carries.
    """
    prepared = prepare(desk, name)
    real = composed_or_error(compose(desk, prepared))
    shown = composed_or_error(compose(desk, prepared, marked=True))
    message = example_message(desk, prepared, shown, real.fingerprint)
    parsed = parse_message(message)
    report: dict[str, object] = {
        "issue": name,
        "fingerprint": real.fingerprint,
        "bytes": {
            "html": len(parsed.html.encode()),
            "text": len(parsed.text.encode()),
            "message": len(message),
            "blocks": [{"name": block.name, "bytes": block.bytes} for block in shown.blocks],
        },
        "links": [link.url for link in shown.links],
        "timings_ms": {step: round(ms, 3) for step, ms in shown.timings_ms},
        "waivers": _waivers_kept(desk, name),
    }
    folder = desk.settings.build_folder / name
    if leads_elsewhere(folder):
        msg = f"{folder} is, or is in, a symbolic link"
        raise UserError(msg, hint="remove the link; a build makes its folder itself")
    write_together(
        folder,
        {
            "issue.html": parsed.html.encode(),
            "issue.txt": parsed.text.encode(),
            "issue.eml": message,
            "report.json": (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode(),
        },
    )
    return Build(
        folder=folder,
        fingerprint=real.fingerprint,
        html_bytes=len(parsed.html.encode()),
        message=message,
        marks=_marks(prepared),
        report=report,
    )


def _marks(prepared: Prepared) -> tuple[str, ...]:
    return tuple(f"{use.callout.name}: {use.reason}" for use in prepared.uses if use.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSent:
    """One test mail that a server took."""

    to: Address
    subject: str
    reply: Reply
    marks: tuple[str, ...]


def proof_recipients(desk: Desk, given: tuple[str, ...]) -> tuple[Address, ...]:
    """Choose where a test goes: the named proof addresses, or all."""
    known = desk.settings.proof_addresses
    if not known:
        msg = "no proof address is set, so a test can go nowhere"
        raise UserError(msg, hint='set addresses = ["you@example.org"] under [proof]')
    if not given:
        return known
    by_key = {address.key: address for address in known}
    chosen: dict[str, Address] = {}
    for text in given:
        try:
            address = parse_address(text)
        except ValueError as error:
            raise UserError(f"{shown(text)} is no mail address: {error}") from error
        if address.key not in by_key:
            msg = f"{address} is no proof address, so no test goes there"
            raise UserError(msg, hint=f"proof addresses: {', '.join(map(str, known))}")
        chosen[address.key] = by_key[address.key]
    return tuple(chosen.values())


def send_test(
    desk: Desk, name: str, recipients: tuple[Address, ...], server: SmtpSettings
) -> tuple[ProofSent, ...]:
    """Send ``[Test] SUBJECT (n)`` to each; no ledger row, no reader's token, n is counted apart."""
    prepared = prepare(desk, name)
    subject = prepared.file.issue.subject
    composed_or_error(compose(desk, prepared, marked=True))  # count no test of what does not build
    key = readers_key(desk)
    with desk.database.write() as connection:
        number = approvals.next_test(connection, name)
    title = f"[Test] {subject} ({number})"
    composed = composed_or_error(compose(desk, prepared, marked=True, subject=title))
    with desk.database.write() as connection:
        record_uses(
            connection,
            desk,
            newsletter=prepared.newsletter.name,
            issue=name,
            occasion=TEST,
            appearances=dict(composed.appearances),
        )
    sent: list[ProofSent] = []
    for to in recipients:
        now = desk.clock.now()
        values = proof_values(
            prepared.newsletter,
            issue=name,
            to=to,
            key=key,
            at=now,
            message_key=short_key(name, str(number), to.spec, now.isoformat()),
        )
        reply = send_one(
            server,
            envelope_from=server.return_path or prepared.newsletter.sender.address,
            to=to,
            message=assemble(composed.skeleton, values),
            clock=desk.clock,
        )
        sent.append(ProofSent(to=to, subject=title, reply=reply, marks=_marks(prepared)))
    return tuple(sent)
