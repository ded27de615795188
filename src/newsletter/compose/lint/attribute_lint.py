"""Lint of the attributes of MJML components and of the HTML inside them: names, values, safety."""

from collections.abc import Iterable
from html import unescape
from typing import Protocol

from newsletter.compose.check_names import GAP, UNKNOWN, UNSAFE, WELL_FORMED
from newsletter.compose.lint import html_rules, mjml_registry
from newsletter.compose.lint.css_lint import broken_declaration, lint_style_attribute
from newsletter.compose.lint.lint_report import did_you_mean
from newsletter.compose.lint.mjml_tokens import Attribute, Token
from newsletter.compose.lint.mjml_values import UNITLESS_ZERO, Kind, Value, wanted
from newsletter.model.brand import Colour
from newsletter.model.finding import Severity

_EVIDENCE = 120
_ADDRESSES = html_rules.LINKS | html_rules.IMAGES
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

    def component(self, tag: str, attribute: Attribute, allowed: mjml_registry.Attributes) -> None:
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
        fault = html_rules.address_fault(value, image=image)
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
        elif not html_rules.is_allowed_attribute(tag, name, in_head=in_head):
            self._unknown_attribute(f"<{tag}>", attribute, html_rules.attribute_names(tag))
        elif name in _ADDRESSES:
            self._address(attribute, value, image=name in html_rules.IMAGES)
        elif name == "style" and (fault := lint_style_attribute(unescape(value))):
            self._report(UNSAFE, f"style: {fault}", attribute.offset)
        elif name == "style" and (broken := broken_declaration(unescape(value))):
            sentence = f'style: "{broken[:60]}" is no declaration; write name: value;'
            self._report(UNKNOWN, sentence, attribute.offset)
        elif in_head and (fault := html_rules.head_fault(name, value)):
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
            if (name, attribute.name) in mjml_registry.IGNORED:
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
