"""What `send` shows while it works and when it ends."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

import click

from newsletter.app import mail_servers, new_mailing_key, owner_name
from newsletter.cli.output import as_json, note, on_terminal
from newsletter.config.load import newsletter_named
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.engine import DeliveryReport
from newsletter.delivery.servers import Servers
from newsletter.errors import Interrupted, NothingToDo, StoreBusy
from newsletter.model.mailing import Account, MailingState
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.model.text import counted
from newsletter.schedule.runner import ending_sentence
from newsletter.store import approvals, ledger, occurrences
from newsletter.workflows.desk import Desk
from newsletter.workflows.sending.begin_sending import SenderLock, begin_sending, take_up
from newsletter.workflows.sending.carry_out import Ending, Sending, carry_out, ending_of
from newsletter.workflows.sending.release import Verdict
from newsletter.workflows.sending.settle import mailing_of_or_none

FOLLOW_EVERY_S = 0.5
LINE_EVERY = 10  # calls: about ten seconds between plain lines


def progress_line(account: Account) -> str:
    """Return how far a mailing that goes on is; what is left of it is no loss yet."""
    if account.left == account.planned:
        return f"sending to {counted(account.planned, 'reader')} …"
    words = ("refused", "suppressed", "expired", "cancelled", "unknown")
    so_far = " so far" if account.left else ""
    parts = [f"{account.sent:,} of {account.planned:,} sent{so_far}"]
    parts += [f"{getattr(account, word):,} {word}" for word in words if getattr(account, word)]
    return ", ".join(parts)


def lacking_passwords(servers: tuple[SmtpSettings, ...]) -> list[str]:
    """Say of each server with a login whose password is not set here what to set."""
    return [
        f"{server.host}:{server.port} wants a password and none is set here; "
        f"set {server.password_env or f'password_env of smtp.{server.name}'}"
        for server in servers
        if server.username and server.password is None
    ]


class Progress:
    """A line that moves on a terminal; elsewhere a plain line now and then."""

    def __init__(self) -> None:
        self._calls = 0
        self._shown = ""

    def __call__(self, account: Account) -> None:
        """Show how far a mailing is."""
        line = progress_line(account)
        if line == self._shown:
            return
        if on_terminal():
            with suppress(OSError):  # the terminal may have gone; that stops no mailing (F32)
                sys.stderr.write(f"\r\x1b[K{line}")
                sys.stderr.flush()
            self._shown = line
        elif self._calls % LINE_EVERY == 0:
            note(line)
            self._shown = line
        self._calls += 1

    def end(self) -> None:
        """Leave the moving line behind."""
        if self._shown and on_terminal():
            with suppress(OSError):
                sys.stderr.write("\n")


def send_or_follow(
    desk: Desk,
    lock: SenderLock,
    stop: threading.Event,
    issue: str,
    *,
    make_due: Callable[[], OccurrenceRow],
    tell_where: Callable[[tuple[SmtpSettings, ...]], None],
) -> Ending:
    """Send an issue here, or follow the process that holds the sender until it has ended.

    Where that process goes away first, the sending is taken over. Raises Interrupted: told to stop
    following; the other process goes on.
    """
    holder = lock.take()
    if holder is not None:
        occurrence = make_due()
        sends_it = holder.command in {"run", f"send {issue}"}
        note(f"{holder} holds the sender{' and sends it; following' if sends_it else '; waiting'}")
        followed = follow(desk, occurrence, lock, stop)
        if followed is not None:
            return followed
        note("it has gone; sending here")
    begin_sending(desk)
    take_up(desk)
    with mail_servers(desk) as servers:  # before anything is planned: it may not be possible
        tell_where(servers)
        return send_here(desk, make_due(), servers, stop)


def send_here(
    desk: Desk, occurrence: OccurrenceRow, servers: tuple[SmtpSettings, ...], stop: threading.Event
) -> Ending:
    """Carry the occurrence out in this process; StoreBusy where another one has taken it."""
    progress = Progress()
    now = desk.clock.now()
    with desk.database.write() as connection:
        claimed = occurrences.claim(connection, occurrence.id, owner=owner_name(), now=now)
        current = claimed or occurrences.get_occurrence(connection, occurrence.id)
    if current.state is OccurrenceState.CLAIMED and claimed is None:
        msg = f"{occurrence.issue} is being sent by another process"
        raise StoreBusy(msg, hint=f'"newsletter log {occurrence.issue}" tells how far it is')
    hold = _hold_note(desk, occurrence)
    if hold:
        note(hold)
    try:
        return carry_out(
            desk,
            current,
            Sending(servers=Servers(servers, clock=desk.clock), stop=stop, progress=progress),
            new_key=new_mailing_key,
            patient=False,
        )
    finally:
        progress.end()  # an error is told on a line of its own


def _hold_note(desk: Desk, occurrence: OccurrenceRow) -> str:
    newsletter = newsletter_named(desk.settings, occurrence.newsletter)
    issue = occurrence.issue or ""
    if not newsletter.hold or mailing_of_or_none(desk, issue) is not None:
        return ""
    with desk.database.read() as connection:
        approval = approvals.standing(connection, issue)
    now = desk.clock.now()
    since = min(approval.approved_at, now) if approval else now  # an automatic one is made now
    out = since + newsletter.hold
    if out <= now:
        return ""
    at = out.astimezone(newsletter.timezone)
    hold = f"{newsletter.hold.total_seconds():.0f} s"
    return f"the first copy leaves at {at:%H:%M:%S}, {hold} after the approval; Ctrl-C stops it"


def follow(
    desk: Desk, occurrence: OccurrenceRow, lock: SenderLock, stop: threading.Event
) -> Ending | None:
    """Watch the ledger until the occurrence has ended; None where the lock is ours then."""
    progress = Progress()
    issue = occurrence.issue or ""
    ours = False
    while not stop.is_set():
        ending = _ending_now(desk, issue, progress)
        if ending is not None or ours:
            progress.end()
            return ending
        ours = lock.take() is None  # then one more look: it may have ended in between
        if not ours:
            stop.wait(FOLLOW_EVERY_S)
    msg = f"{issue} is still being sent by the other process"
    raise Interrupted(msg, hint=f'"newsletter log {issue}" tells how far it is')


def _ending_now(desk: Desk, issue: str, progress: Progress) -> Ending | None:
    with desk.database.read() as connection:
        current = occurrences.of_issue(connection, issue)
        mailing = ledger.mailing_for_issue(connection, issue)
        account = ledger.account(connection, mailing.id) if mailing else None
    if mailing is not None and account is not None:
        progress(account)
        is_held = mailing.state in {MailingState.PAUSED, MailingState.CANCELLED}
        if account.left and not is_held:
            return None
        report = DeliveryReport(account=account, state=mailing.state, why=mailing.why)
        error = ending_of(issue, report, stopped=False)
        return Ending(account=account, error=error)
    if current is not None and current.state in {OccurrenceState.PLANNED, OccurrenceState.CLAIMED}:
        return None
    why = (current.why or str(current.state)) if current else "it was unscheduled"
    return Ending(error=NothingToDo(f"{issue} was not sent: {why}"))


def report_ending(issue: str, ending: Ending, *, json_: bool) -> int:
    """Print how it ended and give the exit code; an error is raised for main() to print."""
    if json_ and ending.account is not None:
        as_json({"issue": issue, "account": asdict(ending.account)})
    elif not json_ and (ending.account is not None or ending.released is not None):
        click.echo(f"{issue}: {ending_sentence(ending)}")
    if ending.error is not None:
        raise ending.error
    if ending.released is not None:
        verdict, why = ending.released.verdict, ending.released.why
        if verdict is Verdict.STOPPED:
            msg = f"{issue} was stopped before the first copy; nothing was sent"
            raise Interrupted(msg, hint=f'"newsletter send {issue}" asks anew')
        if verdict is not Verdict.FROZEN:
            msg = f"{issue} was not sent: {why}"
            raise NothingToDo(msg)
    return 0
