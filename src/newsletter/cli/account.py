"""`log` and `settle`: what became of every run and of every copy."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import NO_BREAK, as_json, login_name, note, rfc3339, table, tell
from newsletter.cli.texts import WHO
from newsletter.errors import NotFound
from newsletter.model.text import counted

if TYPE_CHECKING:
    from newsletter.model.records import DeliveryRow
    from newsletter.workflows.desk import Desk
    from newsletter.workflows.explain.explain_runs import RunLine


def _run_object(line: "RunLine") -> dict[str, object]:
    return {
        "newsletter": line.newsletter,
        "issue": line.issue or None,
        "planned": rfc3339(line.planned),
        "started": rfc3339(line.started),
        "ended": rfc3339(line.ended),
        "outcome": line.outcome,
        "why": line.why or None,
        "note": line.note or None,
        "steps": [
            {
                "name": step.name,
                "at": rfc3339(step.started),
                "seconds": round(step.seconds, 3),
                "result": step.result,
            }
            for step in line.steps
        ],
        "account": None if line.account is None else asdict(line.account),
        "approved_by": line.approval.approved_by if line.approval else None,
        "changes": list(line.changes),
        "ways_on": list(line.ways_on),
    }


def _delivery_object(row: "DeliveryRow") -> dict[str, object]:
    return {
        "recipient": row.address,
        "state": str(row.state),
        "server": row.server or None,
        "code": row.code,
        "enhanced": row.enhanced or None,
        "at": rfc3339(row.at),
    }


def _print_run(desk: "Desk", line: "RunLine") -> None:
    from newsletter.config.load import newsletter_named

    try:
        zone: tzinfo = newsletter_named(desk.settings, line.newsletter).timezone
    except NotFound:  # not in newsletter.toml any more; its past stays told
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
    """Write a time of day, with its date where that is another than the run's."""
    return f"{moment:%H:%M:%S}" if moment.date() == day else f"{moment:%a %Y-%m-%d %H:%M:%S}"


@click.command()
@click.argument("issue", required=False)
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
@click.option("--recipients", is_flag=True, help="What became of each recipient (with ISSUE).")
def log(issue: str | None, *, json_: bool, recipients: bool) -> None:
    """Every run explained, and the account of who got what."""
    from newsletter.app import open_desk
    from newsletter.workflows.explain.explain_runs import (
        deliveries_of,
        explain_log,
        explain_restores,
    )
    from newsletter.workflows.project_files import issue_name

    if recipients and issue is None:
        message = "--recipients wants an ISSUE"
        raise click.UsageError(message)
    with open_desk() as desk:
        name = issue_name(desk.settings, issue) if issue else None
        lines = explain_log(desk, name)
        people = {line.issue: deliveries_of(desk, line) for line in lines} if recipients else {}
        if json_:
            as_json(
                [
                    _run_object(line)
                    | (
                        {"deliveries": [_delivery_object(row) for row in people[line.issue]]}
                        if recipients
                        else {}
                    )
                    for line in lines
                ]
            )
            return
        for sentence in explain_restores(desk):
            note(sentence)
        if not lines:
            note(f"{name} has not run yet" if name else "nothing has run yet")
        for line in lines:
            _print_run(desk, line)
            _print_people(people.get(line.issue, ()), everybody=recipients)
            if not recipients and line.account is not None and line.account.unknown:
                doubtful = [r for r in deliveries_of(desk, line) if str(r.state) == "unknown"]
                _print_people(doubtful, everybody=True)
                note(f'    decide with "newsletter settle {line.issue}"')


def _print_people(rows: "Sequence[DeliveryRow]", *, everybody: bool) -> None:
    if rows and everybody:
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
@click.option("--by", type=WHO, metavar="NAME", help="Who decides; your login name if not given.")
@click.option("--json", "json_", is_flag=True, help="Print the account as JSON.")
def settle(
    issue: str,
    *,
    came: tuple[str, ...],
    drop: tuple[str, ...],
    again: tuple[str, ...],
    by: str | None,
    json_: bool,
) -> int:
    """Decide the deliveries of ISSUE that may or may not have been taken, one by one."""
    from newsletter.app import open_desk
    from newsletter.workflows.project_files import issue_name
    from newsletter.workflows.sending.settle import Decisions, in_doubt
    from newsletter.workflows.sending.settle import settle as decide

    with open_desk() as desk:
        name = issue_name(desk.settings, issue)
        decisions = Decisions(came=came, drop=drop, again=again)
        if decisions.pairs():
            account = decide(desk, name, decisions, by=by or login_name())
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
        _print_people(doubtful, everybody=True)
        note("look in the mail server's log for each; then --came, --drop or --again ADDRESS")
    return 5 if doubtful else 0
