"""Selectors of head styles, parsed by cssselect and matched against the elements of a page.

What depends on a person's hand (``:hover``) or stands for no element (``::before``) never matches.
What is not understood is refused when it is read, never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cssselect import parser as css

_LONGEST = 1_000  # characters of a list of selectors
_MOST_NESTED = 8  # brackets within brackets, and compounds in a row
_MOST_COMPOUNDS = 30
_MOST_STEPS = 300  # up or back from an element: lxml nests 255 deep, and no mail has such rows
_BY_HAND = frozenset(
    {"active", "checked", "disabled", "enabled", "focus", "focus-visible", "focus-within", "hover"}
    | {"indeterminate", "target", "visited"}
)

Specificity = tuple[int, int, int]


class UnknownSelector(Exception):  # noqa: N818 (an answer, not an error)
    """A selector that this module does not understand."""


class TooMuchWork(Exception):  # noqa: N818 (an answer, not an error)
    """The selectors of a page ask for more steps than anybody wants to wait for."""


@dataclass(slots=True)
class Work:
    """The steps that are left for matching the selectors of one page."""

    left: int

    def spend(self, steps: int) -> None:
        """Take steps off.

        Raises:
            TooMuchWork: none is left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


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

    @property
    def keys(self) -> tuple[str, ...]:
        """One thing an element must have for it to match: ".class", "tag" or "" for any."""
        if not self.parts:
            return ()
        last = self.parts[0]
        return (*(f".{name}" for name in last.classes), last.tag)[:1]

    def matches(self, at: int, nodes: Nodes, work: "Work") -> bool:
        """Whether the element at a position is selected.

        Raises:
            TooMuchWork: all that was asked of this work together is more than it allows.
        """
        work.spend(1)
        if not self.parts or not self.parts[0].fits(nodes[at]):
            return False
        return len(self.parts) == 1 or _matches(self.parts, at, nodes, work)


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


def _matches(parts: tuple[_Compound, ...], at: int, nodes: Nodes, work: Work) -> bool:
    """Match from the right: each part at each element is tried once, so time is bound."""
    tried: set[tuple[int, int]] = set()
    waiting = [(0, at)]
    while waiting:
        index, at = waiting.pop()
        if (index, at) in tried:
            continue
        tried.add((index, at))
        left = parts[index + 1]
        others = _to_left(parts[index].to_left, at, nodes)
        work.spend(len(others))
        fitting = [other for other in others if left.fits(nodes[other])]
        if fitting and index + 2 == len(parts):
            return True
        waiting += ((index + 1, other) for other in fitting)
    return False


def _to_left(combinator: str, at: int, nodes: Nodes) -> list[int]:
    match combinator:
        case ">":
            return [nodes[at].parent] if nodes[at].parent >= 0 else []
        case "+":
            return [nodes[at].before] if nodes[at].before >= 0 else []
        case "~":
            return _chain(nodes[at].before, "before", nodes)
        case _:
            return _chain(nodes[at].parent, "parent", nodes)


def _chain(at: int, way: Literal["before", "parent"], nodes: Nodes) -> list[int]:
    found: list[int] = []
    while at >= 0 and len(found) < _MOST_STEPS:
        found.append(at)
        at = nodes[at].before if way == "before" else nodes[at].parent
    return found[::-1]  # the nearest is taken from the end first


def _deepest(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    return deepest
