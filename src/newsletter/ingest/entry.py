"""A feed's entry as an article, and a page's article seen beside its entry.

The feed is the second source of title, date, author and picture: it is asked where the page says
nothing, says it only by the way, or says something else. What an editor wrote is never touched.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.config.settings import NoiseRule
from newsletter.errors import UserError
from newsletter.ingest.children import Metadata, PageReader, PageText, TextField
from newsletter.ingest.decoding import normal
from newsletter.ingest.html_page import NO_TITLE, judged_page
from newsletter.ingest.identity import story_key, url_key
from newsletter.model.article import Article, ArticleState, Metadatum, Origin
from newsletter.model.callout import Callout
from newsletter.model.source import Feed, FeedEntry

MOST_SITE_CHARS = 60
MOST_TITLE_CHARS = 120
FEWEST_SHARED = 0.3

NO_FEED_TITLE = "the feed gives it no title"
NO_FEED_TEXT = "the feed carries no text of it"
OTHER_TITLE = "its page and the feed have titles without a word in common"

_STATED = frozenset({Origin.JSON_LD, Origin.OPENGRAPH})
_SEPARATORS = (" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", " :: ", ": ")


def article_from_entry(
    entry: FeedEntry,
    *,
    feed: Feed,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    reader: PageReader | None = None,
) -> Article:
    """Take in an entry by itself: its full text where it has one, else its title and link alone.

    Args:
        entry: as the feed gave it.
        feed: the feed it stands in.
        source: the name of the source.
        callouts: the callouts whose wording is set apart.
        noise: the source's own noise lines.
        reader: a running reader, for more than one entry; by default one is started and ended.

    Returns:
        An article in any case; one that wants a look where it has no text, or too little.
    """
    page, refused = _page_of(entry, reader)
    page = replace(page, metadata=_metadata(entry, feed), language=entry.language)
    if not page.blocks:
        return _bare(entry, page, source=source, refused=refused)
    article = judged_page(page, url=entry.url, source=source, callouts=callouts, noise=noise)
    article = replace(article, image_credit=entry.image_credit, updated=entry.updated)
    return article if entry.title else _renamed(article)


def with_feed(article: Article, entry: FeedEntry, *, feed_title: str = "") -> Article:
    """Return a page's article with what its entry knows better, each such value of origin feed.

    title: the page's, less what it has more than the feed's; the feed's where the page has none or
    gives its site's name for one, or one without a word in common (then it wants a look). site: the
    feed's own title where the page states none. date: the page's where it states
    one; the feed's where the page has none, only found one that disagrees, or has the same day
    without a time. author: the page's stated one, else the feed's. description, picture and
    language: the feed's where the page has none. The feed's words for a picture and its maker count
    for the same picture alone.
    """
    title, reasons = _title(article, entry, feed_title)
    picture = _picture(article, entry)
    same = picture is not None and url_key(picture.value) == url_key(entry.image) != ""
    state = article.state
    if reasons != article.reasons:
        state = ArticleState.NEEDS_LOOK if reasons else ArticleState.OK
    return replace(
        article,
        title=title,
        published=_published(article.published, entry.published),
        author=_second(article.author, entry.author, is_trusted=_is_stated(article.author)),
        description=_second(article.description, entry.summary, is_trusted=True),
        image=picture,
        image_alt=article.image_alt or (entry.image_alt if same else ""),
        image_credit=article.image_credit or (entry.image_credit if same else ""),
        site=article.site or _datum(feed_title if len(feed_title) <= MOST_SITE_CHARS else ""),
        language=article.language or entry.language,
        updated=article.updated or entry.updated,
        state=state,
        reasons=reasons,
    )


def _page_of(entry: FeedEntry, reader: PageReader | None) -> tuple[PageText, str]:
    """Return the entry's text as a page's, without blocks and with a reason where it has none."""
    empty = PageText(
        metadata=_metadata(entry, None), blocks=(), is_free=True, language="", canonical=""
    )
    if not entry.html:
        return empty, NO_FEED_TEXT
    try:
        if reader is not None:
            return reader.read_text(entry.html, url=entry.url, shown="the feed's text of it"), ""
        with PageReader() as own:
            return own.read_text(entry.html, url=entry.url, shown="the feed's text of it"), ""
    except UserError as error:
        return empty, str(error)


def _metadata(entry: FeedEntry, feed: Feed | None) -> Metadata:
    site = feed.title if feed is not None and len(feed.title) <= MOST_SITE_CHARS else ""
    return Metadata(
        title=_field(entry.title),
        author=_field(entry.author),
        published=_field(entry.published),
        description=_field(entry.summary),
        image=_field(entry.image),
        image_alt=entry.image_alt if entry.image else "",
        site=_field(site),
    )


def _field(value: str) -> TextField | None:
    return TextField(value=value, origin=Origin.FEED) if value else None


def _bare(entry: FeedEntry, page: PageText, *, source: str, refused: str) -> Article:
    title = entry.title or _cut(entry.summary) or entry.url or "Untitled"
    reasons = [refused] if entry.title else [NO_FEED_TITLE, refused]
    return Article(
        key=story_key(canonical="", url=entry.url, texts=[title, entry.summary, entry.guid]),
        url=entry.url,
        source=source,
        title=Metadatum(value=title, origin=Origin.FEED),
        paragraphs=(),
        author=_datum(entry.author),
        published=_datum(entry.published),
        description=_datum(entry.summary),
        image=_datum(entry.image),
        image_alt=entry.image_alt if entry.image else "",
        site=_datum(page.metadata.site.value if page.metadata.site else ""),
        language=entry.language,
        state=ArticleState.NEEDS_LOOK,
        reasons=tuple(reasons),
        image_credit=entry.image_credit if entry.image else "",
        updated=entry.updated,
    )


def _renamed(article: Article) -> Article:
    """Return an article whose entry has no title its first words as one."""
    reasons = tuple(NO_FEED_TITLE if each == NO_TITLE else each for each in article.reasons)
    title = replace(article.title, value=_cut(article.title.value), origin=Origin.FEED)
    return replace(article, title=title, reasons=reasons)


def _cut(text: str) -> str:
    if len(text) <= MOST_TITLE_CHARS:
        return text
    return text[:MOST_TITLE_CHARS].rpartition(" ")[0] + "\u2026"


def _datum(value: str) -> Metadatum | None:
    return Metadatum(value=value, origin=Origin.FEED) if value else None


def _title(
    article: Article, entry: FeedEntry, feed_title: str
) -> tuple[Metadatum, tuple[str, ...]]:
    kept, reasons = article.title, article.reasons
    if kept.origin is Origin.EDITOR or not entry.title:
        return kept, reasons
    theirs = Metadatum(value=entry.title, origin=Origin.FEED)
    if NO_TITLE in reasons:  # the page's first paragraph stood in for one
        return theirs, tuple(reason for reason in reasons if reason != NO_TITLE)
    if normal(kept.value) == normal(entry.title):
        return kept, reasons
    sites = {normal(feed_title), normal(article.site.value if article.site else "")}
    if normal(kept.value) in sites or _is_decorated(kept.value, entry.title):
        return theirs, reasons
    if not _shares_words(kept.value, entry.title):
        return theirs, (*reasons, OTHER_TITLE)
    return kept, reasons


def _is_decorated(title: str, bare: str) -> bool:
    """Return whether title is bare with the site's name or a label before or after it."""
    long, short = normal(title), normal(bare)
    return any(
        long.startswith(short + normal_separator) or long.endswith(normal_separator + short)
        for normal_separator in _SEPARATORS
    )


def _shares_words(one: str, other: str) -> bool:
    first, second = (set(re.findall(r"\w{2,}", normal(text))) for text in (one, other))
    fewer = min(len(first), len(second))
    return fewer == 0 or len(first & second) >= max(1, FEWEST_SHARED * fewer)


def _published(page: Metadatum | None, feed: str) -> Metadatum | None:
    if page is None or not feed:
        return page or _datum(feed)
    if page.origin is Origin.EDITOR:
        return page
    theirs, ours = _moment(feed), _moment(page.value)
    if theirs is None or ours is None:
        return page
    is_same_day = abs((theirs.date() - ours.date()).days) <= (0 if "T" in page.value else 1)
    if is_same_day:
        return _datum(feed) if "T" in feed and "T" not in page.value else page
    return page if _is_stated(page) else _datum(feed)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _picture(article: Article, entry: FeedEntry) -> Metadatum | None:
    return article.image or _datum(entry.image)


def _second(page: Metadatum | None, feed: str, *, is_trusted: bool) -> Metadatum | None:
    """Return the page's value where it has one that is trusted, else the feed's."""
    if page is not None and (is_trusted or not feed or page.origin is Origin.EDITOR):
        return page
    return _datum(feed)


def _is_stated(datum: Metadatum | None) -> bool:
    return datum is not None and datum.origin in _STATED
