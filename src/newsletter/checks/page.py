"""The final HTML as the checks read it: visible text, links, images. lxml parses it once."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from newsletter.checks.styles.css_values import read_declarations
from newsletter.checks.styles.style_of_page import StyledPage

_UNSEEN = frozenset({"head", "title", "style", "script", "template", "noscript"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "img", "ins", "mark"}
    | {"q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """An ``a`` with an href: address as written, visible text or an image's alt."""

    url: str
    text: str
    element: etree._Element
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One parsed page. text is what is seen, a line feed between blocks; style reads on demand."""

    text: str
    links: tuple[PageLink, ...]
    images: tuple[etree._Element, ...]
    elements: tuple[etree._Element, ...]
    style: StyledPage


def read_page(html: str) -> Page:
    """Read final HTML; anything at all gives a page, if only an empty one."""
    root = _parse(html)
    if root is None:
        return Page(text="", links=(), images=(), elements=(), style=StyledPage(()))
    elements = tuple(root.iter(etree.Element))
    unseen: set[etree._Element] = set()  # these, and all within them
    for element in elements:
        if _hides(element) or element.getparent() in unseen:
            unseen.add(element)
    return Page(
        text=seen_text(root),
        links=tuple(
            PageLink(
                url=element.get("href") or "",
                text=seen_text(element) or _alt_of(element),
                element=element,
                hidden=element in unseen,
            )
            for element in elements
            if element.tag == "a" and element.get("href") is not None
        ),
        images=tuple(element for element in elements if element.tag == "img"),
        elements=elements,
        style=StyledPage(elements),
    )


def seen_text(root: etree._Element) -> str:
    """Return the text that is seen under an element, each block on a line of its own."""
    pieces: list[str] = []
    unseen_in: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            if unseen_in is None and (element.tag in _UNSEEN or _hides(element)):
                unseen_in = element
            if unseen_in is None:
                if element.tag not in _INLINE:
                    pieces.append("\n")
                pieces.append(element.text or "")
            continue
        if event == "end":
            if unseen_in is None and element.tag not in _INLINE:
                pieces.append("\n")
            if unseen_in is element:
                unseen_in = None
        if unseen_in is None and element is not root:
            pieces.append(element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def is_hidden(element: etree._Element) -> bool:
    """Return whether an element or one around it is not shown, by its inline style."""
    return _hides(element) or any(map(_hides, element.iterancestors()))


def inline_style(element: etree._Element) -> Mapping[str, str]:
    """Return what an element's style attribute declares, shorthands written out."""
    declared = read_declarations(element.get("style") or "")
    return {**declared.normal, **declared.important}


def _parse(html: str) -> etree._Element | None:
    data = html.replace("\x00", "\ufffd").encode("utf-8", "replace")
    if not data.strip():
        return None
    try:
        return etree.fromstring(data, etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.ParseError:  # nothing in it that could be an element
        return None


def _alt_of(element: etree._Element) -> str:
    alts = (image.get("alt") or "" for image in element.iter("img"))
    return " ".join(alt for alt in alts if alt)


def _hides(element: etree._Element) -> bool:
    if element.get("hidden") is not None:
        return True
    style = inline_style(element)
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("opacity") in {"0", "0.0"}
        # MJML sets font-size 0 on tables and cells around what has its own: only text counts
        or (element.tag in {"a", "span", "p"} and style.get("font-size") in {"0", "0px"})
    )
