"""Send: hand a frozen mailing to the mail servers, as far as can be now."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from newsletter.compose.message.skeleton import Assembler, fingerprint
from newsletter.config.load import newsletter_named
from newsletter.delivery.engine import DeliveryReport, LocalEngine
from newsletter.delivery.outcome import RetryPolicy
from newsletter.delivery.servers import Servers
from newsletter.errors import (
    Interrupted,
    NewsletterError,
    NothingToDo,
    PermanentError,
    TransientError,
    UncertainError,
    UserError,
)
from newsletter.model.mailing import Account, Delivery, MailingState
from newsletter.model.text import counted
from newsletter.store import approvals, ledger
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.reader_values import reader_values
from newsletter.workflows.issue.signing import readers_key


def _say_nothing(sentence: str) -> None:
    del sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a sender has beside the desk: the servers, a way to be stopped, someone to tell.

    progress takes the account about once a second; tell takes a sentence for the person who
    watches, such as what keeps mail from going out.
    """

    servers: Servers
    stop: threading.Event
    progress: Callable[[Account], None] | None = None
    tell: Callable[[str], None] = _say_nothing


def message_maker(desk: Desk, mailing_id: int) -> Callable[[Delivery, datetime], bytes]:
    """Return the function that joins one reader's message from the sealed skeleton.

    Raises:
        NotFound: the newsletter of the mailing is not in newsletter.toml any more.
        UserError: the stored bytes are not those that were approved.
    """
    with desk.database.read() as connection:
        mailing = ledger.get_mailing(connection, mailing_id)
        skeleton = approvals.load_skeleton(connection, mailing.skeleton_sha256)
    if fingerprint(skeleton) != mailing.skeleton_sha256:  # only approved bytes go out (I04)
        msg = f"the sealed message of {mailing.issue} is damaged in the database; nothing was sent"
        raise UserError(msg, hint="restore the database from its backup")
    newsletter = newsletter_named(desk.settings, mailing.newsletter)
    assembler = Assembler(skeleton)
    values = reader_values(
        newsletter,
        issue=mailing.issue,
        mailing_key=mailing.mailing_key,
        key=readers_key(desk),
    )

    def message_for(delivery: Delivery, started: datetime) -> bytes:
        return assembler.assemble(values(delivery, started))

    return message_for


def engine_for(desk: Desk, sending: Sending) -> LocalEngine:
    """Return what delivers a mailing; one for all its calls, so that it keeps what servers said."""
    return LocalEngine(
        desk.database,
        sending.servers,
        clock=desk.clock,
        retry=retry_policy(desk),
    )


def retry_policy(desk: Desk) -> RetryPolicy:
    """Return when and how long a delivery is tried again."""
    return RetryPolicy(first=desk.settings.delivery.first_retry)


def send_mailing(
    desk: Desk, mailing_id: int, sending: Sending, engine: LocalEngine
) -> DeliveryReport:
    """Deliver what is due of a mailing; who was sent to before is not sent to again.

    Raises:
        DeliveryError: no server can be used at all now; nothing is lost.
    """
    with desk.database.read() as connection:
        mailing = ledger.get_mailing(connection, mailing_id)
    sender = newsletter_named(desk.settings, mailing.newsletter).sender.address
    return engine.deliver(
        mailing_id,
        message_for=message_maker(desk, mailing_id),
        envelope_from=sender,
        stop=sending.stop,
        progress=sending.progress,
    )


def doubt_or_refusal(issue: str, account: Account) -> NewsletterError | None:
    """Name what cannot be mended by sending on: doubts first, then refusals; None without them."""
    if account.unknown:
        are = counted(account.unknown, "delivery is unknown", "deliveries are unknown")
        them = "it" if account.unknown == 1 else "them"
        what = f"{are}, a server may hold {them}"
        return UncertainError(what, hint=f'settle {them} with "newsletter settle {issue}"')
    hint = f'see "newsletter log {issue} --recipients"'
    if account.refused:
        what = f"{account.refused} of {account.planned} recipients were refused for good"
        return PermanentError(what, hint=hint)
    if account.expired:
        what = f"{account.expired} of {account.planned} recipients were given up after many tries"
        return PermanentError(what, hint=hint)
    return None


def ending_of(
    issue: str, report: DeliveryReport, account: Account, *, stop: threading.Event
) -> NewsletterError | None:
    """Return how a mailing ended, as the error to end with; None when everybody was sent to.

    A mixed ending is told by its gravest part: unknown, then refused, then left.
    """
    gravest = doubt_or_refusal(issue, account)
    if gravest is not None:
        return gravest
    if report.state is MailingState.PAUSED:
        return TransientError(
            f"{issue} is paused: {report.why}", hint=f'go on with "newsletter resume {issue}"'
        )
    if report.state is MailingState.CANCELLED:
        what = f"{issue} was stopped by hand: {account.cancelled} of {account.planned} get nothing"
        return NothingToDo(what, hint=f'see "newsletter log {issue}"')
    if stop.is_set() and account.left:
        what = f"stopped with {account.left} of {account.planned} left"
        return Interrupted(what, hint=f'"newsletter send {issue}" goes on; nobody is mailed twice')
    if account.left:
        return waiting_error(issue, report)
    return None


def waiting_error(issue: str, report: DeliveryReport) -> NewsletterError:
    """Return what keeps the rest waiting, and until when; permanent where no waiting mends it."""
    why = str(report.error or report.why)
    until = f" until {report.next_due:%H:%M:%S} UTC" if report.next_due else ""
    waits = counted(report.account.left, "delivery waits", "deliveries wait")
    what = f"{f'{why}; ' if why else ''}{waits}{until}"
    go_on = f'"newsletter send {issue}" or a "newsletter run" goes on'
    if refuses_us(report):
        hint = report.error.hint if report.error is not None else ""
        return PermanentError(what, hint=f"{hint}; then {go_on}" if hint else go_on)
    return TransientError(what, hint=go_on)


def refuses_us(report: DeliveryReport) -> bool:
    """Return whether every server refuses us, so that a person has to see to it."""
    return isinstance(report.error, PermanentError) and report.next_due is None
