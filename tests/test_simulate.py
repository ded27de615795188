"""Mails as documents: dark, forced, without pictures, without styles; nothing in them connects."""

import re
import time
import tomllib
from pathlib import Path

import pytest
from composing import elements

from newsletter.model.brand import Colour, contrast
from newsletter.model.composed import Dark, Look
from newsletter.simulate import (
    LARGEST,
    addresses_of_pictures,
    document_csp,
    mail_document,
)

CASES = tomllib.loads(Path(__file__).with_name("simulate.toml").read_text("utf-8"))
MAIL = (
    "<!DOCTYPE html><html><head><style>@media (prefers-color-scheme: DARK){p{color:#fff}}</style>"
    "</head><body><p>words</p></body></html>"
)
PICTURES = (
    "<!DOCTYPE html><html><head><style>.pic img, td>img{color:#123}.imgs{margin:0}</style></head>"
    '<body><p class="pic">before <img class="big" src="https://a.example/one.jpg" alt="A hill"'
    ' width="536" style="display:block"> after</p><img src="https://a.example/two.jpg" alt="">tail'
    "</body></html>"
)
LOOKS = [
    Look(dark=dark, images=images, styles=styles)
    for dark in Dark
    for images in (True, False)
    for styles in (True, False)
]


def shown(html: str, dark: Dark = Dark.OFF) -> str:
    return mail_document(html, Look(dark=dark))


@pytest.mark.parametrize(
    ("dark", "query"),
    [
        (Dark.OFF, "(max-width: 0px)"),
        (Dark.AUTHORED, "(min-width: 0px)"),
        (Dark.FORCED, "(max-width: 0px)"),
        (Dark.PARTIAL, "(max-width: 0px)"),
    ],
)
def test_dark_is_what_was_asked_for_not_what_the_system_prefers(dark: Dark, query: str) -> None:
    document = shown(MAIL, dark)
    assert query in document
    assert ("color-scheme:only dark!" in document) == (dark is Dark.AUTHORED)
    assert "prefers-color-scheme" not in document.lower()
    assert ("invert(1)" in document) == (dark is Dark.FORCED)


def test_a_mail_that_knows_no_dark_stays_on_light_ground() -> None:
    assert "color-scheme:only light!" in shown("<p>words</p>", Dark.AUTHORED)


def test_a_light_query_is_told_too() -> None:
    html = "<style>@media (prefers-color-scheme:light){p{color:#000}}</style>"
    assert "(min-width: 0px)" in shown(html)
    assert "(max-width: 0px)" in shown(html, Dark.AUTHORED)


def test_links_open_nowhere_by_themselves_with_or_without_a_head() -> None:
    for html in (MAIL, "<p>no head</p>", "", " ", "<!-- only -->"):
        for look in LOOKS:
            assert mail_document(html, look, kept={}).count('<base target="_blank">') == 1


@pytest.mark.covers("T42")
@pytest.mark.parametrize("look", LOOKS)
def test_link_elements_connect_to_nobody(look: Look) -> None:
    hostile = (
        '<link rel=preconnect href="http://x.example"><LINK/rel=dns-prefetch href=//y.example>'
        "<p>words</p>"
    )
    each: dict[str, str] | None
    for each in (None, {}):
        assert "<link" not in mail_document(hostile, look, kept=each).lower()


def test_what_cannot_be_encoded_is_shown_all_the_same() -> None:
    for look in LOOKS:
        assert mail_document("<p>a\udcffb</p>", look).encode("utf-8", "replace").count(b"a?b") == 1


def test_a_huge_mail_is_cut() -> None:
    for look in LOOKS:
        assert len(mail_document("<p>" + "x" * (LARGEST * 2), look)) < LARGEST + 2_000


@pytest.mark.parametrize("part", CASES["repeated"])
def test_no_mail_costs_more_time_than_its_length(part: str) -> None:
    half, whole = (part * (LARGEST // len(part) // size) for size in (8, 4))
    look = Look(dark=Dark.PARTIAL, images=False)

    def cost(html: str) -> float:
        began = time.process_time()
        mail_document(html, look)
        return time.process_time() - began

    assert cost(whole) < max(4 * cost(half), 0.5)


def test_without_styles_no_block_is_left_and_attributes_stay() -> None:
    document = mail_document(PICTURES, Look(styles=False))
    assert ".pic img" not in document
    assert 'style="display:block"' in document
    assert document.index("before") < document.index("after")


def test_without_images_the_words_stand_where_the_pictures_were() -> None:
    document = mail_document(PICTURES, Look(images=False))
    assert "<img" not in document
    assert "a.example" not in document
    [picture] = elements(document, "//span")
    assert (picture.text, picture.get("class"), picture.tail) == ("A hill", "big", " after")
    assert "display:block" in (picture.get("style") or "")
    assert "</p>tail" in document  # a picture without words leaves nothing
    assert ".pic [data-alternative], td>[data-alternative]{" in document
    assert ".imgs{" in document


def test_pictures_are_those_kept_and_drawn_boxes() -> None:
    document = mail_document(PICTURES, Look(), kept={"https://a.example/one.jpg": "/media/x.jpg"})
    one, two = (image.get("src") for image in elements(document, "//img"))
    assert one == "/media/x.jpg"
    assert two is not None
    assert two.startswith("data:image/svg+xml,")
    assert "a.example" in two
    assert addresses_of_pictures(PICTURES) == (
        "https://a.example/one.jpg",
        "https://a.example/two.jpg",
    )


def test_a_box_has_the_size_that_the_mail_gives() -> None:
    for attributes, size in (
        ('width="300"', ("300", "168")),
        ('width="300px" height="40"', ("300", "40")),
        ('width="100%" height="auto"', ("600", "336")),
        ('width="1" height="1"', ("1", "1")),
        ('width="99999" height="99999"', ("2000", "2000")),
    ):
        html = f'<p><img {attributes} srcset="https://b.example/2x 2x" src="//a.example/<&">'
        document = mail_document(html, Look(), kept={})
        [image] = elements(document, "//img")
        source = image.get("src") or ""
        assert f"width%3D%22{size[0]}%22%20height%3D%22{size[1]}%22" in source
        assert image.get("srcset") is None
        assert "%3C%26" not in source  # the address is text in the drawing


def test_without_anything_to_do_a_mail_keeps_its_characters() -> None:
    odd = "<p>a<br/>b</P><td>x"
    assert mail_document(odd, Look()).endswith(odd)
    assert "doctype" in mail_document(odd, Look()).lower()
    for doctype in ("<!DOCTYPE html>", ""):
        document = mail_document(f"{doctype}<html><head></head><p>x", Look(images=False))
        assert document.lower().count("<!doctype") == (1 if doctype else 0)


def colours(html: str) -> list[str]:
    return re.findall(r"#[0-9a-f]{6}\b", html)


@pytest.mark.parametrize(("written", "becomes"), CASES["darkened"])
def test_a_light_ground_darkens_and_dark_text_lightens(written: str, becomes: str) -> None:
    for html in (f'<p style="{written}">x</p>', f"<style>p{{{written}}}</style><p>x</p>"):
        assert becomes in mail_document(html, Look(dark=Dark.PARTIAL))


def test_old_attributes_change_too_and_pairs_stay_readable() -> None:
    document = mail_document(
        '<table bgcolor="#fffefb"><td><font color="#2e2c28">x</font></table>',
        Look(dark=Dark.PARTIAL),
    )
    ground, ink = (Colour.parse(each) for each in colours(document.split("<table")[1]))
    assert ground is not None
    assert ink is not None
    assert contrast(ground, ink) > 7


def test_the_policy_lets_nothing_run_or_load() -> None:
    policy = document_csp(ancestors="'none'")
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy.replace("allow-scripts", "x")
    assert "allow-scripts" not in policy
