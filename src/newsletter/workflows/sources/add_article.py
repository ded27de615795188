"""A page or text that a person saved, or names by its address, read as an article."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.errors import UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import text_key, url_key
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article
from newsletter.model.source import Change, FetchKind
from newsletter.store import articles
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.source_tools import keep_article

SUFFIXES = (".html", ".htm", ".txt")
LARGEST = 3_000_000  # bytes of a page; larger ones are refused before they are read
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
    """Read an article from a file and keep it; the same article again changes nothing."""
    raw = read_saved(file)
    if file.suffix.lower() == ".txt":
        callouts = load_callouts(desk.settings)
        article = article_from_text(
            raw, url=url, source=BY_HAND, callouts=callouts, noise=(), shown=str(file)
        )
        return _keep(desk, article)
    return _keep(desk, _from_page(desk, raw, url, reader, shown=str(file)))


def read_saved(file: Path) -> bytes:
    """Read a saved page or text."""
    if file.suffix.lower() not in SUFFIXES:
        msg = f"{file} is neither a .txt nor an .html file"
        raise UserError(msg, hint="save the page, or its text with the title in the first line")
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise UserError(f"{file} is no file but a pipe, socket or device")
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise UserError(f"{file} is larger than {LARGEST:,} bytes")
    return raw


def add_address(
    desk: Desk, url: str, *, fetcher: Fetcher, reader: PageReader, stop: threading.Event
) -> Added:
    """Ask for a page and keep its article; the same article again changes nothing.

    An address of this machine or a private network is asked only where some source's allow_local
    names it: whoever wrote that trusts it.
    """
    allowed = {entry for source in desk.settings.sources for entry in source.allow_local}
    fetched = fetcher.fetch(url, FetchKind.ARTICLE, allow_local=sorted(allowed), stop=stop)
    start = fetched.body[:_MARK_WITHIN].lower()
    if any(mark in start for mark in _FEED_MARKS):
        msg = f"{url} is a feed, not an article"
        raise UserError(msg, hint=f'write a table [sources.NAME] with feed = "{url}"')
    article = _from_page(desk, fetched.body, fetched.url, reader, shown=url)
    return _keep(desk, article, url_key(url), url_key(fetched.url))


def _from_page(
    desk: Desk, raw: bytes, url: str, reader: PageReader | None, *, shown: str
) -> Article:
    return article_from_html(
        raw,
        url=url,
        source=BY_HAND,
        callouts=load_callouts(desk.settings),
        noise=(),
        today=desk.clock.now().date(),
        reader=reader,
        shown=shown,
    )


def _keep(desk: Desk, article: Article, *keys: str) -> Added:
    with desk.database.write() as connection:
        # The same text is the same article, whether or not its address was given the first time.
        text = text_key([article.title.value, *(part.text for part in article.paragraphs)])
        known = articles.find_article(connection, (text,))
        if known is not None and not article.url:
            article = replace(article, url=articles.get_article(connection, known).article.url)
        saved = keep_article(connection, article, now=desk.clock.now(), keys=(*keys, text))
    return Added(id=saved.id, article=article, change=saved.change)
