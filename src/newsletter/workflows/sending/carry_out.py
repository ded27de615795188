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
from newsletter.model.mailing import Account, Delivery, MailingState, account_line
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.text import counted
from newsletter.store import approvals, ledger, occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.compose_issue import reader_values, readers_key
from newsletter.workflows.planning.occurrence import Evidence, RunRecord
from newsletter.workflows.sending.release import Released, Verdict, release


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a sender has beside the desk: the servers, a way to be stopped, someone to tell.

    progress takes the account about once a second; tell takes a sentence for the person who
    watches, such as what keeps mail from going out.
    """

    servers: Servers
    stop: threading.Event
    progress: Callable[[Account], None] | None = None
    tell: Callable[[str], None] = lambda _: None


def message_maker(desk: Desk, mailing_id: int) -> Callable[[Delivery, datetime], bytes]:
    """Return the function that joins one reader's message from the sealed skeleton."""
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


def ending_of(issue: str, report: DeliveryReport, *, stopped: bool) -> NewsletterError | None:
    """Return how a mailing ended, as the error to end with; None when everybody was sent to.

    A mixed ending is told by its gravest part: unknown, then refused, then left.
    """
    account = report.account
    if account.unknown:
        are = counted(account.unknown, "delivery is unknown", "deliveries are unknown")
        them = "it" if account.unknown == 1 else "them"
        what = f"{are}, a server may hold {them}"
        return UncertainError(what, hint=f'settle {them} with "newsletter settle {issue}"')
    if account.refused or account.expired:
        lost, why = account.refused, "were refused for good"
        if not lost:
            lost, why = account.expired, "were given up after many tries"
        what = f"{lost} of {account.planned} recipients {why}"
        return PermanentError(what, hint=f'see "newsletter log {issue} --recipients"')
    if report.state is MailingState.PAUSED:
        what = f"{issue} is paused: {report.why}"
        return TransientError(what, hint=f'go on with "newsletter resume {issue}"')
    if report.state is MailingState.CANCELLED:
        what = f"{issue} was stopped by hand: {account.cancelled} of {account.planned} get nothing"
        return NothingToDo(what, hint=f'see "newsletter log {issue}"')
    if stopped and account.left:
        what = f"stopped with {account.left} of {account.planned} left"
        return Interrupted(what, hint=f'"newsletter send {issue}" goes on; nobody is mailed twice')
    return waiting_error(issue, report) if account.left else None


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
LOOK_AGAIN = timedelta(seconds=1)  # whether a person pauses, resumes or stops a mailing
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
    mailing_id = mailing.id if mailing else 0
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
            "list frozen",
            extra={"mailing": mailing_id, "issue": issue, "occurrence": occurrence.id},
        )
    with RunRecord(desk, occurrence).step("send") as evidence:
        ending = finish_mailing(desk, issue, mailing_id, sending, patient=patient)
        if ending.account is not None:
            evidence.says(account_line(ending.account))
        _close(desk, occurrence, mailing_id, evidence)
    return ending


def finish_mailing(
    desk: Desk, issue: str, mailing_id: int, sending: Sending, *, patient: bool
) -> Ending:
    """Send a mailing until nothing is left, or, not patient, until nothing is due."""
    over = _over(desk, mailing_id)
    if over is not None:
        return _ending(issue, over, sending)
    retry = RetryPolicy(first=desk.settings.delivery.first_retry)
    # one for all its calls, so that it keeps what servers said
    engine = LocalEngine(desk.database, sending.servers, clock=desk.clock, retry=retry)
    if patient:
        return _finish_patiently(desk, issue, mailing_id, sending, engine)
    try:
        return _ending(issue, _deliver(desk, mailing_id, sending, engine), sending)
    except NewsletterError as error:
        return _failed(desk, mailing_id, error)


def _finish_patiently(
    desk: Desk, issue: str, mailing_id: int, sending: Sending, engine: LocalEngine
) -> Ending:
    told = ""

    def tell(why: str) -> None:
        nonlocal told
        if why and why != told:
            told = why
            sending.tell(f"{issue}: {why}")

    last: Account | None = None
    while True:
        try:
            _hold_late(desk, mailing_id)
            report = _deliver(desk, mailing_id, sending, engine)
        except NewsletterError as error:
            tell(str(error))
            if wait_until(desk, sending, desk.clock.now() + AGAIN_AFTER_FAULT):
                continue
            return _failed(desk, mailing_id, error)
        last = _note(mailing_id, issue, report, last)
        if report.state in _OVER or not last.left:
            return _ending(issue, report, sending)
        if report.state is MailingState.PAUSED:
            engine.forgive()  # once a person lets it go on, who refused it is asked again
        elif refuses_us(report):  # asking again and again mends no password
            _pause(desk, mailing_id, str(report.error))
            continue
        tell(_why_waiting(issue, report))
        if not _wait_for_change(desk, sending, mailing_id, report):
            return _ending(issue, report, sending)


def _note(mailing_id: int, issue: str, report: DeliveryReport, last: Account | None) -> Account:
    if report.account != last:
        extra = {"mailing": mailing_id, "issue": issue, "state": report.state}
        _log.info("progress", extra={**extra, **asdict(report.account)})
    return report.account


def _failed(desk: Desk, mailing_id: int, error: NewsletterError) -> Ending:
    with desk.database.read() as connection:
        return Ending(account=ledger.account(connection, mailing_id), error=error)


def _deliver(desk: Desk, mailing_id: int, sending: Sending, engine: LocalEngine) -> DeliveryReport:
    with desk.database.read() as connection:
        newsletter = ledger.get_mailing(connection, mailing_id).newsletter
    return engine.deliver(
        mailing_id,
        message_for=message_maker(desk, mailing_id),
        envelope_from=newsletter_named(desk.settings, newsletter).sender.address,
        stop=sending.stop,
        progress=sending.progress,
    )


def _over(desk: Desk, mailing_id: int) -> DeliveryReport | None:
    """Return the report of a mailing that needs no server any more; None where it may need one.

    Its newsletter may be gone from newsletter.toml: what was sent is written down all the same.
    """
    with desk.database.write() as connection:
        state = ledger.finish_if_done(connection, mailing_id, now=desk.clock.now())
        account = ledger.account(connection, mailing_id)
    is_over = state in _OVER or (not account.left and account.unknown)
    return DeliveryReport(account=account, state=state) if is_over else None


def _ending(issue: str, report: DeliveryReport, sending: Sending) -> Ending:
    error = ending_of(issue, report, stopped=sending.stop.is_set())
    return Ending(account=report.account, error=error)


def _why_waiting(issue: str, report: DeliveryReport) -> str:
    if report.state is MailingState.PAUSED:
        return f"paused: {report.why}"
    return str(waiting_error(issue, report)) if report.error or report.why else ""


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


def _wait_for_change(desk: Desk, sending: Sending, mailing_id: int, report: DeliveryReport) -> bool:
    """Wait until more is due, or a person pauses, resumes or stops the mailing; as wait_until."""
    due = report.next_due or desk.clock.now()
    while wait_until(desk, sending, desk.clock.now() + LOOK_AGAIN):
        with desk.database.read() as connection:
            state = ledger.get_mailing(connection, mailing_id).state
        is_due = state is MailingState.RUNNING and desk.clock.now() >= due
        if state is not report.state or is_due:
            return True
    return False


def _hold_late(desk: Desk, mailing_id: int) -> None:
    oldest = RetryPolicy().oldest
    hours = f"{oldest.total_seconds() / 3600:.0f} hours"
    with desk.database.write() as connection:
        ledger.pause_if_late(
            connection,
            mailing_id,
            older_than=desk.clock.now() - oldest,
            reason=f"it began more than {hours} ago; a person decides about the rest",
        )


def _pause(desk: Desk, mailing_id: int, reason: str) -> None:
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
