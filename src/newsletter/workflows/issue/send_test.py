"""Test: the real mail's bytes to proof addresses, and to nobody else."""

from dataclasses import dataclass

from newsletter.compose.message.skeleton import assemble
from newsletter.config.settings import SmtpSettings
from newsletter.config.values import shown
from newsletter.delivery.send_one import send_one
from newsletter.errors import UserError
from newsletter.model.address import Address, parse_address
from newsletter.model.mailing import Reply
from newsletter.store import approvals
from newsletter.workflows.callouts.uses import TEST, record_uses
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import compose, composed_or_error, prepare
from newsletter.workflows.issue.reader_values import proof_values, short_key
from newsletter.workflows.issue.signing import readers_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSent:
    """One test mail that a server took."""

    to: Address
    subject: str
    reply: Reply
    marks: tuple[str, ...]


def proof_recipients(desk: Desk, given: tuple[str, ...]) -> tuple[Address, ...]:
    """Choose where a test goes: the named proof addresses, or all.

    Raises:
        UserError: an address that is no proof address, or none is configured.
    """
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
            msg = f"{shown(text)} is no mail address: {error}"
            raise UserError(msg) from error
        if address.key not in by_key:
            msg = f"{address} is no proof address, so no test goes there"
            raise UserError(msg, hint=f"proof addresses: {', '.join(map(str, known))}")
        chosen[address.key] = by_key[address.key]
    return tuple(chosen.values())


def send_test(
    desk: Desk, name: str, recipients: tuple[Address, ...], server: SmtpSettings
) -> tuple[ProofSent, ...]:
    """Send ``[Test] SUBJECT (n)`` to each; no ledger row, no reader's token, n is counted apart.

    Raises:
        TransientError, PermanentError, UncertainError: the server's answer, or its silence.
    """
    prepared = prepare(desk, name)
    subject = prepared.file.issue.subject
    composed_or_error(compose(desk, prepared, marked=True))  # count no test of what does not build
    key = readers_key(desk)
    with desk.database.write() as connection:
        number = approvals.next_test(connection, name)
    title = f"[Test] {subject} ({number})"
    composed = composed_or_error(compose(desk, prepared, marked=True, subject=title))
    marks = tuple(f"{use.callout.name}: {use.reason}" for use in prepared.uses if use.reason)
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
        sent.append(ProofSent(to=to, subject=title, reply=reply, marks=marks))
    return tuple(sent)
