from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import DONATE, UNSUB_HTML, errors, found, link_to, only, request_for, with_html

from newsletter.model.finding import Severity


@pytest.mark.covers("T02")
@pytest.mark.parametrize(
    ("url", "told"),
    cases("links", "a_link_that_cannot_work_is_an_error"),
)
def test_a_link_that_cannot_work_is_an_error(url: str, told: str) -> None:
    finding = only(link_to(url), "O10", beside=frozenset({"O26"}))
    assert finding.severity is Severity.ERROR
    assert told in finding.message
    assert "the report" in finding.evidence


@pytest.mark.parametrize(
    "url",
    cases("links", "a_link_that_works_but_should_not_be_is_a_warning"),
)
def test_a_link_that_works_but_should_not_be_is_a_warning(url: str) -> None:
    findings = found(link_to(url), "O10")
    assert findings
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert errors(link_to(url)) == []


@pytest.mark.parametrize(
    "url",
    cases("links", "a_sound_link_passes"),
)
def test_a_sound_link_passes(url: str) -> None:
    assert not found(link_to(url), "O10")


@pytest.mark.parametrize(
    ("words", "url"),
    cases("links", "words_that_show_another_host_are_an_error"),
)
def test_words_that_show_another_host_are_an_error(words: str, url: str) -> None:
    finding = only(link_to(url, words), "O10")
    assert finding.severity is Severity.ERROR
    assert finding.message == "a link shows another host than the one it leads to"


@pytest.mark.parametrize(
    ("words", "url"),
    cases("links", "words_that_show_no_other_host_pass"),
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
