from collections.abc import Callable
from time import process_time

import pytest
from case_tables import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.checks.page import read_page
from newsletter.checks.styles.look import Look
from newsletter.checks.styles.media import DARK, LIGHT, PHONE, View

pieces = st.sampled_from(
    [
        *(
            "<style>",
            "</style>",
            "<div>",
            "</div>",
            "<p class='a b'>",
            "<td bgcolor=red>",
            "<a href=x>",
        ),
        *(
            "<table cellpadding=4>",
            "<font size=7 color=red>",
            "<body text=blue>",
            "<pre>",
            "<!--",
            "-->",
        ),
        *(
            "<p style='color:red;font:bold 1em/2 x'>",
            "<img width=5% alt=x>",
            "<i hidden>",
            "words",
            "\x00",
        ),
        *(
            ".a>.b{color:red!important}",
            "@media (max-width:1px){",
            "}",
            "p{font-size:200%}",
            "*{all:unset}",
        ),
        *(
            "<p style='background:linear-gradient(red,#fff)'>",
            "<b style='opacity:.5;line-height:-1'>",
        ),
    ]
)


def looks(html: str, view: View = LIGHT) -> Callable[[str], Look]:
    """Return the look of the first element with an id."""
    style = read_page(html).style

    def of(name: str) -> Look:
        at = next(at for at, one in enumerate(style.elements) if one.get("id") == name)
        return style.looks(view)[at]

    return of


def test_what_css_inherits_is_inherited_and_nothing_else() -> None:
    look = looks(
        '<div style="color:red;font-size:20px;background:#ff0;padding:9px"><p id="x">words</p>'
    )("x")
    assert (str(look.colour), look.size, look.pads("top")) == ("#ff0000", 20, 0)
    assert look.own_ground is None
    assert [str(ground) for ground in look.grounds] == ["#ffff00"]


def test_a_background_that_shows_through_is_mixed_with_what_is_behind() -> None:
    html = '<body bgcolor="000000"><p style="background:rgba(255,255,255,.5)"><i id="x">words'
    assert [str(ground) for ground in looks(html)("x").grounds] == ["#808080"]


def test_the_stops_of_a_gradient_are_all_behind_the_words() -> None:
    gradient = "linear-gradient(to right, #111, rgb(9,9,9) 50%, navy)"
    html = f'<p id="x" style="background-image:{gradient}">'
    assert [str(ground) for ground in looks(html)("x").grounds] == ["#111111", "#090909", "#000080"]


def test_a_picture_lies_behind_until_an_opaque_colour_covers_it() -> None:
    of = looks(
        '<td background="x.png" bgcolor="#123456"><p id="a">words</p>'
        '<p style="background:#fff" id="b">words</p></td>'.join(("<table><tr>", "</tr></table>"))
    )
    assert of("a").has_picture
    assert [str(ground) for ground in of("a").grounds] == ["#123456"]
    assert not of("b").has_picture


def test_the_cascade_is_important_then_inline_then_specific_then_last() -> None:
    html = """<style>.a{color:#111} p{color:#222} .b{color:#333} #x{font-size:30px}
    .a{font-weight:700!important} @media (max-width:400px){p.a{color:#444}}</style>
    <p id="x" class="a b" style="font-weight:400;font-size:12px">words"""
    look = looks(html)("x")
    assert (str(look.colour), look.weight, look.size) == ("#333333", 700, 12)
    assert str(looks(html, PHONE)("x").colour) == "#444444"


def test_a_colour_that_cannot_be_known_is_none() -> None:
    look = looks('<p id="x" style="color:var(--a);background:var(--b)">words</p>')("x")
    assert look.colour is None
    assert look.grounds == ()


@pytest.mark.parametrize(
    ("head", "colours"),
    cases("style_of_page", "a_mail_that_takes_dark_mode_without_colours_gets_the_browsers"),
)
def test_a_mail_that_takes_dark_mode_without_colours_gets_the_browsers(
    head: str, colours: list[str]
) -> None:
    look = looks(f"<html><head>{head}</head><body><p id='x'>words", DARK)("x")
    assert [str(look.colour), str(look.grounds[0])] == colours


@pytest.mark.parametrize(
    ("style", "reason"),
    cases("style_of_page", "what_takes_a_box_out_of_sight_is_told"),
)
def test_what_takes_a_box_out_of_sight_is_told(style: str, reason: str) -> None:
    look = looks(f'<div style="{style}"><b id="x">words</b></div>')("x")
    assert look.gone == reason
    assert not look.is_seen


@pytest.mark.parametrize(
    "style",
    cases("style_of_page", "what_only_looks_like_hiding_is_not"),
)
def test_what_only_looks_like_hiding_is_not(style: str) -> None:
    assert looks(f'<div style="{style}"><b id="x">words</b></div>')("x").is_seen


@settings(max_examples=150)
@given(st.lists(pieces | st.text(max_size=12), max_size=40).map("".join))
def test_any_markup_has_a_style(html: str) -> None:
    style = read_page(html).style
    for view in (LIGHT, DARK, PHONE):
        assert len(style.looks(view)) == len(style.elements)
    for piece in style.texts:
        assert 0 <= piece.at < len(style.elements)


def cost(html: str) -> float:
    begun = process_time()
    style = read_page(html).style
    style.looks(LIGHT), style.looks(DARK), style.texts
    return process_time() - begun


@pytest.mark.parametrize(
    "shape",
    cases("style_of_page", "time_is_linear_in_the_page"),
)
def test_time_is_linear_in_the_page(shape: str) -> None:
    def page(times: int) -> str:
        return "".join(shape.format(number) for number in range(times))

    cost(page(300))
    small = min(cost(page(300)) for _ in range(3))
    large = min(cost(page(2_400)) for _ in range(2))
    assert large < small * 8 * 4


@pytest.mark.parametrize(
    "style",
    ["line-height:nan", "opacity:nan", "font-size:1e999px", "line-height:1e9", "opacity:inf"],
)
def test_no_value_is_more_than_a_number(style: str) -> None:
    look = looks(f'<p id="x" style="{style}">words</p>')("x")
    assert 0 <= look.opacity <= 1
    assert abs(look.line) < 1e9
    assert look.size == 16


def test_a_sheet_that_asks_for_too_much_is_left_out_and_told() -> None:
    rules = "".join(f"p b:not(.a{number}) {{color: red}}" for number in range(3_000))
    style = read_page(f"<style>{rules}</style>" + "<p><b>words</b></p>" * 2_000).style
    assert not style.is_whole
    assert style.looks(LIGHT)
