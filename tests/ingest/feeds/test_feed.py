import re
import socket
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from case_tables import own_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest.feed_bombs import BOMBS
from ingest.feed_samples import ATOM, SAMPLES, atom, item, pair, rss

from newsletter.errors import UserError
from newsletter.ingest.children import PageReader
from newsletter.model.source import Feed

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
URL = "https://paper.example/feed"
MOST_GROWTH_KB = 100_000


def take(raw: bytes | str, reader: PageReader, content_type: str = "", url: str = URL) -> Feed:
    data = raw.encode() if isinstance(raw, str) else raw
    return reader.read_feed(data, url=url, content_type=content_type, now=NOW)


def outcome(raw: bytes, reader: PageReader, content_type: str = "") -> tuple[Feed | None, str]:
    """Return the feed, or the sentence that says why there is none."""
    try:
        return take(raw, reader, content_type), ""
    except UserError as error:
        return None, str(error)


@pytest.mark.covers("F52", "T19")
@pytest.mark.parametrize("name", SAMPLES)
def test_a_feed_of_the_wild_is_read_or_refused_with_a_reason(name: str, reader: PageReader) -> None:
    sample = SAMPLES[name]
    feed, refused = outcome(sample.raw.encode(sample.encoding), reader, sample.content_type)
    if feed is None:
        assert sample.refused
        assert sample.refused in refused
        return
    assert not sample.refused
    assert (feed.kind, feed.title) == (sample.kind, "Paper")
    assert [entry.title for entry in feed.entries] == sample.titles
    assert [entry.position for entry in feed.entries] == list(range(len(sample.titles)))
    if sample.titles:
        assert feed.entries[0].url == sample.first_url
    assert {name: getattr(feed.entries[0], name) for name in sample.facts} == sample.facts
    assert len(feed.notes) == len(sample.notes), feed.notes
    for part, note in zip(sample.notes, feed.notes, strict=True):
        assert part in note


@pytest.mark.covers("T17", "T18", "T20")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_neither_grows_nor_asks_anybody(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, PageReader(seconds=60) as own:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        take(rss(pair()), own)  # what the reader takes for itself is not the bomb's growth
        before = peak_kb(own)
        feed, refused = outcome(BOMBS[name](f"http://127.0.0.1:{port}/x"), own)
        assert "took too long" not in refused
        assert "stopped" not in refused
        if feed is not None:
            assert feed.title in {"Paper", "&e;"}
            assert len(feed.entries) <= 500
        assert peak_kb(own) - before < MOST_GROWTH_KB
        with pytest.raises(BlockingIOError):
            listener.accept()


def peak_kb(reader: PageReader) -> int:
    """Return the most memory that the child has held."""
    assert reader.process_id
    status = Path(f"/proc/{reader.process_id}/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


@pytest.mark.covers("T18")
def test_of_very_many_entries_the_first_500_are_read(reader: PageReader) -> None:
    many = rss("".join(item(str(number), f"Story {number}") for number in range(620)))
    feed = take(many, reader)
    assert len(feed.entries) == 500
    assert feed.entries[499].title == "Story 499"
    assert feed.notes == ("it has 620 entries; the first 500 are read",)
    listed = ",".join(f'{{"id": "{number}", "title": "x"}}' for number in range(620))
    other = take(f'{{"version": "https://jsonfeed.org/version/1", "items": [{listed}]}}', reader)
    assert len(other.entries) == 500
    with pytest.raises(UserError, match="larger than 5 MB, too large for a feed"):
        take(b"<rss>" + b" " * 5_000_000, reader)


TITLES = dict(CASES["titles"])


@pytest.mark.covers("T01", "T06", "T21")
@pytest.mark.parametrize("written", TITLES)
def test_a_title_is_text_unescaped_once_and_without_tags(written: str, reader: PageReader) -> None:
    feed = take(rss(item("1", written)), reader)
    assert feed.entries[0].title == TITLES[written]
    feed = take(
        rss(item("1", "x"), head=f"<title>{written}</title>").replace(
            "<title>Paper</title>", "", 1
        ),
        reader,
    )
    assert feed.title == TITLES[written]


SCHEMES = own_cases(__file__, "schemes")
DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "no-break space": lambda value: f"\u00a0{value}",
    "tab inside": lambda value: f"{value[:2]}&#9;{value[2:]}",
    "zero width inside": lambda value: f"{value[:2]}\u200b{value[2:]}",
    "an entity for the colon": lambda value: value.replace(":", "&amp;colon;", 1),
    "a number for a letter": lambda value: f"&amp;#{ord(value[0])};{value[1:]}",
}
FIELDS = {
    "link": "<link>{}</link>",
    "guid": "<guid>{}</guid>",
    "enclosure": '<enclosure url="{}" type="image/png"/>',
    "media": '<media:content url="{}" medium="image"/>',
    "thumbnail": '<media:thumbnail url="{}"/>',
    "counted link": "<feedburner:origLink>{}</feedburner:origLink>",
    "podcast picture": '<itunes:image href="{}"/>',
    "picture": "<image><url>{}</url></image>",
    "base": '<link xml:base="{}">a</link>',
}


@pytest.mark.covers("T02")
@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("field", FIELDS)
def test_only_web_addresses_come_out_of_any_field(
    field: str, disguise: str, reader: PageReader
) -> None:
    spaces = (
        ' xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    hostile = [DISGUISES[disguise](scheme) for scheme in SCHEMES]
    inside = "".join(
        f"<item><title>x</title>{FIELDS[field].format(address)}</item>" for address in hostile
    )
    feed = take(rss(inside, spaces=spaces), reader)
    assert len(feed.entries) == len(SCHEMES)
    for found in feed.entries:
        assert found.url in {"", "https://paper.example/a"}
        assert found.image == ""


@pytest.mark.covers("T02")
@pytest.mark.parametrize("disguise", DISGUISES)
def test_only_web_addresses_come_out_of_atom_and_json(disguise: str, reader: PageReader) -> None:
    for scheme in SCHEMES:
        hostile = DISGUISES[disguise](scheme)
        made = (
            f'<entry><title>x</title><id>{hostile}</id><link href="{hostile}"/>'
            f'<link rel="enclosure" type="image/png" href="{hostile}"/></entry>'
        )
        (found,) = take(atom(made, head=f'<link href="{hostile}"/>'), reader).entries
        assert (found.url, found.image) == ("", "")
        plain = hostile.replace("&amp;", "&").replace("&#9;", "\\t").replace("&#10;", "\\n")
        plain = plain.replace("&#13;", "\\r")
        feed = take(
            f'{{"version": "https://jsonfeed.org/version/1", "items":'
            f'[{{"id": "1", "url": "{plain}", "external_url": "{plain}", "image": "{plain}"}}]}}',
            reader,
        )
        assert (feed.entries[0].url, feed.entries[0].image) == ("", "")


@pytest.mark.parametrize(
    ("written", "wanted"), own_cases(__file__, "a_link_is_absolute_and_encoded_once")
)
def test_a_link_is_absolute_and_encoded_once(written: str, wanted: str, reader: PageReader) -> None:
    made = rss(
        f"<item><title>x</title><link>{written}</link>"
        '<enclosure url="/p.png" type="image/png"/></item>'
    )
    (found,) = take(made, reader, url="https://paper.example/deep/er/feed").entries
    assert found.url == f"https://paper.example/{wanted}"
    assert found.image == "https://paper.example/p.png"


def test_pictures_are_https_or_beside_a_feed_on_loopback(reader: PageReader) -> None:
    made = rss('<item><title>x</title><enclosure url="{}" type="image/png"/></item>')
    local = "http://127.0.0.1:8099"
    for address, url, wanted in (
        ("http://paper.example/p.png", URL, ""),
        (f"{local}/p.png", URL, ""),
        (f"{local}/p.png", f"{local}/feed", f"{local}/p.png"),
        ("http://127.0.0.1:8100/p.png", f"{local}/feed", ""),
        ("https://paper.example/logo.png", URL, ""),
        ("https://paper.example/p.svg", URL, "https://paper.example/p.svg"),
    ):
        (found,) = take(made.replace("{}", address), reader, url=url).entries
        assert found.image == wanted


@pytest.mark.parametrize(("written", "wanted"), CASES["dates"])
def test_a_date_keeps_its_zone_and_must_be_believable(
    written: str, wanted: str, reader: PageReader
) -> None:
    (found,) = take(rss(item("1", "x", f"<pubDate>{written}</pubDate>")), reader).entries
    assert found.published == wanted


@pytest.mark.parametrize(("head", "seconds"), CASES["periods"])
def test_a_feed_says_how_often_it_wants_to_be_asked(
    head: str, seconds: int, reader: PageReader
) -> None:
    spaces = ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    assert take(rss(pair(), head=head, spaces=spaces), reader).ttl_s == seconds


@pytest.mark.covers("T19")
@pytest.mark.parametrize("name", ["unicode_escape", "punycode", "idna", "hex", "rot13", "x"])
def test_an_encoding_that_is_none_of_the_web_is_not_used(name: str, reader: PageReader) -> None:
    made = rss(item("1", "a\\u0062c")).replace('"utf-8"', f'"{name}"')
    assert take(made, reader, f"text/xml; charset={name}").entries[0].title == "a\\u0062c"


@pytest.mark.covers("T19")
@pytest.mark.parametrize(
    ("mark", "header", "declared", "written"),
    own_cases(__file__, "a_mark_goes_before_the_header_and_that_before_the_declaration"),
)
def test_a_mark_goes_before_the_header_and_that_before_the_declaration(
    mark: str, header: str, declared: str, written: str, reader: PageReader
) -> None:
    title = "\u041c\u043e\u0441\u0442 \u0437\u0430\u043a\u0440\u044b\u0442"
    made = rss(item("1", title)).replace('"utf-8"', f'"{declared}"').encode(written)
    feed = take(made, reader, f"text/xml; charset={header}" if header else "")
    assert feed.entries[0].title == title
    assert mark in {"", written}


SENTENCE = re.compile(r"the feed: (?:it|its|reading) .{3,120}", re.DOTALL)
PIECES = [
    *(b"<rss>", b"<channel>", b"<item>", b"</item>", b"</channel>", b"</rss>", b"<title>", b"</"),
    *(ATOM.encode() + b">", b"<entry>", b"<link href='", b"'/>", b"<![CDATA[", b"]]>", b"<!--"),
    *(b"<!DOCTYPE rss", b"[", b">", b"&amp;", b"&x;", b"&", b"\0", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(
        b"\xd8\x00",
        b"<x:y z:a='1'>",
        b"https://a.example/",
        b"//[",
        b"x" * 300,
        b'{"items":[',
        b"}",
    ),
    *(b'{"version":"https://jsonfeed.org/version/1","items":[{"url":', b'"a"', b"null,", b"]}"),
    *(b"<pubDate>", b"31 Feb 2026 99:99 +9999", b"<media:content url='//x.example/a.png'>"),
    *(b"<?xml version='1.0' encoding='", b"cp037", b"utf-16", b"'?>", b"\\ud800", b"1e999"),
]


@pytest.mark.covers("F52", "T18")
@settings(deadline=None)
@given(
    raw=st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES)).map(b"".join)),
    content_type=st.sampled_from(
        ["", "text/xml; charset=utf-16", "x; charset=", "a/b; charset=\0"]
    ),
)
def test_any_bytes_give_a_feed_or_one_sentence(
    reader: PageReader, raw: bytes, content_type: str
) -> None:
    feed, refused = outcome(raw, reader, content_type)
    if feed is None:
        assert SENTENCE.fullmatch(refused)
        assert "could not be read" not in refused
        return
    for found in feed.entries:
        assert found.url == "" or re.match(r"https?://", found.url)
        assert found.image == "" or found.image.startswith("https://")
        assert not re.search(r"[\x00-\x1f\x7f]", found.title + found.author + found.summary)
