"""What is nothing but links: menus, lists of other stories. It leaves a page before it is read.

Such a list is no part of an article (a paragraph that is nothing but a link is noise too), but
where it is longer than the article an extractor may take it for the text, and each walks it again.
"""

from dataclasses import dataclass

import lxml.etree
from lxml.html import HtmlElement

FEWEST_LINKS = 10
LEAST_LINKED = 0.9
_STAYING = frozenset({"html", "body", "main", "article", "head", "tr", "tbody"})


@dataclass(slots=True)
class _Sum:
    """Of an element with all that is in it: characters without spaces, and links with theirs."""

    characters: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: "_Sum") -> None:
        self.characters += other.characters
        self.linked += other.linked
        self.links += other.links

    @property
    def is_list(self) -> bool:
        return self.links >= FEWEST_LINKS and self.linked >= LEAST_LINKED * self.characters


def drop_link_lists(root: HtmlElement) -> bool:
    """Take out the elements with ten links or more and nearly no other text; tell if any was."""
    lists: list[HtmlElement] = []
    open_sums = [_Sum()]
    body = root.find("body")
    if body is None:
        return False
    for event, element in lxml.etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            open_sums.append(_Sum(characters=_length(element.text)))
            continue
        found = open_sums.pop()
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            found.linked = found.characters
            found.links = 1
        around = open_sums[-1]
        around.add(found)
        around.characters += _length(element.tail)
        if found.is_list and element.tag not in _STAYING:
            lists.append(element)
    for element in lists:  # the inner ones first
        element.drop_tree()
    return bool(lists)


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0
