"""`callouts`: the appeals and where each stands in its life."""

import click

from newsletter.cli.output import as_json, login_name, note, table
from newsletter.model.callout import CalloutKind, CalloutUse


@click.group(invoke_without_command=True)
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
@click.pass_context
def callouts(context: click.Context, *, json_: bool) -> None:
    """The callouts of this folder; with a command, verify or close one."""
    if context.invoked_subcommand is not None:
        return
    from newsletter.app import open_desk
    from newsletter.workflows.callouts import list_callouts

    with open_desk() as desk:
        uses = list_callouts(desk)
    if json_:
        as_json([_as_object(use) for use in uses])
        return
    if not uses:
        note("no callouts; each is a file in callouts/")
        return
    rows = [
        (use.callout.name, str(use.callout.kind), str(use.status), _verified(use), use.reason)
        for use in uses
    ]
    table(("NAME", "KIND", "STATUS", "VERIFIED", "WHY"), rows)


def _verified(use: CalloutUse) -> str:
    if use.callout.kind is CalloutKind.NOTICE or use.callout.last_verified is None:
        return "-"
    left = "" if use.days_left is None else f", {use.days_left} days left"
    return f"{use.callout.last_verified} by {use.callout.verified_by}{left}"


def _as_object(use: CalloutUse) -> dict[str, object]:
    callout = use.callout
    return {
        "name": callout.name,
        "kind": str(callout.kind),
        "status": str(use.status),
        "why": use.reason or None,
        "days_left": use.days_left,
        "last_verified": callout.last_verified and callout.last_verified.isoformat(),
        "verified_by": callout.verified_by or None,
        "verified_source": callout.verified_source or None,
        "donation_url": callout.donation_url or None,
        "info_url": callout.info_url or None,
    }


@callouts.command()
@click.argument("name")
@click.option("--by", required=True, metavar="WHO", help="Who has checked the appeal.")
@click.option("--source", required=True, metavar="URL", help="The page it was checked against.")
def verify(name: str, *, by: str, source: str) -> None:
    """Write down that NAME was checked today: it takes donations, and its wording is right."""
    from newsletter.app import open_desk
    from newsletter.workflows.callouts import verify_callout

    with open_desk() as desk:
        use = verify_callout(desk, name, by=by, source=source)
    until = "" if use.days_left is None else f"; good for {use.days_left} days"
    click.echo(f"{name} is {use.status}, verified {use.callout.last_verified} by {by}{until}")
    if use.reason:
        note(use.reason)


@callouts.command()
@click.argument("name")
@click.option("--by", metavar="WHO", help="Who closes it; your login name if not given.")
def close(name: str, *, by: str | None) -> None:
    """Write down that NAME has closed; it never opens again."""
    from newsletter.app import open_desk
    from newsletter.workflows.callouts import close_callout

    with open_desk() as desk:
        use = close_callout(desk, name, by=by or login_name())
    click.echo(f"{name} is {use.status}; in an issue it is now: {use.callout.when_closed}")
