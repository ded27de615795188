from contextlib import suppress
from typing import Any, cast

import pytest
from case_tables import cases
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.page import read_page
from newsletter.checks.styles.css import UnknownSelector, read_selectors, read_sheet
from newsletter.checks.styles.css_values import px, read_declarations
from newsletter.checks.styles.media import DARK, LIGHT, PHONE, View, read_media

css_like = st.text(st.sampled_from(list("ab.#>*:@{}();,\"'/\\ \n!-1%[]=")) | st.characters())


UNREAD = "a media query cannot be read, so that its rules never hold"


def sentences(css: str) -> list[list[str | bool]]:
    return [[fault.sentence, fault.is_grave] for fault in read_sheet(css).faults]


@pytest.mark.parametrize(
    ("css", "wanted"),
    cases("css", "what_is_broken_in_a_sheet_is_told"),
)
def test_what_is_broken_in_a_sheet_is_told(css: str, wanted: list[list[str | bool]]) -> None:
    assert sentences(css) == wanted


def test_a_fault_names_its_offset() -> None:
    css = ".a { top: 0 }\n}\n.b { top: 0 }"
    (fault,) = read_sheet(css).faults
    assert css[fault.offset] == "}"


def test_rules_carry_their_media_and_selectors_that_are_not_understood_are_left_out() -> None:
    sheet = read_sheet(
        ".a:nth-of-type(2) { top: 0 }"
        "@media (prefers-color-scheme: dark) { .b { color: red !important } }"
    )
    (rule,) = sheet.rules
    assert dict(rule.declarations.important) == {"color": "red"}
    assert rule.media[0].asks_for_dark
    assert not rule.media[0].holds(LIGHT)
    assert rule.media[0].holds(DARK)


@pytest.mark.parametrize(
    ("query", "view", "holds"),
    [
        ("", LIGHT, True),
        ("screen", LIGHT, True),
        ("print", LIGHT, False),
        ("only screen and (max-width: 479px)", PHONE, True),
        ("only screen and (max-width: 479px)", LIGHT, False),
        ("screen and (min-width:480px)", LIGHT, True),
        ("(max-width: 30em) , print", PHONE, True),
        ("(width <= 480px)", PHONE, True),
        ("not screen", LIGHT, False),
        ("not print", LIGHT, True),
        ("(prefers-color-scheme: dark)", DARK, True),
        ("(prefers-color-scheme: light)", DARK, False),
        ("(prefers-color-scheme: dark) and (max-width: 480px)", DARK, False),
        ("(-webkit-min-device-pixel-ratio: 2)", LIGHT, False),
        ("screen yahoo", LIGHT, False),
    ],
)
def test_a_media_query_holds_or_not(query: str, view: View, holds: bool) -> None:  # noqa: FBT001
    assert read_media(query).holds(view) is holds


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("padding: 0 32px", {"padding-top": "0", "padding-left": "32px"}),
        ("padding: 1px 2px 3px; padding-top: 9px", {"padding-top": "9px", "padding-bottom": "3px"}),
        ("padding: 12", {"padding-top": None}),
        ("margin: 0 auto -3px", {"margin-left": "auto", "margin-bottom": "-3px"}),
        ("background: #FFF url(a;b.png) no-repeat center / cover", {"background-color": "#fff"}),
        ("background: none", {"background-color": "transparent", "background-image": "none"}),
        ("background-color: red; background: url(x)", {"background-color": "transparent"}),
        ("background: nonsense", {"background-color": None}),
        ("font: italic bold 13px/1.5 'A; B', serif", {"font-size": "13px", "line-height": "1.5"}),
        ("font: bold", {"font-weight": None}),
        ("border: 1px solid red", {"border-left-width": "1px", "border-top-style": "solid"}),
        ("color: red; color: bluish", {"color": "red"}),
        ("color: var(--x)", {"color": "var(--x)"}),
        ("font-size: 13", {"font-size": None}),
        ("color: red !IMPORTANT", {"color": None}),
        ("color:/* ; */red", {"color": "red"}),
        ("COLOR:RED;;;top:0", {"color": "red", "top": "0"}),
        ("font: inherit", {"font-size": "inherit", "line-height": "inherit"}),
    ],
)
def test_declarations_are_read_as_browsers_read_them(
    style: str, wanted: dict[str, str | None]
) -> None:
    normal = read_declarations(style).normal
    assert {name: normal.get(name) for name in wanted} == wanted


def test_values_that_browsers_leave_out_are_told_and_good_ones_kept() -> None:
    bad = (
        "letter-spacing: 0,2px",
        "word-spacing: 2",
        "text-indent: big",
        "border-radius: 3 px",
        "border-style: doubled",
        "border-width: 2",
        "border-color: gren",
        "opacity: full",
    )
    assert {one: read_declarations(one).dropped for one in bad} == {one: (one,) for one in bad}
    good = (
        "letter-spacing: -0.4px; word-spacing: normal; text-indent: 2em; border-spacing: 0 4px",
        "border-radius: 3px 3px 0 0; border-style: solid none; border-width: thin 2px 0",
        "border-color: #fff transparent; vertical-align: -2px; opacity: .5; opacity: 50%",
        "font-family: microsoft sans serif, pt serif, 'a sans-serif', ui-monospace, sans-serif",
        "letter-spacing: inherit; border-radius: calc(2px + 1em); vertical-align: text-top",
    )
    assert [read_declarations(one).dropped for one in good] == [()] * len(good)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("12px", 12), ("9pt", 12), ("2em", 40), ("1rem", 16), ("50%", 50), ("0", 0), ("10vw", 37.5)],
)
def test_lengths_are_given_in_px(value: str, wanted: float) -> None:
    assert px(value, size=20, whole=100, width=375) == wanted


@pytest.mark.parametrize("value", ["auto", "12", "none", "calc(1px + 2px)", "", "1e3px", "50%"])
def test_what_is_no_length_here_is_none(value: str) -> None:
    assert px(value, size=16) is None


@pytest.mark.parametrize(
    "selector",
    ["", "a{", ">", "a" * 2_000, ":not(" * 20, ".a\\:b"],
)
def test_a_selector_that_is_not_understood_is_refused(selector: str) -> None:
    with pytest.raises(UnknownSelector):
        read_selectors(selector)


@pytest.mark.parametrize(
    ("selector", "wanted"),
    cases("css", "selectors_select_as_in_browsers"),
)
def test_selectors_select_as_in_browsers(selector: str, wanted: str) -> None:
    html = "<div><p id=a><i id=b class='w x'>1</i></p><p id=c title=two>2</p></div>"
    root = read_page(html).elements[0]
    paths = [one.path for one in read_selectors(selector) if one.path is not None]
    chosen = {one.get("id") for path in paths for one in cast("list[Any]", path(root))}
    assert "".join(sorted(chosen)) == wanted


@given(css_like)
def test_any_text_can_be_read_as_css(text: str) -> None:
    for fault in read_sheet(text).faults:
        assert 0 <= fault.offset <= len(text)
    read_declarations(text)
    read_media(text)
    px(text, size=16)
    with suppress(UnknownSelector):
        read_selectors(text)
