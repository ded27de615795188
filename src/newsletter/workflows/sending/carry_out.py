"""Send: hand a frozen mailing to the mail servers, as far as can be now."""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from newsletter.compose.message.skeleton import Assembler, fingerprint
from newsletter.config.load import newsletter_named
from newsletter.delivery.engine import DeliveryReport, LocalEngine
from newsletter.delivery.outcome import RetryPolicy
from newsletter.delivery.servers import Servers
from newsletter.errors import (
    Interrupted,
    NewsletterError,
    NotFound,
    NothingToDo,
    PermanentError,
    TransientError,
    UncertainError,
    UserError,
)
from newsletter.model.mailing import Account, Delivery, MailingState
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.text import counted
from newsletter.store import approvals, ledger, occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import reader_values, readers_key
from newsletter.workflows.planning.occurrence import Evidence, RunRecord
from newsletter.workflows.sending.release import Released, Verdict, release


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

    Raises NotFound, UserError.
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

    Raises DeliveryError: no server can be used at all now; nothing is lost.
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


_log = logging.getLogger(__name__)

AGAIN_AFTER_FAULT = timedelta(seconds=30)  # no server could be used at all
LOOK_AT_PAUSE = timedelta(seconds=1)
_OVER = {MailingState.DONE, MailingState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How carrying out an occurrence ended.

    released: why nothing was frozen, None where there is a mailing. account: of the mailing. error:
    what the command that waited for it ends with, None where everybody was sent to.
    """

    released: Released | None = None
    account: Account | None = None
    error: NewsletterError | None = None


def carry_out(
    desk: Desk,
    occurrence: OccurrenceRow,
    sending: Sending,
    *,
    new_key: Callable[[], str],
    patient: bool,
) -> Ending:
    """Take a claimed occurrence to its end."""
    issue = occurrence.issue or ""
    with desk.database.read() as connection:
        mailing = ledger.mailing_for_issue(connection, issue)
    if mailing is None:
        released = release(
            desk,
            occurrence,
            wait_until=lambda moment: wait_until(desk, sending, moment),
            new_key=new_key,
        )
        if released.verdict in {Verdict.WITHDRAWN, Verdict.STOPPED}:
            _let_go(desk, occurrence, released, patient=patient)
        if released.verdict is not Verdict.FROZEN:
            return Ending(released=released)
        mailing_id = released.mailing_id
        _log.info(
            "mailing frozen",
            extra={"mailing": mailing_id, "issue": issue, "occurrence": occurrence.id},
        )
    else:
        mailing_id = mailing.id
    with RunRecord(desk, occurrence).step("send") as evidence:
        ending = _over(desk, issue, mailing_id, sending) or finish_mailing(
            desk, issue, mailing_id, sending, patient=patient
        )
        if ending.account is not None:
            evidence.says(account_line(ending.account))
        _close(desk, occurrence, mailing_id, evidence)
    return ending


def _over(desk: Desk, issue: str, mailing_id: int, sending: Sending) -> Ending | None:
    """Return the ending of a mailing that needs no server any more; None where it may need one.

    Its newsletter may be gone from newsletter.toml: what was sent is written down all the same.
    """
    with desk.database.write() as connection:
        state = ledger.finish_if_done(connection, mailing_id, now=desk.clock.now())
        account = ledger.account(connection, mailing_id)
    if state not in _OVER and (account.left or not account.unknown):
        return None
    report = DeliveryReport(account=account, state=state)
    return Ending(account=account, error=ending_of(issue, report, account, stop=sending.stop))


def finish_mailing(
    desk: Desk, issue: str, mailing_id: int, sending: Sending, *, patient: bool
) -> Ending:
    """Send a mailing until nothing is left, or, not patient, until nothing is due."""
    told = ""
    last: Account | None = None
    engine = engine_for(desk, sending)
    while True:
        try:
            _hold_late(desk, mailing_id, patient=patient)
            report = send_mailing(desk, mailing_id, sending, engine)
        except NewsletterError as error:
            if patient and str(error) != told:
                told = str(error)
                sending.tell(f"{issue}: {told}")
            until = desk.clock.now() + AGAIN_AFTER_FAULT
            if patient and wait_until(desk, sending, until):
                continue
            return Ending(account=account_of(desk, mailing_id), error=error)
        with desk.database.write() as connection:
            state = ledger.finish_if_done(connection, mailing_id, now=desk.clock.now())
            account = ledger.account(connection, mailing_id)
        last = _note(mailing_id, issue, state, account, last=last)
        if not patient or sending.stop.is_set() or state in _OVER or not account.left:
            return Ending(
                account=account,
                error=ending_of(issue, report, account, stop=sending.stop),
            )
        if state is MailingState.PAUSED:
            engine.forgive()  # once a person lets it go on, who refused it is asked again
        elif refuses_us(report):  # asking again and again mends no password
            _pause(desk, mailing_id, str(report.error))
            continue
        due, why = _outlook(desk, issue, report, state)
        if why and why != told:
            told = why
            sending.tell(f"{issue}: {why}")
        if not wait_until(desk, sending, due):
            return Ending(
                account=account,
                error=ending_of(issue, report, account, stop=sending.stop),
            )


def _note(
    mailing_id: int, issue: str, state: MailingState, account: Account, *, last: Account | None
) -> Account:
    """Log how a mailing stands, where that has changed."""
    if account != last:
        extra = {"mailing": mailing_id, "issue": issue, "state": state, **asdict(account)}
        _log.info("mailing stands", extra=extra)
    return account


def _outlook(
    desk: Desk, issue: str, report: DeliveryReport, state: MailingState
) -> tuple[datetime, str]:
    """Say when to look again, and what keeps the rest waiting; "" where nothing does."""
    soon = desk.clock.now() + LOOK_AT_PAUSE
    if state is MailingState.PAUSED:
        return soon, f"paused: {report.why}" if report.state is state else ""
    why = str(waiting_error(issue, report)) if report.error or report.why else ""
    return report.next_due or soon, why


def wait_until(desk: Desk, sending: Sending, moment: datetime) -> bool:
    """Wait for a moment of the wall clock; False as soon as a stop is asked for.

    The clock is read again at least once a second, so that a jump or a sleep is noticed.
    """
    while not sending.stop.is_set():
        left = (moment - desk.clock.now()).total_seconds()
        if left <= 0:
            return True
        sending.stop.wait(min(left, 1.0))
    return False


def account_of(desk: Desk, mailing_id: int) -> Account:
    """Count what became of a mailing so far."""
    with desk.database.read() as connection:
        return ledger.account(connection, mailing_id)


def _hold_late(desk: Desk, mailing_id: int, *, patient: bool) -> None:
    """Hold what was begun too long ago: the machine was off, and yesterday's news is no news.

    Who is not patient is a person's `send`, and that person has just decided.
    """
    if not patient:
        return
    oldest = retry_policy(desk).oldest
    hours = f"{oldest.total_seconds() / 3600:.0f} hours"
    with desk.database.write() as connection:
        ledger.pause_if_late(
            connection,
            mailing_id,
            older_than=desk.clock.now() - oldest,
            reason=f"it began more than {hours} ago; a person decides about the rest",
        )


def _pause(desk: Desk, mailing_id: int, reason: str) -> None:
    """Pause a mailing that no server takes, unless a person was quicker."""
    with desk.database.write() as connection:
        if ledger.get_mailing(connection, mailing_id).state is MailingState.RUNNING:
            ledger.pause_mailing(connection, mailing_id, now=desk.clock.now(), reason=reason)


def _let_go(desk: Desk, occurrence: OccurrenceRow, released: Released, *, patient: bool) -> None:
    """Return an occurrence back that was not frozen, to be looked at again.

    One of `send` that a person has stopped is over: no `run` may send it unasked.
    """
    with desk.database.write() as connection:
        try:
            state = occurrences.get_occurrence(connection, occurrence.id).state
        except NotFound:
            return
        if state is not OccurrenceState.CLAIMED:
            return
        if patient:
            occurrences.give_back(connection, occurrence.id)
        else:
            occurrences.finish(
                connection,
                occurrence.id,
                OccurrenceState.STOPPED,
                why=released.why or "stopped before the first copy",
                now=desk.clock.now(),
            )


def account_line(account: Account) -> str:
    """Return what became of a mailing in one line."""
    words = ("refused", "suppressed", "expired", "cancelled", "unknown", "left")
    parts = [f"{account.sent:,} of {account.planned:,} sent"]
    parts += [f"{getattr(account, word):,} {word}" for word in words if getattr(account, word)]
    return ", ".join(parts)


def _close(desk: Desk, occurrence: OccurrenceRow, mailing_id: int, sent: Evidence) -> None:
    """End the occurrence once its mailing is over, or only doubts are left of it, and report.

    The step that sent, the report and the end are written together: after a kill before that, who
    takes the run up writes all of it.
    """
    now = desk.clock.now()
    with desk.database.write() as connection:
        state = ledger.get_mailing(connection, mailing_id).state
        account = ledger.account(connection, mailing_id)
        current = occurrences.get_occurrence(connection, occurrence.id).state
        if current is not OccurrenceState.CLAIMED:
            return  # over before: what a person settled to be sent again was sent
        if state is MailingState.CANCELLED:
            became, why = OccurrenceState.STOPPED, "stopped by hand"
        elif state is MailingState.DONE or not account.left:
            became, why = OccurrenceState.DONE, ""
        else:
            return
        sent.keep(connection)
        occurrences.add_step(
            connection,
            occurrence_id=occurrence.id,
            issue=occurrence.issue or "",
            name="report",
            started=now,
            seconds=0.0,
            result=account_line(account),
        )
        occurrences.finish(connection, occurrence.id, became, why=why, now=now)
