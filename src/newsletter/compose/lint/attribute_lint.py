"""Judges the attributes of MJML and HTML tags, and keeps the findings in the order of the text."""

import difflib
import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import NamedTuple

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
from newsletter.model.brand import Colour
from newsletter.model.finding import Finding, Severity

_EVIDENCE = 120  # characters of the MJML that are shown
_KEYWORDS = frozenset({"none", "inherit", "initial", "unset", "currentcolor"})
# What a component needs, the check that asks for it, and why.
_NEEDED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "mj-image": (
        ("alt", GAP, 'mj-image needs alt: mrml writes none, so write alt=""'),
        ("src", UNKNOWN, "mj-image names no picture: it has no src"),
    ),
    "mj-social-element": (
        ("src", GAP, "mj-social-element needs src: mrml takes icons from a third party, or none"),
    ),
    "img": (("alt", GAP, 'img needs alt; write alt="" for decoration'),),
}
_UNITLESS_ZERO = re.compile(r"(?<!\S)0(?:\.0*)?(?!\S)")


class Attribute(NamedTuple):
    """One attribute as written; value is None where there is no equals sign."""

    name: str
    value: str | None
    offset: int


class Tag(NamedTuple):
    """A start tag; closed is <tag … />."""

    name: str
    offset: int
    attributes: tuple[Attribute, ...]
    closed: bool


class Enough(Exception):  # noqa: N818 (no error: the list is full)
    """As many findings as a person wants to read."""


def did_you_mean(name: str, known: Iterable[str], pattern: str = '"{}"') -> str:
    """Return the end of a sentence that proposes the nearest known name; "" where none is near."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {pattern.format(near[0])}?" if near else ""


class Report:
    """Collects findings in the order of the text, each once."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._errors = 0
        self._repeats = 0
        self._told: set[tuple[str, str, Place]] = set()
        self.findings: list[Finding] = []

    def _warn(self, sentence: str, offset: int) -> None:
        if len(self.findings) < MAX_FINDINGS:  # no crowd of warnings may hide an error
            self._report(GAP, sentence, offset, severity=Severity.WARNING)

    def _report(
        self,
        check: str,
        sentence: str,
        offset: int,
        *,
        evidence: str = "",
        remedy: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        place = self._marked.place(offset)
        is_error = severity is Severity.ERROR
        if (check, sentence, place) in self._told:
            self._repeats += is_error
            if self._repeats >= MAX_REPEATS:
                raise Enough
            return
        self._told.add((check, sentence, place))
        shown = self._marked.text[offset : offset + _EVIDENCE].partition("\n")[0]
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
        self._errors += is_error
        if self._errors >= MAX_FINDINGS:
            raise Enough


class AttributeLint(Report):
    """Judges the attributes of one start tag after the other."""

    def _attributes(self, tag: Tag, allowed: Attributes) -> None:
        for attribute in tag.attributes:
            name, value, offset = attribute
            kind = allowed.get(name)
            if name.lower().startswith("on"):
                self._event_handler(attribute)
            elif kind is None:
                self._unknown(tag.name, attribute, allowed)
            elif value is None:
                self._report(WELL_FORMED, f'"{name}" has no value', offset)
            elif kind == "images":
                for candidate in value.split(","):
                    self._address(attribute, next(iter(candidate.split()), ""), image=True)
            elif kind in {"link", "image"}:
                self._address(attribute, value, image=kind == "image")
            else:
                self._value(tag.name, attribute, value, kind)

    def _event_handler(self, attribute: Attribute) -> None:
        what = attribute.name[:40]
        self._report(UNSAFE, f'the event handler "{what}" is a script', attribute.offset)

    def _unknown(self, tag: str, attribute: Attribute, allowed: Iterable[str]) -> None:
        hint = did_you_mean(attribute.name.lower(), allowed)
        sentence = f'{tag} has no attribute "{attribute.name[:40]}"{hint}'
        self._report(UNKNOWN, sentence, attribute.offset)

    def _value(self, tag: str, attribute: Attribute, value: str, kind: str) -> None:
        name, _, offset = attribute
        css = unescape(value)
        if kind in {"css", "border"} and (
            fault := lint_style_attribute(css) or (";" in css and "; ends the value")
        ):
            self._report(UNSAFE, f"{name}: {fault}", offset)
            return
        if kind == "padding" and _UNITLESS_ZERO.search(value):
            fixed = _UNITLESS_ZERO.sub("0px", value)[:80]
            sentence = f'{name}: mrml miscounts widths with a 0 that has no unit; write "{fixed}"'
            self._report(GAP, sentence, offset)
            return
        want, word = wanted(value, kind), value.strip()
        if not want and kind == "colour" and word.isalpha() and word.lower() not in _KEYWORDS:
            want = "" if Colour.parse(word) else "a colour's name or digits"
        if want:
            self._report(UNKNOWN, f'{name}="{value[:60]}" of {tag} should be {want}', offset)

    def _address(self, attribute: Attribute, value: str, *, image: bool) -> None:
        name, _, offset = attribute
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
            self._event_handler(attribute)
        elif name not in allowed and (in_head or not name.startswith("aria-")):
            self._unknown(f"<{tag}>", attribute, sorted(allowed))
        elif name in LINKS | IMAGES:
            self._address(attribute, value, image=name in IMAGES)
        elif name == "style" and (fault := lint_style_attribute(unescape(value))):
            self._report(UNSAFE, f"style: {fault}", offset)
        elif name == "style" and (broken := broken_declaration(unescape(value))):
            sentence = f'style: "{broken[:60]}" is no declaration; write name: value;'
            self._report(UNKNOWN, sentence, offset)
        elif in_head and (fault := head_fault(name, value)):
            self._report(UNSAFE, fault, offset)

    def _lacks(self, tag: Tag) -> None:
        given = {attribute.name for attribute in tag.attributes}
        for needed, check, sentence in _NEEDED.get(tag.name, ()):
            if needed not in given:
                self._report(check, sentence, tag.offset)

    def _gaps(self, tag: Tag) -> None:
        """Report what MJML knows and mrml does otherwise (measured against npm mjml 5.4.1)."""
        name, offset = tag.name, tag.offset
        given = {attribute.name for attribute in tag.attributes}
        self._lacks(tag)
        if name == "mj-html-attributes":
            self._report(GAP, "mrml cannot read mj-html-attributes", offset)
        elif name == "mj-style" and "inline" in given:
            self._warn("mrml does not inline mj-style; put those rules in theme.css.j2", offset)
        elif name == "mj-button" and "href" not in given:
            self._warn("mj-button without href looks like a button and leads nowhere", offset)
        for attribute in tag.attributes:
            if (name, attribute.name) in IGNORED:
                self._warn(f'mrml leaves "{attribute.name}" of {name} out', attribute.offset)
