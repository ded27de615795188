"""What the values of MJML's attributes may be: kinds, the patterns of each, and words for a hint.

mrml 6.0.1 writes bad values into the mail without a word (mjml_registry says which attribute is of
which kind).
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from html import unescape
from typing import Protocol

from newsletter.compose.line_marks import (
    GAP,
    MAX_FINDINGS,
    MAX_REPEATS,
    UNKNOWN,
    UNSAFE,
    WELL_FORMED,
    Marked,
    Place,
)
from newsletter.compose.lint.css_lint import (
    IMAGES,
    LINKS,
    address_fault,
    attribute_names,
    broken_declaration,
    head_fault,
    is_allowed_attribute,
    lint_style_attribute,
    names,
)
from newsletter.compose.lint.mjml_tokens import Attribute, Token
from newsletter.model.brand import Colour
from newsletter.model.finding import Finding, Severity


class Kind(Enum):
    """What the value of an attribute is."""

    PLAIN = auto()  # words
    CSS = auto()  # goes into a style attribute as it stands
    BORDER = auto()  # likewise, as width, style and colour
    RADIUS = auto()  # one to four of px or %
    WEIGHT = auto()  # of letters
    SLANT = auto()
    CLASSES = auto()  # names, parted by spaces
    COLOUR = auto()
    PX = auto()
    LENGTH = auto()  # px or %
    SIGNED = auto()  # px or em, may be negative
    LINE_HEIGHT = auto()  # px, % or a plain number
    HEIGHT = auto()  # px or auto
    TABLE_WIDTH = auto()  # px, % or auto
    INTEGER = auto()
    PADDING = auto()  # one to four of px or %, each with its unit
    LINK = auto()
    IMAGE = auto()
    IMAGES = auto()  # srcset


@dataclass(frozen=True, slots=True)
class OneOf:
    """An attribute with a closed list of words."""

    words: tuple[str, ...]


Value = Kind | OneOf

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_PATTERNS: Mapping[Kind, tuple[re.Pattern[str], str]] = {
    Kind.PX: (re.compile(rf"{_NUMBER}px|0"), 'a number of pixels, as in "16px"'),
    Kind.LENGTH: (
        re.compile(rf"{_NUMBER}px|(?:100(?:\.0+)?|\d{{1,2}}(?:\.\d+)?)%|0"),
        'pixels or a share up to 100%, as in "16px" or "50%"',
    ),
    Kind.SIGNED: (re.compile(rf"-?{_NUMBER}(?:px|em)|0"), 'pixels or em, as in "-0.4px"'),
    Kind.LINE_HEIGHT: (
        re.compile(rf"{_NUMBER}(?:px|%)?"),
        'pixels, a share or a plain number, as in "24px" or "1.5"',
    ),
    Kind.HEIGHT: (re.compile(rf"{_NUMBER}px|0|auto"), 'pixels or auto, as in "180px"'),
    Kind.TABLE_WIDTH: (
        re.compile(rf"{_NUMBER}px|(?:100|\d{{1,2}}(?:\.\d+)?)%|auto"),
        'pixels, a share or auto, as in "100%"',
    ),
    Kind.INTEGER: (re.compile(r"\d{1,4}"), 'a whole number, as in "8"'),
    Kind.PADDING: (
        re.compile(rf"(?:{_NUMBER}(?:px|%))(?:\s+{_NUMBER}(?:px|%)){{0,3}}"),
        'one to four lengths, each with its unit, as in "0px 32px"',
    ),
    Kind.RADIUS: (
        re.compile(rf"(?:{_NUMBER}(?:px|%|em)|0)(?:\s+(?:{_NUMBER}(?:px|%|em)|0)){{0,3}}|inherit"),
        'a length with its unit, as in "3px"',
    ),
    Kind.BORDER: (
        re.compile(
            r"(?!(?:.*\s)?(?:[1-9]\d*|\d*\.\d+)(?:\s|$))"  # a bare number is no width
            r".*\b(?:none|hidden|solid|dashed|dotted|double|groove|ridge|inset|outset)\b.*"
            r"|0(?:px)?|inherit"
        ),
        'width, style and colour, as in "1px solid #d9d5cb"',
    ),
    Kind.WEIGHT: (
        re.compile(r"normal|bold|bolder|lighter|[1-9]\d{0,2}|1000|inherit"),
        'normal, bold or a number, as in "700"',
    ),
    Kind.SLANT: (re.compile(r"normal|italic|oblique|inherit"), "normal, italic or oblique"),
    Kind.CLASSES: (
        re.compile(r"\s*(?:[A-Za-z_-][\w-]*\s*)*"),
        'names of classes, as in "pad first"',
    ),
    Kind.COLOUR: (
        re.compile(
            r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-zA-Z]+"
            r"|(?:rgb|hsl)a?\([\d\s.,%/]+\)"
        ),
        'a colour, as in "#1c1b19"',
    ),
}
UNITLESS_ZERO = re.compile(r"(?<!\S)0(?:\.0*)?(?!\S)")


@lru_cache(maxsize=4096)
def wanted(value: str, kind: Value) -> str:
    """Say in words what a value should be, "" where it is that; addresses and CSS pass."""
    match kind:
        case OneOf(words):
            return "" if value in words else " or ".join(f'"{word}"' for word in words if word)
        case Kind() if kind in _PATTERNS:
            pattern, words_for = _PATTERNS[kind]
            return "" if pattern.fullmatch(value.strip(" \n\t")) else words_for
        case _:
            return ""


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


EVIDENCE = 120  # characters of the MJML that are shown


class Enough(Exception):  # noqa: N818 (no error: the list is full)
    """As many findings as a person wants to read."""


class LintReport:
    """Collects findings in the order of the text."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._errors = 0
        self._repeats = 0
        self._told: set[tuple[str, str, Place]] = set()
        self.findings: list[Finding] = []

    def add(
        self,
        check: str,
        sentence: str,
        offset: int,
        *,
        severity: Severity = Severity.ERROR,
        evidence: str = "",
        remedy: str = "",
    ) -> None:
        """Keep a finding, at the template line of an offset in the rendered MJML.

        Raises:
            Enough: there are as many as a person wants to read.
        """
        if severity is not Severity.ERROR and len(self.findings) >= MAX_FINDINGS:
            return  # errors count by themselves: no crowd of warnings may hide one
        place = self._marked.place(offset)
        if self._is_told((check, sentence, place), is_error=severity is Severity.ERROR):
            return
        end = self._marked.text.find("\n", offset, offset + EVIDENCE)
        shown = self._marked.text[offset : end if end >= 0 else offset + EVIDENCE]
        self.findings.append(
            Finding(
                check=check,
                severity=severity,
                message=sentence,
                evidence=evidence or shown.strip(),
                file=place.file,
                line=place.line,
                remedy=remedy,
            )
        )
        self._errors += severity is Severity.ERROR
        if self._errors >= MAX_FINDINGS:
            raise Enough

    def _is_told(self, key: tuple[str, str, Place], *, is_error: bool) -> bool:
        """Return whether a loop of the template, or a crowd on one line, said the same before."""
        told = key in self._told
        self._told.add(key)
        self._repeats += told and is_error
        if self._repeats >= MAX_REPEATS:
            raise Enough
        return told

    def instead_of(
        self, blamed: Sequence[Finding], check: str, sentence: str, offset: int, *, remedy: str
    ) -> None:
        """Keep an error in the place of those that followed from it."""
        followed = {id(finding) for finding in blamed}
        at = [index for index, one in enumerate(self.findings) if id(one) in followed]
        self.findings = [one for one in self.findings if id(one) not in followed]
        self._errors -= len(at)
        count = len(self.findings)
        self.add(check, sentence, offset, remedy=remedy)
        if at and len(self.findings) > count:
            self.findings.insert(at[0], self.findings.pop())


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that proposes the nearest known name; "" where none is near."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f'; did you mean "{near[0]}"?' if near else ""


_EVIDENCE = 120
_ADDRESSES = LINKS | IMAGES
_KEYWORDS = frozenset({"none", "inherit", "initial", "unset", "currentcolor"})
_WIDEST_BODY = 700  # px; the reading panes of desktop programs are about 600 wide


def _names_no_colour(word: str) -> bool:
    """Return whether a word, which a colour may be, is the name of none."""
    return word.isalpha() and word.lower() not in _KEYWORDS and Colour.parse(word) is None


class Report(Protocol):
    """Takes one finding; the offset is where it stands in the rendered MJML."""

    def __call__(
        self,
        check: str,
        sentence: str,
        offset: int,
        *,
        severity: Severity = ...,
        evidence: str = ...,
    ) -> None:
        """Keep the finding."""
        ...


class AttributeLint:
    """Judges one start tag after the other."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._navbars = 0

    def twice(self, token: Token) -> None:
        """Report attributes that stand twice."""
        names: set[str] = set()
        for attribute in token.attributes:
            if attribute.name in names:
                self._report(
                    WELL_FORMED,
                    f'"{attribute.name[:40]}" stands twice in <{token.text}>',
                    attribute.offset,
                )
            names.add(attribute.name)

    def component(self, tag: str, attribute: Attribute, allowed: Attributes) -> None:
        """Judge one attribute of a component that may have the allowed ones."""
        name, value = attribute.name, attribute.value
        if name.lower().startswith("on"):
            self._report(UNSAFE, f'the event handler "{name[:40]}" is a script', attribute.offset)
            return
        kind = allowed.get(name)
        if kind is None:
            self._unknown_attribute(tag, attribute, allowed)
            return
        if value is None:
            self._report(WELL_FORMED, f'"{name}" has no value', attribute.offset)
            return
        self._value(tag, attribute, value, kind)

    def _unknown_attribute(self, tag: str, attribute: Attribute, allowed: Iterable[str]) -> None:
        hint = did_you_mean(attribute.name.lower(), allowed)
        self._report(
            UNKNOWN, f'{tag} has no attribute "{attribute.name[:40]}"{hint}', attribute.offset
        )

    def _value(self, tag: str, attribute: Attribute, value: str, kind: Value) -> None:
        name = attribute.name
        match kind:
            case Kind.LINK | Kind.IMAGE:
                self._address(attribute, value, image=kind is Kind.IMAGE)
            case Kind.IMAGES:
                for candidate in value.split(","):
                    self._address(
                        attribute, candidate.split()[0] if candidate.split() else "", image=True
                    )
            case Kind.CSS | Kind.BORDER:
                fault = lint_style_attribute(unescape(value)) or (
                    ";" in unescape(value) and "; ends the value"
                )
                if fault:
                    self._report(UNSAFE, f"{name}: {fault}", attribute.offset)
                elif want := wanted(value, kind):
                    sentence = f'{name}="{value[:60]}" of {tag} should be {want}'
                    self._report(UNKNOWN, sentence, attribute.offset)
            case Kind.PADDING if UNITLESS_ZERO.search(value):
                fixed = UNITLESS_ZERO.sub(lambda m: m[0].replace("0", "0px", 1), value)
                self._report(
                    GAP,
                    f'{name}="{value[:60]}" has a 0 without unit, and mrml then gets the widths for'
                    f' Outlook wrong; write "{fixed[:80]}"',
                    attribute.offset,
                )
            case _:
                want = wanted(value, kind)
                if not want and kind is Kind.COLOUR and _names_no_colour(value.strip()):
                    want = "a colour's name or digits"
                if want:
                    self._report(
                        UNKNOWN,
                        f'{name}="{value[:60]}" of {tag} should be {want}',
                        attribute.offset,
                    )

    def _address(self, attribute: Attribute, value: str, *, image: bool) -> None:
        if image and not value.strip():
            self._report(UNKNOWN, f"{attribute.name} names no picture", attribute.offset)
            return
        if attribute.name == "href" and not value.strip():
            sentence = "href is empty where there is no address; write it under {% if %}"
            self._report(UNKNOWN, sentence, attribute.offset)
            return
        fault = address_fault(value, image=image)
        if fault:
            self._report(
                UNSAFE,
                f"the address in {attribute.name} {fault}",
                attribute.offset,
                evidence=value[:_EVIDENCE],
            )

    def html(self, tag: str, attribute: Attribute, *, in_head: bool) -> None:
        """Judge one attribute of an HTML tag; in_head is for what stands in mj-head's mj-raw."""
        name, value = attribute.name, attribute.value or ""
        if name.lower().startswith("on"):
            self._report(UNSAFE, f'the event handler "{name[:40]}" is a script', attribute.offset)
        elif not is_allowed_attribute(tag, name, in_head=in_head):
            self._unknown_attribute(f"<{tag}>", attribute, attribute_names(tag))
        elif name in _ADDRESSES:
            self._address(attribute, value, image=name in IMAGES)
        elif name == "style" and (fault := lint_style_attribute(unescape(value))):
            self._report(UNSAFE, f"style: {fault}", attribute.offset)
        elif name == "style" and (broken := broken_declaration(unescape(value))):
            sentence = f'style: "{broken[:60]}" is no declaration; write name: value;'
            self._report(UNKNOWN, sentence, attribute.offset)
        elif in_head and (fault := head_fault(name, value)):
            self._report(UNSAFE, fault, attribute.offset)

    def gaps(self, token: Token) -> None:
        """Report what MJML knows and mrml does otherwise (measured against npm mjml 5.4.1)."""
        name = token.text
        names = {attribute.name for attribute in token.attributes}
        if name == "mj-html-attributes":
            self._report(GAP, "mrml cannot read mj-html-attributes", token.offset)
        if name == "mj-style" and "inline" in names:
            self._report(
                GAP,
                "mrml does not inline mj-style; put those rules in theme.css.j2",
                token.offset,
                severity=Severity.WARNING,
            )
        if name == "mj-navbar":
            self._navbars += 1
        if name == "mj-navbar" and self._navbars == 2:  # noqa: PLR2004 (one is alone with its id)
            self._report(
                GAP,
                f"mrml gives every {name} the same id: two in one mail disturb each other",
                token.offset,
                severity=Severity.WARNING,
            )
        self._pictures(token, names)
        if name == "mj-button" and "href" not in names:
            self._report(
                GAP,
                "mj-button without href looks like a button and leads nowhere",
                token.offset,
                severity=Severity.WARNING,
            )
        if name == "mj-body":
            self._body_width(token)
        for attribute in token.attributes:
            if (name, attribute.name) in IGNORED:
                self._report(
                    GAP,
                    f'mrml leaves "{attribute.name}" of {name} out',
                    attribute.offset,
                    severity=Severity.WARNING,
                )

    def _pictures(self, token: Token, names: set[str]) -> None:
        """Report pictures that name none, or have no words for it."""
        name = token.text
        if name in {"mj-image", "mj-carousel-image"} and "alt" not in names:
            self._report(GAP, f'{name} needs alt: mrml writes none, so write alt=""', token.offset)
        if name in {"mj-image", "mj-carousel-image"} and "src" not in names:
            self._report(UNKNOWN, f"{name} names no picture: it has no src", token.offset)
        if name == "mj-social-element" and "src" not in names:
            self._report(
                GAP,
                "mj-social-element needs src: mrml takes icons from a third party, or none",
                token.offset,
            )

    def _body_width(self, token: Token) -> None:
        for attribute in token.attributes:
            width = (attribute.value or "").removesuffix("px")
            if attribute.name == "width" and width.isdecimal() and int(width) > _WIDEST_BODY:
                self._report(
                    GAP,
                    f"the mail is {width[:6]}px wide, wider than most reading panes, and Outlook"
                    " takes it as said; write 600px",
                    attribute.offset,
                    severity=Severity.WARNING,
                )
