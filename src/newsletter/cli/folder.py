"""`init`, `migrate`, `backup` and `restore-accept`: the folder and its database."""

from pathlib import Path

import click

from newsletter.app import back_up_database, migrate_database, open_desk
from newsletter.cli.arguments import by_option, json_option
from newsletter.cli.output import as_json, can_ask, note, warn
from newsletter.errors import NothingToDo, UserError
from newsletter.workflows.project_files import init_folder
from newsletter.workflows.sending.begin_sending import accept_restored

OURS = {"callouts", "issues", "templates"}


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path | None) -> None:
    """Make a newsletter folder that runs at once.

    It gets the settings, the templates daily, breaking, weekly and plain, a callout and a sample
    issue, and no subscribers. Without DIRECTORY it is made here, where nothing is yet.
    """
    folder = directory or Path()
    if directory is None and _holds_others_files(folder):
        _ask_to_fill(folder)
    written = init_folder(folder)
    places = sorted({name.partition("/")[0] for name in written if "/" in name})
    for place in (*places, *(name for name in written if "/" not in name)):
        click.echo(folder / place)
    step = "" if folder == Path() else f"cd {folder} && "
    note(f"next: {step}newsletter preview 2022-03-16-daily")


def _holds_others_files(folder: Path) -> bool:
    """Return whether files stand there that init would not make: what it left may be completed."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    return bool(names - OURS) and "newsletter.toml" not in names


def _ask_to_fill(folder: Path) -> None:
    if not can_ask():
        msg = "this folder is not empty"
        raise UserError(msg, hint='name a folder: "newsletter init news"; "init ." means this one')
    if not click.confirm(f"{folder.resolve()} is not empty. Make the folder here?", err=True):
        msg = "nothing was made"
        raise NothingToDo(msg)


@click.command()
def migrate() -> None:
    """Bring the folder's database to this version; makes one where there is none."""
    click.echo(f"the database is at version {migrate_database()}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup(file: Path, *, json_: bool) -> None:
    """Copy the database to FILE, whole, also while `run` writes; FILE must not exist yet."""
    size = back_up_database(file, warn=warn)
    if json_:
        as_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"{file} holds the database: {size:,} bytes")


@click.command("restore-accept")
@by_option("Who accepts it")
@json_option
def restore_accept(*, by: str, json_: bool) -> None:
    """Let a restored database send again; what may have been sent since is held."""
    with open_desk() as desk:
        accepted = accept_restored(desk, by=by)
    if json_:
        as_json(
            {
                "restored": accepted.is_restored,
                "known_until": accepted.known_until,
                "paused": accepted.paused,
                "held": accepted.held,
            }
        )
        return
    click.echo("this database may send again, from this machine")
    for issue in accepted.paused:
        note(f'{issue} is paused; "newsletter resume {issue}" sends the rest, "stop" ends it')
    for issue in accepted.held:
        note(f'{issue} is on hold; "newsletter schedule" plans it again if it has not been sent')
    if accepted.is_restored:
        note("what was sent after the backup is unknown: check the mail server's log")
