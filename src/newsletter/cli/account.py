"""`log` and `settle`: what became of every run and of every copy."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

import click

from newsletter.app import open_desk
from newsletter.cli.arguments import by_option, issue_desk, json_option
from newsletter.cli.output import NO_BREAK, as_json, note, picked, table, tell, warn
from newsletter.config.load import newsletter_named
from newsletter.errors import NotFound
from newsletter.model.text import counted
from newsletter.workflows.explain.explain_runs import deliveries_of, explain_log, explain_restores
from newsletter.workflows.project_files import issue_name
from newsletter.workflows.sending.begin_sending import stalled
from newsletter.workflows.sending.settle import Decisions, in_doubt
from newsletter.workflows.sending.settle import settle as decide

if TYPE_CHECKING:
    from newsletter.model.records import DeliveryRow
    from newsletter.workflows.desk import Desk
    from newsletter.workflows.explain.explain_runs import RunLine


def _run_object(line: "RunLine") -> dict[str, object]:
    return {
        **picked(line, "newsletter issue planned started ended outcome why note"),
        "steps": [
            {
                "name": step.name,
                "at": step.started,
                "seconds": round(step.seconds, 3),
                "result": step.result,
            }
            for step in line.steps
        ],
        "account": None if line.account is None else asdict(line.account),
        "approved_by": line.approval.approved_by if line.approval else None,
        **picked(line, "changes ways_on"),
    }


def _delivery_object(row: "DeliveryRow") -> dict[str, object]:
    return {"recipient": row.address, **picked(row, "state server code enhanced at")}


def _print_run(desk: "Desk", line: "RunLine") -> None:
    try:
        zone: tzinfo = newsletter_named(desk.settings, line.newsletter).timezone
    except NotFound:  # not in newsletter.toml any more
        zone = UTC
    planned = f"{line.planned.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"
    name = line.issue or f"{line.newsletter}, without an issue"
    head = f"{planned}  {name}  {line.outcome}"
    tell("", f"{head}: {line.why}" if line.why else head, indent=4)
    day = line.planned.astimezone(zone).date()
    if line.note:
        tell("    ", line.note, indent=6)
    if line.approval is not None:
        why = line.approval.broken_why
        broken = f"; broken since: {why}" if why and why not in line.why else ""
        tell(
            "    ",
            f"approved by {line.approval.approved_by}, "
            f"{_moment(line.approval.approved_at.astimezone(zone), day)}, for "
            f"{counted(line.approval.recipients, 'reader')} of the list "
            f"{line.approval.list}{broken}",
            indent=6,
        )
    for change in line.changes:
        click.echo(f"      {change}".rstrip())
    for step in line.steps:
        at = _moment(step.started.astimezone(zone), day)
        tell(f"    {at}  {step.name}  {step.seconds:.2f} s  ", step.result, indent=14)
    if line.account is not None:
        account = asdict(line.account)
        parts = f"{NO_BREAK}+ ".join(
            f"{account[word]}{NO_BREAK}{word}" for word in account if word != "planned"
        )
        tell("    ", f"{account['planned']} planned = {parts}", indent=6)
    for way in line.ways_on:
        tell("    ", way, indent=6)


def _moment(moment: datetime, day: date) -> str:
    return f"{moment:%H:%M:%S}" if moment.date() == day else f"{moment:%a %Y-%m-%d %H:%M:%S}"


@click.command()
@click.argument("issue", required=False)
@json_option
@click.option("--recipients", is_flag=True, help="What became of each recipient (with ISSUE).")
def log(issue: str | None, *, json_: bool, recipients: bool) -> None:
    """What each run did, and who received it."""
    if recipients and issue is None:
        message = "--recipients wants an ISSUE"
        raise click.UsageError(message)
    with open_desk(warn=warn) as desk:
        name = issue_name(desk.settings, issue) if issue else None
        lines = explain_log(desk, name)
        people = {line.issue: deliveries_of(desk, line) for line in lines} if recipients else {}
        if json_:
            objects = [_run_object(line) for line in lines]
            for line, made in zip(lines, objects, strict=True):
                if recipients:
                    made["deliveries"] = [_delivery_object(row) for row in people[line.issue]]
            as_json(objects)
            return
        for sentence in stalled(desk):
            warn(sentence)
        for sentence in explain_restores(desk):
            note(sentence)
        if not lines:
            note(f"{name} has not run yet" if name else "nothing has run yet")
        for line in lines:
            _print_run(desk, line)
            _print_people(people.get(line.issue, ()))
            if not recipients and line.account is not None and line.account.unknown:
                doubtful = [r for r in deliveries_of(desk, line) if str(r.state) == "unknown"]
                _print_people(doubtful)
                note(f'    decide with "newsletter settle {line.issue}"')


def _print_people(rows: "Sequence[DeliveryRow]") -> None:
    if rows:
        table(
            ("    RECIPIENT", "STATE", "SERVER", "REPLY", "AT"),
            [
                (
                    f"    {row.address}",
                    str(row.state),
                    row.server or "-",
                    f"{row.code or '-'} {row.enhanced}".strip(),
                    f"{row.at:%Y-%m-%d %H:%M:%S} UTC" if row.at else "-",
                )
                for row in rows
            ],
        )


@click.command()
@click.argument("issue")
@click.option("--came", multiple=True, metavar="ADDRESS", help="It arrived: count it as sent.")
@click.option("--drop", multiple=True, metavar="ADDRESS", help="Give it up; nothing is sent.")
@click.option("--again", multiple=True, metavar="ADDRESS", help="It did not arrive: send it again.")
@by_option("Who decides")
@click.option("--json", "json_", is_flag=True, help="Print the account as JSON.")
def settle(
    issue: str,
    *,
    came: tuple[str, ...],
    drop: tuple[str, ...],
    again: tuple[str, ...],
    by: str,
    json_: bool,
) -> int:
    """Resolve the uncertain deliveries of ISSUE, one by one: each may or may not have arrived."""
    with issue_desk(issue) as (desk, name):
        decisions = Decisions(came=came, drop=drop, again=again)
        if decisions.pairs():
            account = decide(desk, name, decisions, by=by)
            if json_:
                as_json({"issue": name, "account": asdict(account)})
            else:
                click.echo(f"{len(decisions.pairs())} decided, {account.unknown} still in doubt")
            if again:
                note(f'"newsletter send {name}" or a "newsletter run" sends again')
            return 0
        doubtful = in_doubt(desk, name)
    if json_:
        as_json([_delivery_object(row) for row in doubtful])
    elif not doubtful:
        click.echo(f"nothing of {name} is in doubt")
    else:
        _print_people(doubtful)
        note("check the mail server's log for each; then --came, --drop or --again ADDRESS")
    return 5 if doubtful else 0
