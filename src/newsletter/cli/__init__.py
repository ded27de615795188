"""The command: parses, calls one workflow, prints; a command is imported when it is called."""

import os
import sys
import traceback
from importlib import import_module
from typing import NamedTuple, TextIO

import click

from newsletter import __version__
from newsletter.cli.groups import Group, what_to_write
from newsletter.cli.machine import machine_trouble, name_trouble
from newsletter.cli.output import note
from newsletter.errors import ConfigError, IssueError, NewsletterError

BUG = 70
INTERRUPTED = 130


class Entry(NamedTuple):
    """Where a command lives (module of newsletter.cli, function) and its line in the help."""

    module: str
    function: str
    line: str


COMMANDS = {
    "init": Entry("folder", "init", "make a newsletter folder that runs at once"),
    "fetch": Entry("sources", "fetch", "read the sources that are due, or those named"),
    "sources": Entry("sources", "sources", "each source and how it is doing"),
    "add": Entry("article", "add", "take in one article: a web address, .html or .txt"),
    "articles": Entry("articles", "articles", "what was taken in, and in which issue each ran"),
    "pin": Entry("rulings", "pin", "take articles into the next draft; the first one leads"),
    "block": Entry("rulings", "block", "keep articles and their stories out of every draft"),
    "unpin": Entry("rulings", "unpin", "take pins and blocks back"),
    "draft": Entry("draft", "draft", "write the next issue's file from the articles"),
    "build": Entry("issue", "build", "compose an issue: HTML, text, .eml and a report"),
    "check": Entry("issue", "check", "every check with its evidence; 1 where one blocks"),
    "accept": Entry("issue", "accept", "say that you have read a summary against its source"),
    "recheck": Entry("recheck", "recheck", "ask the sources of an issue again"),
    "preview": Entry("pages", "preview", "see issues in the browser, alive as files change"),
    "studio": Entry("pages", "preview", "the same as preview"),
    "inbox": Entry("pages", "inbox", "the built-in inbox: an SMTP server and a page"),
    "test": Entry("mailing", "test", "send a test mail, to proof addresses only"),
    "approve": Entry("mailing", "approve", "seal what is to be sent, to whom and when"),
    "schedule": Entry("mailing", "schedule", "plan one issue at one time"),
    "unschedule": Entry("mailing", "unschedule", "take a planned time back"),
    "send": Entry("mailing", "send", "send now, in the foreground"),
    "run": Entry("running", "run", "send what is due and read the sources, when it is due"),
    "plan": Entry("planning", "plan", "the next runs and what each would do"),
    "force": Entry("planning", "force", "start the next run of a schedule now"),
    "skip": Entry("planning", "skip", "leave out the next run of a schedule, or a day's"),
    "log": Entry("account", "log", "every run explained, and the account of who got what"),
    "settle": Entry("account", "settle", "decide deliveries in doubt, one by one"),
    "pause": Entry("holding", "pause", "hold a mailing without losing anyone"),
    "resume": Entry("holding", "resume", "go on with a paused mailing"),
    "stop": Entry("holding", "stop", "end a mailing; who is left is not mailed"),
    "subscribers": Entry("subscribers", "subscribers", "the audience: add, import, list"),
    "callouts": Entry("callouts", "callouts", "the appeals: where each stands; verify, close"),
    "doctor": Entry("doctor", "doctor", "what is wrong with the set-up, and how to mend it"),
    "backup": Entry("keeping", "backup", "copy the database, also while run writes"),
    "restore-accept": Entry("keeping", "restore_accept", "a restored backup may send again"),
    "migrate": Entry("folder", "migrate", "bring the database to this version"),
}


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
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, entry.line) for name, entry in COMMANDS.items() if name != "studio"]
            )


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
@click.option("--debug", is_flag=True, help="Show the trace of an error.")
def newsletter(*, debug: bool) -> None:
    """Compose a newsletter, prove it, and send it once, when planned.

    Commands work in the folder that holds newsletter.toml; NEWSLETTER_CONFIG names another file.
    """
    del debug  # read by main()


def _say(message: str, hint: str = "") -> None:
    note(f"error: {message}")
    if hint:
        note(f"hint: {hint}")


def _explain(error: NewsletterError) -> int:
    if isinstance(error, ConfigError | IssueError) and len(error.problems) > 1:
        for problem in error.problems:
            note(f"error: {problem}")
        if error.hint:
            note(f"hint: {error.hint}")
    else:
        _say(str(error), error.hint)
    return error.exit_code


def _internal(error: Exception) -> int:
    """Name a bug in one line; the trace goes to a file, or to the terminal with --debug."""
    from newsletter.cli.trace import internal_error

    note(internal_error(error))
    return BUG


def _run(given: list[str], *, debug: bool) -> int:
    try:
        result = newsletter.main(given, prog_name="newsletter", standalone_mode=False)
    except NewsletterError as error:
        if debug:
            traceback.print_exc()
        return _explain(error)
    except (click.exceptions.Abort, KeyboardInterrupt):
        note("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        message = error.format_message()
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            note(message)
        else:
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
        return _internal(error)
    finally:
        _let_go(sys.stdout)
        _let_go(sys.stderr)
