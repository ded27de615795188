"""JSON Feed, version 1."""

import json
from collections.abc import Mapping
from datetime import datetime

from newsletter.ingest.decoding import clean_line
from newsletter.ingest.feed_fields import (
    language_tag,
    link_address,
    moment,
    paragraphs_of,
    picture_url,
    plain_text,
    safe_html,
    title_text,
)
from newsletter.ingest.feed_markup import MOST_ENTRIES
from newsletter.ingest.identity import without_trackers
from newsletter.ingest.page_head import author_line
from newsletter.model.source import Feed, FeedEntry

MOST_GUID_CHARS = 500

Values = Mapping[str, object]


def read_json_feed(text: str, *, url: str, now: datetime) -> Feed:
    """Read a JSON Feed.

    Raises:
        ValueError: with a sentence part that says why it is none.
    """
    feed, notes = _parse(text)
    items = feed.get("items")
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/1"):
        if not isinstance(items, list):
            msg = "it is JSON and no JSON Feed: it states no version and has no items"
            raise ValueError(msg)
        notes.append("it states no version of JSON Feed")
    if not isinstance(items, list):
        items = []
    if not items:
        notes.append("the feed has no entries")
    if len(items) > MOST_ENTRIES:
        notes.append(f"it has {len(items):,} entries; the first {MOST_ENTRIES} are read")
    usable = [item for item in items[:MOST_ENTRIES] if isinstance(item, dict)]
    if len(usable) < min(len(items), MOST_ENTRIES):
        notes.append("items that are none were left out")
    title = title_text(_text(feed, "title"))
    language = language_tag(_text(feed, "language"))
    return Feed(
        kind="JSON Feed",
        title=title,
        url=url,
        language=language,
        entries=tuple(
            _entry(item, position=position, url=url, about=(title, language), feed=feed, now=now)
            for position, item in enumerate(usable)
        ),
        notes=tuple(notes),
    )


def _parse(text: str) -> tuple[Values, list[str]]:
    try:
        feed = json.loads(text)
    except RecursionError as error:
        msg = "its JSON is nested too deep"
        raise ValueError(msg) from error
    except json.JSONDecodeError as error:
        return _salvaged(text, error), ["the feed breaks off; entries that are whole are read"]
    except ValueError as error:  # a number of thousands of digits
        msg = "its JSON cannot be read"
        raise ValueError(msg) from error
    if not isinstance(feed, dict):
        msg = "it is JSON and no JSON Feed: it is not an object"
        raise ValueError(msg)  # noqa: TRY004 (the reason travels as a ValueError)
    return feed, []


def _salvaged(text: str, error: json.JSONDecodeError) -> Values:
    """Return what stands before the break: the feed's own values and the items that are whole."""
    msg = f"its JSON cannot be read (line {error.lineno}: {error.msg})"
    head, found, rest = text.partition('"items"')
    start = rest.find("[")
    if not found or start < 0 or error.pos < len(head):
        raise ValueError(msg) from error
    decoder = json.JSONDecoder()
    items: list[object] = []
    at = start + 1
    try:
        while len(items) < MOST_ENTRIES:
            while at < len(rest) and rest[at] in " \t\r\n,":
                at += 1
            item, at = decoder.raw_decode(rest, at)
            items.append(item)
    except (ValueError, RecursionError):
        if not items:
            raise ValueError(msg) from error
    try:
        about = json.loads(head.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        about = {}
    return {**about, "items": items} if isinstance(about, dict) else {"items": items}


def _entry(
    item: Values, *, position: int, url: str, about: tuple[str, str], feed: Values, now: datetime
) -> FeedEntry:
    title, language = about
    markup, text = _text(item, "content_html"), _text(item, "content_text")
    published = moment(_text(item, "date_published"), now=now)
    updated = moment(_text(item, "date_modified"), now=now)
    guid = item.get("id", "")
    guid = str(guid) if isinstance(guid, str | int | float) else ""
    address = link_address(_text(item, "url"), base=url)
    return FeedEntry(
        position=position,
        title=title_text(_text(item, "title")),
        url=without_trackers(address or link_address(_text(item, "external_url"), base=url)),
        guid=clean_line(guid)[:MOST_GUID_CHARS],
        author=_authors(item, site=title) or _authors(feed, site=title),
        summary=plain_text(_text(item, "summary")),
        html=safe_html(markup or paragraphs_of(text)),
        published=published or updated,
        updated=updated if published else "",
        image=_picture(item, url),
        language=language_tag(_text(item, "language")) or language,
    )


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _authors(values: Values, *, site: str) -> str:
    people = values.get("authors")
    listed = people if isinstance(people, list) else [values.get("author")]
    names = [_text(person, "name") for person in listed[:20] if isinstance(person, dict)]
    return author_line([plain_text(name) for name in names], site=site)


def _picture(item: Values, url: str) -> str:
    attached = item.get("attachments")
    listed = attached if isinstance(attached, list) else []
    candidates = [_text(item, "image"), _text(item, "banner_image")] + [
        _text(one, "url")
        for one in listed[:20]
        if isinstance(one, dict) and _text(one, "mime_type").startswith("image/")
    ]
    return next(filter(None, (picture_url(value, base=url) for value in candidates)), "")
