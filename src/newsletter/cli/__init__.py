"""The command: parses, calls one workflow, prints; a command is imported when it is called."""

import os
import sys
import tomllib
import traceback
from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from typing import NamedTuple, TextIO

import click

from newsletter import __version__
from newsletter.cli.arguments import Group, what_to_write
from newsletter.cli.output import note
from newsletter.cli.process import internal_error, machine_trouble, name_trouble
from newsletter.errors import NewsletterError

BUG = 70
INTERRUPTED = 130


class Entry(NamedTuple):
    """Where a command lives (module of newsletter.cli, function) and its line in the help."""

    module: str
    function: str
    line: str


GROUPS: Mapping[str, Mapping[str, Entry]] = {
    title: {name: Entry(*told) for name, told in entries.items()}
    for title, entries in tomllib.loads(
        (files("newsletter.cli") / "commands.toml").read_text("utf-8")
    ).items()
}
COMMANDS = {name: entry for entries in GROUPS.values() for name, entry in entries.items()}
COMMANDS["studio"] = COMMANDS["preview"]  # its older name
_BELOW = {"verify": "callouts", "close": "callouts", "probe": "callouts", "import": "subscribers"}


class _Lazy(Group):
    """A group that knows its commands' names and lines, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name in COMMANDS if name != "studio"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"newsletter.cli.{entry.module}"), entry.function)
        assert isinstance(command, click.Command)  # noqa: S101 (for the type checker)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        for title, entries in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry.line) for name, entry in entries.items()])

    def meant(self, ctx: click.Context, word: str) -> str:
        if word in _BELOW:
            return f'did you mean "newsletter {_BELOW[word]} {word}"?'
        return super().meant(ctx, word)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
@click.option("--debug", is_flag=True, help="Show the trace of an error.")
def newsletter(*, debug: bool) -> None:
    """Write a newsletter, check it, and send it once, on time.

    Commands work in the folder that holds newsletter.toml; NEWSLETTER_CONFIG names another file.
    """
    del debug  # read by main()


def _say(message: str, hint: str = "") -> None:
    for problem in message.splitlines() or ("",):
        note(f"error: {problem}")
    if hint:
        note(f"hint: {hint}")


def _run(given: list[str], *, debug: bool) -> int:  # noqa: PLR0911 (one for each ending)
    try:
        result = newsletter.main(given or ["--help"], prog_name="newsletter", standalone_mode=False)
    except NewsletterError as error:
        if debug:
            traceback.print_exc()
        _say(str(error), error.hint)
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        note("interrupted")
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        message = error.format_message()
        _say(message[:1].lower() + message[1:].rstrip("."), what_to_write(error))
        return 2
    except (BrokenPipeError, SystemExit):
        return INTERRUPTED  # whoever read us is gone: click ends with 1 then, "the answer is no"
    except (OSError, MemoryError, RuntimeError, UnicodeEncodeError) as error:
        trouble = machine_trouble(error) or name_trouble(error, given)
        if trouble is None:
            raise
        if debug:
            traceback.print_exc()
        _say(trouble.sentence, trouble.hint)
        return trouble.exit_code
    return result if isinstance(result, int) else 0


def _let_go(stream: TextIO | None) -> None:
    """Drop what could not be printed: Python would try again at its exit, and end with 120."""
    if stream is None:  # it was closed before we began
        return
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and give its exit code; no traceback reaches a user without --debug."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    try:
        return _run([argument for argument in given if argument != "--debug"], debug=debug)
    except Exception as error:  # noqa: BLE001 (a bug must not read as "the answer is no")
        if debug:
            traceback.print_exc()
        note(internal_error(error))
        return BUG
    finally:
        _let_go(sys.stdout)
        _let_go(sys.stderr)
