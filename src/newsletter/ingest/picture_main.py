"""The picture child: makes pictures; an answer is a JSON line, then the picture's bytes."""

import io
import json
import sys
import warnings
from typing import IO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from newsletter.ingest.children import alarm, serve

MOST_PIXELS = 40_000_000  # T49
FEWEST_WIDTH, FEWEST_HEIGHT = 200, 100  # smaller ones are icons, not photographs
MOST_SHAPE = 4.0  # wider or taller than that is a banner or a strip
MOST_BYTES = 200_000  # of one picture in a mail
QUALITIES = (82, 74, 66, 58, 50)

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
_WHITE = (255, 255, 255)


def make_picture(raw: bytes, *, width: int) -> tuple[dict[str, object], bytes]:
    """Return the picture to keep: JPEG or PNG, at most width px wide and MOST_BYTES long.

    Of an animation the first frame; what is transparent becomes white. Raises ValueError with a
    sentence's end that says why it is not taken.
    """
    kind = picture_kind(raw)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(raw), formats=(kind,)) as opened:
            _refuse_size(*opened.size)
            opened.draft("RGB", (width, width))  # JPEG alone: decode near the size that is kept
            is_drawn = kind in {"PNG", "GIF"} and opened.mode in {"P", "1", "L", "LA"}
            picture = _upright(opened, width)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        msg = f"it has more than {MOST_PIXELS:,} pixels"
        raise ValueError(msg) from None
    except UnidentifiedImageError:
        msg = "it is damaged, or of a kind that is not taken"
        raise ValueError(msg) from None
    except (OSError, SyntaxError, EOFError) as error:
        msg = "it is damaged or cut off"
        raise ValueError(msg) from error
    kept, type_ = _encoded(picture, is_drawn=is_drawn)
    size = {"width": picture.width, "height": picture.height, "size": len(kept)}
    return {"type": type_, **size}, kept


def picture_kind(raw: bytes) -> str:
    """Tell JPEG, PNG, GIF or WEBP by the first bytes; ValueError for anything else."""
    for start, kind in _MAGIC:
        if raw.startswith(start):
            return kind
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "WEBP"
    msg = "it is neither JPEG, PNG, GIF nor WebP"
    raise ValueError(msg)


def _refuse_size(width: int, height: int) -> None:
    if width < FEWEST_WIDTH or height < FEWEST_HEIGHT:
        msg = f"it has only {width} by {height} pixels"
        raise ValueError(msg)
    if max(width / height, height / width) > MOST_SHAPE:
        msg = f"it is a strip of {width:,} by {height:,} pixels"
        raise ValueError(msg)


def _upright(opened: Image.Image, width: int) -> Image.Image:
    profile = opened.info.get("icc_profile")
    turned = ImageOps.exif_transpose(opened)
    if turned.mode in {"LA", "PA", "RGBA", "P", "La", "RGBa"}:
        over = turned.convert("RGBA")
        flat = Image.new("RGB", over.size, _WHITE)
        flat.paste(over, mask=over.getchannel("A"))
        turned = flat
    turned = _in_srgb(turned, profile)
    if turned.width > width:
        height = max(1, round(turned.height * width / turned.width))
        turned = turned.resize((width, height), Image.Resampling.LANCZOS)
    return turned


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes) and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a damaged profile: the plain numbers are near enough
        if converted is not None:
            return converted
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _encoded(picture: Image.Image, *, is_drawn: bool) -> tuple[bytes, str]:
    if is_drawn:
        drawn = _saved(picture.quantize(256), "PNG", optimize=True)
        if len(drawn) <= MOST_BYTES // 2:
            return drawn, "image/png"
    kept = b""
    for quality in QUALITIES:
        kept = _saved(picture, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(kept) <= MOST_BYTES:
            return kept, "image/jpeg"
    msg = f"it cannot be brought below {MOST_BYTES // 1000} kB"
    raise ValueError(msg)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    bare = picture.copy()
    bare.info = {}
    stream = io.BytesIO()
    bare.save(stream, kind, **options)
    return stream.getvalue()


MEMORY_BYTES = 1024**3


def main() -> None:
    """Serve until standard input ends."""
    serve(_answer, memory_bytes=MEMORY_BYTES)


def _answer(line: bytes, jobs: IO[bytes]) -> bytes:
    job = json.loads(line)
    raw = jobs.read(job["size"])
    try:
        with alarm(job["seconds"]):
            answer, kept = make_picture(raw, width=job["width"])
    except ValueError as error:
        answer, kept = {"refused": str(error)}, b""
    except MemoryError:
        answer, kept = {"refused": "it takes more memory than a picture may"}, b""
    except Exception as error:  # noqa: BLE001 (a stranger's picture; the reason goes to the parent)
        answer, kept = {"refused": f"it could not be read ({type(error).__name__})"}, b""
    return json.dumps(answer).encode() + b"\n" + kept


if __name__ == "__main__":
    main()
    sys.exit(0)
