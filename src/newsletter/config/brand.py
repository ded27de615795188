"""[brand] and [newsletters.NAME.brand]: colours, fonts and logo, and that all can be read."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from newsletter.config.languages import ARABIC, script_of
from newsletter.config.toml import Path, Problems, Table
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

COLOURS = tuple(field.name for field in fields(Palette))
LOGO_WIDTH = 240
WIDEST_LOGO = 536  # what the sides of a mail of 600 px leave
_NARROWEST_LOGO = 40
_LOGO_ENDINGS = (".png", ".jpg", ".jpeg")

_MOST_FONTS = 10
_LONGEST_FONT = 60  # characters
_GENERIC = ("serif", "sans-serif", "monospace")
_FONT = re.compile(r"-?[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*")
_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert", "default"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

# Georgia and Helvetica have no Arabic letters, and Times New Roman's are small and thin on a
# screen: what the systems set Arabic news in (Windows, iOS and macOS) comes first.
_ARABIC_FONTS = "'Segoe UI', 'Geeza Pro', Tahoma, Arial, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBrand:
    """What is set, by key ("link", "dark.link", "serif"), and where each stands in the file."""

    values: Mapping[str, str | int]
    places: Mapping[str, Path]

    def over(self, above: "GivenBrand") -> "GivenBrand":
        """Put a newsletter's own over what holds for all."""
        return GivenBrand(
            values={**above.values, **self.values}, places={**above.places, **self.places}
        )


NOTHING_GIVEN = GivenBrand(values={}, places={})


def read_brand(table: Table | None) -> GivenBrand:
    """Read a table of looks; every key may be missing."""
    if table is None:
        return NOTHING_GIVEN
    values: dict[str, str | int | None] = {
        "serif": table.take("serif", font_stack, None),
        "sans": table.take("sans", font_stack, None),
        "mono": table.take("mono", font_stack, None),
        "logo": table.take("logo", logo, None),
        "logo_alt": table.take("logo_alt", text, None),
        "logo_width": table.take("logo_width", whole(_NARROWEST_LOGO, WIDEST_LOGO), None),
    }
    places: dict[str, Path] = {key: (*table.path, key) for key in values}
    dark = table.table("dark")
    for prefix, colours in (("", table), ("dark.", dark)):
        if colours is None:
            continue
        for name in COLOURS:
            values[prefix + name] = colours.take(name, colour, None)
            places[prefix + name] = (*colours.path, name)
    if dark is not None:
        dark.refuse_rest()
    table.refuse_rest()
    given = {key: value for key, value in values.items() if value is not None}
    return GivenBrand(values=given, places={key: places[key] for key in given})


def brand_of(given: GivenBrand, language: str, problems: Problems) -> Brand:
    """Fill in what is not set; words that cannot be read on their ground are noted as mistakes."""
    usual = _fonts_of(script_of(language))
    light = palette_of(LIGHT, _colours(given, ""))
    dark = palette_of(DARK, _colours(given, "dark."))
    _refuse_weak(given, light, "", problems)
    _refuse_weak(given, dark, "dark.", problems)
    return Brand(
        light=light,
        dark=dark,
        serif=str(given.values.get("serif", usual.serif)),
        sans=str(given.values.get("sans", usual.sans)),
        mono=str(given.values.get("mono", usual.mono)),
        logo=_logo(given),
    )


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
    read = text(value)
    names = [_unquoted(" ".join(part.split())) for part in read.split(",")]
    hint = 'write names with commas between, "Georgia, Times New Roman, serif"'
    for name in names:
        if not _FONT.fullmatch(name) or len(name) > _LONGEST_FONT or name.lower() in _KEYWORDS:
            msg = f"{shown(name)} is no name of a font; {hint}"
            raise ValueError(msg)
    if names[-1].lower() not in _GENERIC or len(names) > _MOST_FONTS:
        msg = f"ends with {shown(names[-1])}; end it with serif, sans-serif or monospace"
        if len(names) > _MOST_FONTS:
            msg = f"names {len(names)} fonts; write at most {_MOST_FONTS}"
        raise ValueError(msg)
    return ", ".join(f"'{name}'" if " " in name else name for name in names)


def logo(value: object) -> str:
    """Read an https address, or the path of a PNG or JPEG file in the folder; "" for none."""
    read = text_or_empty(value)
    if not read:
        return ""
    hint = 'write https://… or the path of a file in this folder, "logo.png"'
    if "://" in read or read.startswith("//"):
        try:
            parts = urlsplit(read)
            public_url(f"{parts.scheme}://{parts.netloc}")
        except ValueError as error:
            msg = f"{shown(read)} is no https address; {hint}"
            raise ValueError(msg) from error
        if parts.scheme != "https" or not re.fullmatch(r"[!#-&(-;=?-\[\]_a-z~]+", read):
            msg = f"{shown(read)} is no https address without quotes, spaces and brackets; {hint}"
            raise ValueError(msg)
        return read
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", read):
        msg = f"{shown(read)} is no path in this folder; {hint}"
        raise ValueError(msg)
    if not read.lower().endswith(_LOGO_ENDINGS):
        msg = f"{shown(read)} is neither PNG nor JPEG, and mail programs show little else; {hint}"
        raise ValueError(msg)
    return read


def _unquoted(name: str) -> str:
    bare = name[1:-1]
    return bare if len(name) > 1 and name in (f"'{bare}'", f'"{bare}"') else name


def _colours(given: GivenBrand, prefix: str) -> dict[str, str]:
    return {
        name: str(given.values[prefix + name]) for name in COLOURS if prefix + name in given.values
    }


def _fonts_of(script: str) -> Brand:
    if script == ARABIC:
        return Brand(serif=_ARABIC_FONTS, sans=_ARABIC_FONTS)
    return DEFAULT_BRAND


def _logo(given: GivenBrand) -> Logo | None:
    read = str(given.values.get("logo", ""))
    if not read:
        return None
    is_url = read.startswith("https://")
    return Logo(
        url=read if is_url else "",
        file="" if is_url else read,
        alt=str(given.values.get("logo_alt", "")),
        width=int(given.values.get("logo_width", LOGO_WIDTH)),
    )


def _refuse_weak(given: GivenBrand, palette: Palette, prefix: str, problems: Problems) -> None:
    for pair in weak_pairs(palette):
        words, ground = (_source(given, prefix + name) for name in (pair.words, pair.ground))
        at = given.places.get(words) or given.places.get(ground) or ("brand",)
        shown_ratio = math.floor(pair.contrast * 100) / 100
        sentence = (
            f"{_named(given, prefix, pair.words, words)} {getattr(palette, pair.words)} on "
            f"{_named(given, prefix, pair.ground, ground)} {getattr(palette, pair.ground)} has a "
            f"contrast of {shown_ratio:.2f}, and words need {LEAST_CONTRAST}; "
            "make one of them darker or lighter"
        )
        problems.add(at, sentence)


def _source(given: GivenBrand, key: str) -> str:
    """Return the key that a colour comes from: its own, or the one it follows."""
    prefix, name = key.rpartition(".")[0], key.rpartition(".")[2]
    leader = FOLLOWS.get(name, "")
    followed = f"{prefix}.{leader}" if prefix else leader
    return followed if key not in given.values and followed in given.values else key


def _named(given: GivenBrand, prefix: str, name: str, source: str) -> str:
    """Name a colour, and where it is set by another key or by nobody."""
    key = prefix + name
    if source != key:
        return f"{key} (as {source})"
    return key if key in given.places else f"{key} (by default)"
