"""Read a feed's bytes into its entries, and the feeds that a page names, in the child."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser
import lxml.etree
from lxml.html import HtmlElement
from trafilatura.utils import detect_encoding

from newsletter.ingest.decoding import clean_line, decode_page, words_of
from newsletter.ingest.feed_fields import (
    Picture,
    language_tag,
    link_address,
    moment,
    paragraphs_of,
    plain_text,
    safe_html,
    take_picture,
    title_text,
)
from newsletter.ingest.feed_json import MOST_GUID_CHARS, read_json_feed
from newsletter.ingest.feed_markup import FeedTree, feed_tree, local_name
from newsletter.ingest.identity import web_address, without_trackers
from newsletter.ingest.page_head import author_line
from newsletter.ingest.page_reading import tree_of_page
from newsletter.model.source import Feed, FeedEntry, FoundFeed

MOST_TTL_S = 7 * 24 * 3600
FEWEST_WORDS_OF_TEXT = 150  # a description with as many is the article, not its summary

_NUMBER = re.compile("[0-9]{1,7}")
_PERIODS_S = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}

Parsed = Mapping[str, Any]


def read_feed(raw: bytes, *, url: str, content_type: str, now: datetime) -> Feed:
    """Read a feed.

    Raises:
        ValueError: with a sentence part that says why it is none, or must not be read.
    """
    text = decode_page(raw, detect=detect_encoding, header=content_type, noun="a feed")
    text = text.lstrip("\ufeff").strip()
    if text.startswith(("{", "[")):
        return read_json_feed(text, url=url, now=now)
    tree = feed_tree(text)
    links = [_own_link(entry) for entry in tree.entries]
    pictures = [take_picture(entry, url=url) for entry in tree.entries]
    parsed = feedparser.parse(
        io.BytesIO(lxml.etree.tostring(tree.root, encoding="utf-8", xml_declaration=True)),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    return _feed(tree, parsed, links=links, pictures=pictures, url=url, now=now)


def _own_link(entry: lxml.etree._Element) -> str:
    """Give the guid that is the entry's address, and tell feedparser to leave every guid as it is.

    A guid is an address unless it says not (RSS 2.0, guid); feedparser would resolve any word.
    """
    address = ""
    for child in entry:
        if local_name(child) == "guid":
            if (child.get("isPermaLink") or "true").strip().casefold() == "true":
                address = address or web_address(child.text or "")
            child.set("isPermaLink", "false")
    return address


def _feed(
    tree: FeedTree,
    parsed: Any,  # noqa: ANN401 (feedparser has no types)
    *,
    links: list[str],
    pictures: list[Picture],
    url: str,
    now: datetime,
) -> Feed:
    about: Parsed = parsed["feed"]
    entries: list[Parsed] = list(parsed["entries"])
    if len(entries) != len(tree.entries):  # no place to put them
        links, pictures = [""] * len(entries), [Picture()] * len(entries)
    is_atom = tree.kind == "Atom"
    title = title_text(_text(about, "title"), is_literal=is_atom and _is_plain(about, "title"))
    language = language_tag(_text(about, "language") or tree.root.get(_XML_LANG, ""))
    return Feed(
        kind=tree.kind,
        title=title,
        url=url,
        language=language,
        ttl_s=_ttl_s(about),
        entries=tuple(
            _entry(
                entry,
                position=position,
                link=link,
                picture=picture,
                is_atom=is_atom,
                about=(title, language),
                url=url,
                now=now,
            )
            for position, (entry, link, picture) in enumerate(
                zip(entries, links, pictures, strict=True)
            )
        ),
        notes=tuple(tree.notes),
    )


_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _entry(
    entry: Parsed,
    *,
    position: int,
    link: str,
    picture: Picture,
    is_atom: bool,
    about: tuple[str, str],
    url: str,
    now: datetime,
) -> FeedEntry:
    feed_title, feed_language = about
    summary = _text(entry, "summary")
    published = _moment(entry, "published", now) or _moment(entry, "created", now)
    updated = _moment(entry, "updated", now)
    is_plain = is_atom and _is_plain(entry, "summary")
    return FeedEntry(
        position=position,
        title=title_text(_text(entry, "title"), is_literal=is_atom and _is_plain(entry, "title")),
        url=without_trackers(_address(entry, url) or link),
        guid=clean_line(_text(entry, "id"))[:MOST_GUID_CHARS],
        author=_authors(entry, site=feed_title),
        summary=clean_line(summary) if is_plain and "</" not in summary else plain_text(summary),
        html=safe_html(_full_text(entry, summary)),
        published=published or updated,
        updated=updated if published else "",
        image=picture.url,
        image_alt=picture.alt,
        image_credit=picture.credit,
        language=_language(entry) or feed_language,
    )


def _text(found: Parsed, name: str) -> str:
    """Return a value; not by [], where feedparser answers a missing name with another's value."""
    value = dict.get(found, name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _detail(found: Parsed, name: str) -> Parsed:
    value = dict.get(found, f"{name}_detail") if isinstance(found, dict) else None
    return value if isinstance(value, dict) else {}


def _is_plain(found: Parsed, name: str) -> bool:
    return _text(_detail(found, name), "type") == "text/plain"


def _address(entry: Parsed, url: str) -> str:
    original = web_address(_text(entry, "feedburner_origlink"))
    return original or link_address(_text(entry, "link"), base=url)


def _authors(entry: Parsed, *, site: str) -> str:
    people = entry.get("authors") or []
    names = [_text(person, "name") for person in people if isinstance(person, dict)]
    return author_line(
        [plain_text(name) for name in names if name] or [plain_text(_text(entry, "author"))],
        site=site,
    )


def _full_text(entry: Parsed, summary: str) -> str:
    """Return the longest content, or a description that is long enough to be one."""
    contents = [
        (_text(content, "value"), _text(content, "type")) for content in entry.get("content") or []
    ]
    value, kind = max(contents, key=lambda content: len(content[0]), default=("", ""))
    if not value:
        value, kind = summary, _text(_detail(entry, "summary"), "type")
        if len(words_of(value)) < FEWEST_WORDS_OF_TEXT:
            return ""
    if kind == "text/plain" and "</" not in value:
        return paragraphs_of(value)
    return value if kind.startswith(("text/", "application/xhtml", "")) else ""


def _moment(entry: Parsed, name: str, now: datetime) -> str:
    parts = dict.get(entry, f"{name}_parsed") if isinstance(entry, dict) else None
    return moment(_text(entry, name), now=now, fallback=tuple(parts) if parts else None)


def _language(entry: Parsed) -> str:
    return language_tag(
        _text(entry, "language")
        or _text(_detail(entry, "title"), "language")
        or _text(_detail(entry, "summary"), "language")
    )


def _ttl_s(about: Parsed) -> int:
    """Return the feed's own wish: RSS's ttl in minutes, else sy:updatePeriod by its frequency."""
    minutes = _number(_text(about, "ttl"))
    if minutes:
        return min(60 * minutes, MOST_TTL_S)
    period = _PERIODS_S.get(_text(about, "sy_updateperiod").strip().casefold(), 0)
    times = max(1, _number(_text(about, "sy_updatefrequency")))
    return min(period // times, MOST_TTL_S)


def _number(text: str) -> int:
    digits = text.strip()
    return int(digits) if _NUMBER.fullmatch(digits) else 0


MOST_FEEDS = 20

_KINDS = {
    "application/rss+xml": "RSS",
    "application/rdf+xml": "RSS",
    "application/x-rss+xml": "RSS",
    "text/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
}
# Types that a page also gives to other things than feeds: the address must say that it is one.
_VAGUE = {"application/json": "JSON Feed", "application/xml": "RSS", "text/xml": "RSS"}


def read_links(raw: bytes, *, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds in the page's order, each address once.

    Raises:
        ValueError: with a sentence part that says why it is no page.
    """
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
