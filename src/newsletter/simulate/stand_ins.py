"""The pictures of a mail where nothing may be fetched: those kept here, and drawn boxes for others.

A box has the size that the mail gives the picture and says whose place it takes.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import quote, urlsplit

from lxml import etree
from lxml import html as lxml_html

MOST_PX = 2_000
SHAPE = 600 / 1072  # height to width, where a mail leaves the height to the picture
_MOST_NAME = 46  # characters of a label's line
_NUMBER = re.compile(r"([0-9]{1,6})(?:px)?", re.IGNORECASE)
_LABELLED_FROM = 120  # px; a narrower box holds no words


def show_kept(root: etree._Element, kept: Mapping[str, str]) -> None:
    """Point a parsed mail's pictures to where they are kept; the others become boxes.

    Pictures that bring their bytes with them (data:) stay.
    """
    for image, address in _pictures(root):
        image.attrib.pop("srcset", "")
        image.set("src", kept[address] if address in kept else stand_in(image, address))


def addresses_of_pictures(html: str) -> tuple[str, ...]:
    """Return the addresses of a mail's pictures, each once, in order."""
    if not html.strip():
        return ()
    parser = lxml_html.HTMLParser(encoding="utf-8")
    root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    return tuple(dict.fromkeys(address for _, address in _pictures(root)))


def stand_in(image: etree._Element, address: str) -> str:
    """Draw the box for a picture, as a data: address; its alternative text stays beside it."""
    width = _length(image.get("width"), 600)
    height = _length(image.get("height"), max(1, round(width * SHAPE)))
    lines = ""
    if min(width, height * 2) >= _LABELLED_FROM:
        parts = urlsplit(address)
        name = f"{parts.netloc}{parts.path}"
        short = name if len(name) <= _MOST_NAME else f"{name[:20]}…{name[-25:]}"
        size = max(9, min(20, round(width / 26)))
        lines = "".join(
            f'<text x="50%" y="{height / 2 + shift:.0f}" font-size="{size}">{escape(words)}</text>'
            for shift, words in ((-4, "picture not kept here"), (size + 2, short))
        )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="Liberation Sans, Arial, sans-serif"'
        ' fill="#4a4740" text-anchor="middle">'
        '<rect width="100%" height="100%" fill="#d9d5cb"/>'
        f'<path d="M0 0L{width} {height}M{width} 0L0 {height}" stroke="#c6c1b5"/>'
        '<rect x=".5" y=".5" width="99.9%" height="99.9%" fill="none" stroke="#8c867b"/>'
        f"{lines}</svg>"
    )
    return f"data:image/svg+xml,{quote(drawn)}"


def _pictures(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for image in root.iter("img"):
        address = (image.get("src") or "").strip()
        if address and not address.lower().startswith("data:"):
            yield image, address


def _length(value: str | None, otherwise: int) -> int:
    """Read an attribute's number of CSS px; a share or a word is no number."""
    found = _NUMBER.fullmatch((value or "").strip())
    return min(max(1, int(found[1])), MOST_PX) if found else otherwise
