"""Settle: a person decides what became of deliveries in doubt."""

from dataclasses import dataclass

from newsletter.config.values import shown
from newsletter.errors import UserError
from newsletter.model.address import parse_address
from newsletter.model.mailing import Account, DeliveryState, MailingState
from newsletter.model.records import DeliveryRow, MailingRow
from newsletter.store import ledger
from newsletter.workflows.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Addresses by decision: they came (count as sent), drop (count as lost), send again."""

    came: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, DeliveryState]]:
        """Return each address with the state it is to have."""
        states = (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.QUEUED)
        given = zip((self.came, self.drop, self.again), states, strict=True)
        return [(address, state) for addresses, state in given for address in addresses]


def mailing_of(desk: Desk, issue: str) -> MailingRow:
    """Return an issue's mailing."""
    mailing = mailing_of_or_none(desk, issue)
    if mailing is not None:
        return mailing
    hint = f'"newsletter unschedule {issue}" takes its planned time back'
    raise UserError(f"no mailing of {issue} has begun", hint=hint)


def mailing_of_or_none(desk: Desk, issue: str) -> MailingRow | None:
    """Return an issue's mailing, None before the freeze."""
    with desk.database.read() as connection:
        return ledger.mailing_for_issue(connection, issue)


def in_doubt(desk: Desk, issue: str) -> tuple[DeliveryRow, ...]:
    """List the deliveries of an issue that may or may not have been taken."""
    mailing = mailing_of(desk, issue)
    with desk.database.read() as connection:
        return tuple(ledger.list_deliveries(connection, mailing.id, (DeliveryState.UNKNOWN,)))


def settle(desk: Desk, issue: str, decisions: Decisions, *, by: str) -> Account:
    """Write the decisions, all or none, and give the account after them."""
    mailing = mailing_of(desk, issue)
    keys: set[str] = set()
    with desk.database.write() as connection:
        for text, state in decisions.pairs():
            try:
                address = parse_address(text)
            except ValueError as error:
                raise UserError(f"{shown(text)} is no mail address: {error}") from error
            if address.key in keys:
                raise UserError(f"{address} is named twice")
            keys.add(address.key)
            ledger.settle(
                connection,
                mailing.id,
                address=address.spec,
                to=state,
                by=by,
                now=desk.clock.now(),
            )
        ledger.finish_if_done(connection, mailing.id, now=desk.clock.now())
        return ledger.account(connection, mailing.id)


_ENDED = frozenset({MailingState.DONE, MailingState.CANCELLED})


def account_to_end(desk: Desk, issue: str) -> Account | None:
    """Return what a ``stop`` would end; None where the mailing has ended already."""
    mailing = mailing_of(desk, issue)
    if mailing.state in _ENDED:
        return None
    with desk.database.read() as connection:
        return ledger.account(connection, mailing.id)


def hold_mailing(desk: Desk, issue: str, verb: str) -> Account:
    """Do one of ``pause``, ``resume``, ``stop`` and give the account after it."""
    mailing = mailing_of(desk, issue)
    change = {
        "pause": ledger.pause_mailing,
        "resume": ledger.resume_mailing,
        "stop": ledger.cancel_mailing,
    }[verb]
    with desk.database.write() as connection:
        change(connection, mailing.id, now=desk.clock.now())
        return ledger.account(connection, mailing.id)
