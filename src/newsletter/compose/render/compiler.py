r"""What the MJML compiler is given: the same document, without what it stumbles over.

mrml 6.0.1 refuses white space between the elements of a head, of mj-attributes and of mj-social
where it does not begin with a line feed: a space at the end of a line, or two elements on one line.
It means nothing there, so it is taken out.

It writes attribute values as Rust's debug format does: a no-break space becomes ``\u{a0}``, a vowel
mark of Arabic ``\u{64e}``, the joiner of an emoji ``\u{200d}``, a backslash two. Character
references it copies as they stand, so such characters are handed to it as references; the inliner
makes characters of them again. It gives the title to an aria-label, so that is spelt out too.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any, ClassVar

import cssutils
import premailer.premailer
from lxml import etree
from premailer import Premailer

from newsletter.compose.line_marks import Marked
from newsletter.compose.lint.html_rules import VOID
from newsletter.compose.lint.mjml_registry import COMPONENTS
from newsletter.compose.lint.mjml_tokens import Token, TokenKind
from newsletter.model.composed import NOWHERE, Origins, Spot, StartTag, all_tags, start_tags

_PICKY = frozenset({"mj-head", "mj-attributes", "mj-social"})
_SPELT = re.compile(r"[^\x20-\x5b\x5d-\x7e\t\r\n]")
_AS_ATTRIBUTES = frozenset({"mj-title"})
_Edit = tuple[int, int, str]  # from, to, and what stands there instead


def compiler_input(mjml: str, tokens: Sequence[Token]) -> str:
    """Return a document as the compiler wants it; tokens are all of it."""
    edits = [*_head_space(mjml, tokens)]
    if _SPELT.search(mjml):
        edits += _spellings(mjml, tokens)
    pieces: list[str] = []
    at = 0
    for start, end, instead in sorted(edits):
        pieces += (mjml[at:start], instead)
        at = end
    return "".join([*pieces, mjml[at:]])


def _head_space(mjml: str, tokens: Sequence[Token]) -> Iterator[_Edit]:
    after_head = "<mj-social" in mjml
    open_: list[str] = []
    for token in tokens:
        if token.kind is TokenKind.START:
            if not token.closed and token.text.startswith("mj"):
                open_.append(token.text)
        elif token.kind is TokenKind.END:
            if open_ and open_[-1] == token.text:
                open_.pop()
            if token.text == "mj-head" and not after_head:
                return
        elif token.kind is TokenKind.TEXT and open_ and open_[-1] in _PICKY:
            space = mjml[token.offset : token.end]
            if space.isspace() and not space.startswith("\n"):
                yield token.offset, token.end, ""


def _spellings(mjml: str, tokens: Sequence[Token]) -> Iterator[_Edit]:
    within = ""
    for token in tokens:
        if token.kind is TokenKind.START:
            within = token.text
            for attribute in token.attributes:
                yield from _spelling(mjml, attribute.offset, attribute.end)
            continue
        if token.kind is TokenKind.TEXT and within in _AS_ATTRIBUTES:
            yield from _spelling(mjml, token.offset, token.end)
        within = ""


def _spelling(mjml: str, start: int, end: int) -> Iterator[_Edit]:
    written = mjml[start:end]
    if not written.isascii() or _SPELT.search(written):
        yield start, end, _SPELT.sub(lambda found: f"&#{ord(found[0])};", written)


_MARK = re.compile(r"\bmark(\d{1,7})kram\b")
_BY_NAME = {"title": "mj-title", "style": "mj-style"}  # what is written of it into the head


def find_origins(
    marked: Marked, read: Sequence[Token], html: str, compiled: Callable[[str], str]
) -> Origins:
    """Return the origin of each start tag of some HTML, which the marked text was compiled to.

    read is all its tokens. compiled turns MJML into HTML; where its tags are not those of the HTML,
    nothing is told.
    """
    files: dict[str, int] = {}

    def spot(offset: int) -> Spot:
        place = marked.place(offset)
        return files.setdefault(place.file, len(files)), place.line

    try:
        twin = compiled(_with_marks(marked.text, read))
    except ValueError:
        return Origins()
    if [tag.name for tag in start_tags(twin)] != [tag.name for tag in start_tags(html)]:
        return Origins()
    in_head = tuple(_in_head(read))
    spots = _spots(tuple(all_tags(twin)), read, in_head)
    tags = tuple(NOWHERE if offset < 0 else spot(offset) for offset in spots)
    styles = tuple(
        tuple(spot(token.offset + at) for at in _line_starts(token.text))
        for token in _style_texts(read)
    )
    for token in read:  # a template that only sets a table's edge wrote something too
        if token.kind is TokenKind.START:
            spot(token.offset)
    return Origins(files=tuple(files), tags=tags, styles=styles)


def _with_marks(mjml: str, read: Sequence[Token]) -> str:
    """Return the MJML with a class on each element of the body."""
    pieces: list[str] = []
    at, in_body = 0, False
    for number, token in enumerate(read):
        if token.kind is not TokenKind.START:
            continue
        is_component = token.text == "mjml" or token.text.startswith("mj-")
        in_body = in_body or token.text == "mj-body"
        name = "css-class" if is_component else "class"
        if not in_body or (is_component and name not in COMPONENTS[token.text]):
            continue
        mark = f"mark{number}kram"
        own = next((one for one in token.attributes if one.name == name), None)
        if own is None or own.value is None:
            place = token.offset + 1 + len(token.text)
            pieces += [mjml[at:place], f' {name}="{mark}"']
            at = place
        else:
            pieces += [mjml[at : own.end - 1], f" {mark}"]
            at = own.end - 1
    return "".join([*pieces, mjml[at:]])


def _spots(tags: Sequence[StartTag], read: Sequence[Token], in_head: Sequence[Token]) -> list[int]:
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
        offset = read[int(mark[1])].offset if mark else open_[-1][1] if open_ else -1
        spots.append(offset)
        names.append(tag.name)
        if tag.name not in VOID:
            open_.append((tag.name, offset))
    _name_head(spots, names, in_head)
    return spots


def _name_head(spots: list[int], names: Sequence[str], in_head: Sequence[Token]) -> None:
    """Lay the head's elements to the last ones of their kind: the compiler's own stand first."""
    body = names.index("body") if "body" in names else len(names)
    for kind in ("title", "style", "meta"):
        written = [one.offset for one in in_head if one.text in {kind, _BY_NAME.get(kind)}]
        places = [at for at, name in enumerate(names[:body]) if name == kind]
        count = min(len(written), len(places))
        for at, offset in zip(places[len(places) - count :], written[-count:], strict=count > 0):
            spots[at] = offset
    preview = next((one.offset for one in in_head if one.text == "mj-preview"), -1)
    if preview >= 0 and names[body + 1 : body + 2] == ["div"] and spots[body + 1] < 0:
        spots[body + 1] = preview


def _in_head(read: Sequence[Token]) -> Iterator[Token]:
    for token in read:
        if token.text == "mj-body" and token.kind is TokenKind.START:
            return
        if token.kind is TokenKind.START:
            yield token


def _style_texts(read: Sequence[Token]) -> Iterator[Token]:
    for before, token in pairwise(read):
        is_style = before.kind is TokenKind.START and before.text == "mj-style"
        if is_style and token.kind is TokenKind.TEXT:
            yield token


def _line_starts(text: str) -> Iterator[int]:
    """Return the offset of the first character to read of each line, blank ones at the start apart.

    The compiler leaves those out.
    """
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
    """Keeps the rules it read out of a theme, and tries those alone whose classes occur.

    With the selecting below it gives what Premailer gives, in a third of the time.
    """

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
        """Let go of the page."""
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
    """Inline a theme into mrml's HTML; every <style> of it stays byte for byte.

    Raises:
        ValueError: what premailer gave back is no HTML document.
    """
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
