"""Pause, resume and stop: hold a mailing without losing or repeating anyone."""

from datetime import datetime

from newsletter.model.mailing import Account, MailingState
from newsletter.store import Connection, ledger
from newsletter.workflows.desk import Desk
from newsletter.workflows.sending.settle_unknown import mailing_of

_ENDED = frozenset({MailingState.DONE, MailingState.CANCELLED})


def account_to_end(desk: Desk, issue: str) -> Account | None:
    """Return what a ``stop`` would end, for a question; None where the mailing has ended already.

    Raises:
        UserError: the issue has no mailing.
    """
    mailing = mailing_of(desk, issue)
    if mailing.state in _ENDED:
        return None
    with desk.database.read() as connection:
        return ledger.account(connection, mailing.id)


def hold_mailing(desk: Desk, issue: str, verb: str) -> Account:
    """Do one of ``pause``, ``resume``, ``stop`` and give the account after it.

    A worker notices at its next mark: what it has marked it finishes.

    Raises:
        UserError: the issue has no mailing, or its mailing's state does not allow it.
    """
    mailing = mailing_of(desk, issue)
    now = desk.clock.now()
    with desk.database.write() as connection:
        _apply(connection, mailing.id, verb, now=now)
        return ledger.account(connection, mailing.id)


def _apply(connection: Connection, mailing_id: int, verb: str, *, now: datetime) -> None:
    match verb:
        case "pause":
            ledger.pause_mailing(connection, mailing_id, now=now)
        case "resume":
            ledger.resume_mailing(connection, mailing_id, now=now)
        case _:
            ledger.cancel_mailing(connection, mailing_id, now=now)
