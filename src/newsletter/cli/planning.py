"""`plan`, `force` and `skip`: the runs to come."""

from datetime import date
from typing import TYPE_CHECKING

import click

from newsletter.cli.days import DAY
from newsletter.cli.output import as_json, login_name, note, rfc3339, tell
from newsletter.cli.texts import WHO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.workflows.explain.explain_plan import PlanLine
    from newsletter.workflows.planning.next_run import Changed


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def plan(*, json_: bool) -> None:
    """The next runs, what each would do as things stand, and what is in the way."""
    from newsletter.app import open_desk
    from newsletter.workflows.explain.explain_plan import barren_schedules, explain_plan

    with open_desk() as desk:
        lines, barren = explain_plan(desk), barren_schedules(desk)
    if json_:
        as_json(
            [
                {
                    "newsletter": line.newsletter,
                    "issue": line.issue or None,
                    "planned": rfc3339(line.planned),
                    "local": line.local,
                    "will": line.will,
                    "in_the_way": list(line.in_the_way),
                    "note": line.note or None,
                    "goes_out": rfc3339(line.goes_out),
                    "changes": list(line.changes),
                    "ways_on": list(line.ways_on),
                }
                for line in lines
            ]
        )
        return
    for sentence in barren:
        note(sentence)
    if not lines and not barren:
        note('nothing is planned; "newsletter schedule ISSUE --at TIME" plans one')
        return
    for line in lines:
        name = line.issue or f"{line.newsletter}, not drafted yet"
        click.echo(f"{line.local}  {name}  {_does(line)}")
        if line.note:
            tell("    ", line.note, indent=6)
        for reason in line.in_the_way:
            tell("    in the way: ", reason, indent=6)
        for change in line.changes:
            click.echo(f"      {change}".rstrip())
        for way in line.ways_on:
            tell("    ", way, indent=6)


def _does(line: "PlanLine") -> str:
    if line.is_going_out:
        return "is going out"
    if line.is_paused:
        return "is paused"
    return "is held" if line.is_held else f"will {line.will}"


def _objects(changed: "Sequence[Changed]") -> list[dict[str, object]]:
    return [
        {
            "newsletter": one.occurrence.newsletter,
            "issue": one.occurrence.issue,
            "scheduled": f"{one.local:%Y-%m-%d %H:%M}",
            "planned": rfc3339(one.occurrence.planned_at),
            "state": str(one.occurrence.state),
            "why": one.occurrence.why or one.occurrence.note or None,
        }
        for one in changed
    ]


@click.command()
@click.argument("newsletter")
@click.option("--by", type=WHO, metavar="NAME", help="Who decides; your login name if not given.")
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def force(newsletter: str, *, by: str | None, json_: bool) -> None:
    """Start the next run of NEWSLETTER's schedule now; `newsletter run` carries it out."""
    from newsletter.app import open_desk
    from newsletter.workflows.planning.next_run import force_next

    with open_desk() as desk:
        changed = force_next(desk, newsletter, by=by or login_name())
    if json_:
        as_json(_objects((changed,))[0])
        return
    click.echo(f"{newsletter}: the run of {changed.local:%Y-%m-%d %H:%M} is due now")
    issue = changed.occurrence.issue
    if changed.broke:
        note(f"its approval was for another time and is broken: newsletter approve {issue}")
    note('"newsletter run" carries it out')


@click.command()
@click.argument("newsletter")
@click.argument("day", type=DAY, required=False, metavar="[DATE]")
@click.option("--undo", is_flag=True, help="Plan again what was skipped and is still to come.")
@click.option("--by", type=WHO, metavar="NAME", help="Who decides; your login name if not given.")
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def skip(newsletter: str, day: date | None, *, undo: bool, by: str | None, json_: bool) -> None:
    """Leave out the next run of NEWSLETTER's schedule, or what it has on DATE."""
    from newsletter.app import open_desk
    from newsletter.workflows.planning.next_run import skip_run, unskip_run

    with open_desk() as desk:
        if undo:
            changed = unskip_run(desk, newsletter, day)
        else:
            changed = skip_run(desk, newsletter, day, by=by or login_name())
    if json_:
        as_json(_objects(changed))
        return
    became = "is planned again" if undo else "is skipped"
    for one in changed:
        click.echo(f"{newsletter}: the run of {one.local:%Y-%m-%d %H:%M} {became}")
