"""Printing: results to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from getpass import getuser
from textwrap import wrap

import click

WIDTH = 80
NO_BREAK = "\u00a0"


def as_json(value: object) -> None:
    """Print one object or array, UTF-8, readable; moments and days as RFC 3339 has them."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_moment))


def _moment(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def picked(value: object, names: str) -> dict[str, object]:
    """Return attributes of a value for JSON, by name; an empty text is null."""
    found = {name: getattr(value, name) for name in names.split()}
    return {name: None if given == "" else given for name, given in found.items()}


def note(sentence: str) -> None:
    """Print what is no result; where nobody can read it any more, go on."""
    with suppress(OSError):
        click.echo(sentence, err=True)


def warn(sentence: str) -> None:
    """Print a mistake that does not stop the command."""
    note(f"warning: {sentence}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns; the last column is not padded."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def lines_of(head: str, text: str, *, indent: int | None = None, next_head: str = "") -> list[str]:
    """Break a text into lines of at most 80 columns, but for longer words.

    head begins the first line, next_head the others. A no-break space holds words together.
    """
    lines = wrap(
        text,
        width=WIDTH,
        initial_indent=head,
        subsequent_indent=next_head or " " * (len(head) if indent is None else indent),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(NO_BREAK, " ") for line in lines]


def tell(head: str, text: str, *, indent: int | None = None) -> None:
    """Print a text as lines_of breaks it."""
    for line in lines_of(head, text, indent=indent):
        click.echo(line)


def login_name() -> str:
    """Return the name a person is logged in by; a record, not proof."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"


def on_terminal() -> bool:
    """Return whether a person watches standard error."""
    return sys.stderr.isatty()


def can_ask() -> bool:
    """Return whether a person is there to answer."""
    return on_terminal() and sys.stdin.isatty()
