"""What commands share: types of arguments, options, and groups that name what was perhaps meant."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click

from newsletter.cli.output import login_name

if TYPE_CHECKING:
    from newsletter.workflows.desk import Desk

MOST_NAME = 200  # characters
MOST_REASON = 1_000
MOST_DIGITS = 15  # of an article's number: no database of ours counts so far
_BREAKING = {"Cc", "Zl", "Zp"}  # control characters and line ends

F = TypeVar("F", bound=Callable[..., object])


class OneLine(click.ParamType[str]):
    """A text of one line without control characters: the records show it as one line."""

    name = "text"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read it, or say what is wrong."""
        text = str(value)
        if any(unicodedata.category(each) in _BREAKING for each in text):
            self.fail("it has a line break or a control character; write one line", param, ctx)
        if len(text) > self._most:
            self.fail(f"it is longer than {self._most:,} characters; shorten it", param, ctx)
        return text


class _ArticleNumber(click.ParamType[int]):
    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            shown = text if len(text) <= MOST_DIGITS else f"{text[:12]}\u2026"
            msg = f'{shown!r} is not an article\'s number; "newsletter articles" shows them'
            self.fail(msg, param, ctx)
        return int(text)


class _Day(click.ParamType[date]):
    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or str(day) != str(value):
            self.fail(f"{value} is not a date; write it as 2026-11-24", param, ctx)
        return day


WHO = OneLine(MOST_NAME)
REASON = OneLine(MOST_REASON)
ARTICLE = _ArticleNumber()
DAY = _Day()
json_option = click.option("--json", "json_", is_flag=True, help="Print as JSON.")


def by_option(who: str) -> Callable[[F], F]:
    """Return the option --by; without it, the login name stands."""
    return click.option(
        "--by",
        type=WHO,
        metavar="NAME",
        callback=lambda _context, _param, value: value or login_name(),
        help=f"{who}; your login name if not given.",
    )


@contextmanager
def issue_desk(issue: str) -> "Iterator[tuple[Desk, str]]":
    """Open the tools of a command about one issue; gives its name too."""
    from newsletter.app import open_desk
    from newsletter.workflows.project_files import issue_name

    with open_desk() as desk:
        yield desk, issue_name(desk.settings, issue)


class Group(click.Group):
    """A group whose error for an unknown command names a near one, or where the list is."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was perhaps meant."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            called = ctx.command_path.removeprefix("newsletter").strip()
            message = f"there is no command called {f'{called} {args[0]}'.strip()}"
            raise click.UsageError(f"{message}; {self.meant(ctx, args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def meant(self, ctx: click.Context, word: str) -> str:
        """Return what a word that is no command may stand for."""
        from difflib import get_close_matches

        near = get_close_matches(word, self.list_commands(ctx), n=1)
        return f'did you mean "{near[0]}"?' if near else f'see "{ctx.command_path} --help"'


def what_to_write(error: click.ClickException) -> str:
    """Return what an option or argument that is missing stands for; "" for other mistakes."""
    if not isinstance(error, click.MissingParameter) or error.param is None or error.ctx is None:
        return ""
    param = error.param
    if isinstance(param, click.Option) and param.help:
        meaning = param.help[:1].lower() + param.help[1:].rstrip(".")
        return f"{param.opts[0]} {param.make_metavar(error.ctx)}: {meaning}"
    return f'see "{error.ctx.command_path} --help"'
