"""What mrml knows: components, where they may stand, their attributes and the values of them."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

Attributes = Mapping[str, str]
"""The kind of value of each attribute, by its name; "one of left right" is a closed list."""

_DATA = tomllib.loads((files("newsletter.compose.lint") / "mjml.toml").read_text("utf-8"))
_ONE_OF = "one of "
_WORDS_OF = ("takes", "holds", "ignored")
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = {
    kind: (re.compile(pattern.replace("N", _NUMBER)), words)
    for kind, (pattern, words) in _DATA["kinds"].items()
}


def _attributes_in(table: Mapping[str, str]) -> dict[str, str]:
    listed = [(kind, names) for kind, names in table.items() if kind not in _WORDS_OF]
    return {name: kind for kind, names in listed for name in names.split()}


def _attributes_of(table: Mapping[str, str]) -> Attributes:
    attributes: dict[str, str] = {}
    for group in table.get("takes", "").split():
        attributes |= _attributes_in(_DATA["groups"][group])
    return attributes | _attributes_in(table)


def _that_hold(what: str) -> frozenset[str]:
    return frozenset(name for name, holds in CHILDREN.items() if what in holds)


_TABLES: Mapping[str, Mapping[str, str]] = _DATA["components"]
COMPONENTS: Mapping[str, Attributes] = {
    name: _attributes_of(table) for name, table in _TABLES.items()
}
BODY = frozenset(name for name, attributes in COMPONENTS.items() if "css-class" in attributes)
ANY_ATTRIBUTE: Attributes = {  # what mj-all and mj-class may hold
    name: kind for component in sorted(BODY) for name, kind in COMPONENTS[component].items()
}
CHILDREN: Mapping[str, frozenset[str]] = {
    name: frozenset(table.get("holds", "").split()) for name, table in _TABLES.items()
}
HTML_HOLDERS, STYLE_HOLDERS = _that_hold("html"), _that_hold("css")
WORD_HOLDERS = HTML_HOLDERS | _that_hold("words")
IGNORED = frozenset(
    (tag, name) for tag, table in _TABLES.items() for name in table.get("ignored", "").split()
)


@lru_cache(maxsize=4096)
def wanted(value: str, kind: str) -> str:
    """Return in words what a value should be, "" where it is that; addresses and CSS pass."""
    if kind.startswith(_ONE_OF):
        words = kind.removeprefix(_ONE_OF).split()
        return "" if value in words else " or ".join(f'"{word}"' for word in words)
    if kind in _PATTERNS:
        pattern, words_for = _PATTERNS[kind]
        return "" if pattern.fullmatch(value.strip(" \n\t")) else words_for
    return ""
