"""What changed between two pictures of one view.

A mail that got a line more moves all that follows. So rows that are the same at the top and at the
bottom are laid upon each other first, and only what is between them is compared, pixel by pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

MARK, OPACITY = "#c2127c", 0.6
FADED, GROUND, INK = 0.62, "#e4e2dd", "#1e1c19"
GAP, HEAD, BAR = 28, 44, 8
_RGB = 3  # bytes of a pixel


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How two pictures differ: sizes are (width, height) in px, changed is in pixels."""

    old_size: tuple[int, int]
    new_size: tuple[int, int]
    changed: int
    picture: Image.Image

    @property
    def is_same(self) -> bool:
        """Whether they are equal to the pixel."""
        return self.old_size == self.new_size and self.changed == 0

    @property
    def share(self) -> float:
        """Changed pixels as a share of the larger picture, 0 to 1."""
        area = max(width * height for width, height in (self.old_size, self.new_size))
        return min(1.0, self.changed / area) if area else 0.0


def difference(old: Image.Image, new: Image.Image) -> Difference:
    """Compare two pictures, and draw them side by side with a third that marks what changed."""
    width = max(old.width, new.width)
    before, after = _as_wide(old, width), _as_wide(new, width)
    top, bottom = _equal_rows(before, after)
    ends = before.height - bottom, after.height - bottom
    mask = Image.new("L", (width, max(1, *(end - top for end in ends))), 0)
    common = min(ends) - top
    if common:
        parts = (each.crop((0, top, width, top + common)) for each in (before, after))
        mask.paste(_unequal(*parts), (0, 0))
    if max(ends) - top > common:  # rows that only one of them has
        mask.paste(255, (0, common, width, max(ends) - top))
    counts = mask.histogram()
    return Difference(
        old_size=old.size,
        new_size=new.size,
        changed=counts[255],
        picture=_side_by_side(before, after, mask, top),
    )


def _as_wide(image: Image.Image, width: int) -> Image.Image:
    whole = Image.new("RGB", (width, image.height), "#ffffff")
    whole.paste(image.convert("RGB"), (0, 0))
    return whole


def _equal_rows(before: Image.Image, after: Image.Image) -> tuple[int, int]:
    """Count the rows that are the same from the top, and of the others those from the bottom."""
    row = before.width * _RGB
    one, other = before.tobytes(), after.tobytes()
    shorter = min(before.height, after.height)
    top = 0
    while top < shorter and one[top * row : top * row + row] == other[top * row : top * row + row]:
        top += 1
    bottom = 0
    while bottom < shorter - top:
        here, there = len(one) - (bottom + 1) * row, len(other) - (bottom + 1) * row
        if one[here : here + row] != other[there : there + row]:
            break
        bottom += 1
    return top, bottom


def _unequal(before: Image.Image, after: Image.Image) -> Image.Image:
    """Return 255 where any channel differs, else 0."""
    bands = ImageChops.difference(before, after).split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.point(lambda value: 255 if value else 0)


def _side_by_side(
    before: Image.Image, after: Image.Image, mask: Image.Image, top: int
) -> Image.Image:
    """Lay before, after and the marks out; the marks stand on the picture after, faded."""
    height = max(before.height, after.height)
    faded = Image.blend(after.convert("L").convert("RGB"), _blank(after.size), FADED)
    marks = Image.new("RGB", (after.width, height), "#ffffff")
    marks.paste(faded, (0, 0))
    # A single pixel would not be found again: what is marked is one pixel larger all round.
    larger = Image.new("L", (mask.width, mask.height + 2), 0)
    larger.paste(mask, (0, 1))
    larger = larger.filter(ImageFilter.MaxFilter(3))
    marks.paste(MARK, (0, top - 1), larger.point(lambda value: round(value * OPACITY)))
    width = before.width
    whole = Image.new("RGB", (3 * width + 4 * GAP, height + HEAD + GAP), GROUND)
    draw = ImageDraw.Draw(whole)
    for place, (label, image) in enumerate(
        (("before", before), ("after", after), ("changed", marks))
    ):
        left = GAP + place * (width + GAP)
        draw.text((left, 14), label, INK, ImageFont.load_default(16))
        whole.paste(image, (left, HEAD))
    for row in _rows_of(mask):
        left = 2 * (width + GAP) + GAP - BAR - 4
        y = HEAD + top + row
        draw.rectangle((left, y, left + BAR, y), fill=MARK)
    return whole


def _rows_of(mask: Image.Image) -> list[int]:
    """Return the rows of a mask in which anything is marked."""
    data, width = mask.tobytes(), mask.width
    return [row for row in range(mask.height) if b"\xff" in data[row * width : row * width + width]]


def _blank(size: tuple[int, int]) -> Image.Image:
    return Image.new("RGB", size, "#ffffff")


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
