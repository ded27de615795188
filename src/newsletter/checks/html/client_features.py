"""What of CSS and HTML a mail hangs on, and what a program may leave out without harm; pure.

Most of what some program does not know is no harm: corners stay square, a phone's layout stays the
desktop's, a letter keeps its spacing. To tell of all that would be an alarm with every issue, so a
feature counts only where it is in one of two lists:

BREAKS: where it is not known, columns fall apart, text or pictures are lost or stand on each other,
or colours and sizes are not those that were chosen. LOOKS: the mail is whole without it, but a
reader sees another one. Everything else, border-radius, max-width and media queries among it, is
meant to fall away, and nothing is said of it.

The names are caniemail's ("css-display-flex"), of which client_support.json has the results.
"""

import re
from collections.abc import Iterator, Mapping

BREAKS: Mapping[str, str] = {
    "css-aspect-ratio": "aspect-ratio",
    "css-background-image": "a background picture without a background colour",
    "css-block-inline-size": "block-size and inline-size",
    "css-column-count": "columns",
    "css-conic-gradient": "a gradient without a background colour",
    "css-display-flex": "display:flex",
    "css-display-grid": "display:grid",
    "css-float": "float",
    "css-function-clamp": "clamp()",
    "css-function-light-dark": "light-dark()",
    "css-function-max": "max()",
    "css-function-min": "min()",
    "css-inset": "inset",
    "css-linear-gradient": "a gradient without a background colour",
    "css-margin": "negative margins",
    "css-margin-inline-block": "margin-inline and margin-block",
    "css-margin-inline-start-end": "margin-inline-start and -end",
    "css-margin-block-start-end": "margin-block-start and -end",
    "css-modern-color": "colours such as oklch() and color-mix()",
    "css-nesting": "rules within rules",
    "css-object-fit": "object-fit",
    "css-padding-inline-block": "padding-inline and padding-block",
    "css-padding-inline-start-end": "padding-inline-start and -end",
    "css-padding-block-start-end": "padding-block-start and -end",
    "css-position": "position:absolute, fixed and sticky",
    "css-pseudo-element-after": "text in ::after",
    "css-pseudo-element-before": "text in ::before",
    "css-radial-gradient": "a gradient without a background colour",
    "css-rgba": "colours with alpha",
    "css-transform": "transform",
    "css-unit-calc": "calc()",
    "css-unit-ch": "the unit ch",
    "css-unit-rem": "the unit rem",
    "css-unit-vh": "the unit vh",
    "css-unit-vmax": "the unit vmax",
    "css-unit-vmin": "the unit vmin",
    "css-unit-vw": "the unit vw",
    "css-variables": "custom properties, var()",
    "css-writing-mode": "writing-mode",
    "html-audio": "<audio>",
    "html-dialog": "<dialog>",
    "html-form": "<form>",
    "html-image-maps": "image maps",
    "html-input-text": "<input>",
    "html-link": "<link>",
    "html-meter": "<meter>",
    "html-object": "<object>",
    "html-progress": "<progress>",
    "html-select": "<select>",
    "html-svg": "<svg>",
    "html-textarea": "<textarea>",
    "html-video": "<video>",
    "image-avif": "pictures in AVIF",
    "image-heif": "pictures in HEIF",
    "image-ico": "pictures in ICO",
    "image-mp4": "films as pictures",
    "image-svg": "pictures in SVG",
    "image-tiff": "pictures in TIFF",
    "image-webp": "pictures in WebP",
}
LOOKS: Mapping[str, str] = {
    "css-animation": "animation",
    "css-at-font-face": "@font-face",
    "css-backdrop-filter": "backdrop-filter",
    "css-border-image": "border-image",
    "css-box-shadow": "box-shadow",
    "css-clip-path": "clip-path",
    "css-filter": "filter",
    "css-list-style-image": "list-style-image",
    "css-mask-image": "mask-image",
    "css-mix-blend-mode": "mix-blend-mode",
    "css-opacity": "opacity",
    "css-pseudo-class-has": ":has()",
    "css-pseudo-class-not": ":not()",
    "css-pseudo-class-nth-child": ":nth-child()",
    "css-shape-outside": "shape-outside",
    "css-text-emphasis": "text-emphasis",
    "css-text-shadow": "text-shadow",
    "css-transition": "transition",
    "html-marquee": "<marquee>",
    "html-picture": "<picture>",
    "html-ruby": "<ruby>",
    "html-semantics": "<section>, <article> and the like",
    "image-apng": "moving pictures in APNG",
}
# Of these every result "in part" is for what we look for: caniemail says of css-margin that
# negative values are not supported.
IN_PART: frozenset[str] = frozenset({"css-margin"})
# What Outlook knows by VML, where a template gives it that.
BACKGROUNDS = frozenset(
    {"css-background-image", "css-linear-gradient", "css-radial-gradient", "css-conic-gradient"}
)

_GRADIENTS = ("linear", "radial", "conic")
_FUNCTION = re.compile(
    r"\b(calc|clamp|min|max|light-dark|var|rgba|oklch|oklab|lch|lab|color|color-mix)\("
)
_FUNCTIONS = {
    "calc": "css-unit-calc",
    "var": "css-variables",
    "rgba": "css-rgba",
    **{name: f"css-function-{name}" for name in ("clamp", "min", "max", "light-dark")},
    **dict.fromkeys(("oklch", "oklab", "lch", "lab", "color", "color-mix"), "css-modern-color"),
}
_UNIT = re.compile(r"(?<![\w#.-])-?[0-9]*\.?[0-9]+(rem|vw|vh|vmin|vmax|ch)\b")
_NEGATIVE = re.compile(r"(?<![\w.)-])-[0-9.]*[1-9]")
_QUOTED = re.compile(r"""url\([^)]*\)|"[^"]*"|'[^']*'""")
_LOGICAL = re.compile(r"(margin|padding)-(inline|block)(-(?:start|end))?")
_NOTHING = frozenset({"none", "normal", "initial", "unset", "inherit", "auto", "0", "0s"})
_PLAIN = frozenset({"object-fit", "aspect-ratio", "transform", "inset", "float"})
_COLUMNS = frozenset({"columns", "column-count", "column-width"})
_SIZES = frozenset({"block-size", "inline-size"})
_BY_VALUE = frozenset({"display", "position", "opacity", "writing-mode"})
_OUT_OF_FLOW = frozenset({"absolute", "fixed", "sticky", "-webkit-sticky"})
_ELEMENTS = {
    **{name: f"html-{name}" for name in ("audio", "dialog", "form", "link", "marquee", "meter")},
    **{name: f"html-{name}" for name in ("object", "picture", "progress", "ruby", "select", "svg")},
    **{name: f"html-{name}" for name in ("textarea", "video")},
    "map": "html-image-maps",
    "input": "html-input-text",
    **dict.fromkeys(
        ("article", "aside", "footer", "header", "main", "nav", "section"), "html-semantics"
    ),
}
_PICTURE = re.compile(r"[^?#]*\.(avif|apng|heic|heif|ico|mp4|svg|tiff?|webp)(?:[?#].*)?", re.DOTALL)
_SELECTORS = (
    (re.compile(r"::?(before|after)\b"), "css-pseudo-element-{}"),
    (re.compile(r":(has|not)\("), "css-pseudo-class-{}"),
    (re.compile(r":(nth-child)\("), "css-pseudo-class-{}"),
)


def of_declaration(name: str, value: str) -> Iterator[str]:
    """Return the features a declaration hangs on; both in lower case."""
    if name.startswith("--"):
        yield "css-variables"
        return
    bare = _QUOTED.sub(" ", value)
    yield from (_FUNCTIONS[found[1]] for found in _FUNCTION.finditer(bare))
    yield from (f"css-unit-{found[1]}" for found in _UNIT.finditer(bare))
    word = value.replace("!important", "").strip()
    if name in {"background", "background-image"}:
        yield from _background(value)
    elif found := _LOGICAL.fullmatch(name):
        yield f"css-{found[1]}-{'inline-block' if not found[3] else f'{found[2]}-start-end'}"
    elif name in _BY_VALUE:
        yield from _by_value(name, word)
    elif name.startswith("margin"):
        if "(" not in word and _NEGATIVE.search(word):
            yield "css-margin"
    elif word not in _NOTHING:
        yield from _by_name(name)


def _by_value(name: str, word: str) -> Iterator[str]:
    """Judge what is an ordinary property with most of its values."""
    kind = word.removeprefix("inline-")
    if name == "display" and kind in {"flex", "grid"}:
        yield f"css-display-{kind}"
    elif name == "position" and word in _OUT_OF_FLOW:
        yield "css-position"
    elif name == "opacity" and word.strip("0.%") and word not in {"1", "100%"}:
        yield "css-opacity"
    elif name == "writing-mode" and word != "horizontal-tb":
        yield "css-writing-mode"


def _by_name(name: str) -> Iterator[str]:
    if name in _PLAIN:
        yield f"css-{name}"
    elif name in _COLUMNS:
        yield "css-column-count"
    elif name in _SIZES:
        yield "css-block-inline-size"
    for start in ("animation", "transition"):
        if name.startswith(start):
            yield f"css-{start}"
    if f"css-{name}" in LOOKS and not name.startswith(("animation", "transition", "opacity")):
        yield f"css-{name}"


def _background(value: str) -> Iterator[str]:
    if "url(" in value:
        yield "css-background-image"
    yield from (f"css-{kind}-gradient" for kind in _GRADIENTS if f"{kind}-gradient(" in value)


def of_selector(selector: str) -> Iterator[str]:
    """Return the features a rule's selector hangs on."""
    for finder, slug in _SELECTORS:
        yield from (slug.format(found[1]) for found in finder.finditer(selector))


def of_element(name: str) -> str:
    """Return the feature that an element is, "" for an ordinary one."""
    return _ELEMENTS.get(name, "")


def of_picture(url: str) -> str:
    """Return the feature that a picture's kind is, told by the end of its address; "" for none."""
    found = _PICTURE.fullmatch(url.strip().lower())
    if found is None:
        return ""
    kind = {"tif": "tiff", "heic": "heif"}.get(found[1], found[1])
    return f"image-{kind}"
