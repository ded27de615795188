"""`pause`, `resume` and `stop`: a mailing that is held, goes on, or ends for good."""

import sys

import click

from newsletter.cli.output import note, on_terminal
from newsletter.errors import NothingToDo
from newsletter.model.text import counted


def _change(issue: str, verb: str, now: str) -> None:
    from newsletter.app import open_desk
    from newsletter.workflows.project_files import issue_name
    from newsletter.workflows.sending.settle import hold_mailing

    with open_desk() as desk:
        name = issue_name(desk.settings, issue)
        account = hold_mailing(desk, name, verb)
    rest = f"{account.cancelled:,} cancelled" if verb == "stop" else f"{account.left:,} left"
    click.echo(f"{name} {now}: {account.sent:,} sent, {rest}")


@click.command()
@click.argument("issue")
def pause(issue: str) -> None:
    """Hold the mailing of ISSUE; nobody is lost or mailed twice."""
    _change(issue, "pause", "is paused")


@click.command()
@click.argument("issue")
def resume(issue: str) -> None:
    """Let the mailing of ISSUE go on; `run` or `send` sends the rest."""
    _change(issue, "resume", "may go on")
    note(f'"newsletter run" or "newsletter send {issue}" sends the rest')


@click.command()
@click.argument("issue")
@click.option("--yes", is_flag=True, help="Do not ask.")
def stop(issue: str, *, yes: bool) -> None:
    """End the mailing of ISSUE for good; who is left is not mailed.

    On a terminal it asks first. Nothing waits for the answer: the mailing goes on until then.
    """
    if not yes and on_terminal() and sys.stdin.isatty():
        _ask_to_stop(issue)
    _change(issue, "stop", "is stopped")


def _ask_to_stop(issue: str) -> None:
    """Return what would end, and end the command where a person does not want it.

    Raises:
        NothingToDo: the answer is no.
    """
    from newsletter.app import open_desk
    from newsletter.workflows.project_files import issue_name
    from newsletter.workflows.sending.settle import account_to_end

    with open_desk() as desk:
        name = issue_name(desk.settings, issue)
        account = account_to_end(desk, name)
    if account is None:
        return  # it cannot be stopped, and the attempt says why
    note(
        f"{name}: {account.sent:,} of {account.planned:,} sent. Stopping ends it for good: "
        f"{counted(account.left, 'reader')} would never get it."
    )
    note(f'"newsletter pause {name}" holds it and loses nobody; --yes does not ask.')
    if not click.confirm(f"Stop {name} for good?", err=True):
        msg = f"{name} is not stopped"
        raise NothingToDo(msg)
