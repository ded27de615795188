"""O04 and O09: what stands around the mail's text, and its headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from babel import Locale, UnknownLocaleError
from lxml import etree

from newsletter.checks.page import is_hidden, seen_text
from newsletter.checks.place import (
    Place,
    is_in_block,
    place_of,
    place_of_markup,
    tell,
)
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.config.languages import base_of
from newsletter.model.finding import Finding, Severity

DOCUMENT = "O04 doctype-lang-title-meta"
HEADINGS = "O09 headings"

MOST_SHOWN = 40  # headings of an outline

_DOCTYPE = re.compile(r"<!doctype html>", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?!(?:und|mis|mul|zxx)\b)[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8}){0,4}")
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SCHEMES = frozenset({"light", "dark"})
_KINDS = ("telephone", "date", "address", "email", "url")
_ON_MJML = 'use <mjml lang="{{ language }}" dir="{{ direction }}">'
_IN_HEAD = "include parts/document_head.mjml.j2 in mj-head"

Missing = tuple[str, etree._Element | None]  # noqa: SLF001 (with what says something else)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    level: int
    words: str
    element: etree._Element


def document(made: Composition) -> Iterator[Finding]:
    """O04: doctype, language, direction, title and metas are there, and say what is true."""
    needed, wished = list(_needed(made)), list(_wished(made))
    for missing, message, severity in (
        (needed, "lacks what mail programs need to show it right", Severity.ERROR),
        (wished, "lacks what keeps some mail programs from changing it", Severity.WARNING),
    ):
        if missing:
            element = next((one for _, one in missing if one is not None), None)
            listed = "; ".join(words for words, _ in missing)
            is_root = "<html>" in listed
            place = _place(made, "<mjml" if is_root else "<mj-head", None if is_root else element)
            remedy = f"{_ON_MJML} and {_IN_HEAD}"
            yield tell(DOCUMENT, place, f"the HTML {message}", listed, remedy, severity)


def _place(made: Composition, markup: str, element: etree._Element | None) -> Place:
    wrote = None if element is None else made.wrote.element(made.page.style.at(element))
    return wrote or place_of_markup(made, markup)


def _needed(made: Composition) -> Iterator[Missing]:
    if not _DOCTYPE.match(made.composed.html):
        yield "<!DOCTYPE html> is not the first line", None
    root = made.page.elements[0] if made.page.elements else None
    language = (root.get("lang") if root is not None else "") or ""
    direction = (root.get("dir") if root is not None else "") or ""
    wanted = made.request.newsletter.language
    order = _direction_of(wanted)
    if not _LANGUAGE.fullmatch(language):
        yield f'lang="{shorten(language, 20)}" on <html>' if language else "lang on <html>", None
    elif base_of(language) != base_of(wanted):
        yield f'lang="{language}" on <html>; the newsletter is in {wanted}', None
    if direction.lower() != order:
        stated = f'dir="{shorten(direction, 20)}" on <html>' if direction else "dir on <html>"
        yield f"{stated}; {wanted} is written {order}", None
    yield from _title(made)
    yield from _metas(made)


def _direction_of(language: str) -> str:
    try:
        order = Locale.parse(language, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


def _title(made: Composition) -> Iterator[Missing]:
    titles = [element for element in made.page.elements if element.tag == "title"]
    words = " ".join("".join(map(str, titles[0].itertext())).split()) if titles else ""
    subjects = [
        " ".join(one.split()) for one in (made.composed.subject, made.request.issue.subject)
    ]
    if any(subjects) and words not in subjects:  # H03 asks for one
        said = f"<title> “{shorten(words, 60)}” is not the subject" if words else "<title>"
        yield said, titles[0] if titles else None


def _metas(made: Composition) -> Iterator[Missing]:
    metas = _metas_of(made)
    if not any(_charset(one) == "utf-8" for one in made.page.elements if one.tag == "meta"):
        yield "meta charset=utf-8", None
    viewport = metas.get("viewport")
    said = "" if viewport is None else viewport.get("content") or ""
    if "width=device-width" not in said.lower().replace(" ", ""):
        yield "meta viewport with width=device-width", viewport
    for name in ("color-scheme", "supported-color-schemes"):
        element = metas.get(name)
        written = "" if element is None else (element.get("content") or "").lower()
        schemes = set(written.split())
        is_choice = bool(schemes & _SCHEMES) and schemes <= _SCHEMES | {"only"}
        if not is_choice or (made.page.style.has_dark_rules and not schemes >= _SCHEMES):
            yield f"meta {name}: light dark", element


def _wished(made: Composition) -> Iterator[Missing]:
    metas = _metas_of(made)
    if not any(
        one.get("role") == "article" for one in made.page.elements
    ):  # webmail takes <html> away (caniemail: html-lang)
        yield 'an element with role="article", lang and dir around the text', None
    detection = metas.get("format-detection")
    said = "" if detection is None else (detection.get("content") or "").lower()
    left = [f"{kind}=no" for kind in _KINDS if f"{kind}=no" not in said.replace(" ", "")]
    if left:
        yield f"meta format-detection: {','.join(left)}", detection
    if "x-apple-disable-message-reformatting" not in metas:
        yield "meta x-apple-disable-message-reformatting", None


def _metas_of(made: Composition) -> dict[str, etree._Element]:
    metas = (one for one in made.page.elements if one.tag == "meta" and one.get("name"))
    return {(one.get("name") or "").lower(): one for one in metas}


def _charset(meta: etree._Element) -> str:
    stated = meta.get("charset") or ""
    if (meta.get("http-equiv") or "").lower() == "content-type":
        stated = stated or (meta.get("content") or "").lower().partition("charset=")[2]
    return stated.strip().lower()


def headings(made: Composition) -> Iterator[Finding]:
    """O09: one heading of the first level, no level skipped, none empty."""
    outline = [heading for element in made.page.elements for heading in _read(element)]
    if not outline:
        yield _finding(made, "the mail has no headings", None, outline)
        return
    first = [heading for heading in outline if heading.level == 1]
    if not first:
        yield _finding(made, "no heading is of the first level (h1)", outline[0], outline)
    elif len(first) > 1:
        message = f"{len(first)} headings are of the first level (h1)"
        own = (one for one in first if not is_in_block(made, made.page.style.at(one.element)))
        yield _finding(made, message, next(own, first[1]), outline)
    empty = next((heading for heading in outline if not heading.words), None)
    if empty is not None:
        yield _finding(made, "a heading is empty", empty, outline)
    for above, below in pairwise(outline):
        if below.level > above.level + 1:
            message = f"the headings go from h{above.level} to h{below.level}"
            yield _finding(made, message, below, outline)
            break


def _finding(
    made: Composition, message: str, heading: _Heading | None, outline: Sequence[_Heading]
) -> Finding:
    told = [f"H{one.level} {shorten(one.words, 40) or '(empty)'}" for one in outline[:MOST_SHOWN]]
    # no issue sets a level: where a template's line is known, that is the one to mend
    at = -1 if heading is None else made.page.style.at(heading.element)
    place = made.wrote.element(at) or place_of(made, words=heading.words if heading else "")
    remedy = "give the lead an h1, sections and callouts an h2, other stories an h3"
    return tell(HEADINGS, place, message, "; ".join(told), remedy)


def _read(element: etree._Element) -> Iterator[_Heading]:
    stated = element.get("aria-level") or ""
    is_heading = element.tag in _LEVELS or element.get("role") == "heading"
    if is_heading and not is_hidden(element):
        level = _LEVELS.get(str(element.tag), int(stated) if stated in {*"123456"} else 2)
        alts = " ".join(one.get("alt") or "" for one in element.iter("img"))
        words = seen_text(element) or alts
        yield _Heading(level=level, words=words.strip(), element=element)
