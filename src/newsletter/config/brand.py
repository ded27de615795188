"""[brand] and [newsletters.NAME.brand]: colours, fonts and logo, and that all can be read."""

import math
import re
from collections.abc import Mapping
from dataclasses import fields

from newsletter.config.languages import ARABIC, script_of
from newsletter.config.toml import Keys, Path, Problems, Table
from newsletter.config.values import public_url, shown, text, text_or_empty, whole
from newsletter.model.brand import (
    DARK,
    DEFAULT_BRAND,
    FOLLOWS,
    LEAST_CONTRAST,
    LIGHT,
    Brand,
    Logo,
    Palette,
    palette_of,
    weak_pairs,
)

GivenBrand = Mapping[str, tuple[str | int, Path]]
"""What is set, by key ("link", "dark.link", "serif"), and where it stands in the file."""

LOGO_WIDTH = 240
_LOGO_WIDTHS = (40, 536)  # what the sides of a mail of 600 px leave
_MOST_FONTS = 10
_LONGEST_FONT = 60  # characters
_GENERIC = ("serif", "sans-serif", "monospace")
_FONT = re.compile(r"-?[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*")
_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert", "default"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WEB_PICTURE = re.compile(r"https://[!#-&(-;=?-\[\]_a-z~]+")
_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")

# Georgia and Helvetica have no Arabic letters, and Times New Roman's are small and thin on a
# screen: what the systems set Arabic news in (Windows, iOS and macOS) comes first.
_ARABIC_FONTS = "'Segoe UI', 'Geeza Pro', Tahoma, Arial, sans-serif"


def colour(value: object) -> str:
    """Read "#rrggbb" and nothing else: what stands here goes into style sheets (T03)."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        msg = f'is no colour: {shown(value)}; write # and six digits of 0-9 and a-f, "#1b4a6b"'
        raise ValueError(msg)
    return value.lower()


def font_stack(value: object) -> str:
    """Read font names with commas between, the last a generic one; give them as CSS writes them.

    Names are letters, digits, spaces and hyphens, with or without quotes around (T03).
    """
    names = [" ".join(part.split()).strip("'\"") for part in text(value).split(",")]
    for name in names:
        if not _FONT.fullmatch(name) or len(name) > _LONGEST_FONT or name.lower() in _KEYWORDS:
            msg = (
                f"{shown(name)} is no name of a font; "
                'write names with commas between, "Georgia, Times New Roman, serif"'
            )
            raise ValueError(msg)
    if names[-1].lower() not in _GENERIC or len(names) > _MOST_FONTS:
        msg = f"write at most {_MOST_FONTS} fonts, the last serif, sans-serif or monospace"
        raise ValueError(msg)
    return ", ".join(f"'{name}'" if " " in name else name for name in names)


def logo(value: object) -> str:
    """Read an https address, or the path of a PNG or JPEG file in the folder; "" for none."""
    read = text_or_empty(value)
    if "://" in read or read.startswith("//"):
        is_good = bool(_WEB_PICTURE.fullmatch(read) and public_url(read.partition("?")[0]))
    else:
        is_good = bool(_FILE.fullmatch(read)) and read.lower().endswith((".png", ".jpg", ".jpeg"))
    if read and not is_good:
        msg = (
            f"{shown(read)} is neither an https address nor a PNG or JPEG file in this folder; "
            'write https://… or "logo.png"'
        )
        raise ValueError(msg)
    return read


COLOURS: Keys = {field.name: colour for field in fields(Palette)}
BRAND: Keys = {
    "serif": font_stack,
    "sans": font_stack,
    "mono": font_stack,
    "logo": logo,
    "logo_alt": text,
    "logo_width": whole(*_LOGO_WIDTHS),
}


def read_brand(table: Table) -> GivenBrand:
    """Read a table of looks; every key may be missing."""
    dark = table.table("dark")
    given = {key: (value, (*table.path, key)) for key, value in table.fill(BRAND).items()}
    for prefix, colours in (("", table), ("dark.", dark)):
        for key, value in colours.fill(COLOURS).items():
            given[prefix + key] = (value, (*colours.path, key))
    dark.refuse_rest()
    table.refuse_rest()
    return given


def brand_of(given: GivenBrand, language: str, problems: Problems) -> Brand:
    """Fill in what is not set; words that cannot be read on their ground are noted as mistakes."""
    is_arabic = script_of(language) == ARABIC
    usual = Brand(serif=_ARABIC_FONTS, sans=_ARABIC_FONTS) if is_arabic else DEFAULT_BRAND
    light = palette_of(LIGHT, _colours(given, ""))
    dark = palette_of(DARK, _colours(given, "dark."))
    for palette, prefix in ((light, ""), (dark, "dark.")):
        _refuse_weak(given, palette, prefix, problems)
    read = {key: value for key, (value, _) in given.items()}
    return Brand(
        light=light,
        dark=dark,
        serif=str(read.get("serif", usual.serif)),
        sans=str(read.get("sans", usual.sans)),
        mono=str(read.get("mono", usual.mono)),
        logo=_logo(read),
    )


def _colours(given: GivenBrand, prefix: str) -> dict[str, str]:
    return {name: str(given[prefix + name][0]) for name in COLOURS if prefix + name in given}


def _logo(read: Mapping[str, str | int]) -> Logo | None:
    where = str(read.get("logo", ""))
    if not where:
        return None
    is_url = where.startswith("https://")
    return Logo(
        url=where if is_url else "",
        file="" if is_url else where,
        alt=str(read.get("logo_alt", "")),
        width=int(read.get("logo_width", LOGO_WIDTH)),
    )


def _refuse_weak(given: GivenBrand, palette: Palette, prefix: str, problems: Problems) -> None:
    for pair in weak_pairs(palette):
        names = (pair.words, FOLLOWS.get(pair.words), pair.ground, FOLLOWS.get(pair.ground))
        places = [given[f"{prefix}{name}"][1] for name in names if f"{prefix}{name}" in given]
        sentence = (
            f"{prefix}{pair.words} {getattr(palette, pair.words)} on "
            f"{prefix}{pair.ground} {getattr(palette, pair.ground)} has a contrast of "
            f"{math.floor(pair.contrast * 100) / 100:.2f}, and words need {LEAST_CONTRAST}; "
            "make one of them darker or lighter"
        )
        problems.add(places[0] if places else ("brand",), sentence)
