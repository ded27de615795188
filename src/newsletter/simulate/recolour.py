"""A mail's colours as a program changes them that darkens in part.

Programs that do so publish no rules. What is known of them, and done here: a light ground becomes
dark, dark text becomes light, both keep their hue; dark grounds, light text and pictures stay. The
mail's own dark styles are not applied.
"""

import colorsys
import re
from collections.abc import Callable

from lxml import etree

from newsletter.model.brand import Colour

BASE = "<style>html{background:#121212;color:#e8eaed}a{color:#8ab4f8}</style>"
"""What shows where a mail sets no colour: it stands before the mail's own styles."""

_DECLARATION = re.compile(
    r"(?<![\w-])(background(?:-color)?|color|border(?:-(?:top|right|bottom|left))?(?:-color)?)"
    r"(\s*:)([^;{}]*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(  # an address is taken whole, so that nothing in it is a colour
    r"url\([^()]{0,2000}\)|#[0-9a-f]{3,8}(?![\w-])"
    r"|(?<![\w-])(?:rgb|hsl)a?\([^()]{0,80}\)|(?<![\w#./-])[a-z]{3,20}(?![\w(-])",
    re.IGNORECASE,
)
_HALF, _DARKEST, _LIGHTEST = 0.5, 0.07, 0.93
_MOST = 255


def recolour(root: etree._Element) -> None:
    """Change the colours of a parsed mail in place: style attributes, style blocks, bgcolor."""
    for element in root.iter(etree.Element):
        style = element.get("style")
        if style:
            element.set("style", _recoloured(style))
        for name, change in (("bgcolor", _ground), ("text", _ink), ("color", _ink), ("link", _ink)):
            value = element.get(name)
            if value:
                element.set(name, _changed(value, change))
        if element.tag == "style":
            element.text = _recoloured(element.text or "")


def _recoloured(css: str) -> str:
    def declaration(found: re.Match[str]) -> str:
        name, colon, value = found.groups()
        lower = name.lower()
        change = _ink if lower == "color" else _ground if lower.startswith("back") else _turned
        return name + colon + _TOKEN.sub(lambda token: _changed(token.group(), change), value)

    return _DECLARATION.sub(declaration, css)


def _changed(text: str, change: Callable[[float], float]) -> str:
    colour = Colour.parse(text)
    if colour is None or colour.alpha == 0:
        return text
    shares = (colour.red / _MOST, colour.green / _MOST, colour.blue / _MOST)
    hue, light, _ = colorsys.rgb_to_hls(*shares)
    now = change(light)
    if now == light:
        return text
    # near white and black a trace of colour counts as full saturation: what stays is the trace
    saturation = min(1.0, (max(shares) - min(shares)) / (1 - abs(2 * now - 1)))
    red, green, blue = (round(share * _MOST) for share in colorsys.hls_to_rgb(hue, now, saturation))
    return str(Colour(red=red, green=green, blue=blue, alpha=colour.alpha))


def _ground(light: float) -> float:
    return max(_DARKEST, 1 - light) if light > _HALF else light


def _ink(light: float) -> float:
    return min(_LIGHTEST, 1 - light) if light < _HALF else light


def _turned(light: float) -> float:
    return _ground(light) if light > _HALF else _ink(light)
