"""A feed's entry as an article, and a page's article seen beside its entry."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from newsletter.config.settings import NoiseRule
from newsletter.errors import UserError
from newsletter.ingest.children import NO_METADATA, Metadata, PageReader, PageText
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

_SEPARATORS = (" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", " :: ", ": ")


def article_from_entry(
    entry: FeedEntry,
    *,
    feed: Feed,
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    reader: PageReader,
) -> Article:
    """Take in an entry by itself: its full text where it has one, else its title and link alone."""
    site = feed.title if len(feed.title) <= MOST_SITE_CHARS else ""
    page, refused = PageText(metadata=NO_METADATA, blocks=()), NO_FEED_TEXT
    if entry.html:
        try:
            shown = "the feed's text of it"
            page, refused = reader.read_text(entry.html, url=entry.url, shown=shown), ""
        except UserError as error:
            refused = str(error)
    title = entry.title
    if refused:
        title = title or _cut(entry.summary) or entry.url or "Untitled"
    metadata = Metadata(
        title=_datum(title),
        author=_datum(entry.author),
        published=_datum(entry.published),
        description=_datum(entry.summary),
        image=_datum(entry.image),
        image_alt=entry.image_alt if entry.image else "",
        site=_datum(site),
    )
    page = replace(page, metadata=metadata, language=entry.language)
    article = judged_page(page, url=entry.url, source=source, callouts=callouts, noise=noise)
    article = replace(article, image_credit=entry.image_credit, updated=entry.updated)
    if refused:
        texts = [title, entry.summary, entry.guid]
        article = replace(
            article,
            key=story_key(canonical="", url=entry.url, texts=texts),
            reasons=(refused,) if entry.title else (NO_FEED_TITLE, refused),
        )
    elif not entry.title:
        reasons = tuple(NO_FEED_TITLE if each == NO_TITLE else each for each in article.reasons)
        named = Metadatum(value=_cut(article.title.value), origin=Origin.FEED)
        article = replace(article, title=named, reasons=reasons)
    return article


def with_feed(article: Article, entry: FeedEntry, *, feed_title: str = "") -> Article:
    """Return a page's article with what its entry knows better, each such value of origin feed."""
    title, reasons = _title(article, entry, feed_title)
    picture = article.image or _datum(entry.image)
    same = picture is not None and url_key(picture.value) == url_key(entry.image) != ""
    author = article.author
    if author is None or (entry.author and author.origin is Origin.PAGE):
        author = _datum(entry.author)
    state = article.state
    if reasons != article.reasons:
        state = ArticleState.NEEDS_LOOK if reasons else ArticleState.OK
    return replace(
        article,
        title=title,
        published=_published(article.published, entry.published),
        author=author,
        description=article.description or _datum(entry.summary),
        image=picture,
        image_alt=article.image_alt or (entry.image_alt if same else ""),
        image_credit=article.image_credit or (entry.image_credit if same else ""),
        site=article.site or _datum(feed_title if len(feed_title) <= MOST_SITE_CHARS else ""),
        language=article.language or entry.language,
        updated=article.updated or entry.updated,
        state=state,
        reasons=reasons,
    )


def _datum(value: str) -> Metadatum | None:
    return Metadatum(value=value, origin=Origin.FEED) if value else None


def _cut(text: str) -> str:
    if len(text) <= MOST_TITLE_CHARS:
        return text
    return text[:MOST_TITLE_CHARS].rpartition(" ")[0] + "\u2026"


def _title(
    article: Article, entry: FeedEntry, feed_title: str
) -> tuple[Metadatum, tuple[str, ...]]:
    kept, reasons = article.title, article.reasons
    long, short = normal(kept.value), normal(entry.title)
    if kept.origin is Origin.EDITOR or not short or (long == short and NO_TITLE not in reasons):
        return kept, reasons
    theirs = Metadatum(value=entry.title, origin=Origin.FEED)
    if NO_TITLE in reasons:  # the page's first paragraph stood in for one
        return theirs, tuple(reason for reason in reasons if reason != NO_TITLE)
    sites = {normal(feed_title), normal(article.site.value if article.site else "")}
    # The entry's with the site's name or a label before or after it.
    is_decorated = any(long.startswith(short + s) or long.endswith(s + short) for s in _SEPARATORS)
    if long in sites or is_decorated:
        return theirs, reasons
    first, second = (set(re.findall(r"\w{2,}", text)) for text in (long, short))
    if len(first & second) < max(1, FEWEST_SHARED * min(len(first), len(second))):
        return theirs, (*reasons, OTHER_TITLE)
    return kept, reasons


def _published(page: Metadatum | None, feed: str) -> Metadatum | None:
    if page is None or not feed or page.origin is Origin.EDITOR:
        return page or _datum(feed)
    try:
        days = abs((_day(feed) - _day(page.value)).days)
    except ValueError:
        return page
    has_time = "T" in page.value
    if days <= (0 if has_time else 1):
        return _datum(feed) if "T" in feed and not has_time else page
    return _datum(feed) if page.origin is Origin.PAGE else page


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
