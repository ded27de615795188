"""The computed look of one element: colour, background, letters, and what hides it.

A look follows from the look of the element around it and the element's own declarations, as CSS
says; nothing else goes in, so equal ones are made once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

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
_WORD_SIZES = {
    "initial": 16.0,
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
MONOSPACE = "monospace"  # a size of our own for the browser's style of code
_MONOSPACE_FACTOR = 13 / 16
_STEP = 1.2  # between "smaller" and "larger"
_AS_AROUND = frozenset({"inherit", "unset", "revert", "revert-layer", "currentcolor"})
_STOP = re.compile(r"#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([^()]*\)|[a-z]+")
_CLIPPED = re.compile(
    r"rect\(\s*(?:(?:0|1)(?:px)?[\s,]+){3}(?:0|1)(?:px)?\s*\)"
    r"|inset\(\s*(?:50|1\d\d)%.*\)|circle\(\s*0.*\)|polygon\(\s*0[^,]*\)"
)
_MAY_HIDE = frozenset(
    {"display", "overflow-x", "overflow-y", "position", "clip-path", "text-indent", "margin-left"}
    | {"margin-top", "transform"}
)
_BACKGROUNDS = frozenset({"background-color", "background-image"})
_NO_SCALE = re.compile(r"scale[xy]?\(\s*0(?:\.0+)?\s*(?:,.*)?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a browser would make of one element.

    Args:
        colour: of its letters, alpha included; None where it cannot be known.
        grounds: what may be behind them: one opaque colour, or the stops of a gradient; empty where
            it cannot be known.
        own_ground: the element's own background, None where it has none or it is not known.
        has_picture: a background picture lies between letters and ground.
        size: of the letters in px.
        has_word_size: the size follows from a word (medium, small …), as it does by default.
        weight: 100 to 900.
        line: height of a line in px.
        line_factor: what inherits in place of px where the line height is a plain number.
        display: as declared, or as the tag has it.
        is_visible: CSS visibility.
        opacity: the product of its own and those around.
        gone: what takes it out of sight, in words; "" where nothing does.
        own: its own declarations, longhands alone.
        around: the look of the element around it.
        screen: width of the screen in px.
    """

    colour: Colour | None
    grounds: tuple[Colour, ...]
    own_ground: Colour | None
    has_picture: bool
    size: float
    has_word_size: bool
    weight: int
    line: float
    line_factor: float | None
    display: str
    is_visible: bool
    opacity: float
    gone: str
    own: Longhands
    around: "Look | None" = field(repr=False)
    screen: int

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
        """Give its padding and borders on some sides together, in px; what is unknown counts 0."""
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
        has_word_size=True,
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
    size, has_word_size = _size(own.get("font-size"), around)
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
        has_word_size=has_word_size,
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


def _size(value: str | None, around: Look) -> tuple[float, bool]:
    """Return the size, and whether it follows from a word."""
    if value is None or value in _AS_AROUND:
        return around.size, around.has_word_size
    if value in _WORD_SIZES:
        return _WORD_SIZES[value], True
    if value == MONOSPACE:  # browsers make these letters smaller only where no size in px is set
        factor = _MONOSPACE_FACTOR if around.has_word_size else 1.0
        return around.size * factor, False
    if value in {"smaller", "larger"}:
        return around.size * (_STEP if value == "larger" else 1 / _STEP), False
    length = px(value, size=around.size, whole=around.size, width=around.screen)
    return (around.size if length is None or length < 0 else length), False


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


def _weight(value: str | None, around: int) -> int:  # noqa: PLR0911 (one a word)
    match value:
        case None:
            return around
        case "normal" | "initial":
            return _NORMAL
        case "bold":
            return _BOLD
        case "bolder":
            return _NORMAL if around < 350 else _BOLD if around < 550 else 900  # noqa: PLR2004
        case "lighter":
            return 100 if around < 550 else _NORMAL if around < 750 else _BOLD  # noqa: PLR2004
        case _ if value.isdigit():
            return min(max(int(value[:5]), 1), 1000)
        case _:
            return around


def _colour(own: Longhands, around: Look) -> Colour | None:
    value = own.get("-webkit-text-fill-color", own.get("color"))
    if value is None or value in _AS_AROUND:
        return around.colour
    return Colour.parse(value)


def _opacity(own: Longhands) -> float:
    value = own.get("opacity")
    if value is None:
        return 1.0
    number = number_of(value.removesuffix("%"))
    if number is None:
        return 1.0
    return min(max(number / 100 if value.endswith("%") else number, 0.0), 1.0)


def _ground(
    own: Longhands, around: Look, opacity: float, colour: Colour | None
) -> tuple[tuple[Colour, ...], Colour | None, bool]:
    if _BACKGROUNDS.isdisjoint(own):
        return around.grounds, None, around.has_picture
    value = own.get("background-color", "transparent")
    pictures = own.get("background-image", "none")
    has_picture = around.has_picture
    grounds, mine = around.grounds, None
    if value == "currentcolor":
        mine = colour
    elif value not in {"transparent", "initial", "unset", "revert", "revert-layer"}:
        mine = Colour.parse(value)
        if mine is None:
            grounds = ()
    if mine is not None and mine.alpha > 0:
        seen = mine.faded(opacity)
        if seen.is_opaque:
            grounds, has_picture = (seen,), False
        else:
            grounds = tuple(seen.over(below) for below in grounds)
    else:
        mine = None
    if "gradient(" in pictures:
        stops = [Colour.parse(word) for word in _STOP.findall(pictures)]
        known = dict.fromkeys(stop for stop in stops if stop is not None)
        base = grounds[:1] or (WHITE,)
        grounds = tuple(stop.faded(opacity).over(base[0]) for stop in known)
        if len(grounds) == 1:
            mine = grounds[0]
    if "url(" in pictures or "image-set(" in pictures:
        has_picture = True
    return grounds, mine, has_picture


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
    """Tell in words what takes a box out of sight, "" where nothing does."""
    if opacity > HARDLY_SEEN and _MAY_HIDE.isdisjoint(own):
        return ""
    if own.get("display") == "none":
        return "display:none"
    if opacity <= HARDLY_SEEN:
        return f"opacity:{opacity:g}"
    if own.get("overflow-x") in {"hidden", "clip"} or own.get("overflow-y") in {"hidden", "clip"}:
        for name in ("max-height", "height", "max-width", "width", "line-height"):
            length = px(own.get(name, ""), size=size)
            if length is not None and 0 <= length <= 1:
                return f"{name}:{own[name]} with overflow:hidden"
    return _moved_away(own, size)


def _moved_away(own: Longhands, size: float) -> str:
    if own.get("position") in {"absolute", "fixed", "relative"}:
        for name in ("left", "top", "right", "bottom"):
            if _is_far(own, name, size):
                return f"position with {name}:{own[name]}"
        if _CLIPPED.fullmatch(own.get("clip", "")):
            return f"clip:{own['clip']}"
    if _CLIPPED.fullmatch(own.get("clip-path", "")):
        return f"clip-path:{own['clip-path']}"
    for name in ("text-indent", "margin-left", "margin-top"):
        if _is_far(own, name, size):
            return f"{name}:{own[name]}"
    if _NO_SCALE.search(own.get("transform", "")):
        return f"transform:{own['transform']}"
    return ""


def _is_far(own: Longhands, name: str, size: float) -> bool:
    length = px(own.get(name, ""), size=size, whole=600)
    return length is not None and length <= _FAR


_BLOCKS = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form header hgroup hr html legend main menu nav ol optgroup option"
    " p section summary ul"
)
_UNSEEN = (
    "area base basefont datalist head link meta noembed noframes noscript param rp script style"
    " template title"
)
_HEADING_SIZES = {"h1": "2em", "h2": "1.5em", "h3": "1.17em", "h5": "0.83em", "h6": "0.67em"}
_TABLE_PARTS = {
    "table": "table",
    "caption": "table-caption",
    "tbody": "table-row-group",
    "thead": "table-row-group",
    "tfoot": "table-row-group",
    "tr": "table-row",
    "col": "table-column",
    "colgroup": "table-column-group",
    "td": "table-cell",
    "th": "table-cell",
}
_CODE = ("code", "kbd", "pre", "samp", "tt")

# What browsers give a tag before any style of the page (HTML standard, section 15.3).
_UA_DISPLAY = {
    **dict.fromkeys((*_BLOCKS.split(), "h1", "h2", "h3", "h4", "h5", "h6", "pre"), "block"),
    **dict.fromkeys(_UNSEEN.split(), "none"),
    **_TABLE_PARTS,
    "li": "list-item",
    "button": "inline-block",
}
_UA_SIZES = {
    **_HEADING_SIZES,
    **dict.fromkeys(_CODE, MONOSPACE),
    "big": "larger",
    "small": "smaller",
    "sub": "smaller",
    "sup": "smaller",
}
_UA_WEIGHTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), "bold"),
    "b": "bolder",
    "strong": "bolder",
}
_UA_OTHERS: Mapping[str, Mapping[str, str]] = {
    "mark": {"background-color": "#ffff00", "color": "#000000"},
    "pre": {"white-space": "pre"},
}


@cache
def browser_style(tag: str) -> Longhands:
    """Return what a browser sets for a tag before any style of the page."""
    layers = (("display", _UA_DISPLAY), ("font-size", _UA_SIZES), ("font-weight", _UA_WEIGHTS))
    own = {name: values[tag] for name, values in layers if tag in values}
    return {**own, **_UA_OTHERS.get(tag, {})}
