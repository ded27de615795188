"""O12: links that cannot be told from each other."""

from html import escape

import pytest
from case_tables import cases
from check_samples import LEAD, found, only, with_html

from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Severity


def links(*pairs: tuple[str, str]) -> CheckRequest:
    anchors = "".join(f'<p><a href="{escape(url)}">{words}</a></p>' for url, words in pairs)
    return with_html("<h3>", f"{anchors}<h3>")


@pytest.mark.parametrize(
    "words",
    cases("link_words", "words_that_say_nothing_are_a_warning"),
)
def test_words_that_say_nothing_are_a_warning(words: str) -> None:
    finding = only(links(("https://example.org/report", words)), "O12")
    assert finding.severity is Severity.WARNING
    assert "does not say where the link leads" in finding.message
    assert finding.evidence == "https://example.org/report"


@pytest.mark.parametrize(
    "words",
    cases("link_words", "words_that_name_something_pass"),
)
def test_words_that_name_something_pass(words: str) -> None:
    assert not found(links(("https://example.org/report", words)), "O12")


def test_the_same_words_to_two_pages_are_told_with_both() -> None:
    finding = only(
        links(("https://example.org/a", "The report"), ("https://example.org/b", "the report.")),
        "O12",
    )
    assert finding.message == "two links have the same text, “The report”"
    assert finding.evidence == "https://example.org/a; https://example.org/b"


@pytest.mark.parametrize(
    ("one", "other"),
    cases("link_words", "two_spellings_of_one_page_are_one"),
)
def test_two_spellings_of_one_page_are_one(one: str, other: str) -> None:
    assert not found(links((one, "The report"), (other, "The report")), "O12")


def test_words_may_repeat_where_headlines_lead_to_the_same_pages() -> None:
    pages = [("https://example.org/a", "Bridge opens"), ("https://example.org/b", "Bridge shut")]
    again = [(url, "Read the full story") for url, _ in pages]
    assert not found(links(*pages, *again), "O12")
    assert found(links(pages[0], *again), "O12")


def test_a_list_of_contents_repeats_the_headlines_it_leads_to() -> None:
    headline = escape(LEAD.headline)
    contents = f'<p><a href="#one">{headline}</a></p><a name="one"></a><h1>'
    assert not found(with_html("<h1>", contents), "O12")


def test_a_label_goes_before_the_words() -> None:
    anchor = '<a href="https://example.org/r" aria-label="The report on peat">more</a><h3>'
    assert not found(with_html("<h3>", anchor), "O12")


def test_a_link_without_words_is_a_warning_unless_another_says_where_it_leads() -> None:
    assert "neither words nor" in only(links(("https://example.org/r", " ")), "O12").message
    picture = '<img src="https://example.org/x.png" alt="">'
    assert not found(links((LEAD.url, picture)), "O12")
    assert "neither words nor" in only(links((LEAD.url, " ")), "O12").message


def test_the_line_is_that_of_the_block_in_the_issue() -> None:
    headline = f">{escape(LEAD.headline)}</a>"
    finding = found(with_html(headline, ">Read more</a>"), "O12")[0]
    assert (finding.file, finding.line) == ("issues/2026-11-24-daily.md", 11)


def test_a_list_of_contents_leads_to_the_words_it_repeats() -> None:
    headline = "Trains run again on the coast"
    pairs = (("#story-1", headline), ("https://example.org/trains", headline))
    assert not found(links(*pairs), "O12")
    assert found(links(("#story-1", "here"), pairs[1]), "O12")
