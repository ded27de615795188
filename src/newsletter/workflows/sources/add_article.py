"""Add: take in one article by hand, from a saved page or text or from the web, and keep it."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.errors import UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import text_key, url_key
from newsletter.model.article import Article
from newsletter.model.source import Change, Fetched, FetchKind
from newsletter.model.text import counted
from newsletter.store import articles
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.saved_file import article_from_file, read_saved
from newsletter.workflows.sources.source_tools import keep_article

BY_HAND = ""  # the source of what a person added
_FEED_MARKS = (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org/version")
_MARK_WITHIN = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An article with its number; change: what was written."""

    id: int
    article: Article
    change: Change


def add_article(desk: Desk, file: Path, *, url: str, reader: PageReader | None = None) -> Added:
    """Read an article from a file and keep it; the same article again changes nothing.

    Args:
        desk: settings, clock, database.
        file: a .txt or an .html file.
        url: its public address, "" where unknown.
        reader: a running reader of pages, for more than one file; by default one for this file.

    Raises:
        UserError: no such file, another kind of file, or no article can be had from it.
    """
    article = article_from_file(
        read_saved(file, shown=str(file)),
        file,
        url=url,
        source=BY_HAND,
        callouts=load_callouts(desk.settings),
        noise=(),
        today=desk.clock.now().date(),
        reader=reader,
    )
    return _keep(desk, article)


def add_address(
    desk: Desk, url: str, *, fetcher: Fetcher, reader: PageReader, stop: threading.Event
) -> Added:
    """Ask for a page and keep its article; the same article again changes nothing.

    An address of this machine or a private network is asked only where some source's allow_local
    names it: whoever wrote that trusts it.

    Raises:
        UserError: there is no article: it is a feed, or a site; the hint says how to read those.
        FetchError: it could not be had.
        Interrupted: the stop was asked for.
    """
    allowed = {entry for source in desk.settings.sources for entry in source.allow_local}
    fetched = fetcher.fetch(url, FetchKind.ARTICLE, allow_local=sorted(allowed), stop=stop)
    _refuse_feed(desk, fetched, url, reader)
    _refuse_site(fetched, url, reader)
    article = article_from_html(
        fetched.body,
        url=fetched.url,
        source=BY_HAND,
        callouts=load_callouts(desk.settings),
        noise=(),
        today=desk.clock.now().date(),
        reader=reader,
        shown=url,
    )
    return _keep(desk, article, url_key(url), url_key(fetched.url))


def _keep(desk: Desk, article: Article, *keys: str) -> Added:
    now = desk.clock.now()
    with desk.database.write() as connection:
        # The same text is the same article, whether or not its address was given the first time.
        text = text_key([article.title.value, *(part.text for part in article.paragraphs)])
        known = articles.find_article(connection, (text,))
        if known is not None and not article.url:
            article = replace(article, url=articles.get_article(connection, known).article.url)
        saved = keep_article(connection, article, now=now, keys=(*keys, text))
    return Added(id=saved.id, article=article, change=saved.change)


def _refuse_feed(desk: Desk, fetched: Fetched, url: str, reader: PageReader) -> None:
    start = fetched.body[:_MARK_WITHIN].lower()
    if not any(mark in start for mark in _FEED_MARKS):
        return
    try:
        feed = reader.read_feed(
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            now=desk.clock.now(),
        )
    except UserError:
        return  # a page that speaks of feeds
    entries = counted(len(feed.entries), "entry").replace("entrys", "entries")
    msg = f'{url} is a feed ({feed.kind}, "{feed.title}", {entries}), no article'
    raise UserError(msg, hint=f'write a table [sources.NAME] with feed = "{url}"')


def _refuse_site(fetched: Fetched, url: str, reader: PageReader) -> None:
    """Refuse a site's front page that names feeds: what stands on it are other pages' teasers."""
    if urlsplit(fetched.url).path.strip("/"):
        return
    try:
        found = reader.find_feeds(fetched.body, url=fetched.url, shown=url)
    except UserError:
        return
    if found:
        msg = f"{url} is a site's front page, no article; it names the feed {found[0].url}"
        raise UserError(msg, hint=f'write a table [sources.NAME] with site = "{url}"')
