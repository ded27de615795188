"""A name or a reason on the command line: one line, since the records show it as one."""

import unicodedata

import click

MOST_NAME = 200  # characters
MOST_REASON = 1_000
_BREAKING = {"Cc", "Zl", "Zp"}  # control characters and line ends


class OneLine(click.ParamType[str]):
    """A text of one line without control characters, of so many characters at most."""

    name = "text"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read it, or say what is wrong."""
        text = str(value)
        if any(unicodedata.category(each) in _BREAKING for each in text):
            self.fail("it holds a line break or a control character; write one line", param, ctx)
        if len(text) > self._most:
            self.fail(f"it is longer than {self._most:,} characters; shorten it", param, ctx)
        return text


WHO = OneLine(MOST_NAME)
REASON = OneLine(MOST_REASON)
