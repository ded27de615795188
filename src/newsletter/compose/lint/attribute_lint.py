"""Judges the attributes of MJML and HTML tags, and keeps the findings in the order of the text."""

import difflib
import re
from collections.abc import Iterable
from html import unescape

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
from newsletter.compose.lint.css_lint import broken_declaration, lint_style_attribute
from newsletter.compose.lint.html_rules import (
    IMAGES,
    LINKS,
    address_fault,
    attributes_of_tag,
    head_fault,
)
from newsletter.compose.lint.mjml_registry import IGNORED, Attributes, wanted
from newsletter.compose.lint.mjml_tokens import Attribute, Token
from newsletter.model.brand import Colour
from newsletter.model.finding import Finding, Severity

_EVIDENCE = 120  # characters of the MJML that are shown
_ONCE = frozenset({"mj-head", "mj-body"})
_LINKED = frozenset({"a", "mj-button"})  # elements that are links themselves
_FORM_FIELDS = ("mj-accordion", "mj-carousel")  # what they and their parts begin with
_OUTSIDE = {
    "mj-include": "mj-include reads files; use Jinja's include",
    "mj-font": "mj-font loads a font from outside; use fonts that readers have",
}
_KEYWORDS = frozenset({"none", "inherit", "initial", "unset", "currentcolor"})
_WIDEST_BODY = 700  # px; the reading panes of desktop programs are about 600 wide
# What a component needs, the check that asks for it ("" warns), and why.
_NEEDED = {
    "mj-image": (
        ("alt", GAP, 'mj-image needs alt: mrml writes none, so write alt=""'),
        ("src", UNKNOWN, "mj-image names no picture: it has no src"),
    ),
    "mj-social-element": (
        ("src", GAP, "mj-social-element needs src: mrml takes icons from a third party, or none"),
    ),
    "mj-button": (("href", "", "mj-button without href looks like a button and leads nowhere"),),
}
_UNITLESS_ZERO = re.compile(r"(?<!\S)0(?:\.0*)?(?!\S)")


class Enough(Exception):  # noqa: N818 (no error: the list is full)
    """As many findings as a person wants to read."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that proposes the nearest known name; "" where none is near."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f'; did you mean "{near[0]}"?' if near else ""


class Report:
    """Collects findings in the order of the text, each once."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._errors = 0
        self._repeats = 0
        self._told: set[tuple[str, str, Place]] = set()
        self.findings: list[Finding] = []

    def _report(
        self, check: str, sentence: str, offset: int, *, evidence: str = "", remedy: str = ""
    ) -> None:
        self._add(Severity.ERROR, check, sentence, offset, evidence=evidence, remedy=remedy)

    def _warn(self, sentence: str, offset: int) -> None:
        if len(self.findings) < MAX_FINDINGS:  # no crowd of warnings may hide an error
            self._add(Severity.WARNING, GAP, sentence, offset)

    def _add(
        self,
        severity: Severity,
        check: str,
        sentence: str,
        offset: int,
        *,
        evidence: str = "",
        remedy: str = "",
    ) -> None:
        """Keep a finding, unless a loop of the template, or a crowd on one line, said the same."""
        place = self._marked.place(offset)
        if (check, sentence, place) in self._told:
            self._repeats += severity is Severity.ERROR
            if self._repeats >= MAX_REPEATS:
                raise Enough
            return
        self._told.add((check, sentence, place))
        end = self._marked.text.find("\n", offset, offset + _EVIDENCE)
        shown = self._marked.text[offset : end if end >= 0 else offset + _EVIDENCE]
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


class AttributeLint(Report):
    """Judges the attributes of one start tag after the other."""

    _navbars = 0

    def _twice(self, token: Token) -> None:
        names: set[str] = set()
        for name, _, offset, _ in token.attributes:
            if name in names:
                sentence = f'"{name[:40]}" stands twice in <{token.text}>'
                self._report(WELL_FORMED, sentence, offset)
            names.add(name)

    def _component_attribute(self, tag: str, attribute: Attribute, allowed: Attributes) -> None:
        name, value, offset, _ = attribute
        kind = allowed.get(name)
        if name.lower().startswith("on"):
            self._report(UNSAFE, f'the event handler "{name[:40]}" is a script', offset)
        elif kind is None:
            self._unknown_attribute(tag, attribute, allowed)
        elif value is None:
            self._report(WELL_FORMED, f'"{name}" has no value', offset)
        else:
            self._value(tag, attribute, value, kind)

    def _unknown_attribute(self, tag: str, attribute: Attribute, allowed: Iterable[str]) -> None:
        hint = did_you_mean(attribute.name.lower(), allowed)
        sentence = f'{tag} has no attribute "{attribute.name[:40]}"{hint}'
        self._report(UNKNOWN, sentence, attribute.offset)

    def _value(self, tag: str, attribute: Attribute, value: str, kind: str) -> None:
        name, offset = attribute.name, attribute.offset
        if kind in {"link", "image"}:
            self._address(attribute, value, image=kind == "image")
            return
        if kind == "images":
            for candidate in value.split(","):
                self._address(attribute, next(iter(candidate.split()), ""), image=True)
            return
        if kind in {"css", "border"}:
            css = unescape(value)
            if fault := lint_style_attribute(css) or (";" in css and "; ends the value"):
                self._report(UNSAFE, f"{name}: {fault}", offset)
                return
        if kind == "padding" and _UNITLESS_ZERO.search(value):
            fixed = _UNITLESS_ZERO.sub("0px", value)
            self._report(
                GAP,
                f'{name}="{value[:60]}" has a 0 without unit, and mrml then gets the widths for'
                f' Outlook wrong; write "{fixed[:80]}"',
                offset,
            )
            return
        want, word = wanted(value, kind), value.strip()
        if not want and kind == "colour" and word.isalpha() and word.lower() not in _KEYWORDS:
            want = "" if Colour.parse(word) else "a colour's name or digits"
        if want:
            self._report(UNKNOWN, f'{name}="{value[:60]}" of {tag} should be {want}', offset)

    def _address(self, attribute: Attribute, value: str, *, image: bool) -> None:
        name, offset = attribute.name, attribute.offset
        if image and not value.strip():
            self._report(UNKNOWN, f"{name} names no picture", offset)
        elif name == "href" and not value.strip():
            sentence = "href is empty where there is no address; write it under {% if %}"
            self._report(UNKNOWN, sentence, offset)
        elif fault := address_fault(value, image=image):
            shown = value[:_EVIDENCE]
            self._report(UNSAFE, f"the address in {name} {fault}", offset, evidence=shown)

    def _html_attribute(self, tag: str, attribute: Attribute, *, in_head: bool) -> None:
        name, value, offset = attribute.name, attribute.value or "", attribute.offset
        allowed = attributes_of_tag(tag, in_head=in_head)
        if name.lower().startswith("on"):
            self._report(UNSAFE, f'the event handler "{name[:40]}" is a script', offset)
        elif name not in allowed and (in_head or not name.startswith("aria-")):
            self._unknown_attribute(f"<{tag}>", attribute, sorted(allowed))
        elif name in LINKS | IMAGES:
            self._address(attribute, value, image=name in IMAGES)
        elif name == "style" and (fault := lint_style_attribute(unescape(value))):
            self._report(UNSAFE, f"style: {fault}", offset)
        elif name == "style" and (broken := broken_declaration(unescape(value))):
            sentence = f'style: "{broken[:60]}" is no declaration; write name: value;'
            self._report(UNKNOWN, sentence, offset)
        elif in_head and (fault := head_fault(name, value)):
            self._report(UNSAFE, fault, offset)

    def _gaps(self, token: Token) -> None:
        """Report what MJML knows and mrml does otherwise (measured against npm mjml 5.4.1)."""
        name, offset = token.text, token.offset
        given = {attribute.name: attribute.value or "" for attribute in token.attributes}
        for needed, check, sentence in _NEEDED.get(name, ()):
            if needed not in given and check:
                self._report(check, sentence, offset)
            elif needed not in given:
                self._warn(sentence, offset)
        self._navbars += name == "mj-navbar"
        width = given.get("width", "").removesuffix("px")
        if name == "mj-html-attributes":
            self._report(GAP, "mrml cannot read mj-html-attributes", offset)
        elif name == "mj-style" and "inline" in given:
            self._warn("mrml does not inline mj-style; put those rules in theme.css.j2", offset)
        elif name == "mj-navbar" and self._navbars == 2:  # noqa: PLR2004 (one is alone with its id)
            sentence = "mrml gives every mj-navbar the same id: two in one mail disturb each other"
            self._warn(sentence, offset)
        elif name == "mj-body" and width.isdecimal() and int(width) > _WIDEST_BODY:
            self._warn(
                f"the mail is {width[:6]}px wide, wider than most reading panes, and Outlook"
                " takes it as said; write 600px",
                offset,
            )
        for attribute in token.attributes:
            if (name, attribute.name) in IGNORED:
                self._warn(f'mrml leaves "{attribute.name}" of {name} out', attribute.offset)
