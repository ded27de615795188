"""Mails made by other hands than ours: good ones give nothing, and mistakes in them are found."""

from dataclasses import replace
from pathlib import Path

import pytest
from check_samples import compose, request_for

from newsletter.checks.run import run_checks
from newsletter.model.finding import Finding

LOOKS = {"O02", "O03", "O06", "O07", "O08", "O20", "O22", "O23"}
GOOD = Path(__file__).parent / "mails" / "good"


def looks_of(html: str) -> list[Finding]:
    report = run_checks(request_for(composed=replace(compose(), html=html)))
    return [finding for finding in report.findings if finding.id in LOOKS]


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.html")), ids=lambda path: path.stem)
def test_a_good_mail_of_another_make_gives_no_finding(path: Path) -> None:
    assert looks_of(path.read_text("utf-8")) == []


PLANTS: dict[str, tuple[str, str, str, set[str]]] = {
    "a pale shorthand": ("night", "color:#c9cbe0", "color:#3a3d55", {"O06"}),
    "a font tag": ("night", 'color="#9ecbff"', 'color="#28507a"', {"O06"}),
    "one stop of a gradient": ("night", "#ffd166,#f4a261", "#ffd166,#2a1a3a", {"O06"}),
    "no colour behind a picture": (
        "night",
        'bgcolor="#10142b" style="padding:32px;font:18px/27px Georgia,serif;color:#f2f2ff;'
        "background:#10142b url(https://example.org/stars.jpg) center / cover no-repeat",
        'style="padding:32px;font:18px/27px Georgia,serif;color:#0b1020',
        {"O06"},
    ),
    "pale by a class": (
        "letter",
        "blockquote{margin",
        "blockquote p{color:#aaa}blockquote{margin",
        {"O06"},
    ),
    "small by em": ("letter", "small{font-size:.8em", "small{font-size:.6em", {"O22"}),
    "small by a shorthand": ("letter", "font:17px/1.6", "font:12px/1.6", {"O22"}),
    "tight by a shorthand": ("letter", "font:17px/1.6", "font:17px/1", {"O08", "O22"}),
    "links too flat": ("letter", "padding:12px 0}", "padding:3px 0}", {"O08"}),
    "a second hidden text": (
        "letter",
        "<h1>",
        '<h1>Seen</h1><p style="font:0/0 a">keywords for robots</p><h1>',
        {"O20"},
    ),
    "a preheader of 400 letters": ("letter", "A letter about letters", "A letter " * 60, {"O20"}),
    "a rule that never ends": ("letter", "footer{border", "footer{{border", {"O03", "O08"}),
    "a dark rule forgotten": (
        "hybrid",
        "h1, h2, p, li, .darkmode-text",
        "h2, li, .darkmode-text",
        {"O07"},
    ),
    "a dark ground forgotten": (
        "hybrid",
        ".darkmode-bg { background: #222222 !important; }",
        "",
        {"O07"},
    ),
    "a dark button forgotten": (
        "hybrid",
        "td.button-td-primary, td.button-td-primary a { background: #ffffff !important;"
        " border-color: #ffffff !important; color: #222222 !important; }",
        "td.button-td-primary { background: #ffffff !important; }"
        " td.button-td-primary a { background: #ffffff !important; }",
        {"O07"},
    ),
    "a button too flat": ("hybrid", "padding: 13px 17px", "padding: 6px 17px", {"O08"}),
    "white on white in a class": (
        "notice",
        '<p style="font-size:14px;margin:0 0 15px">Hi there,</p>',
        '<p style="margin:0;color:#fff">Win a prize today</p>',
        {"O06", "O20"},
    ),
    "a pale footer": (
        "notice",
        "color:#5f5f5f;font-size:13px",
        "color:#999999;font-size:13px",
        {"O06"},
    ),
    "small print of 10px": (
        "notice",
        "color:#5f5f5f;font-size:13px",
        "color:#5f5f5f;font-size:10px",
        {"O22"},
    ),
    "a column of fixed width": (
        "notice",
        'class="container" style="font-size:14px;vertical-align:top;display:block;max-width:580px;',
        'class="box" style="font-size:14px;vertical-align:top;display:block;min-width:580px;',
        {"O23"},
    ),
    "nothing shrinks on a phone": (
        "shop",
        ".full { width: 100% !important;",
        ".ful { width: 100% !important;",
        {"O23"},
    ),
    "shown on no screen": (
        "shop",
        ".desktop { display: none !important; } .mobile { display: block !important;"
        " max-height: none !important; overflow: visible !important; }",
        ".desktop { display: none !important; }",
        {"O20"},
    ),
    "icons without padding": ("shop", "display: block; padding: 10px;", "display: block;", {"O08"}),
    "a badge too pale": (
        "shop",
        "background: #b00020; color: #fff;",
        "background: #f5b5bd; color: #fff;",
        {"O06"},
    ),
    "a price by sibling": (
        "shop",
        "color: #b00020; font-size: 20px",
        "color: #ffb0b0; font-size: 20px",
        {"O06"},
    ),
    "a dark link forgotten": ("rtl", ".t a{color:#8ab4f8!important}", "", {"O07"}),
    "a dark box forgotten": ("rtl", ".box{background-color:#1f2933!important}", "", {"O07"}),
    "!important forgotten": ("rtl", "#1f2933!important", "#1f2933", {"O03", "O07"}),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_mistake_in_another_makes_mail_is_found_and_nothing_else(name: str) -> None:
    mail, old, new, wanted = PLANTS[name]
    html = (GOOD / f"{mail}.html").read_text("utf-8")
    assert old in html
    found = looks_of(html.replace(old, new))
    assert {finding.id for finding in found} == wanted, found
