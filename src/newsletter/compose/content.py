"""What the layout of an issue gives on: the values templates see, and what they must show."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A heading that both parts must show, with the addresses that belong to it, in order."""

    headline: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A numbered block of the mail: the template marks it by number; what it must show."""

    number: int
    name: str
    line: int
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The context, and what is promised to be in the result.

    contents_text is a list of the headlines that a template may put into the text part: no proof
    that the stories themselves are there.
    """

    context: Mapping[str, object]
    blocks: tuple[PlacedBlock, ...]
    contents_text: str
    unsubscribe_html: str
    unsubscribe_text: str
