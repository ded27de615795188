"""What the MJML compiler is given, where its tags come from, and the inlining of the theme.

mrml 6.0.1 refuses white space between elements of a head that does not begin with a line feed. It
writes attribute values as Rust's debug format does, but copies character references as they stand.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, ClassVar

import cssutils
import premailer.premailer
from lxml import etree
from premailer import Premailer

from newsletter.compose.line_marks import Marked
from newsletter.compose.lint.html_rules import VOID
from newsletter.compose.lint.mjml_registry import COMPONENTS
from newsletter.model.composed import NOWHERE, Origins, Spot, StartTag, all_tags, start_tags

_PICKY_SPACE = re.compile(r"(?<=>)[ \t\r]\s*(?=</?mj-)")
_SPELT = re.compile(r"[^\x20-\x5b\x5d-\x7e\t\r\n]")
_TAG_OR_TITLE = re.compile(
    r"(?:(?<=<mj-title>)[^<]+|<[A-Za-z](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>)"
)


def compiler_input(mjml: str) -> str:
    """Return a document without findings as the compiler wants it."""
    mjml = _PICKY_SPACE.sub("", mjml)
    return _TAG_OR_TITLE.sub(_spelt, mjml) if _SPELT.search(mjml) else mjml


def _spelt(found: re.Match[str]) -> str:
    return _SPELT.sub(lambda odd: f"&#{ord(odd[0])};", found[0])


_MARK = re.compile(r"\bmark(\d{1,7})kram\b")
_STYLE = re.compile(r"<mj-style(?:\s[^<>]*)?>([^<]*)")
_BY_NAME = {"mj-title": "title", "mj-style": "style", "meta": "meta"}  # what comes of it


def find_origins(marked: Marked, html: str, compiled: Callable[[str], str]) -> Origins:
    """Return the origin of each start tag of the HTML that compiled makes of the marked text."""
    mjml = marked.text
    files: dict[str, int] = {}

    def spot(offset: int) -> Spot:
        place = marked.place(offset)
        return files.setdefault(place.file, len(files)), place.line

    read = start_tags(mjml)
    body = next((number for number, tag in enumerate(read) if tag.name == "mj-body"), len(read))
    try:
        twin = compiled(_with_marks(mjml, read[body:]))
    except ValueError:
        return Origins()
    if [tag.name for tag in start_tags(twin)] != [tag.name for tag in start_tags(html)]:
        return Origins()
    spots = _spots(tuple(all_tags(twin)), read[:body])
    tags = tuple(NOWHERE if offset < 0 else spot(offset) for offset in spots)
    styles = tuple(
        tuple(spot(found.start(1) + at) for at in _line_starts(found[1]))
        for found in _STYLE.finditer(mjml)
        if found[1]
    )
    for tag in read:  # a template that only sets a table's edge wrote something too
        spot(tag.at)
    return Origins(files=tuple(files), tags=tags, styles=styles)


def _with_marks(mjml: str, read: Sequence[StartTag]) -> str:
    """Return the MJML with a class on each element of the body, which tells its offset."""
    pieces: list[str] = []
    at = 0
    for tag in read:
        is_component = tag.name.startswith("mj-")
        name = "css-class" if is_component else "class"
        if is_component and name not in COMPONENTS[tag.name]:
            continue
        own = re.search(rf"(?<=\s){name}\s*=\s*[\"']", tag.attributes)
        place = tag.at + 1 + len(tag.name)
        place += own.end() if own else 0
        pieces.append(mjml[at:place])
        pieces.append(f"mark{tag.at}kram " if own else f' {name}="mark{tag.at}kram"')
        at = place
    return "".join([*pieces, mjml[at:]])


def _spots(tags: Sequence[StartTag], in_head: Sequence[StartTag]) -> list[int]:
    """Return the offset in the MJML of what wrote each start tag, -1 for nothing."""
    spots: list[int] = []
    names: list[str] = []
    open_: list[tuple[str, int]] = []
    for tag in tags:
        if tag.closes:
            if any(name == tag.name for name, _ in open_):
                while open_.pop()[0] != tag.name:
                    pass
            continue
        mark = _MARK.search(tag.attributes)
        offset = int(mark[1]) if mark else open_[-1][1] if open_ else -1
        spots.append(offset)
        names.append(tag.name)
        if tag.name not in VOID:
            open_.append((tag.name, offset))
    # The head's elements are the last ones of their kind: the compiler's own stand first.
    body = names.index("body") if "body" in names else len(names)
    for kind in ("title", "style", "meta"):
        written = [one.at for one in in_head if _BY_NAME.get(one.name) == kind]
        places = [at for at, name in enumerate(names[:body]) if name == kind]
        for at, offset in zip(reversed(places), reversed(written), strict=False):
            spots[at] = offset
    preview = next((one.at for one in in_head if one.name == "mj-preview"), -1)
    if preview >= 0 and names[body + 1 : body + 2] == ["div"] and spots[body + 1] < 0:
        spots[body + 1] = preview
    return spots


def _line_starts(text: str) -> Iterator[int]:
    """Return the offset of each line's first visible character, blank lines at the start apart."""
    at = len(text) - len(text.lstrip())
    for line in text.lstrip().split("\n"):
        yield at + len(line) - len(line.lstrip())
        at += len(line) + 1


DOCTYPE = "<!DOCTYPE html>\n"
_Rules = tuple[list[Any], list[Any]]
_Select = Callable[[Any], list[Any]]  # of elements
_CLASS = re.compile(r"\.([\w-]+)")
_CLASSES = re.compile(r"""\bclass=(["'])(.*?)\1""", re.DOTALL)
_ONE_CLASS = re.compile(r"\.[\w-]+")
_IGNORED = '<style data-premailer="ignore"'

OPTIONS: Mapping[str, object] = MappingProxyType(
    {
        "disable_validation": True,
        "allow_network": False,
        "allow_loading_external_files": False,
        "strip_important": False,
        "keep_style_tags": False,
        "disable_leftover_css": True,
        "remove_classes": False,
        "exclude_pseudoclasses": True,
        "include_star_selectors": False,
        "preserve_internal_links": True,
        "disable_basic_attributes": ("width", "height", "bgcolor", "align", "valign"),
        "align_floating_images": False,
        "cssutils_logging_level": logging.CRITICAL,
    }
)
"""What premailer is told."""


@lru_cache(maxsize=1024)
def _classes_of(selector: str) -> frozenset[str]:
    return frozenset(_CLASS.findall(selector))


def _fetch_nothing(_url: str) -> None:
    """Answer cssutils' wish for an @import: premailer's own switches do not reach it (measured)."""


class _NoSession:
    """Stands where premailer keeps its HTTP session; has nothing to call."""


class _WarmPremailer(Premailer):  # type: ignore[misc]  # untyped
    """Premailer, in a third of the time: keeps a theme's rules, tries those whose classes occur."""

    _themes: ClassVar[dict[str, _Rules]] = {}  # of one theme at a time

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> _Rules:
        kept = self._themes.get(css_body)
        if kept is None or ruleset_index:
            kept = super()._parse_style_rules(css_body, ruleset_index)
        if not ruleset_index:
            self._themes.clear()
            self._themes[css_body] = kept
        rules, leftover = kept
        html: str = self.html
        there = {name for _, names in _CLASSES.findall(html) for name in names.split()}
        used = [rule for rule in rules if there.issuperset(_classes_of(rule[1]))]
        return used, list(leftover)

    def _style_to_basic_html_attributes(
        self,
        element: etree._Element,
        style_content: str,
        force: bool = False,  # noqa: FBT001, FBT002 (premailer's own)
    ) -> None:
        """Leave the attributes alone: OPTIONS disables each that would be written."""


class _ByClass:
    """Finds the elements of one page by a class: the page is gone through once for all rules."""

    def __init__(self) -> None:
        self._page: etree._Element | None = None
        self._found: dict[str, list[etree._Element]] = {}

    def select(self, selector: str) -> _Select:
        """Return what finds the elements of a selector under a page, as CSSSelector does."""
        if _ONE_CLASS.fullmatch(selector) is None:
            return _by_xpath(selector)
        return partial(self._of_page, name=selector[1:])

    def forget(self) -> None:
        self._page, self._found = None, {}

    def _of_page(self, page: etree._Element, *, name: str) -> list[etree._Element]:
        if page is not self._page:
            self._page, self._found = page, {}
            for element in page.iter(etree.Element):
                for each in dict.fromkeys((element.get("class") or "").split()):
                    self._found.setdefault(each, []).append(element)
        return self._found.get(name, [])


_by_class = _ByClass()
_by_xpath: Callable[[str], _Select] = premailer.premailer._create_cssselector  # noqa: SLF001 (the one seam it has)
premailer.premailer._create_cssselector = _by_class.select  # noqa: SLF001
cssutils.util._defaultFetcher = _fetch_nothing  # noqa: SLF001 (the one seam it has)


def inline(html: str, css: str) -> str:
    """Inline a theme into mrml's HTML; every <style> of it stays byte for byte."""
    marked = html.replace("<style", _IGNORED)  # head blocks are not for inlining
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = _WarmPremailer(
            marked, css_text=[css] if css.strip() else None, session=_NoSession(), **OPTIONS
        ).transform(pretty_print=False)
    _by_class.forget()
    if not isinstance(out, str) or not out.startswith("<html"):
        msg = "the inliner gave back no HTML document"
        raise ValueError(msg)
    # those inside conditional comments are text to premailer, which leaves their mark in place
    return DOCTYPE + out.replace(_IGNORED, "<style")
