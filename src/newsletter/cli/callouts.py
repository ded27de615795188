"""`callouts`: the appeals and where each stands in its life."""

from typing import TYPE_CHECKING

import click

from newsletter.app import open_desk, open_fetcher
from newsletter.cli.arguments import WHO, Group, by_option, json_option
from newsletter.cli.output import as_json, note, picked, table
from newsletter.cli.process import stop_on_signals
from newsletter.issues.markdown import host_of
from newsletter.model.callout import (
    CalloutKind,
    CalloutOccasion,
    CalloutProbe,
    CalloutUse,
    WhenClosed,
)
from newsletter.workflows.callouts.administer import (
    callout_history,
    close_callout,
    list_callouts,
    probe_named,
    verify_callout,
)

if TYPE_CHECKING:
    from newsletter.workflows.callouts.administer import CalloutListed


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def callouts(context: click.Context, *, json_: bool) -> None:
    """The callouts of this folder and their state; with a command, look after one."""
    if context.invoked_subcommand is not None:
        return
    with open_desk() as desk:
        listed = list_callouts(desk)
    if json_:
        as_json([_as_object(one) for one in listed])
        return
    if not listed:
        note("no callouts; each is a file in callouts/")
        return
    rows = [
        (
            one.use.callout.name,
            str(one.use.callout.kind),
            str(one.use.status),
            _verified(one.use),
            f"{one.last_use.issue} ({one.last_use.occasion})" if one.last_use else "-",
            one.use.reason,
        )
        for one in listed
    ]
    table(("NAME", "KIND", "STATUS", "VERIFIED", "LAST USE", "WHY"), rows)


def _verified(use: CalloutUse) -> str:
    if use.callout.kind is CalloutKind.NOTICE or use.callout.last_verified is None:
        return "-"
    left = "" if use.days_left is None else f", {use.days_left} days left"
    return f"{use.callout.last_verified} by {use.callout.verified_by}{left}"


def _as_object(one: "CalloutListed") -> dict[str, object]:
    use, callout = one.use, one.use.callout
    return {
        **picked(callout, "name kind"),
        "status": use.status,
        "why": use.reason or None,
        "days_left": use.days_left,
        **picked(callout, "last_verified verified_by verified_source donation_url info_url"),
        "last_use": one.last_use and picked(one.last_use, "issue occasion at"),
        "probes": [probe_object(probe) for probe in one.probes],
    }


def probe_object(probe: CalloutProbe) -> dict[str, object]:
    """Return how an address answered, for JSON."""
    return {
        **picked(probe, "callout url at"),
        "answer": _answer(probe),
        "status": probe.status or None,
        "final_url": probe.final_url or None,
        "why": probe.problem or None,
    }


def _answer(probe: CalloutProbe) -> str:
    if not probe.was_asked:
        return "could not ask"
    return "well" if probe.is_well else "not well"


@callouts.command()
@click.argument("name", required=False)
@json_option
def probe(name: str | None, *, json_: bool) -> int:
    """Ask whether the addresses of NAME, or of every appeal, answer; exit 1 if one does not."""
    with open_desk() as desk, stop_on_signals() as stop:
        asked = probe_named(desk, name, open_fetcher(desk), say=note, stop=stop)
    if json_:
        as_json([probe_object(one) for one in asked])
    elif asked:
        rows = [(one.callout, one.url, _answer(one), one.problem) for one in asked]
        table(("NAME", "ADDRESS", "ANSWER", "WHY"), rows)
    else:
        note("no appeal to ask for")
    return 1 if any(one.was_asked and not one.is_well for one in asked) else 0


@callouts.command()
@click.argument("name")
@json_option
def history(name: str, *, json_: bool) -> None:
    """The life of NAME: who changed what and when, also by hand in its file."""
    with open_desk() as desk:
        steps = callout_history(desk, name)
    if json_:
        as_json(
            [
                {
                    **picked(step, "at who occasion"),
                    "changes": [
                        {"key": value.key, "from": value.was or None, "to": value.became or None}
                        for value in step.values
                    ],
                }
                for step in steps
            ]
        )
        return
    for step in steps:
        did = "" if step.occasion is CalloutOccasion.SEEN else f"  {step.occasion}"
        click.echo(f"{step.at:%Y-%m-%d %H:%M} UTC  {step.who}{did}")
        for value in step.values:
            click.echo(f"    {value.key}: {value.was or '-'} → {value.became or '-'}")


@callouts.command()
@click.argument("name")
@click.option("--by", type=WHO, required=True, metavar="WHO", help="Who has checked the appeal.")
@click.option("--source", required=True, metavar="URL", help="The page it was checked against.")
def verify(name: str, *, by: str, source: str) -> None:
    """Record that NAME was checked today: it takes donations, and its wording is right."""
    with open_desk() as desk:
        use = verify_callout(desk, name, by=by, source=source)
    hosts = use.callout.allowed_hosts
    if hosts and host_of(source) not in hosts:
        note(
            f"{host_of(source)} is not one of the appeal's own hosts ({', '.join(hosts)}); if that"
            " was a slip, verify it again with the right page"
        )
    until = "" if use.days_left is None else f"; good for {use.days_left} days"
    click.echo(f"{name} is {use.status}, verified {use.callout.last_verified} by {by}{until}")
    if use.reason:
        note(use.reason)


@callouts.command()
@click.argument("name")
@by_option("Who closes it")
def close(name: str, *, by: str) -> None:
    """Record that NAME has closed; it never opens again."""
    with open_desk() as desk:
        use = close_callout(desk, name, by=by)
    shown = "its closed wording" if use.callout.when_closed is WhenClosed.REPLACE else "nothing"
    click.echo(f"{name} is {use.status}; issues that place it show {shown} now")
