import pytest

from newsletter.ingest.identity import (
    is_same_site,
    site_host,
    story_key,
    text_key,
    url_key,
    web_address,
    without_trackers,
)

KEY = "https://example.org/news/a"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/news/a",
        "https://EXAMPLE.org:443/news/a/",
        "https://example.org//news///a",
        "https://example.org/news/a#comments",
        "https://example.org/news/a?utm_source=x&utm_medium=y",
        "https://example.org/news/a?fbclid=1&gclid=2",
        "https://example.org/news/a?mc_cid=1&mc_eid=2&at_medium=RSS&ito=3",
        "https://example.org/news/a/?cmp=1&ocid=2&smid=3&ref=4&xtor=5&itm_x=6",
        "http://example.org:80/news/a?UTM_Campaign=z",
        " https://example.org./news/a ",
    ],
)
def test_ten_spellings_of_one_address_have_one_key(url: str) -> None:
    assert url_key(url) == KEY


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/news/a",
        "https://example.org/news/A",
        "https://example.org/news/a?id=1",
        "https://example.org/news/a?page=2",
        "https://example.org/news/a#!/story/1",
        "https://example.org:8443/news/a",
    ],
)
def test_other_pages_keep_keys_of_their_own(url: str) -> None:
    assert url_key(url) not in {KEY, ""}


def test_the_order_of_a_query_does_not_matter() -> None:
    assert url_key("https://example.org/?b=2&a=1") == url_key("https://example.org?a=1&b=2")


def test_a_host_in_another_script_has_the_key_of_its_a_label() -> None:
    assert url_key("https://Bücher.example/x") == "https://xn--bcher-kva.example/x"


@pytest.mark.covers("T02")
@pytest.mark.parametrize(
    "scheme", ["javascript", "data", "vbscript", "file", "ftp", "mailto", "blob"]
)
@pytest.mark.parametrize(
    "disguise",
    ["{}:x", "{}://example.org/", " {}:x", "{}\t:x", "\x01{}:x", "{}&#58;x", "{}:\u2028x"],
)
def test_only_http_and_https_are_web_addresses(scheme: str, disguise: str) -> None:
    assert web_address(disguise.format(scheme)) == ""
    assert web_address(disguise.format(scheme.upper())) == ""


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "//example.org/", "https://", "https://user@example.org/"),
        *("http://a b/", "https://example.org:0/", "https://example.org:x/", "https://[::1/"),
        *("https://a\nb.example/", 'https://example.org/"><script>', "https://-/"),
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_is_no_whole_address_is_none(url: str) -> None:
    assert web_address(url) == ""
    assert url_key(url) == ""


def test_a_stated_canonical_counts_only_for_its_own_site() -> None:
    here, there = "https://www.paper.example/a?id=1", "https://other.example/a"
    assert story_key(canonical="https://paper.example/a", url=here, texts=[]).endswith("e/a")
    assert story_key(canonical=there, url=here, texts=[]) == url_key(here)
    assert story_key(canonical=there, url="", texts=[]) == url_key(there)
    assert story_key(canonical="", url="", texts=["One  Text"]) == text_key(["one text"])


def test_hosts_of_one_site() -> None:
    assert is_same_site("https://amp.paper.example/", "https://www.paper.example/")
    assert is_same_site("https://news.paper.example/", "https://paper.example/")
    assert not is_same_site("https://paper.example/", "https://newspaper.example/")
    assert site_host("https://www.paper.example/x") == "paper.example"
    assert site_host("nonsense") == ""


@pytest.mark.covers("T42")
@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example/x?utm_source=rss&id=1&fbclid=2#top", "https://a.example/x?id=1#top"),
        ("https://a.example/x?at_medium=RSS&at_campaign=rss", "https://a.example/x"),
        ("https://a.example/x?UTM%5Fsource=rss&q=a%20b&&c", "https://a.example/x?q=a%20b&&c"),
        ("https://a.example/x?ref=7&b=1&a=2", "https://a.example/x?ref=7&b=1&a=2"),
        ("https://a.example/x#a?utm_source=rss", "https://a.example/x#a?utm_source=rss"),
        ("https://a.example/x?", "https://a.example/x?"),
        ("", ""),
    ],
)
def test_an_address_loses_what_only_counts_readers(url: str, wanted: str) -> None:
    assert without_trackers(url) == wanted
    assert url_key(without_trackers(url)) == url_key(url)
