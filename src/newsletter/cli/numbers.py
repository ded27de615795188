"""The number of an article as a command's argument."""

import click

MOST = 2**53  # no database of ours counts so far


class ArticleNumber(click.ParamType[int]):
    """A number as "newsletter articles" shows them."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read it, or say what is wrong."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and 0 < len(text) < len(str(MOST))):
            shown = text if len(text) <= len(str(MOST)) else f"{text[:12]}\u2026"
            msg = f'{shown!r} is no article\'s number; "newsletter articles" shows them'
            self.fail(msg, param, ctx)
        return int(text)
