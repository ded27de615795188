"""Pictures of strangers: told by content, bounded, scaled, bare of everything but pixels."""

import io
import random
import resource
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.errors import UserError
from newsletter.ingest.picture_main import make_picture, picture_kind
from newsletter.ingest.pictures import WIDTH_PX, PictureReader


def photo(width: int, height: int, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture with as much detail as a photograph's: no two neighbours are alike."""
    chance = random.Random(7)  # noqa: S311 (repeatable by design)
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    stream = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(stream, kind, **options)
    return stream.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """Return a PNG that states a size, with hardly any data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.covers("T49")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_large_picture_is_scaled_for_twice_the_width_it_is_shown_at(kind: str) -> None:
    with PictureReader() as reader:
        picture, kept = reader.make(photo(1600, 1200, kind), shown="it")
    assert (picture.width, picture.height) == (WIDTH_PX, 804)
    assert picture.size_bytes == len(kept) <= 200_000
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (WIDTH_PX, 804)
        assert opened.format == {"image/jpeg": "JPEG", "image/png": "PNG"}[picture.type]


def test_a_small_one_is_not_blown_up_and_the_same_bytes_give_the_same_picture() -> None:
    raw = photo(640, 400)
    with PictureReader() as reader:
        first, kept = reader.make(raw, shown="it")
        second, again = reader.make(raw, shown="it")
    assert (first.width, first.height) == (640, 400)
    assert (first, kept) == (second, again)


@pytest.mark.covers("T49")
def test_nothing_of_the_original_but_its_pixels_comes_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret description"
    exif[0x0112] = 6  # held upright: to be turned by 90 degrees
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)
    raw = photo(600, 400, exif=exif, comment=b"a secret comment") + b"<script>alert(1)</script>"
    with PictureReader() as reader:
        picture, kept = reader.make(raw, shown="it")
    assert (picture.width, picture.height) == (400, 600)
    with Image.open(io.BytesIO(kept)) as opened:
        assert not dict(opened.getexif())
        assert not set(opened.info) & {"exif", "comment", "icc_profile", "xmp"}
    assert b"secret" not in kept
    assert b"script" not in kept


def test_transparent_parts_become_white() -> None:
    drawn = Image.new("RGBA", (300, 200), (255, 0, 0, 0))
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    with PictureReader() as reader:
        _, kept = reader.make(stream.getvalue(), shown="it")
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.convert("RGB").getpixel((150, 100)) == (255, 255, 255)


@pytest.mark.covers("T49")
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "neither JPEG, PNG, GIF nor WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "neither JPEG"),
        (b"\n<?xml version='1.0'?><svg/>", "neither JPEG"),
        (b"<!DOCTYPE html><p>Not found", "neither JPEG"),
        (b"%PDF-1.7", "neither JPEG"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "damaged"),
        (photo(900, 600)[:5000], "damaged or cut off"),
        (png_of_size(50_000, 50_000), "more than 40,000,000 pixels"),
        (png_of_size(6_000, 8_000), "more than 40,000,000 pixels"),
        (png_of_size(640, 480), "damaged or cut off"),
        (photo(120, 90), "only 120 by 90 pixels"),
        (photo(1, 1, "GIF"), "only 1 by 1 pixels"),
        (photo(2000, 300), "a strip of 2,000 by 300"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 10_000_000, "larger than 10 MB"),
    ],
    ids=range(14),
)
def test_what_is_no_picture_for_a_mail_is_refused_with_its_reason(raw: bytes, says: str) -> None:
    with PictureReader() as reader, pytest.raises(UserError, match=r"^the picture: ") as raised:
        reader.make(raw, shown="the picture")
    assert says in raised.value.message
    assert "\n" not in raised.value.message


@pytest.mark.covers("T49")
def test_a_picture_that_takes_too_long_ends_its_child_and_the_next_one_gets_another() -> None:
    with PictureReader(seconds=0.001) as reader:
        with pytest.raises(UserError, match="took too long"):
            reader.make(photo(5000, 4000), shown="it")
        reader._seconds = 10.0  # noqa: SLF001
        assert reader.make(photo(400, 300), shown="it")[0].width == 400


@pytest.mark.covers("T49")
def test_bombs_leave_the_parents_memory_alone() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with PictureReader() as reader:
        for _ in range(3):
            with pytest.raises(UserError):
                reader.make(png_of_size(50_000, 50_000), shown="it")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KB


STARTS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBP", photo(300, 200)]


@given(st.sampled_from(STARTS), st.binary(max_size=300), st.integers(0, 4000))
def test_any_bytes_give_a_picture_or_one_reason(start: bytes, rest: bytes, cut: int) -> None:
    raw = start[:cut] + rest + start[cut + len(rest) :]
    try:
        answer, kept = make_picture(raw, width=300)
    except ValueError:
        return
    assert answer["size"] == len(kept)
    assert picture_kind(kept) in {"JPEG", "PNG"}
