"""Which template line wrote an element, a tag or a style rule of the page, as composing tells."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from lxml import etree

from newsletter.model.composed import ComposedIssue, StartTag, start_tags

_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.DOTALL)
Named = tuple[str, int]  # a file as shown to the user, and a line


class Wrote:
    """Answers for one composition; it knows nothing where composing was not asked for origins."""

    def __init__(self, composed: ComposedIssue, elements: Sequence[etree._Element]) -> None:
        self._html = composed.html
        self._origins = composed.origins
        self._elements = elements

    @property
    def files(self) -> frozenset[str]:
        """The templates that wrote the page; empty where nobody knows."""
        return frozenset(self._origins.files)

    @cached_property
    def _tags(self) -> tuple[StartTag, ...]:
        return start_tags(self._html)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [tag.at for tag in self._tags]

    @cached_property
    def _tag_of(self) -> Mapping[int, int]:
        """The number of the tag that began each element, by the element's position.

        The parser sees no tag within a comment, and may put in some of its own.
        """
        comments = [one.span() for one in _COMMENT.finditer(self._html)]
        starts = [start for start, _ in comments]
        visible = []
        for number, tag in enumerate(self._tags):
            index = bisect_right(starts, tag.at) - 1
            if index < 0 or tag.at >= comments[index][1]:
                visible.append(number)
        found: dict[int, int] = {}
        at = 0
        for number in visible:
            name = self._tags[number].name
            ahead = at
            while ahead < len(self._elements) and self._elements[ahead].tag != name:
                ahead += 1
            if ahead < len(self._elements) and ahead - at <= _MOST_PUT_IN:
                found[ahead] = number
                at = ahead + 1
        return found

    def element(self, at: int) -> Named | None:
        """Return what wrote an element, by its position in the page."""
        if not self._origins.tags:
            return None
        number = self._tag_of.get(at, -1)
        return self._spot(number)

    def offset(self, at: int) -> Named | None:
        """Return what wrote the tag that stands at an offset of the HTML, or last before it."""
        return self._spot(bisect_right(self._starts, at) - 1) if self._origins.tags else None

    def style(self, css: str, number: int, offset: int) -> Named | None:
        """Return what wrote an offset of the style element that is the number-th from the end."""
        styles = self._origins.styles
        if not 0 < number <= len(styles):
            return None
        spots = styles[-number]
        line = css.count("\n", len(css) - len(css.lstrip()), offset)  # as styles are counted
        return self._origins.named(spots[line]) if line < len(spots) else None

    def _spot(self, number: int) -> Named | None:
        tags = self._origins.tags
        return self._origins.named(tags[number]) if 0 <= number < len(tags) else None


_MOST_PUT_IN = 3  # elements in a row that a parser makes up: html, head, body
