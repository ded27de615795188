"""`test`, `approve`, `schedule`, `unschedule` and `send`: from a ready issue to its mailing."""

import re
from typing import TYPE_CHECKING

import click

from newsletter.app import mail_servers
from newsletter.cli.arguments import by_option, issue_desk, json_option
from newsletter.cli.output import as_json, note, on_terminal, picked
from newsletter.cli.process import stop_on_signals
from newsletter.cli.sending import lacking_passwords, report_ending, send_or_follow
from newsletter.config.load import newsletter_named
from newsletter.model.text import counted
from newsletter.schedule.calendar import is_twofold, parse_local, resolve
from newsletter.workflows.approval.approve_issue import (
    approve_issue,
    schedule_issue,
    unschedule_issue,
)
from newsletter.workflows.approval.send_now import confirm as compare
from newsletter.workflows.approval.send_now import make_due, send_question
from newsletter.workflows.explain.explain_runs import approved_words
from newsletter.workflows.issue.build_issue import proof_recipients, send_test
from newsletter.workflows.issue.check_issue import links_were_checked
from newsletter.workflows.project_files import folder_names, load_issue
from newsletter.workflows.sending.begin_sending import SenderLock

if TYPE_CHECKING:
    from newsletter.config.settings import SmtpSettings
    from newsletter.model.schedule import PlannedTime
    from newsletter.workflows.desk import Desk

_TIME_OF_DAY = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_AT = '"2026-11-24 06:30[:15]", or 06:30 for the issue\'s date.'


def _planned(desk: "Desk", issue: str, at: str) -> "PlannedTime":
    """Read a time in the zone of the issue's newsletter; a time of day means the issue's date."""
    file = load_issue(desk.settings, issue, known=folder_names(desk.settings))
    zone = newsletter_named(desk.settings, file.issue.newsletter).timezone
    is_of_day = _TIME_OF_DAY.fullmatch(at.strip())
    local = parse_local(f"{file.issue.date} {at.strip().zfill(5)}" if is_of_day else at)
    planned = resolve(local, zone)
    if is_twofold(local, zone):
        note(f"{local} comes twice in {zone.key} that day; the first one counts")
    return planned


def _tell_where(desk: "Desk", servers: "tuple[SmtpSettings, ...]") -> None:
    if not desk.settings.smtp:
        note(
            f"no [smtp.*] is set: mail goes into the built-in inbox, {desk.settings.inbox_folder}; "
            "nothing leaves this machine"
        )
    else:
        note(f"by {', '.join(f'{server.host}:{server.port}' for server in servers)}")
        for sentence in lacking_passwords(servers):  # before a hold is waited for in vain
            note(sentence)


@click.command()
@click.argument("issue")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Only this proof address.")
@json_option
def test(issue: str, *, to: tuple[str, ...], json_: bool) -> None:
    """Send a test mail of ISSUE to the proof addresses, and to nobody else."""
    with issue_desk(issue) as (desk, name):
        recipients = proof_recipients(desk, to)
        with mail_servers(desk) as servers:
            sent = send_test(desk, name, recipients, servers[0])
        if json_:
            as_json(
                [
                    {"to": proof.to.spec, "subject": proof.subject, "reply": proof.reply.code}
                    for proof in sent
                ]
            )
        for proof in sent if not json_ else ():
            click.echo(f'"{proof.subject}" went to {proof.to}')
        for sentence in sent[0].marks if sent else ():
            note(f"marked: {sentence}")
        _tell_where(desk, servers)


@click.command()
@click.argument("issue")
@click.option("--at", metavar="TIME", help=f"Plan it too: {_AT}")
@by_option("Who approves")
@json_option
def approve(issue: str, *, at: str | None, by: str, json_: bool) -> None:
    """Seal what ISSUE sends, to whom, and when: what changes afterwards is not sent."""
    with issue_desk(issue) as (desk, name):
        planned = None if at is None else _planned(desk, name, at)
        row = approve_issue(desk, name, by=by, planned=planned)
        goes_out, words = approved_words(desk, row)
        checked = links_were_checked(desk, name)
    if json_:
        as_json(
            {
                **picked(row, "issue fingerprint list recipients"),
                "planned": row.planned_at,
                "goes_out": goes_out,
                **picked(row, "approved_by approved_at"),
            }
        )
        return
    click.echo(
        f"{row.issue} is approved by {row.approved_by} for {counted(row.recipients, 'reader')} "
        f"of the list {row.list}; fingerprint {row.fingerprint[:12]}"
    )
    note(words or f'not planned yet: newsletter schedule {row.issue} --at "YYYY-MM-DD HH:MM"')
    if not checked:
        note(f'links were never checked; run "newsletter recheck {row.issue}"')


@click.command()
@click.argument("issue")
@click.option("--at", required=True, metavar="TIME", help=_AT)
def schedule(issue: str, *, at: str) -> None:
    """Plan ISSUE at one time, in its newsletter's time zone; `newsletter run` sends it."""
    with issue_desk(issue) as (desk, name):
        planned = _planned(desk, name, at)
        approval, broke = schedule_issue(desk, name, planned)
    click.echo(f"{name} is planned for {planned.local} {planned.zone}")
    if approval is not None:
        note(f'approved by {approval.approved_by}; "newsletter run" sends it')
    elif broke:
        note(f"its approval was for another time and is broken: newsletter approve {name}")
    else:
        note(f"it is not approved yet: newsletter approve {name}")


@click.command()
@click.argument("issue")
def unschedule(issue: str) -> None:
    """Take ISSUE's planned time back; it is not sent until it is planned again."""
    with issue_desk(issue) as (desk, name):
        unschedule_issue(desk, name)
    click.echo(f"{name} is not planned any more")


@click.command()
@click.argument("issue")
@click.option("--confirm", type=int, metavar="N", help="The number of recipients, typed before.")
@by_option("Who sends")
@click.option("--json", "json_", is_flag=True, help="Print the account as JSON.")
def send(issue: str, *, confirm: int | None, by: str, json_: bool) -> int:
    """Send ISSUE now, in the foreground; again: to the rest, never twice."""
    with issue_desk(issue) as (desk, name):
        question = send_question(desk, name)
        typed = (
            _ask(question.issue, question.recipients, question.list, begun=question.begun)
            if (confirm is None)
            else confirm
        )
        compare(question, typed)
        # the question is answered first: until then Ctrl-C ends the command at once
        with (
            stop_on_signals() as stop,
            SenderLock(desk.settings.var_folder, f"send {name}") as lock,
        ):
            ending = send_or_follow(
                desk,
                lock,
                stop,
                name,
                make_due=lambda: make_due(desk, name, recipients=typed, by=by),
                tell_where=lambda servers: _tell_where(desk, servers),
            )
    return report_ending(name, ending, json_=json_)


def _ask(issue: str, recipients: int, list_name: str, *, begun: bool) -> int:
    rest = "the rest of " if begun else ""
    if not on_terminal():
        message = (
            f"{rest}{issue} goes to {counted(recipients, 'recipient')}: confirm with --confirm N"
        )
        raise click.UsageError(message)
    click.echo(
        f"{rest}{issue} goes to {counted(recipients, 'reader')} of the list {list_name}.", err=True
    )
    answer = click.prompt("Type the number of recipients to send", type=int, err=True)
    return int(answer)
