"""What changed between two pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from newsletter.simulate.sheet import BAR, GAP, HEAD, difference


def stripes(colours: list[int], width: int = 30) -> Image.Image:
    """A picture whose rows have these shades of grey."""
    image = Image.new("RGB", (width, max(1, len(colours))))
    for row, shade in enumerate(colours):
        image.paste((shade, shade, shade), (0, row, width, row + 1))
    return image


def test_a_picture_is_the_same_as_itself() -> None:
    found = difference(stripes([1, 2, 3]), stripes([1, 2, 3]))
    assert found.is_same
    assert (found.changed, found.share) == (0, 0.0)


def test_one_pixel_counts_and_is_marked_larger() -> None:
    old, new = stripes([9] * 50), stripes([9] * 50)
    new.putpixel((10, 20), (9, 9, 10))
    found = difference(old, new)
    assert (found.is_same, found.changed) == (False, 1)
    left = GAP + 2 * (30 + GAP)
    marked = found.picture.crop((left, HEAD, left + 30, HEAD + 50))
    assert marked.getpixel((10, 20)) == marked.getpixel((11, 21))
    assert marked.getpixel((10, 20)) != marked.getpixel((14, 20))
    beside = found.picture.getpixel((left - BAR // 2 - 4, HEAD + 20))
    assert beside != found.picture.getpixel((left - BAR // 2 - 4, HEAD + 30))


@pytest.mark.parametrize("at", [0, 40, 100])
def test_a_line_more_is_all_that_changed(at: int) -> None:
    before = [number % 200 for number in range(100)]
    after = [*before[:at], 250, 251, 252, *before[at:]]
    for old, new in ((before, after), (after, before)):
        found = difference(stripes(old), stripes(new))
        assert found.changed == 3 * 30
        assert not found.is_same
        assert {found.old_size[1], found.new_size[1]} == {100, 103}


def test_other_widths_are_compared_and_said() -> None:
    found = difference(stripes([5] * 10, 30), stripes([5] * 10, 40))
    assert (found.old_size, found.new_size, found.changed) == ((30, 10), (40, 10), 100)
    assert found.share == pytest.approx(0.25)


@given(st.lists(st.integers(0, 3), max_size=30), st.lists(st.integers(0, 3), max_size=30))
def test_pictures_are_the_same_only_where_they_are_equal(one: list[int], other: list[int]) -> None:
    old, new = stripes(one), stripes(other)
    found = difference(old, new)
    assert found.is_same == (old.size == new.size and old.tobytes() == new.tobytes())
    assert 0 <= found.share <= 1
    assert (found.changed > 0) == (not found.is_same)


def test_no_channel_is_overlooked() -> None:
    for channel in range(3):
        new = Image.new("RGB", (4, 4))
        colour = [0, 0, 0]
        colour[channel] = 1
        ImageDraw.Draw(new).point((1, 1), tuple(colour))
        assert difference(Image.new("RGB", (4, 4)), new).changed == 1
