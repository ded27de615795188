"""What the fields of a feed's entry say: dates, words and addresses."""

import html
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.html import defs

from newsletter.ingest.decoding import clean_line
from newsletter.ingest.identity import web_address
from newsletter.ingest.page_blocks import blocks_of
from newsletter.ingest.page_head import FIRST_YEAR, LANGUAGE_TAG

MOST_DATE_CHARS = 80
MOST_TITLE_CHARS = 500
MOST_SUMMARY_CHARS = 2_000
MOST_RAW_CHARS = 20_000  # of a field that is text, before its markup is taken away

# Names beside those of RFC 822 section 5.1 that mean one offset, in minutes.
_ZONES = {"BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180}
_ZONE_NAME = re.compile(r"\b([A-Z]{3,4})\s*$")
# A year that the library would take for one of this century.
_NO_YEAR = re.compile(r"(?:^|[A-Za-z][ -])0\d{3}\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):")

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})(?:[\s/][^<>]{0,2000})?>|<!--[^<>]{0,2000}-->")
_CUT_TAG = re.compile(r"<[^<>]{0,2000}$|&[^;&\s]{0,40}$")
# In a title that is said to be plain text: markup all the same, put there by mistake.
_MISTAKEN = re.compile(r"</[A-Za-z]|&(?!lt;|gt;)#?[A-Za-z0-9]{2,31};")
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s"}
    | {"small", "span", "strong", "u"}
)
_WIDE_SPACES = re.compile("[ \u00a0]{2,}")
# What programs put under every summary.
_FOOTER = re.compile(
    r"\s*(?:The post .{1,400}? (?:appeared first on|first appeared on) .{1,120}"
    r"|Continue reading\b.{0,200}"
    "|Read (?:more|on|the full (?:article|story))"
    "(?: ?(?:\u2026|[.]{3}|\u2192|\u00bb|>{1,2}))?)$"
)
_TRAILING = re.compile(r"\s*(?:\[(?:\u2026|\.\.\.|&hellip;)\]|\(\u2026\))$")


def moment(text: str, *, now: datetime) -> str:
    """Return a date (ISO 8601 or RFC 822) as RFC 3339, or as a day where no more is stated.

    "" before 1990 or more than a day after now. Without a zone it is taken for UTC.
    """
    stated = text.strip()[:MOST_DATE_CHARS]
    found = _read_date(stated)
    if found is None or found.year < FIRST_YEAR or found > now + timedelta(days=1):
        return ""
    return stated if _DAY.fullmatch(stated) else found.replace(microsecond=0).isoformat()


def _read_date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        parts = parsedate_tz(text)
        if parts is None or _NO_YEAR.search(text):
            return None
        named = _ZONE_NAME.search(text)
        offset = 60 * _ZONES[named[1]] if named and named[1] in _ZONES else parts[9] or 0
        day = date(*parts[:3])
        return datetime(
            *(day.year, day.month, day.day, parts[3], parts[4], min(parts[5], 59)),
            tzinfo=timezone(timedelta(seconds=offset)),
        )
    except (ValueError, IndexError, TypeError, OverflowError):  # odd input makes the library fall
        return None


def title_text(value: str, *, is_literal: bool = False) -> str:
    """Return a title on one line, without tags unless is_literal (RFC 4287 section 3.1.1.1)."""
    text = value if len(value) <= MOST_RAW_CHARS else _CUT_TAG.sub("", value[:MOST_RAW_CHARS])
    if not is_literal or _MISTAKEN.search(text):
        text = html.unescape(_TAG.sub(_without_tag, text))
    return _WIDE_SPACES.sub(" ", clean_line(text))[:MOST_TITLE_CHARS].strip(" \u00a0")


def _without_tag(found: re.Match[str]) -> str:
    name = (found[2] or "").casefold()
    if not name or name in _INLINE:
        return ""
    if found[1] or name in defs.tags or name in {"svg", "math"}:
        return "" if name == "img" else " "
    return found[0]  # "<placeholder>"


def plain_text(markup: str) -> str:
    """Return the words of HTML on one line, at most MOST_SUMMARY_CHARS, cut at a word."""
    source = markup[:MOST_RAW_CHARS]
    text = clean_line(html.unescape(source)) if "<" not in source else _words(source)
    text = _TRAILING.sub("\u2026", _FOOTER.sub("", text[: 2 * MOST_SUMMARY_CHARS]))
    if len(text) <= MOST_SUMMARY_CHARS:
        return text
    return text[:MOST_SUMMARY_CHARS].rpartition(" ")[0] + "\u2026"


def _words(markup: str) -> str:
    encoded = f"<html><body>{markup}</body></html>".encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(encoded, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return ""
    return " ".join(block.text for block in blocks_of(tree))


def paragraphs_of(text: str) -> str:
    """Return plain text as HTML, a paragraph for each line that is not blank."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def link_address(value: str, *, base: str) -> str:
    """Return an absolute http or https address, "" for what is none; a disguised scheme is."""
    text = value.strip()
    if not text or len(text) > MOST_TITLE_CHARS * 4 or has_other_scheme(text):
        return ""
    try:
        return web_address(urljoin(base, text.replace(" ", "%20")))
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
