"""`init` and `migrate`: the folder and its database."""

from pathlib import Path

import click

from newsletter.cli.output import note


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Make a newsletter folder that runs at once.

    It gets the settings, the templates daily, breaking, weekly and plain, a callout and a sample
    issue, and no subscribers.
    """
    from newsletter.workflows.project_files import init_folder

    written = init_folder(directory)
    for name in written:
        click.echo(directory / name)
    step = "" if directory == Path() else f"cd {directory} && "
    note(f"next: {step}newsletter preview 2022-03-16-daily")


@click.command()
def migrate() -> None:
    """Bring the folder's database to this version; makes one where there is none."""
    from newsletter.app import migrate_database

    click.echo(f"the database is at version {migrate_database()}")
