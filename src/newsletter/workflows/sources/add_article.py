"""A page or text that a person saved, read as an article."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.config.settings import NoiseRule, SourceSettings
from newsletter.errors import UserError
from newsletter.fetch import Fetcher
from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import text_key, url_key
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article
from newsletter.model.callout import Callout
from newsletter.model.source import Change, Fetched, FetchKind, Sighting
from newsletter.model.text import counted
from newsletter.store import articles, sources
from newsletter.store.sources import Known
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts
from newsletter.workflows.sources.source_health import Success
from newsletter.workflows.sources.source_tools import (
    Ended,
    SourceFailedError,
    SourceTools,
    Tally,
    keep_article,
)

SUFFIXES = (".html", ".htm", ".txt")
LARGEST = 3_000_000  # bytes of a page; larger ones are refused before they are read


def read_saved(file: Path, *, shown: str) -> bytes:
    """Read a saved page or text.

    Raises UserError: another kind of file, one that cannot be read, or one that is too large.
    """
    if file.suffix.lower() not in SUFFIXES:
        msg = f"{shown} is neither a .txt nor an .html file"
        raise UserError(msg, hint="save the page, or its text with the title in the first line")
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise UserError(f"{shown} is no file but a pipe, socket or device")
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{shown} cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise UserError(f"{shown} is larger than {LARGEST:,} bytes")
    return raw


def article_from_file(
    raw: bytes,
    file: Path,
    *,
    url: str = "",
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    today: date,
    reader: PageReader | None,
) -> Article:
    """Read the article in a file's bytes; its ending says whether it is a text or a page.

    Raises UserError: no article can be had from it.
    """
    if file.suffix.lower() == ".txt":
        return article_from_text(
            raw, url=url, source=source, callouts=callouts, noise=noise, shown=str(file)
        )
    return article_from_html(
        raw,
        url=url,
        source=source,
        callouts=callouts,
        noise=noise,
        today=today,
        reader=reader,
        shown=str(file),
    )


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

    Raises UserError: no such file, another kind of file, or no article can be had from it.
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

    Raises UserError, FetchError, Interrupted.
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


MOST_FILES = 500


class FolderReader:
    """Reads a folder's files once; one that is as it was is not read again."""

    def __init__(self, tools: SourceTools, source: SourceSettings, *, tally: Tally) -> None:
        self._tools = tools
        self._source = source
        self._tally = tally
        self._folder = tools.desk.settings.folder / source.folder
        self._moment: datetime = tools.now
        self._taken: dict[int, str] = {}

    def read(self) -> tuple[Success, Ended]:
        """Read every saved page and text of the folder and those in it, in the order of names.

        Raises SourceFailedError, Interrupted.
        """
        names = self._names()
        if len(names) > MOST_FILES:
            self._tally.notes.append(
                f"only the first {MOST_FILES} of {len(names):,} files were read"
            )
        if not names:
            self._tally.notes.append(f"no file in it ends in {', '.join(SUFFIXES)}")
        names = names[:MOST_FILES]
        self._tally.entries = len(names)
        keys = {name: f"file:{self._source.name}:{name}" for name in names}
        with self._tools.desk.database.read() as connection:
            known = sources.known_by(connection, self._source.name, keys.values())
        for position, name in enumerate(names):
            self._tools.progress(self._source.name, position, len(names))
            self._tools.go_on()
            try:
                self._read_file(name, position, keys[name], known.get(keys[name]))
            except UserError as error:
                self._tally.unread += 1
                self._tally.notes.append(str(error))
        self._tools.progress(self._source.name, len(names), len(names))
        return Success(location=self._source.folder), Ended.READ

    def _names(self) -> list[str]:
        try:
            return sorted(
                path.relative_to(self._folder).as_posix()
                for path in _below(self._folder)
                if path.suffix.lower() in SUFFIXES
            )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            msg = f"the folder {self._source.folder} cannot be read: {reason}"
            raise SourceFailedError(msg) from error

    def _read_file(self, name: str, position: int, key: str, known: Known | None) -> None:
        raw = read_saved(self._folder / name, shown=name)
        digest = hashlib.sha256(raw).hexdigest()
        before = known.sighting if known is not None else None
        seen = Sighting(
            source=self._source.name,
            url=name,
            position=position,
            first_seen=self._moment,
            last_seen=self._moment,
            etag=digest,
            asked_at=self._moment,
            read_at=self._moment,
        )
        if known is not None and before is not None and before.etag == digest:
            self._taken[known.article_id] = name
            with self._tools.write() as connection:
                sources.see(connection, known.article_id, replace(seen, read_at=before.read_at))
            return
        with self._tools.readers.borrow() as reader:
            article = article_from_file(
                raw,
                Path(name),
                source=self._source.name,
                callouts=self._tools.callouts,
                noise=self._source.noise,
                today=self._moment.date(),
                reader=reader,
            )
        with self._tools.write() as connection:
            every = (article.key, key)
            there = sources.known_by(connection, self._source.name, every)
            twin = self._twin(next((there[k].article_id for k in every if k in there), None))
            if not twin:
                saved = keep_article(connection, article, now=self._moment, keys=[key])
                self._taken[saved.id] = name
                self._tally.count(saved)
                sources.see(connection, saved.id, seen)
        if twin:
            self._tally.notes.append(f"{name} is the same article as {twin}")

    def _twin(self, article_id: int | None) -> str:
        """Return the file of this reading that is that article already, "" for none."""
        return self._taken.get(article_id, "") if article_id is not None else ""


def _below(folder: Path) -> list[Path]:
    """Return the files in a folder and in those in it; links are not followed out of it."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_dir():
            found += _below(path)
        elif path.is_file():
            found.append(path)
    return found
