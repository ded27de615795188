"""O17."""

from dataclasses import replace
from html import escape

from check_samples import LEAD, UNSUB_HTML, compose, found, only, request_for, with_html

from newsletter.model.finding import Severity


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
