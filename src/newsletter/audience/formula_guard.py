"""The "'" that keeps a spreadsheet from running a cell of an exported file as a formula."""

import re

# = + - @ start a formula, tab and line ends hide one; spreadsheets take the full-width twins too.
_GUARDED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """Put a "'" before a cell that would run; unguard gives back exactly the same text."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """Take away the "'" that guard wrote, and no other."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
