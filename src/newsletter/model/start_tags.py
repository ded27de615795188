"""The start tags of compiled HTML, those within Outlook's comments among them; pure.

Composing and the checks count them alike, so that the number of a tag names it for both.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_START = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>|</([a-zA-Z][a-zA-Z0-9:-]*+)"
)


class StartTag(NamedTuple):
    """A tag: its name in lower case, where it stands, its attributes as written.

    closes is for an end tag, which has none.
    """

    name: str
    at: int
    attributes: str
    closes: bool


def all_tags(html: str) -> Iterator[StartTag]:
    """Return start and end tags in the order of the source."""
    for found in _START.finditer(html):
        if found[1]:
            yield StartTag(found[1].lower(), found.start(), found[2], closes=False)
        else:
            yield StartTag(found[3].lower(), found.start(), "", closes=True)


def start_tags(html: str) -> tuple[StartTag, ...]:
    """Return the start tags alone, in the order of the source."""
    return tuple(tag for tag in all_tags(html) if not tag.closes)
