import pytest
from case_tables import own_cases

from newsletter.errors import UserError
from newsletter.ingest.children import PageReader
from newsletter.ingest.identity import guesses
from newsletter.model.source import FoundFeed

URL = "https://paper.example/news/"


def find(head: str, reader: PageReader) -> list[str]:
    page = f"<!doctype html><html><head>{head}</head><body><p>x</p></body></html>"
    return [found.url for found in reader.find_feeds(page.encode(), url=URL)]


def test_a_pages_feeds_are_given_in_its_order_with_title_and_kind(reader: PageReader) -> None:
    page = b"""<html><head><base href="/x/">
    <link rel=alternate type="application/rss+xml" href=rss title="News &amp; views">
    <link rel="home alternate" type="application/atom+xml;charset=utf-8" href="//paper.example/a">
    <link rel=alternate type="application/feed+json" href="https://paper.example/j">
    <link rel=alternate type="application/rss+xml" href="/x/rss" title="again">
    </head></html>"""
    assert reader.find_feeds(page, url=URL) == (
        FoundFeed(url="https://paper.example/x/rss", title="News & views", kind="RSS"),
        FoundFeed(url="https://paper.example/a", title="", kind="Atom"),
        FoundFeed(url="https://paper.example/j", title="", kind="JSON Feed"),
    )


@pytest.mark.covers("T02")
@pytest.mark.parametrize("link", own_cases(__file__, "what_is_no_feed_is_not_given"))
def test_what_is_no_feed_is_not_given(link: str, reader: PageReader) -> None:
    assert find(link, reader) == []


def test_a_vague_type_counts_where_the_address_says_feed(reader: PageReader) -> None:
    assert find('<link rel=alternate type="application/json" href=/feed.json>', reader) == [
        "https://paper.example/feed.json"
    ]


@pytest.mark.covers("T18")
def test_of_very_many_feeds_twenty_are_given(reader: PageReader) -> None:
    links = (f'<link rel=alternate type="application/rss+xml" href=/{n}>' for n in range(100))
    assert len(find("".join(links), reader)) == 20


@pytest.mark.parametrize("raw", [b"", b"no tags", b"\x89PNG\0\0\0\0\0", b"<div>" * 300])
def test_what_is_no_page_gets_one_sentence(raw: bytes, reader: PageReader) -> None:
    with pytest.raises(UserError, match="the page: it"):
        reader.find_feeds(raw, url=URL)


def test_a_site_is_guessed_at_four_places_and_no_more() -> None:
    assert guesses("https://paper.example/news/today?x=1") == (
        "https://paper.example/feed",
        "https://paper.example/rss",
        "https://paper.example/atom.xml",
        "https://paper.example/feed.xml",
    )
    assert guesses("no address") == ()
