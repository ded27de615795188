"""`plan`, `force`, `skip`: the runs to come; `pause`, `resume`, `stop`: the brakes of a mailing."""

from datetime import date
from typing import TYPE_CHECKING

import click

from newsletter.app import open_desk
from newsletter.cli.arguments import DAY, by_option, json_option
from newsletter.cli.output import as_json, can_ask, note, picked, tell, warn
from newsletter.errors import NothingToDo, UserError
from newsletter.model.text import counted
from newsletter.workflows.explain.explain_plan import explain_plan
from newsletter.workflows.planning.next_run import force_next, skip_run, unskip_run
from newsletter.workflows.project_files import issue_name
from newsletter.workflows.sending.begin_sending import stalled
from newsletter.workflows.sending.settle import account_to_end, hold_mailing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.records import OccurrenceRow
    from newsletter.workflows.explain.explain_plan import PlanLine


@click.command()
@json_option
def plan(*, json_: bool) -> None:
    """The next runs, what each would do as things are now, and what blocks it."""
    with open_desk() as desk:
        lines, still = explain_plan(desk), stalled(desk)
    if json_:
        keys = "newsletter issue planned local will in_the_way note goes_out changes ways_on"
        as_json([picked(line, keys) for line in lines])
        return
    for sentence in still:
        warn(sentence)
    if not lines:
        note('nothing is planned; "newsletter schedule ISSUE --at TIME" plans one')
        return
    for line in lines:
        name = line.issue or f"{line.newsletter}, not drafted yet"
        click.echo(f"{line.local}  {name}  {_does(line)}")
        if line.note:
            tell("    ", line.note, indent=6)
        head = "warning" if line.will == "send" else "blocked"
        for reason in line.in_the_way:
            tell(f"    {head}: ", reason, indent=6)
        for change in line.changes:
            click.echo(f"      {change}".rstrip())
        for way in line.ways_on:
            tell("    ", way, indent=6)


def _does(line: "PlanLine") -> str:
    if line.is_going_out:
        return "is going out"
    if line.is_paused:
        return "is paused"
    if line.is_held:
        return "is on hold"
    return "will not go out" if line.will == "hold" else f"will {line.will}"


def _objects(changed: "Sequence[OccurrenceRow]") -> list[dict[str, object]]:
    return [
        {
            **picked(one, "newsletter issue"),
            "scheduled": f"{one.local:%Y-%m-%d %H:%M}",
            "planned": one.planned_at,
            "state": one.state,
            "why": one.why or one.note or None,
        }
        for one in changed
    ]


@click.command()
@click.argument("newsletter")
@by_option("Who decides")
@json_option
def force(newsletter: str, *, by: str, json_: bool) -> None:
    """Start the next run of NEWSLETTER's schedule now; `newsletter run` carries it out."""
    with open_desk() as desk:
        changed, broke = force_next(desk, newsletter, by=by)
    if json_:
        as_json(_objects((changed,))[0])
        return
    click.echo(f"{newsletter}: the run of {changed.local:%Y-%m-%d %H:%M} is due now")
    if broke:
        note(f"its approval was for another time and is broken: newsletter approve {changed.issue}")
    note('"newsletter run" carries it out')


@click.command()
@click.argument("newsletter")
@click.argument("day", type=DAY, required=False, metavar="[DATE]")
@click.option("--undo", is_flag=True, help="Plan again what was skipped and is still to come.")
@by_option("Who decides")
@json_option
def skip(newsletter: str, day: date | None, *, undo: bool, by: str, json_: bool) -> None:
    """Leave out the next run of NEWSLETTER's schedule, or what it has on DATE."""
    mistakes: list[str] = []
    with open_desk(warn=mistakes.append) as desk:
        for mistake in mistakes:
            warn(mistake)
        if undo:
            changed = unskip_run(desk, newsletter, day)
        else:
            changed = skip_run(desk, newsletter, day, by=by, plans_ahead=not mistakes)
    if json_:
        as_json(_objects(changed))
        return
    became = "is planned again" if undo else "is skipped"
    for one in changed:
        click.echo(f"{newsletter}: the run of {one.local:%Y-%m-%d %H:%M} {became}")


@click.command()
@click.argument("issue")
def pause(issue: str) -> None:
    """Pause the mailing of ISSUE; nobody is lost or mailed twice."""
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

    It asks first, and without a terminal to ask on it wants --yes. Nothing waits for the answer:
    the mailing goes on until then.
    """
    _change(issue, "stop", "is stopped", asks=not yes)


def _change(issue: str, verb: str, now: str, *, asks: bool = False) -> None:
    with open_desk(warn=warn) as desk:
        name = issue_name(desk.settings, issue)
        account = account_to_end(desk, name) if asks else None
        if account is not None:  # else it cannot be stopped, and the attempt says why
            _ask_to_stop(name, account.sent, account.planned, account.left)
        account = hold_mailing(desk, name, verb)
    rest = f"{account.cancelled:,} cancelled" if verb == "stop" else f"{account.left:,} left"
    click.echo(f"{name} {now}: {account.sent:,} sent, {rest}")


def _ask_to_stop(name: str, sent: int, planned: int, left: int) -> None:
    """Say what would end, and raise unless a person wants it."""
    lost = f"{counted(left, 'reader')} would never get it"
    way_out = f'"newsletter pause {name}" holds it and loses nobody'
    if not can_ask():
        msg = f"stopping {name} ends it for good: {lost}; add --yes if you mean it"
        raise UserError(msg, hint=way_out)
    note(f"{name}: {sent:,} of {planned:,} sent. Stopping ends it for good: {lost}.")
    note(f"{way_out}; --yes does not ask.")
    if not click.confirm(f"Stop {name} for good?", err=True):
        msg = f"{name} is not stopped"
        raise NothingToDo(msg)
