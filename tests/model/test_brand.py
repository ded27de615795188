import pytest
from hypothesis import strategies as st

from newsletter.model.brand import Colour, contrast

channels = st.integers(0, 255)
colours = st.builds(Colour, red=channels, green=channels, blue=channels)


def colour(text: str) -> Colour:
    parsed = Colour.parse(text)
    assert parsed is not None, text
    return parsed


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("#1c1b19", "#1c1b19"),
        (" #FFF ", "#ffffff"),
        ("#abcd", "#aabbccdd"),
        ("#11223380", "#11223380"),
        ("White", "#ffffff"),
        ("rebeccapurple", "#663399"),
        ("lightgoldenrodyellow", "#fafad2"),
        ("rgb(255, 0, 10)", "#ff000a"),
        ("rgb(100% 0% 50%)", "#ff0080"),
        ("rgba(0,0,0,.5)", "#00000080"),
        ("rgb(1 2 3 / 25%)", "#01020340"),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("hsla(240deg 100% 50% / 1)", "#0000ff"),
        ("transparent", "#00000000"),
    ],
)
def test_a_colour_is_read_as_a_browser_reads_it(text: str, seen: str) -> None:
    assert str(colour(text)) == seen


@pytest.mark.parametrize(
    "text",
    ["", "#12", "#12345", "inherit", "currentcolor", "rgb(1,2)", "rgb(a,b,c)", "color(srgb 1 0 0)"],
)
def test_what_is_no_colour_by_itself_is_none(text: str) -> None:
    assert Colour.parse(text) is None


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#2e2c28", "#fffefb", 13.8),
        ("#d8d4ca", "#1b1a18", 11.7),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(colour(one), colour(other)) == pytest.approx(ratio, abs=0.06)
