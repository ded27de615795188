"""A feed's entries: which are known, whose page is asked for, and what is kept of each.

An article belongs to the source that brought it first: another source that carries it too is
written down as carrying it, and its page is asked for once, not once a source.

Feeds and pages lie about who they are: one GUID for all entries, one canonical address on every
page. A GUID or a canonical address that would make one article of two stories names neither.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from newsletter.workflows.sources.source_tools import NOT_THERE, SourceTools, Tally, keep_article

HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
MOST_GUID = 500  # characters; a longer one is no name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What asking for a page gave: an article, or (where unchanged) None, or why there is none."""

    article: Article | None = None
    fetched: Fetched | None = None
    problem: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An entry whose page's turn it is."""

    entry: FeedEntry
    keys: Sequence[str]
    known: Known | None

    @property
    def before(self) -> Sighting | None:
        """Return what this source was known to say of it."""
        return self.known.sighting if self.known is not None else None


class EntryReader:
    """Reads the entries of one feed, once. moment is when the feed was had.

    named: a person named the source, so every page in it is asked for.
    """

    def __init__(
        self,
        tools: SourceTools,
        source: SourceSettings,
        feed: Feed,
        *,
        tally: Tally,
        moment: datetime,
        named: bool,
    ) -> None:
        self._tools = tools
        self._source = source
        self._feed = feed
        self._tally = tally
        self._moment = moment
        self._named = named
        self._taken: dict[int, FeedEntry] = {}
        self._shared_guids = _shared_guids(feed.entries)
        self._titles = {
            url_key(entry.url): normal(entry.title) for entry in reversed(feed.entries) if entry.url
        }

    def read(self) -> None:
        """Keep what the feed carries: first what is known, then page after page.

        Raises Interrupted: the stop was asked for; what was kept until then is whole.
        """
        asked = self._sort(self._known())
        for done, each in enumerate(asked):
            self._tools.progress(self._source.name, done, len(asked))
            self._tools.go_on()
            self._read_page(each)
        self._tools.progress(self._source.name, len(asked), len(asked))

    def _known(self) -> Mapping[str, Known]:
        keys = [key for entry in self._feed.entries for key in self._keys(entry)]
        with self._tools.desk.database.read() as connection:
            return sources.known_by(connection, self._source.name, keys)

    def _keys(self, entry: FeedEntry) -> tuple[str, ...]:
        guid = f"guid:{self._source.name}:{entry.guid}" if entry.guid else ""
        is_name = len(guid) <= MOST_GUID and entry.guid not in self._shared_guids
        keys = (url_key(entry.url), guid if is_name else "")
        return tuple(key for key in keys if key)

    def _sort(self, known: Mapping[str, Known]) -> list[_Asked]:
        """Write down what is still carried; give what is new, or is to be asked for again.

        All of it at once: whoever stops us later finds the list whole, and not only its beginning.
        """
        asked: list[_Asked] = []
        again: dict[int, int] = {}
        addresses: set[str] = set()
        same = 0
        with self._tools.write() as connection:
            for entry in self._feed.entries:
                keys = tuple(
                    key
                    for key in self._keys(entry)
                    if not (key.startswith("guid:") and _is_another_story(entry, known.get(key)))
                )
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
            self._tally.notes.append(
                f"{counted(same, 'entry', 'entries')} with the address of an entry before: the "
                "first of each address is read"
            )
        return asked

    def _is_anothers(self, known: Known) -> bool:
        return known.owner != self._source.name and known.owner in self._tools.configured

    def _sighting(self, entry: FeedEntry, known: Known | None) -> Sighting:
        """Return an entry's sighting now, with what was known of its page."""
        seen = Sighting(
            source=self._source.name,
            url=entry.url,
            position=entry.position,
            first_seen=self._moment,
            last_seen=self._moment,
            entry=entry,
        )
        if known is None or known.sighting is None:
            return seen
        return replace(
            seen,
            first_seen=known.sighting.first_seen,
            etag=known.sighting.etag,
            last_modified=known.sighting.last_modified,
            asked_at=known.sighting.asked_at,
            read_at=known.sighting.read_at,
            problem=known.sighting.problem,
        )

    def _read_page(self, each: _Asked) -> None:
        """Ask for one entry's page and keep what came, in one transaction."""
        page = self._ask(each)
        seen = replace(self._sighting(each.entry, each.known), asked_at=self._tools.now)
        if page.problem:
            self._tally.unread += bool(each.entry.url)
            self._keep_without_page(each, replace(seen, problem=page.problem), page)
            return
        seen = replace(seen, read_at=seen.asked_at, problem="")
        if page.article is None:  # 304
            if each.known is not None:
                with self._tools.write() as connection:
                    sources.see(connection, each.known.article_id, seen)
            return
        if page.fetched is not None:
            seen = replace(seen, etag=page.fetched.etag, last_modified=page.fetched.last_modified)
        keys = each.keys
        if page.fetched is not None:
            final = url_key(page.fetched.url)
            if final not in keys and self._is_of_another(final, each):
                self._keep_apart(each, seen)
                return
            keys = (*keys, final)
        self._keep(each, seen, page.article, keys)

    def _keep(self, each: _Asked, seen: Sighting, article: Article, keys: Sequence[str]) -> None:
        with self._tools.write() as connection:
            every = (article.key, *keys)
            known = sources.known_by(connection, self._source.name, every)
            if self._is_misled(article.key, each, keys, known):
                article, every = replace(article, key=keys[-1]), tuple(keys)
            found = next((known[key] for key in every if key in known), None)
            twin = self._taken.get(found.article_id) if found is not None else None
            if found is not None and twin is None and self._is_anothers(found):
                articles.lead_to(connection, each.keys, found.article_id)  # it came meanwhile
                sources.see(connection, found.article_id, self._sighting(each.entry, None))
                return
            if found is None or twin is None or twin == each.entry:
                if found is not None:
                    article = _or_withdrawn(connection, found.article_id, article)
                saved = keep_article(connection, article, now=self._tools.now, keys=keys)
                self._taken[saved.id] = each.entry
                self._tally.count(saved)
                sources.see(connection, saved.id, seen)
                return
            if normal(twin.title) == normal(each.entry.title):
                articles.lead_to(connection, each.keys, found.article_id)
                return
        self._keep_apart(each, seen)

    def _keep_apart(self, each: _Asked, seen: Sighting) -> None:
        """Keep an entry whose address leads to the page of another entry, without that page."""
        problem = "its address leads to the page of another article of this feed"
        self._tally.unread += 1
        self._keep_without_page(each, replace(seen, problem=problem, read_at=None), _Page())

    def _is_of_another(self, key: str, each: _Asked) -> bool:
        """Return whether a key is the address of an entry with another title."""
        title = normal(each.entry.title)
        return self._titles.get(key, title) != title

    def _is_misled(
        self, canonical: str, each: _Asked, own: Sequence[str], known: Mapping[str, Known]
    ) -> bool:
        """Return whether the key that a page states would make one article of two stories."""
        if canonical in own or not own:
            return False
        title = normal(each.entry.title)
        if self._is_of_another(canonical, each):
            return True
        found = known.get(canonical)
        before = next((known[key] for key in own if key in known), None)
        if found is None or (before is not None and before.article_id == found.article_id):
            return False
        if before is not None and not self._is_bare(before):
            return True  # it was read, and is an article of its own
        twin = self._taken.get(found.article_id)
        if twin is not None:
            return normal(twin.title) != title
        return _is_another_story(each.entry, found)

    def _keep_without_page(self, each: _Asked, seen: Sighting, page: _Page) -> None:
        """Keep an entry whose page could not be read, by title, link and what the feed carries.

        What was read once stays as it was read, save that it is marked where its page is gone.
        """
        if each.known is not None and not self._is_bare(each.known):
            with self._tools.write() as connection:
                sources.see(connection, each.known.article_id, seen)
                if page.withdrawn:
                    known = articles.get_article(connection, each.known.article_id).article
                    gone = replace(known, withdrawn=page.withdrawn)
                    self._tally.count(keep_article(connection, gone, now=self._tools.now))
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
            article,
            state=ArticleState.NEEDS_LOOK,
            reasons=(seen.problem, *article.reasons) if seen.problem else article.reasons,
        )
        with self._tools.write() as connection:
            saved = keep_article(connection, article, now=self._tools.now, keys=each.keys)
            self._taken[saved.id] = each.entry
            self._tally.count(saved)
            sources.see(connection, saved.id, seen)

    def _is_bare(self, known: Known) -> bool:
        """Return whether an article is what this feed alone said of it: its page was never read."""
        return (
            known.owner == self._source.name
            and known.sighting is not None
            and known.sighting.read_at is None
        )

    def _ask(self, each: _Asked) -> _Page:
        entry, before = each.entry, each.before
        if not entry.url:
            return _Page(problem="the feed gives it no address that can be used")
        is_same = (
            before is not None
            and before.read_at is not None
            and not before.problem
            and not has_changed(entry, before.entry)
        )
        try:
            fetched = self._tools.fetcher.fetch(
                entry.url,
                FetchKind.ARTICLE,
                allow_local=self._source.allow_local,
                etag=before.etag if before is not None and is_same else "",
                last_modified=before.last_modified if before is not None and is_same else "",
                stop=self._tools.stop,
            )
            if fetched.is_unchanged:
                return _Page(fetched=fetched)
            return _Page(article=self._extracted(entry, fetched), fetched=fetched)
        except FetchError as error:
            problem = f"its page could not be read: {error}"
            gone = f"its page answered {error.status}" if error.status in NOT_THERE else ""
            return _Page(problem=problem, withdrawn=gone)
        except UserError as error:
            return _Page(problem=str(error))

    def _extracted(self, entry: FeedEntry, fetched: Fetched) -> Article:
        article = page_article(self._tools, self._source, fetched)
        return with_feed(article, entry, feed_title=self._feed.title)


def _or_withdrawn(connection: Connection, known: int, article: Article) -> Article:
    """Return an article as it was read before, marked, where its page now says it is withdrawn."""
    before = articles.get_article(connection, known).article
    notice = withdrawal_notice(before, article)
    return replace(before, withdrawn=notice) if notice else article


def _shared_guids(entries: Sequence[FeedEntry]) -> frozenset[str]:
    """Return the GUIDs that stand on entries with other addresses and other titles."""
    named: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries:
        named[entry.guid].append(entry)
    return frozenset(
        guid
        for guid, sharing in named.items()
        if len({url_key(entry.url) for entry in sharing}) > 1
        and len({normal(entry.title) for entry in sharing}) > 1
    )


def _is_another_story(entry: FeedEntry, known: Known | None) -> bool:
    """Return whether an entry has nothing in common with the one that an article was last seen as.

    A story may move, get another title or another date; one that has all three new is another.
    """
    before = known.sighting.entry if known is not None and known.sighting is not None else None
    return (
        before is not None
        and url_key(before.url) != url_key(entry.url)
        and normal(before.title) != normal(entry.title)
        and "" not in {before.published, entry.published}
        and before.published != entry.published
    )


def page_article(tools: SourceTools, source: SourceSettings, fetched: Fetched) -> Article:
    """Read the article out of a page that was fetched.

    Raises UserError: it is no web page, or no article can be had from it.
    """
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
