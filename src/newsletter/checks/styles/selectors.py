"""Selectors of head styles, parsed by cssselect and matched against the elements of a page.

What depends on a person's hand (``:hover``) or stands for no element (``::before``) never matches.
What is not understood is refused when it is read, never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cssselect import parser as css

_LONGEST = 1_000  # characters of a list of selectors
_MOST_NESTED = 8  # brackets within brackets, and compounds in a row
_MOST_COMPOUNDS = 30
_BY_HAND = frozenset(
    {"active", "checked", "disabled", "enabled", "focus", "focus-visible", "focus-within", "hover"}
    | {"indeterminate", "target", "visited"}
)

Specificity = tuple[int, int, int]


class UnknownSelector(Exception):  # noqa: N818 (an answer, not an error)
    """A selector that this module does not understand."""


class TooMuchWork(Exception):  # noqa: N818 (an answer, not an error)
    """The selectors of a page ask for more steps than anybody wants to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element as selectors see it: positions are those of document order, -1 for none."""

    tag: str
    parent: int
    before: int
    is_last: bool
    classes: frozenset[str]
    attributes: Mapping[str, str]


Nodes = Sequence[Node]
_Test = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class _Compound:
    """What one element must be, and how it stands to the next one to the left ("" for none)."""

    tag: str
    identity: str
    classes: frozenset[str]
    tests: tuple[_Test, ...]
    to_left: str

    def fits(self, node: Node) -> bool:
        return (
            (not self.tag or self.tag == node.tag)
            and self.classes <= node.classes
            and (not self.identity or node.attributes.get("id") == self.identity)
            and all(test(node) for test in self.tests)
        )


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector of a list. parts stand from right to left; without any it matches nothing."""

    text: str
    parts: tuple[_Compound, ...]
    specificity: Specificity


class Elements:
    """The elements of one page as selectors choose among them, sets of them at a time."""

    def __init__(self, nodes: Nodes, work: int) -> None:
        self._nodes = nodes
        self._left = work  # steps for all selectors together
        self._ends = _ends(nodes)
        self._fitting: dict[_Compound, Sequence[int]] = {}
        self._with: dict[str, list[int]] = {"": list(range(len(nodes)))}
        for at, node in enumerate(nodes):
            self._with.setdefault(node.tag, []).append(at)
            for name in node.classes:
                self._with.setdefault(f".{name}", []).append(at)

    def selected(self, selector: Selector) -> Sequence[int]:
        """Return the positions of the elements that a selector selects, in order.

        Raises:
            TooMuchWork: all that was asked of these elements together is more than work allows.
        """
        chosen: Sequence[int] = ()
        for part in reversed(selector.parts):  # from left to right
            found = self._fits(part)
            self._spend(len(chosen) + len(found))
            chosen = self._related(part.to_left, chosen, found) if part.to_left else found
            if not chosen:
                break
        return chosen

    def _fits(self, part: _Compound) -> Sequence[int]:
        found = self._fitting.get(part)
        if found is None:
            name = next(iter(part.classes), "")
            candidates = self._with.get(f".{name}" if name else part.tag, ())
            self._spend(len(candidates))
            found = [at for at in candidates if part.fits(self._nodes[at])]
            self._fitting[part] = found
        return found

    def _related(
        self, combinator: str, chosen: Sequence[int], found: Sequence[int]
    ) -> Sequence[int]:
        """Return those found that stand to one of the chosen as the combinator says."""
        nodes, known = self._nodes, frozenset(chosen)
        match combinator:
            case ">":
                return [at for at in found if nodes[at].parent in known]
            case "+":
                return [at for at in found if nodes[at].before in known]
            case "~":
                firsts = {nodes[at].parent: at for at in reversed(chosen)}
                return [at for at in found if firsts.get(nodes[at].parent, at) < at]
            case _:
                return self._within(chosen, found)

    def _within(self, chosen: Sequence[int], found: Sequence[int]) -> Sequence[int]:
        """Return those found that stand inside one of the chosen; both are in order."""
        within: list[int] = []
        index = end = 0
        for at in found:
            while index < len(chosen) and chosen[index] < at:
                end = max(end, self._ends[chosen[index]])
                index += 1
            if at < end:
                within.append(at)
        return within

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuchWork


def _ends(nodes: Nodes) -> list[int]:
    """Return for each element the position behind the last one inside it."""
    ends = list(range(1, len(nodes) + 1))
    for at in range(len(nodes) - 1, 0, -1):
        around = nodes[at].parent
        if around >= 0:
            ends[around] = max(ends[around], ends[at])
    return ends


@lru_cache(maxsize=1024)
def read_selectors(text: str) -> tuple[Selector, ...]:
    """Read a list of selectors.

    Raises:
        UnknownSelector: for what is no selector, or one we do not know.
    """
    if len(text) > _LONGEST or _deepest(text) > _MOST_NESTED or "\\" in text:
        raise UnknownSelector
    try:
        return tuple(map(_selector, css.parse(text)))
    except css.SelectorError as error:
        raise UnknownSelector from error


def _selector(parsed: css.Selector) -> Selector:
    tree = parsed.parsed_tree
    parts: list[_Compound] = []
    while isinstance(tree, css.CombinedSelector):
        parts.append(_compound(tree.subselector, tree.combinator))
        tree = tree.selector
        if len(parts) > _MOST_COMPOUNDS:
            raise UnknownSelector
    parts.append(_compound(tree, ""))
    never = parsed.pseudo_element is not None or any(_never in part.tests for part in parts)
    a, b, c = parsed.specificity()
    return Selector(parsed.canonical(), () if never else tuple(parts), (a, b, c))


def _compound(tree: css.Tree, to_left: str) -> _Compound:
    tag, identity, classes, tests = "", "", set[str](), list[_Test]()
    while not isinstance(tree, css.Element):
        match tree:
            case css.Class():
                classes.add(tree.class_name)
            case css.Hash():
                identity = tree.id
            case css.Attrib():
                tests.append(_attribute_test(tree))
            case css.Pseudo():
                tests.append(_pseudo_test(tree.ident))
            case css.Negation():
                tests.append(_negation_test(tree.subselector))
            case _:
                raise UnknownSelector
        tree = tree.selector
    if tree.namespace:
        raise UnknownSelector
    tag = (tree.element or "").lower()
    return _Compound(tag, identity, frozenset(classes), tuple(tests), to_left)


def _attribute_test(tree: css.Attrib) -> _Test:  # noqa: PLR0911 (one an operator)
    name = tree.attrib.lower()
    value = (tree.value.value if tree.value is not None else "") or ""
    if tree.namespace:
        raise UnknownSelector
    match tree.operator:
        case "exists":
            return lambda node: name in node.attributes
        case "=":
            return lambda node: node.attributes.get(name) == value
        case "~=":
            return lambda node: bool(value) and value in node.attributes.get(name, "").split()
        case "^=":
            return lambda node: bool(value) and node.attributes.get(name, "").startswith(value)
        case "$=":
            return lambda node: bool(value) and node.attributes.get(name, "").endswith(value)
        case "*=":
            return lambda node: bool(value) and value in node.attributes.get(name, "")
        case "|=":
            return lambda node: (
                node.attributes.get(name) == value
                or node.attributes.get(name, "").startswith(f"{value}-")
            )
        case _:
            raise UnknownSelector


def _pseudo_test(ident: str) -> _Test:
    name = ident.lower()
    if name in _BY_HAND:
        return _never
    match name:
        case "root":
            return lambda node: node.parent < 0
        case "first-child":
            return lambda node: node.before < 0
        case "last-child":
            return lambda node: node.is_last
        case "only-child":
            return lambda node: node.is_last and node.before < 0
        case "link" | "any-link":
            return lambda node: node.tag == "a" and "href" in node.attributes
        case _:
            raise UnknownSelector


def _negation_test(tree: css.Tree) -> _Test:
    inner = _compound(tree, "")
    if _never in inner.tests:
        return lambda _node: True
    return lambda node: not inner.fits(node)


def _never(_node: Node) -> bool:
    return False


def _deepest(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    return deepest
