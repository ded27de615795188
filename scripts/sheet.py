"""The sheet of all views of a mail, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SCALE = 0.5
ROW_PX = 1_850  # as wide as a row may be, as far as its pictures let it
THUMB_PX = 2_400  # a longer picture is cut on the sheet
GAP, LABEL, MARGIN, HEAD = 28, 52, 32, 56
LINE_PX = 18
GROUND, INK, SOFT, LINE = "#e4e2dd", "#1e1c19", "#524e47", "#8c867b"

_Thumb = tuple[str, Image.Image, int]  # label, small picture, px left out below
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A picture and its label, in Latin letters: the font of the sheet has no others."""

    label: str
    image: Image.Image


def contact_sheet(title: str, pictures: Sequence[Labelled]) -> Image.Image:
    """Draw the pictures at half their size, in rows, labels above them."""
    thumbs = [(each.label, *_thumb(each.image)) for each in pictures]
    rows: list[list[_Thumb]] = [[]]
    for thumb in thumbs:
        if rows[-1] and _width([*rows[-1], thumb]) > ROW_PX:
            rows.append([])
        rows[-1].append(thumb)
    width = max(map(_width, rows)) + 2 * MARGIN
    heights = [max((image.height for _, image, _ in row), default=0) + LABEL + GAP for row in rows]
    sheet = Image.new("RGB", (width, HEAD + sum(heights) + MARGIN), GROUND)
    ImageDraw.Draw(sheet).text((MARGIN, 20), title, INK, ImageFont.load_default(20))
    top = HEAD
    for row, height in zip(rows, heights, strict=True):
        left = MARGIN
        for thumb in row:
            _place(sheet, thumb, left, top)
            left += thumb[1].width + GAP
        top += height
    return sheet


def _place(sheet: Image.Image, thumb: _Thumb, left: int, top: int) -> None:
    label, image, missing = thumb
    draw = ImageDraw.Draw(sheet)
    small = ImageFont.load_default(14)
    for row, words in enumerate(_wrapped(label, image.width + GAP - 8, small)):
        draw.text((left, top + 10 + row * LINE_PX), words, INK, small)
    sheet.paste(image, (left, top + LABEL))
    bottom = top + LABEL + image.height
    draw.rectangle((left - 1, top + LABEL - 1, left + image.width, bottom), outline=LINE)
    if missing:
        draw.rectangle((left, bottom - 24, left + image.width - 1, bottom - 1), fill=GROUND)
        draw.text((left + 6, bottom - 20), f"goes on for {missing:,} px", SOFT, small)


def _thumb(image: Image.Image) -> tuple[Image.Image, int]:
    """Return a picture at the sheet's scale, and how many px of it are left out below."""
    shown = min(image.height, round(THUMB_PX / SCALE))
    part = image.crop((0, 0, image.width, shown))
    size = (max(1, round(image.width * SCALE)), max(1, round(shown * SCALE)))
    return part.resize(size, Image.Resampling.LANCZOS), image.height - shown


def _wrapped(label: str, width: int, font: _Font) -> list[str]:
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(row: Sequence[_Thumb]) -> int:
    return sum(image.width for _, image, _ in row) + GAP * (len(row) - 1)
