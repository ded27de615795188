"""What a page consists of, by a parser that is not ours: html5lib reads as browsers do.

Two pages are laid side by side: the one that hostile content went into, and its harmless twin.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import html5lib

ADDRESSES = frozenset(
    {
        "href",
        "src",
        "srcset",
        "background",
        "action",
        "formaction",
        "poster",
        "cite",
        "data",
        "longdesc",
        "ping",
    }
)


@dataclass(slots=True)
class Parts:
    """Elements, (element, attribute) pairs, style values, addresses, and comments, counted."""

    elements: Counter[str] = field(default_factory=Counter)
    attributes: Counter[tuple[str, str]] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)
    addresses: Counter[tuple[str, str]] = field(default_factory=Counter)
    comments: int = 0
    text: str = ""


def parts_of(html: str) -> Parts:
    """Take a page apart."""
    parts = Parts()
    words = []
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    nodes: Iterable[Any] = tree.iter()  # a comment's tag is a function
    for node in nodes:
        words += [node.text or "", node.tail or ""] if isinstance(node.tag, str) else []
        if not isinstance(node.tag, str):
            parts.comments += 1
            words.append(node.tail or "")
            continue
        parts.elements[node.tag] += 1
        for name, value in node.attrib.items():
            parts.attributes[node.tag, str(name)] += 1
            if name == "style":
                parts.styles[str(value)] += 1
            elif name in ADDRESSES:
                parts.addresses[str(name), str(value)] += 1
    parts.text = "".join(words)
    return parts


def active_beyond(hostile: Parts, *harmless: Parts) -> list[str]:
    """What a hostile page can do that its harmless twins cannot.

    It may hold what they hold, in other numbers (a text may have more emphasis, or one picture
    less); not one picture, frame or comment more, no other style, no address but of the web.
    """
    found = [
        f"<{name}>"
        for name, count in hostile.elements.items()
        if not any(name in each.elements for each in harmless)
        or (name == "img" and count > max(each.elements[name] for each in harmless))
    ]
    found += [
        f"{tag} {name}"
        for tag, name in hostile.attributes
        if not any((tag, name) in each.attributes for each in harmless)
    ]
    found += [
        f"style {value}"
        for value in hostile.styles
        if not any(value in each.styles for each in harmless)
    ]
    found += [
        f"{name} {value}"
        for name, value in hostile.addresses
        if not any((name, value) in each.addresses for each in harmless)
        and not is_web_address(value, mail=name == "href")
    ]
    if hostile.comments > max(each.comments for each in harmless):
        found.append("a comment")
    return found


def is_web_address(address: str, *, mail: bool = False) -> bool:
    """Return whether an address leads to the web (or to a mail program), read to the letter."""
    if any(ord(char) < 33 or ord(char) > 126 for char in address):
        return False
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return mail
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
