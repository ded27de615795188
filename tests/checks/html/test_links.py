from dataclasses import replace

import pytest
from check_samples import DONATE, UNSUB_HTML, errors, found, link_to, only, request_for, with_html

from newsletter.model.finding import Severity


@pytest.mark.covers("T02")
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "leads nowhere"),
        ("  ", "leads nowhere"),
        ("#", "a place that is not in the mail"),
        ("#top", "a place that is not in the mail"),
        ("/news/1", "relative"),
        ("news.html", "relative"),
        ("//example.org/x", "relative"),
        ("javascript:alert(1)", "javascript:"),
        ("JavaScript:alert(1)", "javascript:"),
        ("data:text/html,x", "data:"),
        ("file:///etc/passwd", "file:"),
        ("tel:+4420123", "tel:"),
        ("https://example.org/a b", "a space"),
        ("https://example.org/a\nb", "a space"),
        ("java\tscript:alert(1)", "a space"),
        ("https://example.org/{{ id }}", "placeholder"),
        ("https://example.org/{{%20id%20}}", "placeholder"),
        ("https://example.org/[[id]]", "placeholder"),
        ("https://example.org/" + "x" * 2000, "longer than 2,000"),
        ("https:///path", "no host"),
        ("https://[::1/x", "no address"),
        ("https://example.org:port/", "no address"),
        ("https://bank.example@example.org/", "name before its host"),
        ("mailto:", "no address"),
        ("mailto:?subject=x", "no address"),
        ("mailto:editor", "no mail address"),
        ("mailto:editor@example", "no mail address"),
        ("mailto://editor@example.org", "no mail address"),
        ("mailto:a@example.org,b", "no mail address"),
        ("https://https://example.org/x", "twice"),
        ("http://http//example.org/x", "twice"),
        ("https://example.org/xhttps://example.org/y", "two addresses"),
        ("https://example.con/x", "which no site has"),
        ("https://localhost:8000/x", "only your own network"),
        ("https://cms.intranet/x", "only your own network"),
        ("https://wiki/x", "only your own network"),
        ("https://example.org/a\u200bb", "invisible"),
        ("https://example.org/a%E2%80%8Bb", "invisible"),
        ("https://example.org/%0d%0aSet-Cookie:x", "invisible"),
        ("https://news.example.org/u/abcdefgh", "one reader's own"),
        ("https://news.example.org/p/abcdefgh", "one reader's own"),
    ],
)
def test_a_link_that_cannot_work_is_an_error(url: str, told: str) -> None:
    finding = only(link_to(url), "O10", beside=frozenset({"O26"}))
    assert finding.severity is Severity.ERROR
    assert told in finding.message
    assert "the report" in finding.evidence


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/old",
        "https://bit.ly/3xYz",
        "http://t.co/x",
        "https://www.bit.ly/3xYz",
        "https://93.184.216.34/x",
        "https://[2001:db8::1]/x",
        "https://3232235777/x",
        "https://example.org/x.",
        "https://example.org/x,",
        "https://example.org/x)",
        "https://example.org/x?a=1&amp;b=2",
        "https://\u0430pple.example/x",  # the first letter is Cyrillic
        "https://xn--pple-43d.example/x",
        "https://\u0430\u0440\u0440\u04cf\u0435.example/x",
    ],
)
def test_a_link_that_works_but_should_not_be_is_a_warning(url: str) -> None:
    findings = found(link_to(url), "O10")
    assert findings
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert errors(link_to(url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a%20b?q=%7Bx%7D#part",
        "https://example.org/w(1)/'quoted',1",
        "https://b\u00fccher.example/stra\u00dfe",
        "https://example.org:8443/x",
        "mailto:editor@example.org?subject=Hello%20there",
        "https://example.org/very/long/" + "x" * 1900,
        "https://youtu.be/abc",
        "https://web.archive.org/web/2020/https://example.org/x",
        "https://example.org/share?u=https://example.org/x",
        "https://en.wikipedia.org/wiki/Bog_(disambiguation)",
        "https://\u043f\u043e\u0447\u0442\u0430.\u0440\u0444/x",
        "https://news.example.org/users/7",
    ],
)
def test_a_sound_link_passes(url: str) -> None:
    assert not found(link_to(url), "O10")


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("https://bank.example/login", "https://evil.example/"),
        ("see www.bank.example for more", "https://evil.example/"),
        ("bank.example", "https://evil.example/"),
        ("bank.example \u2197", "https://evil.example/"),
        ("\u201cbank.example/login\u201d \u00bb", "https://evil.example/"),
        ("bank.example/login", "https://bank.example.evil.example/"),
        ("https://b\u0430nk.example/", "https://bank.example/"),
    ],
)
def test_words_that_show_another_host_are_an_error(words: str, url: str) -> None:
    finding = only(link_to(url, words), "O10")
    assert finding.severity is Severity.ERROR
    assert finding.message == "a link shows another host than the one it leads to"


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("example.org", "https://www.example.org/news"),
        ("https://www.example.org/news", "https://example.org/news?from=daily"),
        ("news.example.org", "https://example.org/news"),
        ("dec.org.uk", "https://donation.dec.org.uk/ukraine"),
        ("B\u00fccher.example", "https://xn--bcher-kva.example/"),
        ("editor@example.com", "mailto:editor@example.com"),
        ("What Amazon.com and Booking.com told the court", "https://news.example/1"),
        ("Version 2.0 is out", "https://news.example/1"),
        ("3.5", "https://news.example/1"),
        ("U.S. and U.K. sign a treaty", "https://news.example/1"),
        ("e.g.", "https://news.example/1"),
        ("next.js", "https://nextjs.example/"),
        ("report-2026.pdf", "https://files.example/report-2026.pdf"),
        ("A.C. Milan 2-1 Inter", "https://news.example/1"),
        ("", "https://news.example/1"),
    ],
)
def test_words_that_show_no_other_host_pass(words: str, url: str) -> None:
    assert not found(link_to(url, words), "O10")


def test_a_companys_name_that_looks_like_a_host_is_only_a_warning() -> None:
    finding = only(link_to("https://news.example/1", "Booking.com"), "O10")
    assert finding.severity is Severity.WARNING


def test_a_fault_is_told_once_with_its_line_and_block() -> None:
    request = request_for()
    assert request.composed is not None
    url = "https://example.org/news/china-russia"
    composed = replace(
        request.composed,
        html=request.composed.html.replace(url, "http://example.org/x").replace(
            "<h3>", '<p><a href="http://example.org/x">more</a></p><h3>'
        ),
        text=request.composed.text.replace(url, "http://example.org/x"),
        links=tuple(
            replace(link, url="http://example.org/x") if link.url == url else link
            for link in request.composed.links
        ),
    )
    finding = only(request_for(composed=composed), "O10")
    assert finding.line == 11
    assert "in story: Will China help" in finding.evidence
    assert finding.evidence.endswith("2 times")


def test_a_slot_is_an_address_of_its_own() -> None:
    more = f'<p><a href="{UNSUB_HTML}">Leave the list</a></p><h3>'
    assert not found(with_html("<h3>", more), "O10")


def test_an_anchor_without_an_address_is_no_link() -> None:
    assert not found(with_html("<h3>", '<a name="top">Top</a><h3>'), "O10")


@pytest.mark.parametrize("place", ['<a name="top"></a>', '<p id="top">Top</p>'])
def test_a_link_to_a_place_in_the_mail_passes_where_the_place_is_there(place: str) -> None:
    there = f'{place}<p><a href="#top">Back to contents</a></p><h3>'
    assert not found(with_html("<h3>", there), "O10")
    nowhere = f'{place}<p><a href="#tip">Back to contents</a></p><h3>'
    finding = only(with_html("<h3>", nowhere), "O10")
    assert finding.severity is Severity.ERROR
    assert "not in the mail" in finding.message


def test_links_hidden_in_comments_for_outlook_are_not_read() -> None:
    comment = '<!--[if mso]><a href="javascript:x">x</a><![endif]--><h3>'
    assert not found(with_html("<h3>", comment), "O10")


def test_the_donation_link_passes() -> None:
    assert not found(link_to(DONATE, "Donate to the DEC appeal"), "O10")
