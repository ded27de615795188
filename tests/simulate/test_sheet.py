"""The contact sheet."""

from PIL import Image

from newsletter.simulate.sheet import MARGIN, ROW_PX, THUMB_PX, Labelled, contact_sheet


def test_all_pictures_stand_on_the_sheet_in_rows() -> None:
    colours = ("#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff")
    pictures = [
        Labelled(label=f"{width} px, some words", image=Image.new("RGB", (width, 600), colour))
        for width, colour in zip((320, 1024, 1024, 640, 1024), colours, strict=True)
    ]
    sheet = contact_sheet("an issue", pictures)
    assert sheet.width <= ROW_PX + 2 * MARGIN
    counts = {colour: count for count, colour in sheet.getcolors(10_000_000) or ()}
    for each, colour in zip(pictures, colours, strict=True):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert counts[red, green, blue] == each.image.width // 2 * 300


def test_a_long_picture_is_cut_and_says_so() -> None:
    sheet = contact_sheet("t", [Labelled(label="x", image=Image.new("RGB", (320, 9_000)))])
    assert THUMB_PX < sheet.height < THUMB_PX + 300


def test_the_same_pictures_give_the_same_sheet() -> None:
    pictures = [Labelled(label="a label that is long", image=Image.new("RGB", (100, 50)))]
    one, other = (contact_sheet("t", pictures).tobytes() for _ in range(2))
    assert one == other
