"""The looks of a newsletter: colours in light and dark, fonts, logo. The defaults are the design's.

Every colour and font that a template sets comes from here, by name.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from newsletter.model.colour import Colour, contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one scheme, each "#rrggbb", by what they are for.

    page is behind everything, paper behind the stories, box behind a callout, code behind typed
    words, tint behind the alternative text of a picture. ink is for headlines and strong rules,
    text for running text, muted for bylines and small print, foot for the links of the footer,
    accent for kickers, box_ink for a callout's headline.
    """

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


LIGHT = Palette(
    page="#f1eee7",
    paper="#fffefb",
    ink="#1c1b19",
    text="#2e2c28",
    muted="#5c584f",
    foot="#45423b",
    accent="#9a1f1a",
    link="#1b4a6b",
    button="#1b4a6b",
    button_text="#ffffff",
    box="#e9f0f5",
    box_ink="#14344b",
    box_rule="#1b4a6b",
    hairline="#d9d5cb",
    code="#f1eee7",
    tint="#ebe7dd",
)
DARK = Palette(
    page="#121211",
    paper="#1b1a18",
    ink="#f4f1ea",
    text="#d8d4ca",
    muted="#aba69a",
    foot="#aba69a",
    accent="#f0988f",
    link="#8fc1e3",
    button="#8fc1e3",
    button_text="#0d2230",
    box="#1d2a33",
    box_ink="#eaf3f9",
    box_rule="#6fb0db",
    hairline="#3a3833",
    code="#262421",
    tint="#2a2824",
)


FOLLOWS = {
    "foot": "muted",
    "button": "link",
    "box_ink": "ink",
    "box_rule": "link",
    "code": "page",
    "tint": "page",
}
"""Colours that are as another is where that one is set and they are not."""

WORDS_ON = (
    ("ink", "paper"),
    ("text", "paper"),
    ("text", "box"),
    ("text", "code"),
    ("muted", "page"),
    ("muted", "paper"),
    ("muted", "box"),
    ("muted", "tint"),
    ("foot", "page"),
    ("accent", "paper"),
    ("link", "paper"),
    ("link", "box"),
    ("box_ink", "box"),
    ("button_text", "button"),
)
"""Each colour of words with each ground that a template sets them on; a test walks the mails."""

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
    """A picture in the place of the newsletter's name; width in CSS px.

    file is its path in the newsletter's folder, "" where it lies elsewhere; then url says where.
    alt is "" where the newsletter's title is to stand for it.
    """

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
