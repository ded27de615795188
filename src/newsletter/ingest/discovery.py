"""Where a site's feeds are: those its page names, and the addresses worth one guess each."""

from urllib.parse import urljoin

from newsletter.ingest.child.page_child import PageReader
from newsletter.ingest.identity import web_address
from newsletter.model.feed import FoundFeed

__all__ = ["FoundFeed", "find_feeds", "guesses"]

_GUESSES = ("/feed", "/rss", "/atom.xml", "/feed.xml")


def find_feeds(
    raw: bytes, *, url: str, reader: PageReader | None = None, shown: str = "the page"
) -> tuple[FoundFeed, ...]:
    """Return the feeds that a page names by ``<link rel="alternate">``, in its order.

    Args:
        raw: the page's bytes, at most 3 MB.
        url: its address, against which relative ones are made absolute.
        reader: a running reader, for more than one page; by default one is started and ended.
        shown: how errors name the page.

    Raises:
        UserError: where it is no page.
    """
    if reader is not None:
        return reader.find_feeds(raw, url=url, shown=shown)
    with PageReader() as own:
        return own.find_feeds(raw, url=url, shown=shown)


def guesses(url: str) -> tuple[str, ...]:
    """Return the addresses at which a site that names no feed may have one; four at most."""
    address = web_address(url)
    return tuple(urljoin(address, path) for path in _GUESSES) if address else ()
