"""The feeds that a page names in its head; runs in the page child."""

from lxml.html import HtmlElement
from trafilatura.utils import detect_encoding

from newsletter.ingest.decoding import decode_page
from newsletter.ingest.feeds.feed_text import link_address, title_text
from newsletter.ingest.pages.page_reading import tree_of_page
from newsletter.model.feed import FoundFeed

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
