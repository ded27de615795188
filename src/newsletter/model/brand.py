"""The looks of a newsletter: colours in light and dark, fonts, logo. The defaults are the design's.

Every colour and font that a template sets comes from here, by name.
"""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the place of the newsletter's name; width in CSS px."""

    url: str
    alt: str
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
