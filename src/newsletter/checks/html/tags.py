"""The tags of HTML source with their offsets, by a scanner of our own; never raises, one pass.

lxml mends what it reads and gives no offsets. This one takes the source as it stands, also the
source inside Outlook's comments, and so is a second opinion on what is in it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

# a comment's beginning; or a tag's name, and whether the tag ends with it
_BEGINNING = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/>]*+)(>?))")
_SPACE_OR_SLASH = re.compile(r"[\s/]*")
# a name; its value between two quotation marks, behind one that is never closed, or bare
_ATTRIBUTE = re.compile(
    r"""([^\s/>=]++|=)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(["'])|([^\s>]*+)))?+[\s/]*+"""
)
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
# the content of these is text up to their end tag
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


class Tag(NamedTuple):
    """A start or end tag: name in lower case, its attributes with references resolved, offset."""

    name: str
    at: int
    closes: bool
    attributes: Mapping[str, str]


@lru_cache(maxsize=64)  # several checks read the same page and the same comments
def tags(source: str) -> tuple[Tag, ...]:
    """Give the tags in order. Comments and declarations are stepped over; what never ends, ends."""
    return tuple(_tags(source))


def _tags(source: str) -> Iterator[Tag]:
    at = 0
    while begun := _BEGINNING.search(source, at):
        at, end = begun.span()
        closes, name, ends = begun.groups()
        if name is None:
            end = source.find("-->", at + 2)
            if end < 0:
                return
            at = end + 3
            continue
        attributes = _NO_ATTRIBUTES
        if not ends:  # most tags are but a name, and all that close
            attributes, end = _attributes(source, end)
        if end < 0:  # the source ends within a tag: a browser drops it
            return
        word = name.lower()
        yield Tag(word, at, bool(closes), attributes)
        at = end
        if word in _RAW and not closes:
            close = re.compile(rf"</{word}(?=[\s/>])", re.IGNORECASE).search(source, at)
            if close is None:
                return
            at = close.start()


def _attributes(source: str, at: int) -> tuple[Mapping[str, str], int]:
    """Read attributes from just after a tag's name; give them and where the tag ends, or -1."""
    found: dict[str, str] = {}
    gap = _SPACE_OR_SLASH.match(source, at)
    at = gap.end() if gap else at
    while one := _ATTRIBUTE.match(source, at):
        name, double, single, endless, bare = one.groups("")
        if endless:
            return found, -1
        found.setdefault(name.lower(), unescape(double or single or bare))
        at = one.end()
    return found, at + 1 if source.startswith(">", at) else -1
