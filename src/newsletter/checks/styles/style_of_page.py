"""The computed style of a finished mail: what each element looks like on a screen of some kind.

Inline styles, attributes (bgcolor, width, color …), the head's blocks with their media, and what
CSS inherits. Read once for all checks; each view is worked out when first asked for. Time is linear
in the page for a given sheet, and bounded: a sheet that asks for too much is left out and told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from newsletter.checks.styles.css import Rule, Sheet, read_sheet
from newsletter.checks.styles.css_values import Declarations, read_declarations
from newsletter.checks.styles.look import (
    DARK_LINK,
    LINK,
    SMALLEST_SEEN,
    Look,
    browser_style,
    first_look,
    look_of,
)
from newsletter.checks.styles.media import View, read_media
from newsletter.checks.styles.presentation import from_attributes
from newsletter.checks.styles.selectors import Elements, Node, Selector, TooMuchWork

MOST_WORK = 1_000_000  # steps of matching; 12 stories with our own sheets take some 3,000
_CELLS = frozenset({"td", "th"})
_NO_TEXT = frozenset({"head", "style", "script", "title", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleBlock:
    """One ``style`` element: its CSS, where its conditions stand, and what it was read as."""

    css: str
    media: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class _Used:
    """A rule with its place in the cascade: specificity first, then order."""

    rank: tuple[int, int, int, int]
    rule: Rule
    media: str

    @property
    def selectors(self) -> Iterator[Selector]:
        """Those of its selectors that have this specificity."""
        return (one for one in self.rule.selectors if one.specificity == self.rank[:3])


class StyledPage:
    """Computed style of every element, by position in document order."""

    def __init__(self, elements: Sequence[etree._Element]) -> None:
        self._elements = elements
        self._positions: dict[etree._Element, int] | None = None
        self._read: _Read | None = None
        self._looks: dict[tuple[int, bool], tuple[Look, ...]] = {}
        self._texts: tuple[PieceOfText, ...] | None = None
        self._seen: dict[tuple[View, ...], tuple[Seen, ...]] = {}

    @property
    def elements(self) -> Sequence[etree._Element]:
        """The elements in document order."""
        return self._elements

    @property
    def nodes(self) -> Sequence[Node]:
        """The same as selectors see them: each knows the position of the one around it."""
        return self._all().nodes

    @property
    def blocks(self) -> tuple[StyleBlock, ...]:
        """Its style elements, in order."""
        return self._all().blocks

    @property
    def is_whole(self) -> bool:
        """Whether every rule was used; False where the sheets ask for too much work."""
        return self._all().is_whole

    @property
    def has_dark(self) -> bool:
        """Whether the mail says anything about dark mode, by rule or by colour scheme."""
        return self._all().takes_dark or self.has_dark_rules

    @property
    def has_dark_rules(self) -> bool:
        """Whether a rule is for dark mode."""
        return any(
            media.asks_for_dark
            for used in self._all().used
            for media in (*used.rule.media, read_media(used.media))
        )

    def outdone(self) -> Sequence[tuple[Rule, tuple[str, ...]]]:
        """Return rules under a condition with what every element they select sets itself.

        Such a declaration never does anything: without !important a style attribute wins.
        """
        return self._all().outdone()

    def at(self, element: etree._Element) -> int:
        """Return an element's position in document order."""
        if self._positions is None:
            self._positions = {one: at for at, one in enumerate(self._elements)}
        return self._positions[element]

    def looks(self, view: View) -> tuple[Look, ...]:
        """Return the look of each element in a view."""
        key = (view.width, view.dark)
        if key not in self._looks:
            self._looks[key] = tuple(self._all().looks(view))
        return self._looks[key]

    def texts(self) -> tuple["PieceOfText", ...]:
        """Return each piece of text of the body that has anything to read, in order."""
        if self._texts is None:
            self._texts = tuple(self._find_texts())
        return self._texts

    def seen(self, *views: View) -> tuple["Seen", ...]:
        """Return each piece of text with letters in the first of the views in which it is seen."""
        if views not in self._seen:
            self._seen[views] = tuple(self._find_seen(views))
        return self._seen[views]

    def _find_seen(self, views: tuple[View, ...]) -> Iterator["Seen"]:
        looks = [(view, self.looks(view)) for view in views]
        for piece in self.texts():
            if piece.letters == 0:
                continue
            for view, all_looks in looks:
                look = all_looks[piece.at]
                if look.is_seen and look.size > SMALLEST_SEEN and not look.is_transparent:
                    yield Seen(piece=piece, look=look, view=view)
                    break

    def _find_texts(self) -> Iterator["PieceOfText"]:
        if not self._elements:
            return
        open_: list[int] = []
        at, line, outside = -1, 0, 0
        events = ("start", "end", "comment", "pi")
        for event, element in etree.iterwalk(self._elements[0], events=events):
            if event == "start":
                at += 1
                open_.append(at)
                line += element.tag == "br"
                outside += element.tag in _NO_TEXT
                text = element.text
            else:
                if event == "end":
                    open_.pop()
                    outside -= element.tag in _NO_TEXT
                text = element.tail
            if text and open_ and not outside and not text.isspace():
                yield PieceOfText(text, open_[-1], line, letters_of(text))

    def _all(self) -> "_Read":
        if self._read is None:
            self._read = _Read(self._elements)
        return self._read


@dataclass(frozen=True, slots=True)
class PieceOfText:
    """Text as it stands in the markup, and the position of the element it stands in.

    line counts the forced breaks (``br``) before it, letters its letters and digits.
    """

    text: str
    at: int
    line: int
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
    view: View


def letters_of(text: str) -> int:
    """Count what there is to read: letters and digits."""
    return sum(map(str.isalnum, text))


class _Read:
    """What is the same in every view: elements, their own declarations, the rules they match."""

    def __init__(self, elements: Sequence[etree._Element]) -> None:
        self.nodes: list[Node] = []
        self.is_whole = True
        self.takes_dark = False
        self._own_keys: list[int] = []
        self._own: list[tuple[Mapping[str, str], Declarations, bool]] = []
        self._read_elements(elements)
        self.blocks = tuple(_blocks(elements))
        self.used = tuple(_in_order(self.blocks))
        self._matched = self._match()
        self.takes_dark = _takes_dark(elements) or self._root_takes_dark()

    def looks(self, view: View) -> Iterator[Look]:
        """Compute each look from the one around it; equal cases are computed once."""
        holds = [_holds(used, view) for used in self.used]
        dark = view.dark and self.takes_dark
        known: dict[tuple[int, int, tuple[int, ...]], Look] = {}
        sheets: dict[tuple[int, tuple[int, ...]], Mapping[str, str]] = {}
        rules_in_view: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}
        looks: list[Look] = []
        first = first_look(dark=dark, width=view.width)
        for at, node in enumerate(self.nodes):
            matched = self._matched[at]
            rules = rules_in_view.get(matched)
            if rules is None:
                rules = tuple(index for index in matched if holds[index])
                rules_in_view[matched] = rules
            around = looks[node.parent] if node.parent >= 0 else first
            key = (id(around), self._own_keys[at], rules)
            look = known.get(key)
            if look is None:
                sheet_key = (self._own_keys[at], rules)
                if sheet_key not in sheets:
                    sheets[sheet_key] = self._cascaded(*sheet_key, dark=dark)
                look = known[key] = look_of(around, sheets[sheet_key])
            looks.append(look)
        return iter(looks)

    def outdone(self) -> Sequence[tuple[Rule, tuple[str, ...]]]:
        """See StyledPage."""
        chosen: Counter[int] = Counter()
        lost: Counter[tuple[int, str]] = Counter()
        rules: dict[int, Rule] = {}
        for at, matched in enumerate(self._matched):
            inline = self._own[self._own_keys[at]][1]
            for index in matched:
                rule = self.used[index].rule
                if not rule.media and not self.used[index].media:
                    continue
                rules[id(rule)] = rule
                chosen[id(rule)] += 1
                for name, value in rule.declarations.normal.items():
                    own = inline.important.get(name, inline.normal.get(name))
                    lost[id(rule), name] += own is not None and own != value
        return [
            (rule, names)
            for key, rule in rules.items()
            if (names := tuple(n for n in rule.declarations.normal if lost[key, n] == chosen[key]))
        ]

    def _cascaded(self, own_key: int, rules: tuple[int, ...], *, dark: bool) -> Mapping[str, str]:
        """Lay the layers over each other: browser, attributes, rules, inline, then important."""
        base, inline, is_link = self._own[own_key]
        own = dict(base)
        if is_link:
            own.setdefault("color", str(DARK_LINK if dark else LINK))
        for index in rules:
            own.update(self.used[index].rule.declarations.normal)
        own.update(inline.normal)
        for index in rules:
            own.update(self.used[index].rule.declarations.important)
        own.update(inline.important)
        if own.get("color") == "initial":
            own["color"] = str(first_look(dark=dark, width=0).colour)
        return own

    def _read_elements(self, elements: Sequence[etree._Element]) -> None:
        positions: dict[etree._Element, int] = {}
        last_child: dict[int, int] = {}
        cell_padding: list[str] = []
        keys: dict[tuple[object, ...], int] = {}
        no_names: frozenset[str] = frozenset()
        befores: list[int] = []
        parents: list[int] = []
        for at, element in enumerate(elements):
            around = element.getparent()
            parent = positions.get(around, -1) if around is not None else -1
            positions[element] = at
            befores.append(last_child.get(parent, -1))
            parents.append(parent)
            last_child[parent] = at
        lasts = set(last_child.values())
        for at, element in enumerate(elements):
            tag = element.tag
            attributes = {str(name): str(value) for name, value in element.items()}
            parent = parents[at]
            padding = cell_padding[parent] if parent >= 0 else ""
            cell_padding.append(attributes.get("cellpadding", "") if tag == "table" else padding)
            names = attributes.get("class")
            self.nodes.append(
                Node(
                    tag=tag,
                    parent=parent,
                    before=befores[at],
                    is_last=at in lasts,
                    classes=frozenset(names.split()) if names else no_names,
                    attributes=attributes,
                )
            )
            self._own_keys.append(
                self._own_key(keys, tag, attributes, padding if tag in _CELLS else "")
            )

    def _own_key(
        self,
        keys: dict[tuple[object, ...], int],
        tag: str,
        attributes: Mapping[str, str],
        padding: str,
    ) -> int:
        hints = from_attributes(tag, attributes, padding)
        style = attributes.get("style", "")
        is_link = tag == "a" and "href" in attributes
        key = (tag, hints, style, is_link)
        if key not in keys:
            keys[key] = len(self._own)
            base = {**browser_style(tag), **dict(hints)}
            self._own.append((base, read_declarations(style), is_link))
        return keys[key]

    def _match(self) -> list[tuple[int, ...]]:
        """Return for each element the rules that select it, in the order of the cascade."""
        elements = Elements(self.nodes, MOST_WORK)
        matched: list[list[int]] = [[] for _ in self.nodes]
        try:
            for index, used in enumerate(self.used):
                for at in {at for one in used.selectors for at in elements.selected(one)}:
                    matched[at].append(index)
        except TooMuchWork:
            self.is_whole = False
        return list(map(tuple, matched))

    def _root_takes_dark(self) -> bool:
        for index in self._matched[0] if self._matched else ():
            declared = self.used[index].rule.declarations
            scheme = {**declared.normal, **declared.important}.get("color-scheme", "")
            if "dark" in scheme.split():
                return True
        return False


def _blocks(elements: Sequence[etree._Element]) -> Iterator[StyleBlock]:
    for element in elements:
        if element.tag == "style":
            css = element.text or ""
            yield StyleBlock(css=css, media=element.get("media") or "", sheet=read_sheet(css))


def _in_order(blocks: Sequence[StyleBlock]) -> Iterator[_Used]:
    """Return each rule once for each specificity among its selectors, weakest first."""
    used: list[_Used] = []
    for block in blocks:
        for rule in block.sheet.rules:
            for rank in dict.fromkeys(selector.specificity for selector in rule.selectors):
                used.append(_Used((*rank, len(used)), rule, block.media))
    return iter(sorted(used, key=lambda one: one.rank))


def _holds(used: _Used, view: View) -> bool:
    return all(media.holds(view) for media in used.rule.media) and read_media(used.media).holds(
        view
    )


def _takes_dark(elements: Sequence[etree._Element]) -> bool:
    """Return whether a meta tag says that the mail has dark colours of its own."""
    for element in elements:
        if element.tag == "body":
            return False
        if element.tag == "meta" and (element.get("name") or "").lower() == "color-scheme":
            return "dark" in (element.get("content") or "").lower().split()
    return False
