"""The computed style of a finished mail: what each element looks like on a screen of some kind.

Inline styles, attributes (bgcolor, width, color …), the head's blocks with their media, and what
CSS inherits. Read once for all checks; each view is worked out when first asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lxml import etree

from newsletter.checks.styles.browser import browser_style, from_attributes
from newsletter.checks.styles.css import Rule, Selector, Sheet, Specificity, read_sheet
from newsletter.checks.styles.css_values import Declarations, read_declarations
from newsletter.checks.styles.look import (
    DARK_LINK,
    LINK,
    SMALLEST_SEEN,
    Look,
    first_look,
    look_of,
)
from newsletter.checks.styles.media import Media, View, read_media

MOST_WORK = 2_000_000  # selectors times elements; with more, rules are left out
_NO_TEXT = frozenset({"head", "style", "script", "title", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleBlock:
    """One ``style`` element: its CSS, what it was read as, and its media attribute."""

    css: str
    media: Media
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class PieceOfText:
    """Text as it stands in the markup, the position of its element, its letters and digits."""

    text: str
    at: int
    letters: int

    @property
    def words(self) -> str:
        """The text, its white space squeezed."""
        return " ".join(self.text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A piece of text that is seen in a view, as it looks there."""

    piece: PieceOfText
    look: Look


@dataclass(frozen=True, slots=True)
class _Used:
    """Selectors of one specificity, with their rule and all conditions."""

    specificity: Specificity
    selectors: tuple[Selector, ...]
    rule: Rule
    media: tuple[Media, ...]


class StyledPage:
    """Computed style of every element, by position in document order."""

    def __init__(self, elements: Sequence[etree._Element]) -> None:
        self.elements = elements
        self._looks: dict[View, tuple[Look, ...]] = {}
        self._seen: dict[tuple[View, ...], tuple[Seen, ...]] = {}

    def at(self, element: etree._Element) -> int:
        """Return an element's position in document order."""
        return self._positions[element]

    def around(self, at: int) -> Iterator[int]:
        """Return the positions of an element and of those around it, the nearest first."""
        while at >= 0:
            yield at
            at = self.parents[at]

    @cached_property
    def parents(self) -> Sequence[int]:
        """The position of the element around each, -1 for the root."""
        return [self._positions.get(one.getparent(), -1) for one in self.elements]

    @cached_property
    def blocks(self) -> tuple[StyleBlock, ...]:
        """Its style elements, in order."""
        return tuple(
            StyleBlock(
                css=one.text or "",
                media=read_media(one.get("media") or ""),
                sheet=read_sheet(one.text or ""),
            )
            for one in self.elements
            if one.tag == "style"
        )

    @cached_property
    def is_whole(self) -> bool:
        """Whether rules are used; False where the sheets ask for too much work."""
        return sum(len(one.selectors) for one in self._used) * len(self.elements) <= MOST_WORK

    @property
    def has_dark(self) -> bool:
        """Whether the mail says anything about dark mode, by rule or by colour scheme."""
        return self._takes_dark or self.has_dark_rules

    @property
    def has_dark_rules(self) -> bool:
        """Whether a rule is for dark mode."""
        return any(media.asks_for_dark for used in self._used for media in used.media)

    def looks(self, view: View) -> tuple[Look, ...]:
        """Return the look of each element in a view."""
        if view not in self._looks:
            self._looks[view] = tuple(self._look_at(view))
        return self._looks[view]

    @cached_property
    def texts(self) -> tuple[PieceOfText, ...]:
        """Each piece of text of the body that is not blank, in order."""
        return tuple(self._find_texts())

    def seen(self, *views: View) -> tuple[Seen, ...]:
        """Return each piece of text with letters as it is in the first view in which it is seen."""
        if views not in self._seen:
            self._seen[views] = tuple(self._find_seen(views))
        return self._seen[views]

    @cached_property
    def _positions(self) -> Mapping[etree._Element | None, int]:
        return {one: at for at, one in enumerate(self.elements)}

    @cached_property
    def _used(self) -> Sequence[_Used]:
        """Each rule once for each specificity among its selectors, weakest first."""
        used = [
            _Used(
                rank,
                tuple(one for one in rule.selectors if one.specificity == rank),
                rule,
                rule.media if block.media.always else (*rule.media, block.media),
            )
            for block in self.blocks
            for rule in block.sheet.rules
            for rank in dict.fromkeys(selector.specificity for selector in rule.selectors)
        ]
        return sorted(used, key=lambda one: one.specificity)

    @cached_property
    def _matched(self) -> Sequence[tuple[int, ...]]:
        """For each element the rules that select it, in the order of the cascade."""
        matched: list[list[int]] = [[] for _ in self.elements]
        for index, used in enumerate(self._used if self.is_whole and self.elements else ()):
            found: set[int] = set()
            for path in (one.path for one in used.selectors if one.path is not None):
                found.update(map(self.at, cast("Iterable[Any]", path(self.elements[0]))))
            for at in found:
                matched[at].append(index)
        return list(map(tuple, matched))

    @cached_property
    def _own(self) -> Sequence[tuple[Mapping[str, str], Declarations, bool]]:
        """What each element has before any rule, its inline style, and whether it is a link."""
        known: dict[tuple[object, ...], tuple[Mapping[str, str], Declarations, bool]] = {}
        own = []
        for element in self.elements:
            tag, hints, style = str(element.tag), from_attributes(element), element.get("style")
            is_link = tag == "a" and element.get("href") is not None
            key = (tag, hints, style, is_link)
            if key not in known:
                base = {**browser_style(tag), **dict(hints)}
                known[key] = base, read_declarations(style or ""), is_link
            own.append(known[key])
        return own

    @cached_property
    def _takes_dark(self) -> bool:
        """Whether a meta tag or the root's style says that the mail has dark colours of its own."""
        for element in self.elements:
            if element.tag == "meta" and (element.get("name") or "").lower() == "color-scheme":
                return "dark" in (element.get("content") or "").lower().split()
        for index in self._matched[0] if self._matched else ():
            declared = self._used[index].rule.declarations
            scheme = {**declared.normal, **declared.important}.get("color-scheme", "")
            if "dark" in scheme.split():
                return True
        return False

    def _look_at(self, view: View) -> Iterator[Look]:
        """Compute each look from the one around it; equal cases are computed once."""
        holds = [all(media.holds(view) for media in used.media) for used in self._used]
        dark = view.dark and self._takes_dark
        known: dict[tuple[int, int, tuple[int, ...]], Look] = {}
        looks: list[Look] = []
        first = first_look(dark=dark, width=view.width)
        for at, (own, matched) in enumerate(zip(self._own, self._matched, strict=True)):
            rules = tuple(index for index in matched if holds[index])
            parent = self.parents[at]
            around = looks[parent] if parent >= 0 else first
            key = (id(around), id(own), rules)
            if key not in known:
                known[key] = look_of(around, self._cascaded(own, rules, dark=dark))
            looks.append(known[key])
        return iter(looks)

    def _cascaded(
        self,
        own: tuple[Mapping[str, str], Declarations, bool],
        rules: Sequence[int],
        *,
        dark: bool,
    ) -> Mapping[str, str]:
        """Lay the layers over each other: browser, attributes, rules, inline, then important."""
        base, inline, is_link = own
        laid = dict(base)
        if is_link:
            laid.setdefault("color", str(DARK_LINK if dark else LINK))
        declared = [self._used[index].rule.declarations for index in rules] + [inline]
        for one in declared:
            laid.update(one.normal)
        for one in declared:
            laid.update(one.important)
        if laid.get("color") == "initial":
            laid["color"] = str(first_look(dark=dark, width=0).colour)
        return laid

    def _find_seen(self, views: tuple[View, ...]) -> Iterator[Seen]:
        for piece in self.texts:
            for view in views if piece.letters else ():
                look = self.looks(view)[piece.at]
                if look.is_seen and look.size > SMALLEST_SEEN and not look.is_transparent:
                    yield Seen(piece=piece, look=look)
                    break

    def _find_texts(self) -> Iterator[PieceOfText]:
        open_: list[int] = []
        at, outside = -1, 0
        root = self.elements[0] if self.elements else etree.Element("html")
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            text = element.tail
            if event == "start":
                at += 1
                open_.append(at)
                outside += element.tag in _NO_TEXT
                text = element.text
            elif event == "end":
                open_.pop()
                outside -= element.tag in _NO_TEXT
            if text and open_ and not outside and not text.isspace():
                yield PieceOfText(text, open_[-1], letters_of(text))


def letters_of(text: str) -> int:
    """Count what there is to read: letters and digits."""
    return sum(map(str.isalnum, text))
