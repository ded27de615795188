"""O14 and O17."""

from dataclasses import replace
from html import escape

import pytest
from check_samples import LEAD, UNSUB_HTML, compose, found, only, request_for, with_html

from newsletter.model.finding import Severity

BARE = "telephone=no,date=no,address=no,email=no,url=no"


@pytest.mark.parametrize(
    ("text", "kind", "seen"),
    [
        ("Ring 020 7946 0000 today", "telephone", "020 7946 0000"),
        ("Ring +44 (0)20 7946 0000", "telephone", "+44 (0)20 7946 0000"),
        ("It opens on 18 March 2027 at last", "date", "18 March 2027"),
        ("It opens on March 18 at last", "date", "March 18"),
        ("Opens 2027-03-18", "date", "2027-03-18"),
        ("Come to 221b Baker Street", "address", "221b Baker Street"),
        ("Write to desk@example.org", "email", "desk@example.org"),
        ("See www.example.org/peat", "url", "www.example.org/peat"),
    ],
)
def test_text_that_becomes_a_link_is_told_where_nothing_bars_it(
    text: str, kind: str, seen: str
) -> None:
    made = compose()
    html = made.html.replace("<h3>", f"<p>{text}</p><h3>").replace(f"{kind}=no", f"{kind}=yes")
    (finding,) = found(request_for(composed=replace(made, html=html)), "O14")
    assert finding.severity is Severity.INFO
    assert seen in finding.evidence
    assert kind in finding.message


def test_a_link_and_what_is_barred_are_not_told() -> None:
    text = '<a href="https://example.org/">Ring 020 7946 0000, 18 March 2027</a>'
    assert not found(with_html("<h3>", f"<p>{text}</p><h3>"), "O14")
    made = compose()
    html = made.html.replace("<h3>", f"{text}<h3>").replace(BARE, "address=no,email=no,url=no")
    assert not found(request_for(composed=replace(made, html=html)), "O14")


@pytest.mark.parametrize(
    "text", ["9,000 summers", "1999-2026", "ISBN 978-3-16-148410-0", "16 to 18"]
)
def test_numbers_are_no_telephone_numbers_or_dates(text: str) -> None:
    made = compose()
    html = made.html.replace("<h3>", f"<p>{text}</p><h3>").replace(BARE, "address=no")
    assert not found(request_for(composed=replace(made, html=html)), "O14")


def test_a_mail_that_is_a_picture_is_a_warning() -> None:
    html = (
        '<p><img src="https://example.org/all.png" alt="All the news"></p>'
        f'<p>You get this because you signed up. <a href="{UNSUB_HTML}">Unsubscribe</a></p>'
    )
    made = compose()
    head, _, _ = made.html.partition("<h1>")
    finding = found(request_for(composed=replace(made, html=f"{head}{html}")), "O17")[0]
    assert finding.severity is Severity.WARNING
    assert "characters of text, 2 pictures" in finding.evidence


def test_little_text_without_pictures_is_a_short_mail() -> None:
    made = replace(compose(), html="<p>Good morning. Nothing happened.</p>")
    assert not found(request_for(composed=made), "O17")


def test_a_headline_that_is_a_picture_is_told_with_its_line() -> None:
    picture = f'<img src="https://example.org/h.png" alt="{escape(LEAD.headline)}"></a>'
    finding = only(
        with_html(f">{escape(LEAD.headline)}</a>", f">{picture}"), "O17", beside=frozenset({"O19"})
    )
    assert (finding.message, finding.line) == ("a headline stands only in a picture", 11)
