"""JSON Feed, version 1."""

import json
from collections.abc import Mapping
from datetime import datetime

from newsletter.ingest.decoding import clean_line
from newsletter.ingest.feed_fields import (
    has_other_scheme,
    language_tag,
    link_address,
    moment,
    paragraphs_of,
    plain_text,
    title_text,
)
from newsletter.ingest.feed_markup import MOST_ENTRIES
from newsletter.ingest.identity import without_trackers
from newsletter.ingest.page_head import author_line, picture_address
from newsletter.model.source import Feed, FeedEntry

MOST_GUID_CHARS = 500

Values = Mapping[str, object]


def read_json_feed(text: str, *, url: str, now: datetime) -> Feed:
    """Read a JSON Feed. Raises ValueError: with a sentence part that says why it is none."""
    feed = _parse(text)
    items = feed.get("items")
    if not isinstance(items, list):
        msg = "it is JSON and no JSON Feed: it has no items"
        raise ValueError(msg)  # noqa: TRY004 (the reason travels as a ValueError)
    notes: list[str] = []
    if not items:
        notes.append("the feed has no entries")
    if len(items) > MOST_ENTRIES:
        notes.append(f"it has {len(items):,} entries; the first {MOST_ENTRIES} are read")
    usable = [item for item in items[:MOST_ENTRIES] if isinstance(item, dict)]
    title = title_text(_text(feed, "title"))
    return Feed(
        kind="JSON Feed",
        title=title,
        url=url,
        language=language_tag(_text(feed, "language")),
        entries=tuple(
            _entry(item, position, feed, url=url, site=title, now=now)
            for position, item in enumerate(usable)
        ),
        notes=tuple(notes),
    )


def _parse(text: str) -> Values:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = "its JSON cannot be read"
        raise ValueError(msg) from error
    if not isinstance(feed, dict):
        msg = "it is JSON and no JSON Feed: it is not an object"
        raise ValueError(msg)  # noqa: TRY004 (the reason travels as a ValueError)
    return feed


def _entry(
    item: Values, position: int, feed: Values, *, url: str, site: str, now: datetime
) -> FeedEntry:
    published = moment(_text(item, "date_published"), now=now)
    updated = moment(_text(item, "date_modified"), now=now)
    guid = item.get("id", "")
    address = link_address(_text(item, "url"), base=url)
    return FeedEntry(
        position=position,
        title=title_text(_text(item, "title")),
        url=without_trackers(address or link_address(_text(item, "external_url"), base=url)),
        guid=clean_line(str(guid) if isinstance(guid, str | int) else "")[:MOST_GUID_CHARS],
        author=_authors(item, site=site) or _authors(feed, site=site),
        summary=plain_text(_text(item, "summary")),
        html=_text(item, "content_html") or paragraphs_of(_text(item, "content_text")),
        published=published or updated,
        updated=updated if published else "",
        image=_picture(item, url),
        language=language_tag(_text(item, "language") or _text(feed, "language")),
    )


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _authors(values: Values, *, site: str) -> str:
    people = values.get("authors")
    listed = people if isinstance(people, list) else [values.get("author")]
    names = [_text(person, "name") for person in listed[:20] if isinstance(person, dict)]
    return author_line([plain_text(name) for name in names], site=site)


def _picture(item: Values, url: str) -> str:
    stated = (_text(item, "image"), _text(item, "banner_image"))
    fit = (picture_address(value, base=url) for value in stated if not has_other_scheme(value))
    return next(filter(None, fit), "")
