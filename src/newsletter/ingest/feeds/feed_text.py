"""What a feed says as plain text: titles, summaries, addresses, languages; runs in the page child.

A feed's title is text that many programs write as HTML, so it is unescaped once and its tags go.
"""

import html
import re
import unicodedata
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.html import HtmlElement, defs

from newsletter.ingest.identity import web_address
from newsletter.ingest.pages.page_blocks import blocks_of
from newsletter.ingest.pages.page_head import LANGUAGE_TAG
from newsletter.ingest.safe_text import clean_line

MOST_TITLE_CHARS = 500
MOST_SUMMARY_CHARS = 2_000
MOST_RAW_CHARS = 20_000  # of a field that is text, before its markup is taken away

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})(?:[\s/][^<>]{0,2000})?>|<!--[^<>]{0,2000}-->")
_CUT_TAG = re.compile(r"<[^<>]{0,2000}$|&[^;&\s]{0,40}$")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKS_OF_MARKUP = frozenset({"&lt;", "&gt;", "&#60;", "&#62;", "&#x3c;", "&#x3e;"})
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font"}
    | {"i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "tt", "u", "var", "wbr", "img"}
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WIDE_SPACES = re.compile("[ \u00a0]{2,}")
# What programs put under every summary.
_FOOTER = re.compile(
    r"\s*(?:The post .{1,400}? (?:appeared first on|first appeared on) .{1,120}"
    r"|Continue reading\b.{0,200}"
    "|Read (?:more|on|the full (?:article|story))"
    "(?: ?(?:\u2026|[.]{3}|\u2192|\u00bb|>{1,2}))?)$"
)
_TRAILING = re.compile(r"\s*(?:\[(?:\u2026|\.\.\.|&hellip;)\]|\(\u2026\))$")


def title_text(value: str, *, is_literal: bool = False) -> str:
    """Return a title on one line: its tags stripped, then unescaped once.

    Args:
        value: the title as the feed's XML or JSON gives it.
        is_literal: whether the format says that it is text and no markup (Atom's type text, RFC
            4287 section 3.1.1.1): then only what can be nothing but mistaken markup is taken for
            it: closed elements, and entities other than those of angle brackets.
    """
    text = value if len(value) <= MOST_RAW_CHARS else _CUT_TAG.sub("", value[:MOST_RAW_CHARS])
    if not is_literal or _has_closed_element(text):
        text = _TAG.sub(_without_tag, text)
    unescaped = _ENTITY.sub(_kept_mark, text) if is_literal else html.unescape(text)
    line = _WIDE_SPACES.sub(" ", clean_line(unescaped))
    return line[:MOST_TITLE_CHARS].strip(" \u00a0")


def plain_text(markup: str) -> str:
    """Return the words of HTML on one line, at most MOST_SUMMARY_CHARS, cut at a word."""
    source = markup[:MOST_RAW_CHARS]
    if "<" not in source:
        text = clean_line(html.unescape(source))
    else:
        tree = html_tree(source)
        text = " ".join(block.text for block in blocks_of(tree)) if tree is not None else ""
    text = _TRAILING.sub("\u2026", _FOOTER.sub("", text[: 2 * MOST_SUMMARY_CHARS]))
    if len(text) <= MOST_SUMMARY_CHARS:
        return text
    return text[:MOST_SUMMARY_CHARS].rpartition(" ")[0] + "\u2026"


def safe_html(markup: str) -> str:
    """Return markup without what JSON and XML cannot carry; it stays as unsafe as it was."""
    return _NO_TEXT.sub("", markup)


def paragraphs_of(text: str) -> str:
    """Return plain text as HTML, a paragraph for each line that is not blank."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def html_tree(markup: str) -> HtmlElement | None:
    """Return the tree of a piece of HTML, None where there is nothing in it."""
    encoded = f"<html><body>{markup}</body></html>".encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(encoded, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None


def link_address(value: str, *, base: str) -> str:
    """Return an absolute http or https address, "" for what is none; base resolves a relative one.

    The scheme is looked for as a browser would, past spaces, controls and entities, so that no
    disguised ``javascript:`` is taken for a relative address.
    """
    text = value.strip()
    if not text or len(text) > MOST_TITLE_CHARS * 4 or has_other_scheme(text):
        return ""
    try:
        return web_address(urljoin(base, text))
    except ValueError:
        return ""


def has_other_scheme(value: str) -> bool:
    """Whether the address has a scheme that is neither http nor https, however it is disguised."""
    text = html.unescape(html.unescape(value[:MOST_RAW_CHARS]))
    squeezed = "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")
    found = _SCHEME.match(squeezed.casefold())
    return found is not None and found[1] not in {"http", "https"}


def language_tag(value: str) -> str:
    """Return a BCP 47 tag, "" for what cannot be one."""
    text = value.strip()
    return text.replace("_", "-") if LANGUAGE_TAG.fullmatch(text) else ""


def _has_closed_element(text: str) -> bool:
    return any(found[1] and _is_known(found) for found in _TAG.finditer(text))


def _is_known(found: re.Match[str]) -> bool:
    return found[2] is not None and found[2].casefold() in defs.tags


def _without_tag(found: re.Match[str]) -> str:
    if found[2] is None:
        return ""  # a comment
    if not _is_known(found) and not found[1]:
        name = found[2].casefold()
        return found[0] if name not in {"svg", "math"} else " "
    return "" if found[2].casefold() in _INLINE else " "


def _kept_mark(found: re.Match[str]) -> str:
    return found[0] if found[0].casefold() in _MARKS_OF_MARKUP else html.unescape(found[0])
