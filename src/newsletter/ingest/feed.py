"""Read a feed's bytes into its entries, and the feeds that a page names, in the child."""

import re
from collections.abc import Iterator
from datetime import datetime

import lxml.etree
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from trafilatura.utils import detect_encoding

from newsletter.ingest.decoding import clean_line, decode_page, words_of
from newsletter.ingest.feed_fields import (
    MOST_RAW_CHARS,
    has_other_scheme,
    language_tag,
    link_address,
    moment,
    paragraphs_of,
    plain_text,
    title_text,
)
from newsletter.ingest.feed_json import MOST_GUID_CHARS, read_json_feed
from newsletter.ingest.feed_markup import ITUNES, MEDIA, feed_tree, local_name, namespace
from newsletter.ingest.identity import web_address, without_trackers
from newsletter.ingest.page_head import author_line, picture_address
from newsletter.ingest.page_reading import tree_of_page
from newsletter.model.source import Feed, FeedEntry, FoundFeed

MOST_TTL_S = 7 * 24 * 3600
MOST_TEXT_CHARS = 500_000
MOST_CREDIT_CHARS = 200
FEWEST_WORDS_OF_TEXT = 150  # a description with as many is the article, not its summary

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NUMBER = re.compile("[0-9]{1,7}")
_PERIODS_S = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
_PICTURE_ENDS = (".jpg", ".jpeg", ".png", ".gif", ".webp")
# The two ways in which RSS writes an author with an address of mail.
_MAIL_AUTHOR = re.compile(r"[^\s()<>@]{1,250}@[^\s()<>@]{1,250}\s{1,10}\(([^()]{1,250})\)")
_AUTHOR_MAIL = re.compile(r"([^()<>@]{1,250}) <[^\s()<>@]{1,250}@[^\s()<>@]{1,250}>")


def read_feed(raw: bytes, *, url: str, content_type: str, now: datetime) -> Feed:
    """Read a feed; ValueError says in a sentence part why it is none, or must not be read."""
    text = decode_page(raw, detect=detect_encoding, header=content_type, noun="a feed")
    text = text.lstrip("\ufeff").strip()
    if text.startswith(("{", "[")):
        return read_json_feed(text, url=url, now=now)
    tree = feed_tree(text)
    title = _title(tree.about, is_atom=tree.kind == "Atom")
    language = _first(tree.about, "language") or tree.about.get(_XML_LANG, "")
    reader = _EntryReader(
        is_atom=tree.kind == "Atom", site=title, language=language_tag(language), url=url, now=now
    )
    return Feed(
        kind=tree.kind,
        title=title,
        url=url,
        language=reader.language,
        ttl_s=_ttl_s(tree.about),
        entries=tuple(reader.read(entry, n) for n, entry in enumerate(tree.entries)),
        notes=tuple(tree.notes),
    )


class _EntryReader:
    def __init__(self, *, is_atom: bool, site: str, language: str, url: str, now: datetime) -> None:
        self.is_atom = is_atom
        self.site = site
        self.language = language
        self.url = url
        self.now = now

    def read(self, entry: Element, position: int) -> FeedEntry:
        summary = next(_children(entry, "description", "summary"), None)
        published = self._moment(entry, "pubDate", "published", "issued", "date", "created")
        updated = self._moment(entry, "updated", "modified")
        image, image_alt, image_credit = self._picture(entry)
        language = _first(entry, "language") or entry.get(_XML_LANG, "")
        about = str(entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", ""))
        return FeedEntry(
            position=position,
            title=_title(entry, is_atom=self.is_atom),
            url=without_trackers(next(filter(None, self._addresses(entry)), "")),
            guid=clean_line(_first(entry, "guid", "id") or about)[:MOST_GUID_CHARS],
            author=author_line([plain_text(name) for name in _authors(entry)], site=self.site),
            summary=_summary(summary, is_atom=self.is_atom),
            html=_full_text(entry, summary),
            published=published or updated,
            updated=updated if published else "",
            image=image,
            image_alt=image_alt,
            image_credit=image_credit,
            language=language_tag(language) or self.language,
        )

    def _moment(self, entry: Element, *names: str) -> str:
        found = (moment(child.text or "", now=self.now) for child in _children(entry, *names))
        return next(filter(None, found), "")

    def _addresses(self, entry: Element) -> Iterator[str]:
        yield web_address(_first(entry, "origLink"))
        for link in _children(entry, "link"):
            if link.get("rel", "alternate") == "alternate":
                yield link_address(link.get("href") or link.text or "", base=self._base(link))
        for guid in _children(entry, "guid"):
            # It is an address unless it says not (RSS 2.0, guid).
            if (guid.get("isPermaLink") or "true").strip().casefold() == "true":
                yield web_address(guid.text or "")

    def _base(self, element: Element) -> str:
        return link_address(element.base or "", base=self.url) or self.url

    def _picture(self, entry: Element) -> tuple[str, str, str]:
        """Return address, words and maker of the entry's best picture, the widest first."""
        best = ((0, 0), "", entry)
        for element in entry.iter("*"):
            rank, value = _picture_in(element)
            width = element.get("width") or ""
            place = (rank, int(width) if _NUMBER.fullmatch(width) else 0)
            if value and place > best[0] and not has_other_scheme(value):
                address = picture_address(value, base=self._base(element))
                best = (place, address, element) if address else best
        _, address, element = best
        if not address:
            return "", "", ""
        credit = _media_words(element, entry, "credit", "copyright")[:MOST_CREDIT_CHARS]
        return address, _media_words(element, entry, "description"), credit


def _children(parent: Element, *names: str) -> Iterator[Element]:
    """Return an element's children of these names; its own namespace first, Media RSS never."""
    found = [
        child
        for name in names
        for child in parent
        if local_name(child) == name and not namespace(child).startswith(MEDIA)
    ]
    return iter(sorted(found, key=lambda child: namespace(child) != namespace(parent)))


def _first(parent: Element, *names: str) -> str:
    return next((child.text or "" for child in _children(parent, *names)), "")


def _markup(element: Element) -> str:
    if not len(element):
        return (element.text or "")[:MOST_TEXT_CHARS]
    for inner in element.iter("*"):
        inner.tag = local_name(inner)
    lxml.etree.cleanup_namespaces(element)
    parts = [lxml.etree.tostring(child, encoding="unicode", method="html") for child in element]
    return ((element.text or "").strip() + "".join(parts).strip())[:MOST_TEXT_CHARS]


def _is_plain(element: Element) -> bool:
    return element.get("type", "text") in {"text", "text/plain"} and not len(element)


def _title(parent: Element, *, is_atom: bool) -> str:
    element = next(_children(parent, "title"), None)
    if element is None:
        return ""
    return title_text(_markup(element), is_literal=is_atom and _is_plain(element))


def _summary(element: Element | None, *, is_atom: bool) -> str:
    if element is None:
        return ""
    text = _markup(element)
    if is_atom and _is_plain(element) and "</" not in text:
        return plain_text(paragraphs_of(text))
    return plain_text(text)


def _full_text(entry: Element, summary: Element | None) -> str:
    """Return the longest content, or a description that is long enough to be one."""
    best, text = None, ""
    for element in _children(entry, "encoded", "content"):
        kind = element.get("type", "html")
        found = _markup(element) if "html" in kind or kind.startswith("text") else ""
        if len(found) > len(text):
            best, text = element, found
    if best is None and summary is not None:
        found = _markup(summary)
        best, text = (
            (summary, found) if len(words_of(found)) >= FEWEST_WORDS_OF_TEXT else (None, "")
        )
    is_plain = best is not None and best.get("type") in {"text", "text/plain"}
    return paragraphs_of(text) if is_plain and "</" not in text else text


def _authors(entry: Element) -> Iterator[str]:
    for element in _children(entry, "author", "creator"):
        stated = (_first(element, "name") or element.text or "").strip()[:MOST_RAW_CHARS]
        found = _MAIL_AUTHOR.fullmatch(stated) or _AUTHOR_MAIL.fullmatch(stated)
        yield found[1] if found else stated


def _picture_in(element: Element) -> tuple[int, str]:
    name, space = local_name(element), namespace(element)
    kind, medium = (element.get("type") or "").casefold(), element.get("medium") or ""
    url = (element.get("url") or element.get("href") or "").strip()
    is_picture = medium == "image" or (kind.startswith("image/") and "svg" not in kind)
    if not kind and not medium:
        is_picture = url.partition("?")[0].casefold().endswith(_PICTURE_ENDS)
    if space.startswith(MEDIA):
        if name == "content" and is_picture:
            return 4, url
        return (2, url or (element.text or "").strip()) if name == "thumbnail" else (0, "")
    if name == "enclosure" or (name == "link" and element.get("rel") == "enclosure"):
        return (3, url) if is_picture else (0, "")
    if name == "image":
        return 1, url if space == ITUNES else _first(element, "url").strip()
    return 0, ""


def _media_words(element: Element, entry: Element, *names: str) -> str:
    around = [element]
    while around[-1] is not entry and (parent := around[-1].getparent()) is not None:
        around.append(parent)
    for child in (child for place in around for child in place):
        if local_name(child) in names and namespace(child).startswith(MEDIA):
            text = (child.text or "")[:MOST_RAW_CHARS]
            words = plain_text(text) if child.get("type") == "html" else title_text(text)
            if words:
                return words
    return ""


def _ttl_s(about: Element) -> int:
    """Return the feed's own wish: RSS's ttl in minutes, else sy:updatePeriod by its frequency."""
    seconds = 60 * _number(_first(about, "ttl"))
    if not seconds:
        period = _PERIODS_S.get(_first(about, "updatePeriod").strip().casefold(), 0)
        seconds = period // max(1, _number(_first(about, "updateFrequency")))
    return min(seconds, MOST_TTL_S)


def _number(text: str) -> int:
    digits = text.strip()
    return int(digits) if _NUMBER.fullmatch(digits) else 0


MOST_FEEDS = 20

_KINDS = {
    "application/rss+xml": "RSS",
    "application/rdf+xml": "RSS",
    "text/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
}
# Types that a page also gives to other things than feeds: the address must say that it is one.
_VAGUE = {"application/json": "JSON Feed", "application/xml": "RSS", "text/xml": "RSS"}


def read_links(raw: bytes, *, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds that a page names, in its order; ValueError where it is no page."""
    tree = tree_of_page(decode_page(raw, detect=detect_encoding))
    base = next((tag.get("href") or "" for tag in tree.iter("base")), "")
    base = link_address(base, base=url) or url
    found: dict[str, FoundFeed] = {}
    for tag in tree.iter("link"):
        kind = _kind_of(tag)
        address = link_address(tag.get("href") or "", base=base) if kind else ""
        if address and len(found) < MOST_FEEDS:
            title = title_text(tag.get("title") or "")
            found.setdefault(address, FoundFeed(url=address, title=title, kind=kind))
    return tuple(found.values())


def _kind_of(tag: HtmlElement) -> str:
    relations = (tag.get("rel") or "").casefold().split()
    if "alternate" not in relations and "feed" not in relations:
        return ""
    media_type = (tag.get("type") or "").partition(";")[0].strip().casefold()
    address = (tag.get("href") or "").casefold()
    if media_type in _VAGUE and ("feed" in address or "rss" in address or "atom" in address):
        return _VAGUE[media_type]
    return _KINDS.get(media_type, "")
