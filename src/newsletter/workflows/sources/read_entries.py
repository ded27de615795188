"""A feed's entries: which are known, whose page is asked for, and what is kept of each.

An article belongs to the source that brought it first: another source that carries it too is
written down as carrying it, and its page is asked for once, not once a source.

An entry is known by its address, and by its GUID where no other entry has the same. What a page
says of its own address (canonical) is not heeded: some state one for all pages.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.config.settings import SourceSettings
from newsletter.errors import UserError
from newsletter.fetch import FetchError
from newsletter.ingest.decoding import normal
from newsletter.ingest.entry import article_from_entry, with_feed
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import url_key
from newsletter.ingest.standing import withdrawal_notice
from newsletter.model.article import Article, ArticleState
from newsletter.model.source import Feed, FeedEntry, Fetched, FetchKind, Sighting
from newsletter.model.text import counted
from newsletter.store import Connection, articles, sources
from newsletter.store.sources import Known
from newsletter.workflows.sources.source_health import has_changed, is_pages_turn
from newsletter.workflows.sources.source_tools import (
    NOT_THERE,
    SourceOutcome,
    SourceTools,
    keep_article,
    sentence_of,
)

HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
MOST_GUID = 500  # characters; a longer one is no name
ANOTHERS_PAGE = "its address leads to the page of another article of this feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An entry whose page's turn it is; known: the article that it is."""

    entry: FeedEntry
    keys: Sequence[str]
    known: Known | None

    @property
    def before(self) -> Sighting | None:
        """Return what this source was known to say of it."""
        return self.known.sighting if self.known is not None else None


class EntryReader:
    """Reads the entries of one feed, once. moment is when the feed was had."""

    def __init__(
        self,
        tools: SourceTools,
        source: SourceSettings,
        feed: Feed,
        *,
        outcome: SourceOutcome,
        moment: datetime,
        named: bool,
    ) -> None:
        self._tools = tools
        self._source = source
        self._feed = feed
        self._outcome = outcome
        self._moment = moment
        self._named = named
        self._taken: dict[int, FeedEntry] = {}
        self._guids = Counter(entry.guid for entry in feed.entries)
        self._addresses = {url_key(entry.url) for entry in feed.entries}

    def read(self) -> None:
        """Keep what the feed carries: first what is known, then page after page."""
        asked = self._sort()
        for done, each in enumerate(asked):
            self._tools.progress(self._source.name, done, len(asked))
            self._tools.go_on()
            self._read_page(each)
        self._tools.progress(self._source.name, len(asked), len(asked))

    def _keys(self, entry: FeedEntry) -> Iterator[str]:
        if key := url_key(entry.url):
            yield key
        if entry.guid and len(entry.guid) <= MOST_GUID and self._guids[entry.guid] == 1:
            yield f"guid:{self._source.name}:{entry.guid}"

    def _sort(self) -> list[_Asked]:
        """Write down what is still carried; give what is new, or is to be asked for again.

        All of it at once: whoever stops us later finds the list whole, and not only its beginning.
        """
        keys_of = [(entry, tuple(self._keys(entry))) for entry in self._feed.entries]
        with self._tools.desk.database.read() as connection:
            every = [key for _, keys in keys_of for key in keys]
            known = sources.known_by(connection, self._source.name, every)
        asked: list[_Asked] = []
        again: dict[int, int] = {}
        addresses: set[str] = set()
        same = 0
        with self._tools.write() as connection:
            for entry, named in keys_of:
                keys = tuple(key for key in named if not _is_another_story(entry, known.get(key)))
                found = next((known[key] for key in keys if key in known), None)
                if found is None and not addresses.isdisjoint(keys[:1]):
                    same += 1  # under another title or GUID; the first place counts
                elif found is None:
                    asked.append(_Asked(entry=entry, keys=keys, known=None))
                    addresses.update(keys[:1])
                elif found.article_id in self._taken:
                    continue  # the feed lists it twice; the first place counts
                elif self._is_anothers(found):
                    self._taken[found.article_id] = entry
                    sources.see(connection, found.article_id, self._sighting(entry, found))
                else:
                    self._taken[found.article_id] = entry
                    again[found.article_id] = entry.position
                    if is_pages_turn(entry, found.sighting, now=self._moment, named=self._named):
                        asked.append(_Asked(entry=entry, keys=keys, known=found))
            sources.see_again(connection, self._source.name, again, last_seen=self._moment)
        if same:
            again_there = counted(same, "entry", "entries")
            self._outcome.notes.append(f"{again_there} with the address of an entry before")
        return asked

    def _is_anothers(self, known: Known) -> bool:
        configured = {source.name for source in self._tools.desk.settings.sources}
        return known.owner != self._source.name and known.owner in configured

    def _sighting(self, entry: FeedEntry, known: Known | None) -> Sighting:
        before = known.sighting if known is not None else None
        return replace(
            before
            or Sighting(
                source=self._source.name,
                url=entry.url,
                position=entry.position,
                first_seen=self._moment,
                last_seen=self._moment,
            ),
            url=entry.url,
            position=entry.position,
            last_seen=self._moment,
            entry=entry,
        )

    def _read_page(self, each: _Asked) -> None:
        seen = self._sighting(each.entry, each.known)
        withdrawn = ""
        try:
            fetched = self._fetched(each)
            seen = replace(seen, asked_at=self._tools.now, read_at=self._tools.now, problem="")
            if fetched.is_unchanged:
                if each.known is not None:
                    with self._tools.write() as connection:
                        sources.see(connection, each.known.article_id, seen)
                return
            page = page_article(self._tools, self._source, fetched)
            article = with_feed(page, each.entry, feed_title=self._feed.title)
        except FetchError as error:
            problem = f"its page could not be read: {sentence_of(error, self._source)}"
            withdrawn = f"its page answered {error.status}" if error.status in NOT_THERE else ""
        except UserError as error:
            problem = str(error)
        else:
            seen = replace(seen, etag=fetched.etag, last_modified=fetched.last_modified)
            if self._keep(each, seen, article, url_key(fetched.url)):
                return
            problem = ANOTHERS_PAGE
        before = each.before
        seen = replace(
            seen,
            problem=problem,
            asked_at=self._tools.now,
            read_at=before.read_at if before is not None and problem != ANOTHERS_PAGE else None,
        )
        self._outcome.unread += bool(each.entry.url)
        self._keep_without_page(each, seen, withdrawn)

    def _fetched(self, each: _Asked) -> Fetched:
        entry, before = each.entry, each.before
        if not entry.url:
            raise UserError("the feed gives it no address that can be used")
        is_same = (
            before is not None
            and before.read_at is not None
            and not before.problem
            and not has_changed(entry, before.entry)
        )
        return self._tools.fetcher.fetch(
            entry.url,
            FetchKind.ARTICLE,
            allow_local=self._source.allow_local,
            etag=before.etag if before is not None and is_same else "",
            last_modified=before.last_modified if before is not None and is_same else "",
            stop=self._tools.stop,
        )

    def _keep(self, each: _Asked, seen: Sighting, article: Article, final: str) -> bool:
        """Keep an entry's article; False where its page is that of another entry."""
        if final not in each.keys and final in self._addresses:
            return False
        keys = (*each.keys, final)
        article = replace(article, key=keys[0])
        with self._tools.write() as connection:
            known = sources.known_by(connection, self._source.name, keys)
            found = next((known[key] for key in (final, *each.keys) if key in known), None)
            twin = self._taken.get(found.article_id) if found is not None else None
            if found is not None and twin is None and self._is_anothers(found):
                articles.lead_to(connection, each.keys, found.article_id)  # it came meanwhile
                sources.see(connection, found.article_id, self._sighting(each.entry, None))
                return True
            if found is not None and twin is not None and twin != each.entry:
                if normal(twin.title) != normal(each.entry.title):
                    return False
                articles.lead_to(connection, each.keys, found.article_id)
                return True
            if found is not None:
                article = _or_withdrawn(connection, found.article_id, article)
            saved = keep_article(connection, article, now=self._tools.now, keys=keys)
            self._taken[saved.id] = each.entry
            self._outcome.count(saved)
            sources.see(connection, saved.id, seen)
        return True

    def _keep_without_page(self, each: _Asked, seen: Sighting, withdrawn: str) -> None:
        """Keep an entry whose page could not be read, by title, link and what the feed carries.

        What was read once stays as it was read, save that it is marked where its page is gone.
        """
        if each.known is not None and not self._is_bare(each.known):
            with self._tools.write() as connection:
                sources.see(connection, each.known.article_id, seen)
                if withdrawn:
                    known = articles.get_article(connection, each.known.article_id).article
                    gone = replace(known, withdrawn=withdrawn)
                    self._outcome.count(keep_article(connection, gone, now=self._tools.now))
            return
        with self._tools.readers.borrow() as reader:
            article = article_from_entry(
                each.entry,
                feed=self._feed,
                source=self._source.name,
                callouts=self._tools.callouts,
                noise=self._source.noise,
                reader=reader,
            )
        article = replace(
            article, state=ArticleState.NEEDS_LOOK, reasons=(seen.problem, *article.reasons)
        )
        with self._tools.write() as connection:
            saved = keep_article(connection, article, now=self._tools.now, keys=each.keys)
            self._taken[saved.id] = each.entry
            self._outcome.count(saved)
            sources.see(connection, saved.id, seen)

    def _is_bare(self, known: Known) -> bool:
        return (
            known.owner == self._source.name
            and known.sighting is not None
            and known.sighting.read_at is None
        )


def _or_withdrawn(connection: Connection, known: int, article: Article) -> Article:
    """Return an article as it was read before, marked, where its page now says it is withdrawn."""
    before = articles.get_article(connection, known).article
    notice = withdrawal_notice(before, article)
    return replace(before, withdrawn=notice) if notice else article


def _is_another_story(entry: FeedEntry, known: Known | None) -> bool:
    before = known.sighting.entry if known is not None and known.sighting is not None else None
    return (
        before is not None
        and url_key(before.url) != url_key(entry.url)
        and normal(before.title) != normal(entry.title)
    )


def page_article(tools: SourceTools, source: SourceSettings, fetched: Fetched) -> Article:
    """Read the article out of a page that was fetched."""
    kind = fetched.content_type.partition(";")[0].strip().casefold()
    if kind not in HTML_TYPES:
        raise UserError(f"its address is no web page ({kind[:60]})")
    with tools.readers.borrow() as reader:
        return article_from_html(
            fetched.body,
            url=fetched.url,
            source=source.name,
            callouts=tools.callouts,
            noise=source.noise,
            today=tools.now.date(),
            reader=reader,
            shown="its page",
        )
