"""What mrml 6.0.1 knows: components, where they may stand, their attributes and the values of them.

A table after the MJML documentation and npm mjml 5.4.1, less what mrml leaves out (measured by
compiling each attribute with and without). mrml copies unknown tags into the HTML, drops unknown
attributes and writes bad values out, all without a word; hence this list.
"""

from collections.abc import Mapping
from functools import cache

from newsletter.compose.lint.html_rules import names
from newsletter.compose.lint.mjml_values import Kind, OneOf, Value

Attributes = Mapping[str, Value]


def _each(kind: Value, names: str) -> dict[str, Value]:
    return dict.fromkeys(names.split(), kind)


_YES_NO = OneOf(("true", "false"))
_SIDES = OneOf(("left", "center", "right"))
_SIDES_JUSTIFY = OneOf(("left", "center", "right", "justify"))
_VERTICAL = OneOf(("top", "middle", "bottom"))
_DIRECTION = OneOf(("ltr", "rtl"))
_PADDING = _each(Kind.PADDING, "padding padding-top padding-right padding-bottom padding-left")
_INNER_PADDING = _each(
    Kind.PADDING,
    "inner-padding inner-padding-top inner-padding-right inner-padding-bottom inner-padding-left",
)
_BORDER = {
    **_each(Kind.BORDER, "border border-top border-right border-bottom border-left"),
    "border-radius": Kind.RADIUS,
}
_FONT: dict[str, Value] = {
    "color": Kind.COLOUR,
    "font-size": Kind.PX,
    "font-family": Kind.CSS,
    "font-style": Kind.SLANT,
    "font-weight": Kind.WEIGHT,
}
_LETTERS: dict[str, Value] = {
    "line-height": Kind.LINE_HEIGHT,
    "letter-spacing": Kind.SIGNED,
    **_each(Kind.CSS, "text-decoration text-transform"),
}
_CELL: dict[str, Value] = {"container-background-color": Kind.COLOUR, **_PADDING}
_ANCHOR: dict[str, Value] = {"href": Kind.LINK, **_each(Kind.PLAIN, "name rel target title")}
_BAND: dict[str, Value] = {
    **_PADDING,
    **_BORDER,
    "background-color": Kind.COLOUR,
    "background-url": Kind.IMAGE,
    "background-repeat": OneOf(("repeat", "no-repeat")),
    **_each(
        Kind.CSS,
        "background-size background-position background-position-x background-position-y",
    ),
    "direction": _DIRECTION,
    "full-width": OneOf(("full-width", "false", "")),
    "text-align": _SIDES,
    "text-padding": Kind.PADDING,
}
_ACCORDION_ICONS: dict[str, Value] = {
    "icon-align": _VERTICAL,
    "icon-position": OneOf(("left", "right")),
    **_each(Kind.LENGTH, "icon-width icon-height"),
    **_each(Kind.IMAGE, "icon-wrapped-url icon-unwrapped-url"),
    **_each(Kind.PLAIN, "icon-wrapped-alt icon-unwrapped-alt"),
}
_EVERYWHERE: Attributes = {"css-class": Kind.CLASSES, "mj-class": Kind.PLAIN}

HEAD: Mapping[str, Attributes] = {
    "mj-attributes": {},
    "mj-breakpoint": {"width": Kind.PX},
    "mj-font": {"name": Kind.PLAIN, "href": Kind.LINK},  # refused: it loads from outside
    "mj-html-attributes": {},
    "mj-preview": {},
    "mj-style": {"inline": OneOf(("inline",))},
    "mj-title": {},
}
BODY: Mapping[str, Attributes] = {
    "mj-body": {"background-color": Kind.COLOUR, "width": Kind.PX, "id": Kind.PLAIN},
    "mj-wrapper": {**_BAND, "gap": Kind.PX},
    "mj-section": _BAND,
    "mj-group": {
        "background-color": Kind.COLOUR,
        "direction": _DIRECTION,
        "vertical-align": _VERTICAL,
        "width": Kind.LENGTH,
    },
    "mj-column": {
        **_PADDING,
        **_BORDER,
        **_each(Kind.COLOUR, "background-color inner-background-color"),
        **_each(
            Kind.CSS,
            "inner-border inner-border-top inner-border-right inner-border-bottom"
            " inner-border-left inner-border-radius",
        ),
        "direction": _DIRECTION,
        "vertical-align": _VERTICAL,
        "width": Kind.LENGTH,
    },
    "mj-text": {
        **_CELL,
        **_FONT,
        **_LETTERS,
        "align": _SIDES_JUSTIFY,
        "background-color": Kind.COLOUR,
        "height": Kind.LENGTH,
        "vertical-align": _VERTICAL,
    },
    "mj-button": {
        **_CELL,
        **_INNER_PADDING,
        **_BORDER,
        **_FONT,
        **_LETTERS,
        **_ANCHOR,
        "align": _SIDES,
        "background-color": Kind.COLOUR,
        **_each(Kind.LENGTH, "height width"),
        "text-align": _SIDES,
        "vertical-align": _VERTICAL,
    },
    "mj-image": {
        **_CELL,
        **_BORDER,
        **_ANCHOR,
        "align": _SIDES,
        "alt": Kind.PLAIN,
        "fluid-on-mobile": _YES_NO,
        "font-size": Kind.PX,
        "height": Kind.HEIGHT,
        "max-height": Kind.LENGTH,
        "sizes": Kind.PLAIN,
        "src": Kind.IMAGE,
        "srcset": Kind.IMAGES,
        "usemap": Kind.PLAIN,
        "width": Kind.PX,
    },
    "mj-divider": {
        **_CELL,
        "align": _SIDES,
        "border-color": Kind.COLOUR,
        "border-style": Kind.CSS,
        "border-width": Kind.PX,
        "width": Kind.LENGTH,
    },
    "mj-spacer": {**_CELL, **_BORDER, "height": Kind.LENGTH},
    "mj-table": {
        **_CELL,
        **_FONT,
        "align": _SIDES,
        "border": Kind.CSS,
        "cellpadding": Kind.INTEGER,
        "cellspacing": Kind.INTEGER,
        "line-height": Kind.LINE_HEIGHT,
        "role": OneOf(("none", "presentation")),
        "table-layout": OneOf(("auto", "fixed", "initial", "inherit")),
        "vertical-align": _VERTICAL,
        "width": Kind.TABLE_WIDTH,
    },
    "mj-hero": {
        **_PADDING,
        **_INNER_PADDING,
        "background-color": Kind.COLOUR,
        "inner-background-color": Kind.COLOUR,
        "background-position": Kind.CSS,
        "background-url": Kind.IMAGE,
        **_each(Kind.LENGTH, "background-width background-height height width"),
        "border-radius": Kind.CSS,
        "mode": OneOf(("fixed-height", "fluid-height")),
        "vertical-align": _VERTICAL,
    },
    "mj-raw": {"position": OneOf(("file-start",))},
    "mj-social": {
        **_CELL,
        **_BORDER,
        **_FONT,
        "align": _SIDES,
        **_each(Kind.LENGTH, "icon-size icon-height"),
        **_each(Kind.PADDING, "icon-padding inner-padding text-padding"),
        "line-height": Kind.LINE_HEIGHT,
        "mode": OneOf(("horizontal", "vertical")),
        "table-layout": OneOf(("auto", "fixed")),
        "text-decoration": Kind.CSS,
        "vertical-align": _VERTICAL,
    },
    "mj-social-element": {
        **_PADDING,
        **_BORDER,
        **_FONT,
        **_ANCHOR,
        "align": _SIDES,
        "alt": Kind.PLAIN,
        "background-color": Kind.COLOUR,
        **_each(Kind.LENGTH, "icon-size icon-height"),
        **_each(Kind.PADDING, "icon-padding text-padding"),
        "icon-position": OneOf(("left", "right")),
        "line-height": Kind.LINE_HEIGHT,
        "sizes": Kind.PLAIN,
        "src": Kind.IMAGE,
        "srcset": Kind.IMAGES,
        "text-decoration": Kind.CSS,
        "vertical-align": _VERTICAL,
    },
    "mj-navbar": {
        **_PADDING,
        "align": _SIDES,
        "base-url": Kind.LINK,
        "hamburger": OneOf(("hamburger",)),
        "ico-align": _SIDES,
        **_each(Kind.PLAIN, "ico-open ico-close"),
        "ico-color": Kind.COLOUR,
        "ico-font-size": Kind.LENGTH,
        "ico-line-height": Kind.LINE_HEIGHT,
        **_each(Kind.CSS, "ico-font-family ico-text-transform ico-text-decoration"),
        **_each(
            Kind.PADDING,
            "ico-padding ico-padding-top ico-padding-right ico-padding-bottom ico-padding-left",
        ),
    },
    "mj-navbar-link": {**_PADDING, **_FONT, **_LETTERS, **_ANCHOR},
    "mj-accordion": {
        **_CELL,
        **_ACCORDION_ICONS,
        **_each(Kind.CSS, "border font-family"),
    },
    "mj-accordion-element": {
        **_ACCORDION_ICONS,
        "background-color": Kind.COLOUR,
        **_each(Kind.CSS, "border font-family"),
    },
    "mj-accordion-title": {**_PADDING, **_FONT, "background-color": Kind.COLOUR},
    "mj-accordion-text": {
        **_PADDING,
        **_FONT,
        "background-color": Kind.COLOUR,
        "letter-spacing": Kind.SIGNED,
        "line-height": Kind.LINE_HEIGHT,
    },
    "mj-carousel": {
        **_CELL,
        "align": _SIDES,
        **_each(Kind.CSS, "border-radius tb-border tb-border-radius"),
        **_each(Kind.LENGTH, "icon-width tb-width"),
        **_each(Kind.IMAGE, "left-icon right-icon"),
        "thumbnails": OneOf(("visible", "hidden", "supported")),
        **_each(Kind.COLOUR, "tb-hover-border-color tb-selected-border-color"),
    },
    "mj-carousel-image": {
        **_ANCHOR,
        "alt": Kind.PLAIN,
        **_each(Kind.IMAGE, "src thumbnails-src"),
        **_each(Kind.CSS, "border-radius tb-border tb-border-radius"),
    },
}
ROOT: Attributes = {"lang": Kind.PLAIN, "dir": OneOf(("ltr", "rtl", "auto")), "owa": Kind.PLAIN}
COMPONENTS: Mapping[str, Attributes] = {"mjml": ROOT, "mj-head": {}, **HEAD, **BODY}

_IN_COLUMN = names(
    "mj-accordion mj-button mj-carousel mj-divider mj-image mj-navbar mj-raw mj-social"
    " mj-spacer mj-table mj-text"
)
CHILDREN: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"mj-head", "mj-body"}),
    "mj-head": frozenset({*HEAD, "mj-raw"}),
    "mj-body": frozenset({"mj-section", "mj-wrapper", "mj-hero", "mj-raw"}),
    "mj-wrapper": frozenset({"mj-section", "mj-hero", "mj-raw"}),
    "mj-section": frozenset({"mj-column", "mj-group", "mj-raw"}),
    "mj-group": frozenset({"mj-column", "mj-raw"}),
    "mj-column": _IN_COLUMN,
    "mj-hero": _IN_COLUMN,
    "mj-social": frozenset({"mj-social-element", "mj-raw"}),
    "mj-navbar": frozenset({"mj-navbar-link", "mj-raw"}),
    "mj-accordion": frozenset({"mj-accordion-element", "mj-raw"}),
    "mj-accordion-element": frozenset({"mj-accordion-title", "mj-accordion-text", "mj-raw"}),
    "mj-carousel": frozenset({"mj-carousel-image"}),
}
# What holds HTML, words only, or CSS; all else holds components or nothing.
HTML_HOLDERS = names(
    "mj-text mj-button mj-table mj-raw mj-social-element mj-navbar-link mj-accordion-title"
    " mj-accordion-text"
)
TEXT_HOLDERS = frozenset({"mj-title", "mj-preview"})
STYLE_HOLDERS = frozenset({"mj-style"})

# Known to MJML, without effect in mrml 6.0.1 (measured).
IGNORED: frozenset[tuple[str, str]] = frozenset(
    (tag, name)
    for tag, names in {
        "mj-body": "id",
        "mj-hero": "border-radius",
        "mj-button": "title",
        "mj-column": "inner-background-color inner-border inner-border-top inner-border-right"
        " inner-border-bottom inner-border-left inner-border-radius",
        "mj-image": "sizes title border-top border-bottom",
        "mj-section": "text-padding",
        "mj-wrapper": "text-padding gap",
        "mj-spacer": "border border-top border-right border-bottom border-left border-radius",
        "mj-text": "background-color",
        "mj-table": "font-weight role",
        "mj-social": "border table-layout",
        "mj-social-element": "icon-position border name srcset sizes title",
        "mj-accordion-title": "font-weight",
    }.items()
    for name in names.split()
)


@cache
def attributes_of(tag: str) -> Attributes:
    """Return the attributes a component takes, those that every one takes among them."""
    own = COMPONENTS.get(tag, {})
    return {**own, **_EVERYWHERE} if tag in BODY else own


@cache
def any_attribute() -> Attributes:
    """Return every attribute of any body component: what mj-all and mj-class may hold."""
    found: dict[str, Value] = {}
    for attributes in BODY.values():
        found.update(attributes)
    return found
