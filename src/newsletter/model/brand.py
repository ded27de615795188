"""The looks of a newsletter: colours in light and dark, fonts, logo. The defaults are the design's.

Every colour and font that a template sets comes from here, by name.
"""

import colorsys
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files

from PIL.ImageColor import colormap  # the named colours of CSS Color Module Level 4

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(%|deg|)")
_LINEAR_TO = 0.04045  # WCAG 2.2, relative luminance: below it a channel is linear
_CHANNELS = 3
_MOST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A colour of sRGB: channels 0 to 255, alpha 0 (nothing is seen) to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    @classmethod
    def parse(cls, text: str) -> "Colour | None":
        """Read #rgb, #rrggbb, with alpha or not, a name, rgb(), hsl() or transparent; else None."""
        return _parse(text.strip().lower())

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 for black to 1 for white; alpha does not count."""
        red, green, blue = map(_linear, (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def is_opaque(self) -> bool:
        """Whether nothing behind it shows."""
        return self.alpha >= 1

    def over(self, ground: "Colour") -> "Colour":
        """Return what is seen where this lies on an opaque ground."""
        if self.alpha >= 1:
            return self
        mixed = (
            round(above * self.alpha + below * (1 - self.alpha))
            for above, below in zip(_channels(self), _channels(ground), strict=True)
        )
        red, green, blue = mixed
        return Colour(red=red, green=green, blue=blue)

    def faded(self, opacity: float) -> "Colour":
        """Return the same colour with its alpha times an opacity of 0 to 1."""
        if opacity >= 1:
            return self
        alpha = self.alpha * max(opacity, 0.0)
        return Colour(red=self.red, green=self.green, blue=self.blue, alpha=alpha)

    def __str__(self) -> str:
        """#rrggbb, with two digits more where something shows through."""
        code = f"#{self.red:02x}{self.green:02x}{self.blue:02x}"
        return code if self.alpha >= 1 else f"{code}{round(self.alpha * _MOST):02x}"


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of two opaque colours, 1 to 21, whichever is in front (WCAG 2.2)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=1024)
def _parse(text: str) -> Colour | None:
    if text == "transparent":
        return Colour(red=0, green=0, blue=0, alpha=0.0)
    code = str(colormap.get(text, text))
    if _HEX.fullmatch(code):
        return _of_digits(code[1:])
    function = _FUNCTION.fullmatch(text)
    return _of_function(function[1], function[2]) if function else None


def _of_digits(digits: str) -> Colour:
    if len(digits) <= _CHANNELS + 1:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, *rest = (int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
    return Colour(red=red, green=green, blue=blue, alpha=rest[0] / _MOST if rest else 1.0)


def _of_function(name: str, inside: str) -> Colour | None:
    words = inside.replace(",", " ").replace("/", " ").split()
    numbers = [_NUMBER.fullmatch(word) for word in words]
    if len(numbers) not in {_CHANNELS, _CHANNELS + 1} or None in numbers:
        return None
    parts = [(float(found[1]), found[2]) for found in numbers if found]
    alpha = 1.0
    if len(parts) > _CHANNELS:
        number, unit = parts.pop()
        alpha = min(max(number / 100 if unit == "%" else number, 0.0), 1.0)
    if name == "rgb":
        shares = [number / 100 if unit == "%" else number / _MOST for number, unit in parts]
    else:
        hue, saturation, light = (number for number, _ in parts)
        shares = list(
            colorsys.hls_to_rgb(
                hue % 360 / 360, min(max(light / 100, 0.0), 1.0), min(max(saturation / 100, 0.0), 1)
            )
        )
    red, green, blue = (int(round(min(max(share, 0.0), 1.0) * _MOST, 6) + 0.5) for share in shares)
    return Colour(red=red, green=green, blue=blue, alpha=alpha)


def _channels(colour: Colour) -> tuple[int, int, int]:
    return colour.red, colour.green, colour.blue


@lru_cache(maxsize=256)
def _linear(channel: int) -> float:
    share = channel / _MOST
    return share / 12.92 if share <= _LINEAR_TO else float(((share + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one scheme, each "#rrggbb"; see [brand] in docs/reference/settings.md."""

    page: str
    paper: str
    ink: str
    text: str
    muted: str
    foot: str
    accent: str
    link: str
    button: str
    button_text: str
    box: str
    box_ink: str
    box_rule: str
    hairline: str
    code: str
    tint: str


_DATA = tomllib.loads(files("newsletter.model").joinpath("palettes.toml").read_text("utf-8"))
LIGHT, DARK = Palette(**_DATA["light"]), Palette(**_DATA["dark"])
FOLLOWS: Mapping[str, str] = _DATA["follows"]
"""Colours that are as another is where that one is set and they are not."""

WORDS_ON = tuple((words, on) for words, grounds in _DATA["words_on"].items() for on in grounds)
"""Each colour of words with each ground that a template sets them on."""

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3; also asked of large headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakPair:
    """Words that cannot be read well on their ground; names are a palette's."""

    words: str
    ground: str
    contrast: float


def palette_of(usual: Palette, given: Mapping[str, str]) -> Palette:
    """Put colours over the usual ones, by name; what FOLLOWS another goes with it."""
    led = {name: given[leader] for name, leader in FOLLOWS.items() if leader in given}
    return Palette(**{**asdict(usual), **led, **given})


def weak_pairs(palette: Palette) -> tuple[WeakPair, ...]:
    """Return the pairs of a palette whose contrast is below LEAST_CONTRAST."""
    colours = {name: Colour.parse(code) for name, code in asdict(palette).items()}
    found: list[WeakPair] = []
    for words, ground in WORDS_ON:
        above, below = colours[words], colours[ground]
        ratio = contrast(above, below) if above and below else 1.0
        if ratio < LEAST_CONTRAST:
            found.append(WeakPair(words=words, ground=ground, contrast=ratio))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the place of the newsletter's name: a file of the folder, or a URL."""

    url: str = ""
    file: str = ""
    alt: str = ""
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Palettes, font stacks as CSS writes them, and the logo where there is one."""

    light: Palette = LIGHT
    dark: Palette = DARK
    serif: str = "Georgia, 'Times New Roman', Times, serif"
    sans: str = "Helvetica, Arial, sans-serif"
    mono: str = "Menlo, Consolas, 'Courier New', monospace"
    logo: Logo | None = None


DEFAULT_BRAND = Brand()
