"""A feed's bytes as a Feed: read in a child process, since they are a stranger's."""

from datetime import datetime

from newsletter.ingest.child.page_child import PageReader
from newsletter.model.feed import Feed


def read_feed(
    raw: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    reader: PageReader | None = None,
    shown: str = "the feed",
) -> Feed:
    """Read RSS 0.9x, 1.0, 2.0, Atom or JSON Feed 1.x; what was mended is told in its notes.

    Args:
        raw: the body as decoded from its transfer, at most 5 MB.
        url: the address that answered, against which relative links are made absolute.
        content_type: the header that came with it, "" without one; its charset counts.
        now: dates a day after it or later are not believed.
        reader: a running reader, for more than one feed; by default one is started and ended.
        shown: how errors name the feed.

    Raises:
        UserError: where it is no feed, or one that must not be read, in one sentence.
    """
    if reader is not None:
        return reader.read_feed(raw, url=url, content_type=content_type, now=now, shown=shown)
    with PageReader() as own:
        return own.read_feed(raw, url=url, content_type=content_type, now=now, shown=shown)
