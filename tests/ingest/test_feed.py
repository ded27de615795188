from datetime import UTC, datetime

from newsletter.ingest.discovery import find_feeds, guesses
from newsletter.ingest.entry import article_from_entry
from newsletter.ingest.feed import read_feed
from newsletter.ingest.page_child import PageReader
from newsletter.model.article import ArticleState, Origin
from newsletter.model.feed import FoundFeed

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
URL = "https://paper.example/feed"


def test_an_entry_of_each_kind_has_its_facts(reader: PageReader) -> None:
    raw = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Paper &amp; Ink</title>
<ttl>30</ttl><language>en-gb</language>
<item><title>Ben &amp;amp; Jerry&#8217;s</title><link>/a?x=1&amp;y=2</link>
<guid isPermaLink="false">g1</guid><pubDate>Thu, 26 Nov 2026 09:00:00 BST</pubDate>
<dc:creator>Jane Doe and Tom Roe</dc:creator>
<description>&lt;b&gt;Short&lt;/b&gt; one.</description>
<media:content url="https://paper.example/dog.jpg" medium="image"><media:title>T</media:title>
<media:description>A dog</media:description><media:credit>Jo Pix</media:credit></media:content>
<category>World</category></item></channel></rss>"""
    feed = read_feed(raw.encode(), url=URL, content_type="", now=NOW, reader=reader)
    (entry,) = feed.entries
    assert (feed.kind, feed.title, feed.ttl_s, feed.language) == (
        "RSS",
        "Paper & Ink",
        1800,
        "en-gb",
    )
    assert (entry.title, entry.summary) == ("Ben & Jerry\u2019s", "Short one.")
    assert (entry.url, entry.guid) == ("https://paper.example/a?x=1&y=2", "g1")
    assert (entry.author, entry.published) == (
        "Jane Doe and Tom Roe",
        "2026-11-26T09:00:00+01:00",
    )
    assert (entry.image, entry.image_alt, entry.image_credit) == (
        "https://paper.example/dog.jpg",
        "A dog",
        "Jo Pix",
    )
    article = article_from_entry(
        entry, feed=feed, source="paper", callouts=[], noise=[], reader=reader
    )
    assert article.title.origin is Origin.FEED
    assert article.state is ArticleState.NEEDS_LOOK


def test_feeds_are_found_in_a_pages_head(reader: PageReader) -> None:
    page = b"""<html><head><link rel=alternate type="application/rss+xml" href=/f title="F &amp; F">
    </head><body>x</body></html>"""
    assert find_feeds(page, url="https://paper.example/news", reader=reader) == (
        FoundFeed(url="https://paper.example/f", title="F & F", kind="RSS"),
    )
    assert guesses("https://paper.example/a/b")[0] == "https://paper.example/feed"
