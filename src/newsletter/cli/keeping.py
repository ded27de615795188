"""`backup` and `restore-accept`: keeping the database, and going on with a copy of it."""

from pathlib import Path

import click

from newsletter.cli.output import as_json, login_name, note, rfc3339
from newsletter.cli.texts import WHO


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def backup(file: Path, *, json_: bool) -> None:
    """Copy the database to FILE, whole, also while `run` writes; FILE must not be there yet."""
    from newsletter.app import back_up_database

    size = back_up_database(file)
    if json_:
        as_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"{file} holds the database: {size:,} bytes")


@click.command("restore-accept")
@click.option(
    "--by", type=WHO, metavar="NAME", help="Who accepts it; your login name if not given."
)
@click.option("--json", "json_", is_flag=True, help="Print as JSON.")
def restore_accept(*, by: str | None, json_: bool) -> None:
    """Let a restored database send again; what may have been sent since is held."""
    from newsletter.app import open_desk
    from newsletter.workflows.sending.begin_sending import accept_restored

    with open_desk() as desk:
        accepted = accept_restored(desk, by=login_name() if by is None else by)
    if json_:
        as_json(
            {
                "restored": accepted.is_restored,
                "known_until": rfc3339(accepted.known_until),
                "paused": list(accepted.paused),
                "held": list(accepted.held),
            }
        )
        return
    click.echo("this database may send again, from this machine")
    for issue in accepted.paused:
        note(f'{issue} is paused; "newsletter resume {issue}" sends the rest, "stop" ends it')
    for issue in accepted.held:
        note(f'{issue} is held; "newsletter schedule" plans it anew if it has not gone out')
    if accepted.is_restored:
        note("what was sent after the backup is unknown: look in the mail server's log")
