"""The picture of a feed's entry, with its words and who made it; runs in the page child."""

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from newsletter.ingest.feeds.feed_text import (
    MOST_RAW_CHARS,
    has_other_scheme,
    link_address,
    plain_text,
    title_text,
)
from newsletter.ingest.feeds.feed_tree import local_name, namespace
from newsletter.ingest.pages.page_head import picture_address
from newsletter.ingest.safe_text import clean_line

MOST_CREDIT_CHARS = 200

_MEDIA = "http://search.yahoo.com/mrss"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_WIDTH = re.compile("[0-9]{1,5}")
_PICTURE_ENDS = (".jpg", ".jpeg", ".png", ".gif", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's address, its words and its maker, each "" where not stated."""

    url: str = ""
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    url: str
    rank: tuple[int, int]  # the higher the better: kind of element, width in pixels
    element: Element


def take_picture(entry: Element, *, url: str) -> Picture:
    """Return the entry's best picture and take the elements of Media RSS out of the entry.

    Of media:content the widest, then an enclosure, a thumbnail, the picture of iTunes. They are
    taken out since feedparser takes media:title and media:description for the entry's own.
    """
    found = max(
        (candidate for element in entry.iter() for candidate in _candidates(element, base=url)),
        key=lambda candidate: candidate.rank,
        default=None,
    )
    picture = Picture()
    if found is not None:
        picture = Picture(
            url=found.url,
            alt=_words(found.element, entry, "description"),
            credit=_words(found.element, entry, "credit", "copyright")[:MOST_CREDIT_CHARS],
        )
    for element in list(entry.iter()):
        parent = element.getparent()
        if namespace(element).startswith(_MEDIA) and element is not entry and parent is not None:
            parent.remove(element)
    return picture


def picture_url(value: str, *, base: str) -> str:
    """Return the address of a picture that can be asked for; base is the feed's."""
    return "" if has_other_scheme(value) else picture_address(value, base=base)


def _candidates(element: Element, *, base: str) -> list[_Candidate]:
    name, space = local_name(element), namespace(element)
    kind = (element.get("type") or "").casefold()
    value, rank = "", 0
    if space.startswith(_MEDIA):
        if name == "content":
            value = element.get("url") or ""
            rank = 4 if _is_picture(value, kind, element.get("medium") or "") else 0
        elif name == "thumbnail":
            value, rank = element.get("url") or (element.text or ""), 2
    elif name == "enclosure" and not space:
        value = element.get("url") or ""
        rank = 3 if _is_picture(value, kind, "") else 0
    elif name == "link" and element.get("rel") == "enclosure":
        value = element.get("href") or ""
        rank = 3 if _is_picture(value, kind, "") else 0
    elif name == "image":
        value = element.get("href") or "" if space == _ITUNES else _url_inside(element)
        rank = 1
    address = picture_url(value.strip(), base=_base_of(element, base)) if rank and value else ""
    return (
        [_Candidate(url=address, rank=(rank, _width(element)), element=element)] if address else []
    )


def _is_picture(url: str, kind: str, medium: str) -> bool:
    if kind or medium:
        return medium == "image" or (kind.startswith("image/") and "svg" not in kind)
    return url.partition("?")[0].casefold().endswith(_PICTURE_ENDS)


def _url_inside(element: Element) -> str:
    return next((child.text or "" for child in element if local_name(child) == "url"), "")


def _base_of(element: Element, base: str) -> str:
    return link_address(element.base or "", base=base) or base


def _width(element: Element) -> int:
    width = element.get("width") or ""
    return int(width) if _WIDTH.fullmatch(width) else 0


def _words(element: Element, entry: Element, *names: str) -> str:
    """Return the text of a Media RSS element inside the picture's, beside it, or of the entry."""
    places = [element]
    parent = element.getparent()
    while parent is not None and parent is not entry.getparent():
        places.append(parent)
        parent = parent.getparent()
    for place in places:
        for child in place:
            if local_name(child) in names and namespace(child).startswith(_MEDIA) and child.text:
                is_html = child.get("type") == "html"
                text = child.text[:MOST_RAW_CHARS]
                words = plain_text(text) if is_html else title_text(text)
                if clean_line(words):
                    return words
    return ""
