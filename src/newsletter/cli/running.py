"""`run`: send what is due until it is stopped."""

import click


@click.command()
def run() -> None:
    """Send what is due and read the sources, when it is due, until stopped (SIGTERM, Ctrl-C)."""
    from newsletter.cli.run_process import run_until_stopped

    run_until_stopped()
