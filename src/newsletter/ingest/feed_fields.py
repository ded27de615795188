"""One entry of a feed: its dates, words and pictures."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.etree import _Element as Element
from lxml.html import HtmlElement, defs

from newsletter.ingest.decoding import clean_line
from newsletter.ingest.feed_markup import MOST_RAW_CHARS, has_other_scheme, local_name, namespace
from newsletter.ingest.identity import web_address
from newsletter.ingest.page_blocks import blocks_of
from newsletter.ingest.page_head import FIRST_YEAR, LANGUAGE_TAG, picture_address

MOST_DATE_CHARS = 80

# Names beside those of RFC 822 section 5.1 that mean one offset, in minutes.
_ZONES = {
    "BST": 60,
    "WEST": 60,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "JST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
}
_ZONE_NAME = re.compile(r"\b([A-Z]{3,4})\s*$")
# A year that the library would take for one of this century.
_NO_YEAR = re.compile(r"(?:^|[A-Za-z][ -])0\d{3}\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")


def moment(text: str, *, now: datetime, fallback: tuple[int, ...] | None = None) -> str:
    """Return a stated date as RFC 3339, or as a day where that is all that is stated.

    Args:
        text: as it stands in the feed: ISO 8601 or RFC 822.
        now: nothing later than a day after it is believed, nothing before 1990.
        fallback: what another reader made of it, in UTC: year to second.

    Returns:
        "" where there is no date that can be believed. Without a zone it is taken for UTC.
    """
    stated = text.strip()[:MOST_DATE_CHARS]
    if not stated:
        return ""
    found = _iso(stated) or _rfc822(stated)
    if found is None and not _NO_YEAR.search(stated):
        found = _of_parts(fallback)
    if found is None:
        return ""
    if not isinstance(found, datetime):
        return str(found) if found.year >= FIRST_YEAR and found <= _tomorrow(now).date() else ""
    if found.year < FIRST_YEAR or found > _tomorrow(now):
        return ""
    return found.replace(microsecond=0).isoformat()


def _tomorrow(now: datetime) -> datetime:
    return now + timedelta(days=1)


def _iso(text: str) -> datetime | date | None:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", text))
    except ValueError:
        return None
    return _aware(found, found.tzinfo)


def _rfc822(text: str) -> datetime | None:
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, TypeError):  # odd input makes the library stumble
        return None
    if parts is None or _NO_YEAR.search(text):
        return None
    offset = parts[9] or 0
    named = _ZONE_NAME.search(text)
    if named and named[1] in _ZONES:
        offset = 60 * _ZONES[named[1]]
    year, month, day, hour, minute, second = parts[:6]
    try:
        zone = timezone(timedelta(seconds=offset))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _of_parts(parts: tuple[int, ...] | None) -> datetime | None:
    if not parts:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _aware(found: datetime, zone: object) -> datetime | None:
    try:
        moment_ = found if zone else found.replace(tzinfo=UTC)
        moment_.astimezone(UTC)
    except OverflowError:
        return None
    return moment_


MOST_TITLE_CHARS = 500
MOST_SUMMARY_CHARS = 2_000

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})(?:[\s/][^<>]{0,2000})?>|<!--[^<>]{0,2000}-->")
_CUT_TAG = re.compile(r"<[^<>]{0,2000}$|&[^;&\s]{0,40}$")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKS_OF_MARKUP = frozenset({"&lt;", "&gt;", "&#60;", "&#62;", "&#x3c;", "&#x3e;"})
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font"}
    | {"i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "tt", "u", "var", "wbr", "img"}
)
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


MOST_CREDIT_CHARS = 200

_MEDIA = "http://search.yahoo.com/mrss"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_WIDTH = re.compile("[0-9]{1,5}")
_PICTURE_ENDS = (".jpg", ".jpeg", ".png", ".gif", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's address, its words and its maker, each "" where not stated."""

    url: str = ""
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    url: str
    rank: tuple[int, int]  # the higher the better: kind of element, width in pixels
    element: Element


def take_picture(entry: Element, *, url: str) -> Picture:
    """Return the entry's best picture and take the elements of Media RSS out of the entry.

    Of media:content the widest, then an enclosure, a thumbnail, the picture of iTunes. They are
    taken out since feedparser takes media:title and media:description for the entry's own.
    """
    found = max(
        (candidate for element in entry.iter() for candidate in _candidates(element, base=url)),
        key=lambda candidate: candidate.rank,
        default=None,
    )
    picture = Picture()
    if found is not None:
        picture = Picture(
            url=found.url,
            alt=_words(found.element, entry, "description"),
            credit=_words(found.element, entry, "credit", "copyright")[:MOST_CREDIT_CHARS],
        )
    for element in list(entry.iter()):
        parent = element.getparent()
        if namespace(element).startswith(_MEDIA) and element is not entry and parent is not None:
            parent.remove(element)
    return picture


def picture_url(value: str, *, base: str) -> str:
    """Return the address of a picture that can be asked for; base is the feed's."""
    return "" if has_other_scheme(value) else picture_address(value, base=base)


def _candidates(element: Element, *, base: str) -> list[_Candidate]:
    name, space = local_name(element), namespace(element)
    kind = (element.get("type") or "").casefold()
    value, rank = "", 0
    if space.startswith(_MEDIA):
        if name == "content":
            value = element.get("url") or ""
            rank = 4 if _is_picture(value, kind, element.get("medium") or "") else 0
        elif name == "thumbnail":
            value, rank = element.get("url") or (element.text or ""), 2
    elif name == "enclosure" and not space:
        value = element.get("url") or ""
        rank = 3 if _is_picture(value, kind, "") else 0
    elif name == "link" and element.get("rel") == "enclosure":
        value = element.get("href") or ""
        rank = 3 if _is_picture(value, kind, "") else 0
    elif name == "image":
        value = element.get("href") or "" if space == _ITUNES else _url_inside(element)
        rank = 1
    address = picture_url(value.strip(), base=_base_of(element, base)) if rank and value else ""
    return (
        [_Candidate(url=address, rank=(rank, _width(element)), element=element)] if address else []
    )


def _is_picture(url: str, kind: str, medium: str) -> bool:
    if kind or medium:
        return medium == "image" or (kind.startswith("image/") and "svg" not in kind)
    return url.partition("?")[0].casefold().endswith(_PICTURE_ENDS)


def _url_inside(element: Element) -> str:
    return next((child.text or "" for child in element if local_name(child) == "url"), "")


def _base_of(element: Element, base: str) -> str:
    return link_address(element.base or "", base=base) or base


def _width(element: Element) -> int:
    width = element.get("width") or ""
    return int(width) if _WIDTH.fullmatch(width) else 0


def _words(element: Element, entry: Element, *names: str) -> str:
    """Return the text of a Media RSS element inside the picture's, beside it, or of the entry."""
    places = [element]
    parent = element.getparent()
    while parent is not None and parent is not entry.getparent():
        places.append(parent)
        parent = parent.getparent()
    for place in places:
        for child in place:
            if local_name(child) in names and namespace(child).startswith(_MEDIA) and child.text:
                is_html = child.get("type") == "html"
                text = child.text[:MOST_RAW_CHARS]
                words = plain_text(text) if is_html else title_text(text)
                if clean_line(words):
                    return words
    return ""
