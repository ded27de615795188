"""What `send` shows while it works and when it ends."""

import sys
import threading
from dataclasses import asdict

import click

from newsletter.app import new_mailing_key, owner_name
from newsletter.cli.output import as_json, note, on_terminal
from newsletter.config.load import newsletter_named
from newsletter.config.settings import SmtpSettings
from newsletter.errors import Interrupted, NothingToDo, StoreBusy
from newsletter.model.mailing import Account
from newsletter.model.records import OccurrenceRow, OccurrenceState
from newsletter.schedule.runner import ending_sentence
from newsletter.store import occurrences
from newsletter.workflows.carry_out import Ending, account_of, carry_out
from newsletter.workflows.desk import Desk
from newsletter.workflows.release import Verdict
from newsletter.workflows.send_mailing import Sending, doubt_or_refusal
from newsletter.workflows.settle_unknown import mailing_of_or_none

FOLLOW_EVERY_S = 0.5
LINE_EVERY = 10  # calls: about ten seconds between plain lines


class Progress:
    """A line that moves on a terminal; elsewhere a plain line now and then."""

    def __init__(self) -> None:
        self._calls = 0
        self._shown = ""

    def __call__(self, account: Account) -> None:
        """Show how far a mailing is."""
        line = ending_sentence(Ending(account=account))
        if line == self._shown:
            return
        if on_terminal():
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
            sys.stderr.write("\n")


def send_here(
    desk: Desk,
    occurrence: OccurrenceRow,
    servers: tuple[SmtpSettings, ...],
    stop: threading.Event,
) -> Ending:
    """Claim the occurrence and carry it out in this process.

    Raises:
        StoreBusy: another process has taken it.
    """
    progress = Progress()
    now = desk.clock.now()
    with desk.database.write() as connection:
        current = occurrences.get_occurrence(connection, occurrence.id)
        if current.state is OccurrenceState.CLAIMED:  # we hold the lock: its owner is gone
            occurrences.give_back(connection, occurrence.id)
        claimed = occurrences.claim(connection, occurrence.id, owner=owner_name(), now=now)
    if claimed is None and current.state is not OccurrenceState.DONE:
        msg = f"{occurrence.issue} is being sent by another process"
        raise StoreBusy(msg, hint=f'"newsletter log {occurrence.issue}" tells how far it is')
    hold = _hold_note(desk, occurrence)
    if hold:
        note(hold)
    ending = carry_out(
        desk,
        claimed or current,
        Sending(servers=servers, stop=stop, progress=progress),
        new_key=new_mailing_key,
        patient=False,
    )
    progress.end()
    return ending


def _hold_note(desk: Desk, occurrence: OccurrenceRow) -> str:
    hold = newsletter_named(desk.settings, occurrence.newsletter).hold
    begun = mailing_of_or_none(desk, occurrence.issue or "") is not None
    if begun or not hold:
        return ""
    return f"the first copy leaves {hold.total_seconds():.0f} s after the approval; Ctrl-C stops it"


def follow(desk: Desk, occurrence: OccurrenceRow, stop: threading.Event) -> Ending:
    """Watch the ledger until the process that sends has ended this occurrence.

    Raises:
        Interrupted: told to stop watching; the other process goes on.
    """
    progress = Progress()
    issue = occurrence.issue or ""
    while not stop.is_set():
        with desk.database.read() as connection:
            current = occurrences.of_issue(connection, issue)
        mailing = mailing_of_or_none(desk, issue)
        if mailing is not None:
            account = account_of(desk, mailing.id)
            progress(account)
            if not account.left:
                progress.end()
                return Ending(account=account, error=doubt_or_refusal(issue, account))
        elif current is None or current.state in {
            OccurrenceState.HELD,
            OccurrenceState.MISSED,
            OccurrenceState.SKIPPED,
            OccurrenceState.DONE,
        }:
            msg = f"{issue} was not sent: {current.why if current else 'it was unscheduled'}"
            return Ending(error=NothingToDo(msg))
        stop.wait(FOLLOW_EVERY_S)
    msg = f"{issue} is still being sent by the other process"
    raise Interrupted(msg, hint=f'"newsletter log {issue}" tells how far it is')


def report_ending(issue: str, ending: Ending, *, json_: bool) -> int:
    """Print how it ended and give the exit code; an error is raised for main() to print."""
    if json_ and ending.account is not None:
        as_json({"issue": issue, "account": asdict(ending.account)})
    elif not json_:
        click.echo(f"{issue}: {ending_sentence(ending)}")
    if ending.error is not None:
        raise ending.error
    if ending.released is not None:
        verdict, why = ending.released.verdict, ending.released.why
        if verdict is Verdict.STOPPED:
            msg = f"{issue} was stopped before the first copy; nothing was sent"
            raise Interrupted(msg)
        if verdict is not Verdict.FROZEN:
            msg = f"{issue} was not sent: {why}"
            raise NothingToDo(msg)
    return 0
