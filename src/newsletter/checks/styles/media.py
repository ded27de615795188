"""Media queries: whether one holds on a screen of some width, in light or in dark mode."""

import re
from dataclasses import dataclass
from functools import lru_cache

_MOST_QUERIES = 20
_MOST_CHARS = 500
# A lost "and", and one with no blank before its bracket, which is a function then, spoil a query.
_QUERY = re.compile(
    r"(?:(?:(?P<not>not)\s+|only\s+)?(?P<type>[a-z-]+)(?:\s+and\s+(?=\()|$)"
    r"|(?P<turned>not\s+)?(?=\())"
    r"(?P<rest>(?:\([^()]*\)(?:\s*\band\s+(?=\()|$))*)"
)
_FEATURE = re.compile(r"\(\s*([a-z-]+)\s*(?::\s*([^()]*?)\s*)?\)")
_RANGE = re.compile(r"\(\s*width\s*(<=?|>=?)\s*([^()]*?)\s*\)")
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})(px|em|rem|)")
# Media Queries 4 and 5, and what vendors have added.
_FEATURES = re.compile(
    r"(?:min-|max-)?(?:(?:device-)?(?:width|height|aspect-ratio)|resolution|color|color-index"
    r"|monochrome)|orientation|scan|grid|update|overflow-(?:block|inline)|color-gamut"
    r"|(?:any-)?(?:pointer|hover)|display-mode|prefers-[a-z-]{5,40}|forced-colors"
    r"|inverted-colors|scripting|dynamic-range|video-[a-z-]{5,30}|-(?:webkit|moz|ms|o)-[a-z-]{3,40}"
)
_ROOT_SIZE = 16.0  # px, what em and rem mean in a media query


_LACKS_UNIT = re.compile(r"\(\s*(?:min-|max-)?(?:device-)?(?:width|height)\s*:\s*[1-9]\d*\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A screen a mail is read on: width in CSS px, and whether it asks for dark colours."""

    width: int = 640
    dark: bool = False


LIGHT = View()
DARK = View(dark=True)
PHONE = View(width=375)
WIDE = View(width=1024)


@dataclass(frozen=True, slots=True)
class _Part:
    """One query of a list: widths it holds between, in px, and its colour scheme if it asks."""

    least: float = 0.0
    most: float = float("inf")
    dark: bool | None = None
    never: bool = False
    turned: bool = False

    def holds(self, view: View) -> bool:
        fits = not self.never and self.least <= view.width <= self.most
        fits = fits and (self.dark is None or self.dark is view.dark)
        return fits is not self.turned


@dataclass(frozen=True, slots=True)
class Media:
    """A list of queries, one of which must hold. is_broken where none of it can be read."""

    parts: tuple[_Part, ...]
    is_broken: bool = False

    def holds(self, view: View) -> bool:
        """Whether its rules are used in a view; what asks for anything we do not know is not."""
        return any(part.holds(view) for part in self.parts)

    @property
    def asks_for_dark(self) -> bool:
        """Whether it holds in dark mode alone."""
        return bool(self.parts) and all(part.dark is True for part in self.parts)


@lru_cache(maxsize=256)
def read_media(text: str) -> Media:
    """Read what stands behind ``@media`` or in a style's media attribute."""
    words = " ".join(text.lower().split())
    if not words:
        return Media((_Part(),))
    if len(words) > _MOST_CHARS:
        return Media(())
    queries = words.split(",")[:_MOST_QUERIES]
    parts = [_part(query.strip()) for query in queries]
    known = tuple(part for part in parts if part is not None)
    return Media(known, is_broken=not known)


def _part(query: str) -> _Part | None:
    found = _QUERY.fullmatch(query)
    if not query or found is None or (found["type"] or "") in {"not", "only", "and", "or"}:
        return None
    if not found["type"] and not found["rest"]:
        return None
    least, most, dark, never = 0.0, float("inf"), None, False
    if (found["type"] or "all") not in {"all", "screen"}:
        never = True  # print, speech, and what no screen is
    for feature in re.findall(r"\([^()]*\)", found["rest"]):
        limits = _limits(feature)
        if limits is not None:
            least, most = max(least, limits[0]), min(most, limits[1])
            continue
        name = _FEATURE.fullmatch(feature)
        if name is None or _LACKS_UNIT.fullmatch(feature):
            return None
        if name[1] == "prefers-color-scheme" and name[2] in {"dark", "light"}:
            scheme = name[2] == "dark"
            never = never or dark not in {None, scheme}
            dark = scheme
        elif _FEATURES.fullmatch(name[1]) is None:
            return None  # a mistyped one: the whole query never holds
        else:  # resolution, orientation, hover …: not ours to say
            return _Part(never=True)
    return _Part(
        least=least, most=most, dark=dark, never=never, turned=bool(found["not"] or found["turned"])
    )


def _limits(feature: str) -> tuple[float, float] | None:
    """Give the widths between which a feature on width holds; None where it is no such feature."""
    found = _RANGE.fullmatch(feature)
    if found:
        length = _px(found[2])
        if length is None:
            return None
        return (0.0, length) if found[1].startswith("<") else (length, float("inf"))
    name = _FEATURE.fullmatch(feature)
    length = _px(name[2] or "") if name else None
    match name[1] if name and length is not None else "":
        case "max-width" | "max-device-width":
            return 0.0, length or 0.0
        case "min-width" | "min-device-width":
            return length or 0.0, float("inf")
        case "width":
            return length or 0.0, length or 0.0
        case _:
            return None


def _px(text: str) -> float | None:
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    number = float(found[1])
    if not found[2]:
        return 0.0 if number == 0 else None  # a length without its unit is none
    return number if found[2] == "px" else number * _ROOT_SIZE
