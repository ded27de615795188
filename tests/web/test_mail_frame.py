"""The document of the frame."""

import time
from pathlib import Path

import pytest

import newsletter.web
from newsletter.web.mail_frame import FRAME_CSP, LARGEST, SANDBOX, as_dark, frame_response

MAIL = (
    "<!DOCTYPE html><html><head><style>@media (prefers-color-scheme: DARK){p{color:#fff}}</style>"
    "</head><body><p>words</p></body></html>"
)
SOURCES = sorted(
    path
    for folder in ("pages", "static", ".")
    for path in (Path(newsletter.web.__file__).parent / folder).glob("*.*")
)


def shown(html: str, dark: str = "off") -> str:
    return bytes(frame_response(html, dark=as_dark(dark)).body).decode()


def test_no_source_ever_allows_scripts_in_a_frame() -> None:
    assert len(SOURCES) > 15
    allowed = [path for path in SOURCES if '"allow-scripts' in path.read_text("utf-8")]
    assert allowed == []
    assert SANDBOX == "allow-same-origin"
    assert "allow-scripts" not in FRAME_CSP
    assert "script-src" not in FRAME_CSP


def test_pages_hold_no_inline_style_script_or_handler() -> None:
    for path in SOURCES:
        if path.suffix == ".html":
            page = path.read_text("utf-8").lower()
            assert "<style" not in page
            assert "style=" not in page
            assert "<script>" not in page
            assert " on" + "click=" not in page
            assert "javascript:" not in page
            assert "|safe" not in page.replace(" ", "")


def test_scripts_and_styles_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in SOURCES}
    assert sizes["live.js"] <= 60_000
    assert sizes["studio.css"] <= 30_000


@pytest.mark.parametrize(
    ("dark", "query"),
    [("off", "(max-width: 0px)"), ("authored", "(min-width: 0px)"), ("forced", "(max-width: 0px)")],
)
def test_dark_is_what_was_asked_for_not_what_the_system_prefers(dark: str, query: str) -> None:
    document = shown(MAIL, dark)
    assert query in document
    assert ("color-scheme:only dark!" in document) == (dark == "authored")
    assert "prefers-color-scheme" not in document.lower()
    assert ("invert(1)" in document) == (dark == "forced")


def test_a_mail_that_knows_no_dark_stays_on_light_ground() -> None:
    assert "color-scheme:only light!" in shown("<p>words</p>", "authored")


def test_a_light_query_is_told_too() -> None:
    html = "<style>@media (prefers-color-scheme:light){p{color:#000}}</style>"
    assert "(min-width: 0px)" in shown(html)
    assert "(max-width: 0px)" in shown(html, "authored")


def test_links_open_nowhere_by_themselves_with_or_without_a_head() -> None:
    for html in (MAIL, "<p>no head</p>", ""):
        assert shown(html).count('<base target="_blank">') == 1


def test_link_elements_connect_to_nobody() -> None:
    hostile = (
        '<link rel=preconnect href="http://x.example"><LINK/rel=dns-prefetch href=//y.example>'
    )
    assert "<link" not in shown(hostile).lower()


def test_what_cannot_be_encoded_is_shown_all_the_same() -> None:
    assert "a?b" in shown("<p>a\udcffb</p>")


def test_a_huge_mail_is_cut() -> None:
    assert len(shown("<p>" + "x" * (LARGEST * 2))) < LARGEST + 1_000


@pytest.mark.parametrize(
    "part", ["<head ", "<head", "(prefers-color-scheme ", "color-scheme ", "( "]
)
def test_no_mail_costs_more_time_than_its_length(part: str) -> None:
    began = time.process_time()
    shown(part * (LARGEST // len(part)))
    assert time.process_time() - began < 3
