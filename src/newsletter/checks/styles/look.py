"""The computed look of one element: colour, background, letters, and what hides it.

A look follows from the look of the element around it and the element's own declarations, as CSS
says; nothing else goes in, so equal ones are made once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.checks.styles.css_values import Longhands, number_of, px
from newsletter.model.brand import Colour

BLACK = Colour(red=0, green=0, blue=0)
WHITE = Colour(red=255, green=255, blue=255)
DARK_CANVAS = Colour(red=18, green=18, blue=18)  # Chromium's page in dark mode
LINK = Colour(red=0, green=0, blue=238)
DARK_LINK = Colour(red=158, green=158, blue=255)

SMALLEST_SEEN = 2.0  # px of font size up to which nobody sees letters
NORMAL_LINE = 1.15  # of the font size: what "line-height: normal" is in most fonts
_BOLD, _NORMAL = 700, 400
HARDLY_SEEN = 0.06  # opacity up to which nothing is read
_FAR = -400.0  # px beyond an edge, or before it, at which nothing of a text is left on the screen
_WORDS = "xx-small x-small small medium large x-large xx-large xxx-large"
_WORD_SIZES = dict(
    zip(_WORDS.split(), (9.0, 10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0), strict=True),
    initial=16.0,
)
_STEP = 1.2  # between "smaller" and "larger"
_AS_AROUND = frozenset({"inherit", "unset", "revert", "revert-layer", "currentcolor"})
_STOP = re.compile(r"#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([^()]*\)|[a-z]+")
_CLIPPED = re.compile(r"rect\(\s*(?:(?:0|1)(?:px)?[\s,]+){3}(?:0|1)(?:px)?\s*\)")
_MAY_HIDE = frozenset(
    {"display", "overflow-x", "overflow-y", "position", "text-indent", "margin-left"}
)
_MOVES = ("text-indent", "margin-left", "left", "top", "right", "bottom")
_SIZES = ("max-height", "height", "max-width", "width", "line-height")
_NO_GROUND = frozenset({"", "transparent", "currentcolor", "initial", "unset", "revert"})
_BACKGROUNDS = frozenset({"background-color", "background-image"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a browser would make of one element."""

    colour: Colour | None  # of its letters, alpha included; None where it cannot be known
    grounds: tuple[Colour, ...]  # what may be behind them: one, or a gradient's; () if not known
    own_ground: Colour | None  # its own background, None where it has none or it is not known
    has_picture: bool  # a background picture lies between letters and ground
    size: float  # of the letters in px
    weight: int
    line: float  # height of a line in px
    line_factor: float | None  # what inherits in place of px where it is a plain number
    display: str
    is_visible: bool
    opacity: float  # its own times those around
    gone: str  # what takes it out of sight, in words
    own: Longhands
    around: "Look | None" = field(repr=False)
    screen: int  # its width in px

    @property
    def ink(self) -> Colour | None:
        """The colour of the letters with all opacity counted in."""
        if self.colour is None or self.opacity >= 1:
            return self.colour
        return self.colour.faded(self.opacity)

    @property
    def is_transparent(self) -> bool:
        """Whether nothing is left of its letters but their place."""
        return self.colour is not None and self.colour.alpha * self.opacity <= HARDLY_SEEN

    @property
    def is_seen(self) -> bool:
        """Whether its box is there for the eye; its letters may still have no size or colour."""
        return self.is_visible and not self.gone

    @property
    def is_inline(self) -> bool:
        """Whether it stands in a line of text and padding above and below moves nothing."""
        return self.display == "inline"

    def length(self, name: str, *, whole: float | None = None) -> float | None:
        """Return one of its own lengths in px; None where it is not set, auto, or not known."""
        value = self.own.get(name)
        return px(value, size=self.size, whole=whole, width=self.screen) if value else None

    def pads(self, *sides: str) -> float:
        """Return its padding and borders on some sides in px; what is unknown counts 0."""
        total = 0.0
        for side in sides:
            total += self.length(f"padding-{side}") or 0.0
            if self.own.get(f"border-{side}-style", "none") not in {"none", "hidden"}:
                total += self.length(f"border-{side}-width") or 0.0
        return total


def first_look(*, dark: bool, width: int) -> Look:
    """Return what stands around the root: the page as a browser shows it without any style."""
    return Look(
        colour=WHITE if dark else BLACK,
        grounds=(DARK_CANVAS if dark else WHITE,),
        own_ground=None,
        has_picture=False,
        size=16.0,
        weight=_NORMAL,
        line=16.0 * NORMAL_LINE,
        line_factor=NORMAL_LINE,
        display="block",
        is_visible=True,
        opacity=1.0,
        gone="",
        own={},
        around=None,
        screen=width,
    )


def look_of(around: Look, own: Longhands) -> Look:
    """Compute one look; never raises, whatever the values are."""
    size = _size(own.get("font-size"), around)
    line, factor = _line(own.get("line-height"), around, size)
    colour = _colour(own, around)
    opacity = around.opacity * _opacity(own)
    grounds, own_ground, has_picture = _ground(own, around, opacity, colour)
    return Look(
        colour=colour,
        grounds=grounds,
        own_ground=own_ground,
        has_picture=has_picture,
        size=size,
        weight=_weight(own.get("font-weight"), around.weight),
        line=line,
        line_factor=factor,
        display=_display(own),
        is_visible=_is_visible(own, around),
        opacity=opacity,
        gone=around.gone or _gone(own, size, opacity),
        own=own,
        around=around,
        screen=around.screen,
    )


def _size(value: str | None, around: Look) -> float:
    if value is None or value in _AS_AROUND:
        return around.size
    if value in {"smaller", "larger"}:
        return around.size * (_STEP if value == "larger" else 1 / _STEP)
    length = px(value, size=around.size, whole=around.size, width=around.screen)
    size = _WORD_SIZES.get(value, length)
    return around.size if size is None or size < 0 else size


def _line(value: str | None, around: Look, size: float) -> tuple[float, float | None]:
    if value is None or value in _AS_AROUND:
        factor = around.line_factor
        return (around.line, None) if factor is None else (factor * size, factor)
    if value in {"normal", "initial"}:
        return NORMAL_LINE * size, NORMAL_LINE
    number = number_of(value)
    if number is None:
        length = px(value, size=size, whole=size)
        return (around.line, None) if length is None else (length, None)
    return number * size, number


def _weight(value: str | None, around: int) -> int:
    words = {"normal": _NORMAL, "initial": _NORMAL, "bold": _BOLD, "lighter": _NORMAL}
    if value is None:
        return around
    if value == "bolder":
        return max(around, _BOLD)
    if value.isdigit():
        return min(max(int(value[:5]), 1), 1000)
    return words.get(value, around)


def _colour(own: Longhands, around: Look) -> Colour | None:
    value = own.get("-webkit-text-fill-color", own.get("color"))
    if value is None or value in _AS_AROUND:
        return around.colour
    return Colour.parse(value)


def _opacity(own: Longhands) -> float:
    value = own.get("opacity", "1")
    number = number_of(value.removesuffix("%"))
    if number is None:
        return 1.0
    return min(max(number / 100 if value.endswith("%") else number, 0.0), 1.0)


def _ground(
    own: Longhands, around: Look, opacity: float, colour: Colour | None
) -> tuple[tuple[Colour, ...], Colour | None, bool]:
    if _BACKGROUNDS.isdisjoint(own):
        return around.grounds, None, around.has_picture
    value, pictures = own.get("background-color", ""), own.get("background-image", "none")
    grounds, has_picture = around.grounds, around.has_picture
    mine = colour if value == "currentcolor" else Colour.parse(value)
    if value not in _NO_GROUND and mine is None:
        grounds = ()
    mine = None if mine is not None and mine.alpha == 0 else mine
    if mine is not None:
        seen = mine.faded(opacity)
        has_picture = has_picture and not seen.is_opaque
        is_alone = seen.is_opaque
        grounds = (seen,) if is_alone else tuple(seen.over(below) for below in grounds)
    if "gradient(" in pictures:
        stops = dict.fromkeys(map(Colour.parse, _STOP.findall(pictures)))
        base = grounds[0] if grounds else WHITE
        grounds = tuple(stop.faded(opacity).over(base) for stop in stops if stop is not None)
        mine = grounds[0] if len(grounds) == 1 else mine
    return grounds, mine, has_picture or "url(" in pictures or "image-set(" in pictures


def _display(own: Longhands) -> str:
    display = own.get("display", "inline")
    if display == "inline" and (
        own.get("float", "none") in {"left", "right"}
        or own.get("position") in {"absolute", "fixed"}
    ):
        return "block"  # CSS 2.2 section 9.7
    return display


def _is_visible(own: Longhands, around: Look) -> bool:
    value = own.get("visibility")
    if value is None or value in _AS_AROUND:
        return around.is_visible
    return value not in {"hidden", "collapse"}


def _gone(own: Longhands, size: float, opacity: float) -> str:
    if opacity <= HARDLY_SEEN:
        return f"opacity:{opacity:g}"
    return "" if _MAY_HIDE.isdisjoint(own) else next(_hidings(own, size), "")


def _hidings(own: Longhands, size: float) -> Iterator[str]:
    if own.get("display") == "none":
        yield "display:none"
    lengths = {name: px(own.get(name, ""), size=size, whole=600) for name in _MOVES + _SIZES}
    known = {name: length for name, length in lengths.items() if length is not None}
    if {"hidden", "clip"} & {own.get("overflow-x"), own.get("overflow-y")}:
        for name in _SIZES:
            if 0 <= known.get(name, 2) <= 1:
                yield f"{name}:{own[name]} with overflow:hidden"
    is_placed = own.get("position") in {"absolute", "fixed", "relative"}
    if is_placed and _CLIPPED.fullmatch(own.get("clip", "")):
        yield f"clip:{own['clip']}"
    for name in _MOVES if is_placed else _MOVES[:2]:
        if known.get(name, 0) <= _FAR:
            yield f"{name}:{own[name]}"
