"""O04 and O09: what stands around the mail's text, and the outline of its headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from babel import Locale, UnknownLocaleError
from lxml import etree

from newsletter.checks.page import is_hidden, seen_text
from newsletter.checks.place import place_of, template_of
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, shorten, stories
from newsletter.config.languages import base_of
from newsletter.model.finding import Finding, Severity

DOCUMENT = "O04 doctype-lang-title-meta"
HEADINGS = "O09 headings"

MOST_SHOWN = 40  # headings of an outline

_DOCTYPE = re.compile(r"<!doctype html>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8}){0,4}")
_NO_LANGUAGE = frozenset({"und", "mis", "mul", "zxx"})
_DIRECTIONS = frozenset({"ltr", "rtl"})
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SCHEMES = frozenset({"light", "dark"})
_NOT_ENLARGED = re.compile(
    r"user-scalable=(?:no|0)(?![\w.])|maximum-scale=(?:0?\.\d+|1(?:\.\d+)?)(?![\w.])"
)
_KINDS = ("telephone", "date", "address", "email", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    level: int
    words: str
    element: etree._Element


def document(made: Composition) -> Iterator[Finding]:
    """O04: doctype, language, direction, title and metas are there, and say what is true."""
    language, title, metas = [*_language(made)], [*_title(made)], [*_needed_metas(made)]
    missing = [*_doctype(made), *language, *title, *metas]
    if missing:
        second = _second_charset(made)
        element = _meta_at_fault(made, metas) if second is None else second
        if title and not language:
            element = next((one for one in made.page.elements if one.tag == "title"), None)
        file, line = _place(
            made, "<mjml" if language else "<mj-head", None if language else element
        )
        yield Finding(
            check=DOCUMENT,
            severity=Severity.ERROR,
            message="the HTML lacks what mail programs need to show it right",
            evidence="; ".join(missing),
            file=file,
            line=line,
            remedy='use <mjml lang="{{ language }}" dir="{{ direction }}"> and include '
            "parts/document_head.mjml.j2 in mj-head",
        )
    region = [*_region(made)]
    wished = [*region, *_article(made), *_wished_metas(made)]
    if wished:
        file, line = _place(made, "<mjml" if region else "<mj-head", None)
        yield Finding(
            check=DOCUMENT,
            severity=Severity.WARNING,
            message="the HTML lacks what keeps some mail programs from changing it",
            evidence="; ".join(wished),
            file=file,
            line=line,
            remedy='use <mjml lang="{{ language }}" dir="{{ direction }}">'
            if region
            else "include parts/document_head.mjml.j2 in mj-head",
        )
    yield from _not_enlarged(made)


def _not_enlarged(made: Composition) -> Iterator[Finding]:
    """Tell of a viewport that keeps readers from enlarging the mail (WCAG 2.2, 1.4.4)."""
    for element in made.page.elements:
        is_viewport = element.tag == "meta" and (element.get("name") or "").lower() == "viewport"
        content = (element.get("content") or "").lower().replace(" ", "")
        if is_viewport and (kept := _NOT_ENLARGED.search(content)):
            file, line = _place(made, "<mj-head", element)
            yield Finding(
                check=DOCUMENT,
                severity=Severity.WARNING,
                message="the meta viewport keeps readers from enlarging the mail",
                evidence=kept[0],
                file=file,
                line=line,
                remedy=f"take {kept[0]} out: who sees badly reads by enlarging",
            )


def _place(made: Composition, markup: str, element: etree._Element | None) -> tuple[str, int]:
    """Return the line that wrote an element, else that of the markup something belongs into."""
    at = -1 if element is None else made.page.style.at(element)
    place = Places(made).of_words(markup)
    written = (place.file, place.line) if place.line else (template_of(made), 0)
    return made.wrote.element(at) or written


def _meta_at_fault(made: Composition, faults: list[str]) -> etree._Element | None:
    """Return the first meta that is there and says something else than it should."""
    for one in made.page.elements:
        name = one.get("name") if one.tag == "meta" else None
        if name and any(fault.startswith(f"meta {name}") for fault in faults):
            return one
    return None


def _second_charset(made: Composition) -> etree._Element | None:
    metas = (one for one in made.page.elements if one.tag == "meta")
    return next((one for one in metas if _charset(one) not in {"", "utf-8"}), None)


def headings(made: Composition) -> Iterator[Finding]:
    """O09: one heading of the first level, no level skipped, none empty."""
    outline = [_read(element) for element in made.page.elements if _is_heading(element)]
    if not outline:
        yield _finding(made, "the mail has no headings", None, outline)
        return
    first = [heading for heading in outline if heading.level == 1]
    if not first:
        yield _finding(made, "no heading is of the first level (h1)", outline[0], outline)
    elif len(first) > 1:
        message = f"{len(first)} headings are of the first level (h1)"
        own = (one for one in first if _is_templates_own(made, one.element))
        yield _finding(made, message, next(own, first[1]), outline)
    empty = next((heading for heading in outline if not heading.words), None)
    if empty is not None:
        yield _finding(made, "a heading is empty", empty, outline)
    for above, below in pairwise(outline):
        if below.level > above.level + 1:
            message = f"the headings go from h{above.level} to h{below.level}"
            yield _finding(made, message, below, outline)
            break
    yield from _no_headings(made, outline)


def _no_headings(made: Composition, outline: Sequence[_Heading]) -> Iterator[Finding]:
    """Tell of sections and stories whose headings are set, but not as headings."""
    issue = made.request.issue
    headings = "\n".join(folded(one.words) for one in outline)
    sections = [(one.heading, one.line) for one in issue.sections]
    headlines = [(one.headline, one.line) for one in stories(issue)]
    if all(one.level > 1 for one in outline):
        headlines = headlines[1:]  # the first is told of as the h1 that is not there
    for kind, wanted in (("section's heading", sections), ("story's headline", headlines)):
        bare = {words: line for words, line in wanted if folded(words) not in headings}
        pieces = {folded(one.text): one for one in made.page.style.texts()} if bare else {}
        shown = [words for words in bare if folded(words) in pieces]
        if shown:
            at = pieces[folded(shown[0])].at
            file, line = made.wrote.element(at) or (made.file, bare[shown[0]])
            yield Finding(
                check=HEADINGS,
                severity=Severity.WARNING,
                message=f"a {kind} is no heading",
                evidence="; ".join(shorten(words, 40) for words in shown[:MOST_SHOWN]),
                file=file,
                line=line,
                remedy="set it in an <h2>, a story's in <h{{ story.level }}>: a class gives it"
                " any looks",
            )


def _is_templates_own(made: Composition, element: etree._Element) -> bool:
    at = made.page.style.at(element)
    return not any(span.first <= at < span.end for span in made.composed.spans)


def _finding(
    made: Composition, message: str, heading: _Heading | None, outline: list[_Heading]
) -> Finding:
    told = [f"H{one.level} {shorten(one.words, 40) or '(empty)'}" for one in outline[:MOST_SHOWN]]
    # no issue sets a level: where a template's line is known, that is the one to mend
    at = -1 if heading is None else made.page.style.at(heading.element)
    file, line = made.wrote.element(at) or place_of(made, words=heading.words if heading else "")
    return Finding(
        check=HEADINGS,
        severity=Severity.WARNING,
        message=message,
        evidence="; ".join(told),
        file=file,
        line=line,
        remedy="give the lead an h1, sections and callouts an h2, other stories an h3",
    )


def _is_heading(element: etree._Element) -> bool:
    is_one = element.tag in _LEVELS or element.get("role") == "heading"
    return is_one and not is_hidden(element)


def _read(element: etree._Element) -> _Heading:
    stated = element.get("aria-level") or ""
    level = int(stated) if stated in {"1", "2", "3", "4", "5", "6"} else 2
    words = seen_text(element) or " ".join(one.get("alt") or "" for one in element.iter("img"))
    return _Heading(
        level=_LEVELS.get(str(element.tag), level), words=words.strip(), element=element
    )


def _doctype(made: Composition) -> Iterator[str]:
    if not _DOCTYPE.match(made.composed.html):
        yield "<!DOCTYPE html> is not the first line"


def _language(made: Composition) -> Iterator[str]:
    root = made.page.elements[0] if made.page.elements else None
    if root is None or root.tag != "html":
        yield "<html>"
        return
    language = root.get("lang") or ""
    wanted = made.request.newsletter.language
    if not _LANGUAGE.fullmatch(language) or language.lower() in _NO_LANGUAGE:
        yield f'lang="{shorten(language, 20)}" on <html>' if language else "lang on <html>"
    elif base_of(language) != base_of(wanted):
        yield f'lang="{language}" on <html>; the newsletter is in {wanted}'
    direction = (root.get("dir") or "").lower()
    if direction not in _DIRECTIONS:
        yield f'dir="{shorten(direction, 20)}" on <html>' if direction else "dir on <html>"
    elif direction != _direction_of(wanted):
        yield f'dir="{direction}" on <html>; {wanted} is written {_direction_of(wanted)}'


def _region(made: Composition) -> Iterator[str]:
    """Tell of the right language without its region, or with another: no template names its own."""
    root = made.page.elements[0] if made.page.elements else None
    language = (root.get("lang") or "") if root is not None else ""
    wanted = made.request.newsletter.language
    if language.lower() != wanted.lower() and base_of(language) == base_of(wanted):
        yield f'lang="{shorten(language, 20)}" on <html>; the newsletter is in {wanted}'


def _direction_of(language: str) -> str:
    try:
        order = Locale.parse(language, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


def _title(made: Composition) -> Iterator[str]:
    titles = [element for element in made.page.elements if element.tag == "title"]
    words = " ".join("".join(map(str, titles[0].itertext())).split()) if titles else ""
    subjects = {
        " ".join(one.split()) for one in (made.composed.subject, made.request.issue.subject)
    }
    if not any(subjects):
        return  # H03 asks for one
    if not words:
        yield "<title>"
        return
    if words not in subjects:
        yield f"<title> “{shorten(words, 60)}” is not the subject"
    elif len(titles) > 1:
        yield "there are two <title>"


def _metas(made: Composition) -> dict[str, str]:
    return {
        (element.get("name") or "").lower(): (element.get("content") or "").lower()
        for element in made.page.elements
        if element.tag == "meta" and element.get("name")
    }


def _needed_metas(made: Composition) -> Iterator[str]:
    metas = _metas(made)
    if not any(_says_utf8(element) for element in made.page.elements if element.tag == "meta"):
        yield "meta charset=utf-8"
    for element in made.page.elements:
        stated = _charset(element) if element.tag == "meta" else ""
        if stated and stated != "utf-8":
            yield f'meta charset="{shorten(stated, 20)}" beside that of utf-8, in which it is sent'
    if "width=device-width" not in metas.get("viewport", "").replace(" ", ""):
        yield "meta viewport with width=device-width"
    both = made.page.style.has_dark_rules
    for name in ("color-scheme", "supported-color-schemes"):
        written = metas.get(name, "")
        schemes = set(written.split())
        if "," in written:
            yield f"meta {name}: light dark, without a comma, which no program reads"
        elif not _is_choice(schemes) or (both and not schemes >= _SCHEMES):
            yield f"meta {name}: light dark"


def _is_choice(schemes: set[str]) -> bool:
    """Return whether a designer said which colours there are: both, or light or dark alone."""
    return bool(schemes & _SCHEMES) and schemes <= _SCHEMES | {"only"}


def _says_utf8(meta: etree._Element) -> bool:
    return _charset(meta) == "utf-8"


def _charset(meta: etree._Element) -> str:
    stated = meta.get("charset") or ""
    if (meta.get("http-equiv") or "").lower() == "content-type":
        stated = stated or (meta.get("content") or "").lower().partition("charset=")[2]
    return stated.strip().lower()


def _wished_metas(made: Composition) -> Iterator[str]:
    metas = _metas(made)
    left = styled_by_programs(made)
    if left:
        yield f"meta format-detection: {','.join(f'{kind}=no' for kind in left)}"
    if "x-apple-disable-message-reformatting" not in metas:
        yield "meta x-apple-disable-message-reformatting"


def styled_by_programs(made: Composition) -> tuple[str, ...]:
    """Return the kinds of text that iOS may turn into links: what format-detection does not bar."""
    content = _metas(made).get("format-detection", "").replace(" ", "")
    barred = set(content.replace(";", ",").split(","))
    return tuple(kind for kind in _KINDS if f"{kind}=no" not in barred)


def _article(made: Composition) -> Iterator[str]:
    """Judge the element around the text: webmail takes <html> away (caniemail: html-lang)."""
    root = made.page.elements[0] if made.page.elements else None
    articles = [one for one in made.page.elements if one.get("role") == "article"]
    if root is None:
        return
    if not articles:
        yield 'an element with role="article", lang and dir around the text'
        return
    for name in ("lang", "dir"):
        stated = articles[0].get(name) or ""
        if root.get(name) and stated != root.get(name):
            yield f'{name}="{root.get(name)}" on the element with role="article"'
