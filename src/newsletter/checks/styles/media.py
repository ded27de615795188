"""Media queries: whether one holds on a screen of some width, in light or in dark mode."""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.styles.css_values import px

_MOST_CHARS = 500
# A lost "and", and one with no blank before its bracket, which is a function then, spoil a query.
_QUERY = re.compile(
    r"(?P<not>not\s+)?(?:(?:only\s+)?(?P<type>(?!not\b|only\b|and\b|or\b)[a-z-]+)"
    r"(?:\s+and\s+(?=\()|$)|(?=\())"
    r"(?P<rest>(?:\([^()]*\)(?:\s*\band\s+(?=\()|$))*)"
)
_FEATURE = re.compile(r"\(\s*([a-z-]+)\s*(?::\s*([^()]*?)\s*)?\)")
_RANGE = re.compile(r"\(\s*width\s*(<|>)=?\s*([^()]*?)\s*\)")
_KNOWN = re.compile(
    r"(?:min-|max-)?(?:(?:device-)?(?:height|aspect-ratio)|resolution|color|color-index"
    r"|monochrome)|orientation|scan|grid|update|overflow-(?:block|inline)|color-gamut"
    r"|(?:any-)?(?:pointer|hover)|display-mode|prefers-[a-z-]{5,40}|forced-colors"
    r"|inverted-colors|scripting|dynamic-range|-(?:webkit|moz|ms|o)-[a-z-]{3,40}"
)
_ROOT_SIZE = 16.0  # px, what em and rem mean in a media query


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A screen a mail is read on: width in CSS px, and whether it asks for dark colours."""

    width: int = 640
    dark: bool = False


LIGHT = View()
DARK = View(dark=True)
PHONE = View(width=375)


@dataclass(frozen=True, slots=True)
class _Query:
    """One query of a list: widths it holds between, in px, and its colour scheme if it asks."""

    least: float = 0.0
    most: float = float("inf")
    dark: bool | None = None
    never: bool = False
    turned: bool = False

    def holds(self, view: View) -> bool:
        fits = not self.never and self.least <= view.width <= self.most
        return (fits and self.dark in {None, view.dark}) is not self.turned


@dataclass(frozen=True, slots=True)
class Media:
    """A list of queries, one of which must hold. is_broken where none of it can be read."""

    queries: tuple[_Query, ...]

    @property
    def is_broken(self) -> bool:
        """Whether none of it can be read."""
        return not self.queries

    def holds(self, view: View) -> bool:
        """Whether its rules are used in a view; what asks for anything we do not know is not."""
        return any(query.holds(view) for query in self.queries)

    @property
    def always(self) -> bool:
        """Whether it asks for nothing."""
        return self.queries == (_Query(),)

    @property
    def asks_for_dark(self) -> bool:
        """Whether it holds in dark mode alone."""
        return bool(self.queries) and all(query.dark is True for query in self.queries)


@lru_cache(maxsize=256)
def read_media(text: str) -> Media:
    """Read what stands behind ``@media`` or in a style's media attribute."""
    words = " ".join(text.lower().split())
    queries = map(_query, words[:_MOST_CHARS].split(",")) if words else (_Query(),)
    return Media(tuple(query for query in queries if query is not None))


def _query(text: str) -> _Query | None:
    found = _QUERY.fullmatch(text.strip())
    if found is None or not (found["type"] or found["rest"]):
        return None
    least, most, dark = 0.0, float("inf"), None
    never = (found["type"] or "all") not in {"all", "screen"}  # print, and what no screen is
    for feature in re.findall(r"\([^()]*\)", found["rest"]):
        named = _RANGE.fullmatch(feature) or _FEATURE.fullmatch(feature)
        name, value = (named[1].replace("device-", ""), named[2] or "") if named else ("", "")
        width = px(value, size=_ROOT_SIZE)
        if name in {"max-width", "<", "width"} and width is not None:
            most = min(most, width)
        if name in {"min-width", ">", "width"} and width is not None:
            least = max(least, width)
        if name == "prefers-color-scheme" and value in {"dark", "light"}:
            dark = value == "dark"
        elif _KNOWN.fullmatch(name):  # resolution, orientation, hover …: not ours to say
            return _Query(never=True)
        elif width is None or name not in {"max-width", "min-width", "width", "<", ">"}:
            return None  # a mistyped one: the whole query never holds
    return _Query(least, most, dark, never, turned=bool(found["not"]))
