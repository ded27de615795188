import pytest
from case_tables import own_cases

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


@pytest.mark.parametrize("url", own_cases(__file__, "ten_spellings_of_one_address_have_one_key"))
def test_ten_spellings_of_one_address_have_one_key(url: str) -> None:
    assert url_key(url) == KEY


@pytest.mark.parametrize("url", own_cases(__file__, "other_pages_keep_keys_of_their_own"))
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
    ("url", "wanted"), own_cases(__file__, "an_address_loses_what_only_counts_readers")
)
def test_an_address_loses_what_only_counts_readers(url: str, wanted: str) -> None:
    assert without_trackers(url) == wanted
    assert url_key(without_trackers(url)) == url_key(url)
