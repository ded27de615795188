"""S28: text that came through the wrong encoding, and markup that shows as typed."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import around
from newsletter.checks.written import ADDRESSES, Field
from newsletter.model.finding import Finding, Severity

GARBLED = "S28 garbled-text"

_AGAIN = "write the letters anew, or copy the text again from its source"
_TAKE_OUT = "take it out; only Markdown is markup here"
_MARKS = "close each mark right after a word, or put a backslash before it"
_UNREADABLE = re.compile(r"\ufffd|[\ue000-\uf8ff]|[\x80-\x9f]")
# UTF-8 read as Windows-1252: the first byte of a sequence, and what the bytes after it look like.
_NEXT = (
    "\u00a1-\u00bf\u20ac\u0192\u2020\u2021\u02c6\u2030\u0152\u017d\u02dc\u2122\u0161\u0153\u017e"
)
_NEXT_MARK = "\u2018-\u201e\u2013\u2014\u2026\u2022\u2039\u203a"  # after a capital letter by right
_MISREAD = re.compile(
    rf"\u00e2\u20ac|\u00f0\u0178|\u00ef\u00bf\u00bd|[\u00c2\u00c3](?:[{_NEXT}]|[{_NEXT_MARK}](?=[a-z]))"
    rf"|(?<=[a-z\u00df-\u00ff])\u00c3 (?=[a-z ]|$)|\u00c2 (?=[£€§©®°])"
    rf"|(?:[\u00c4\u00c5\u00d0\u00d1\u00d8\u00d9][{_NEXT}{_NEXT_MARK}]){{2}}"
)
_LOST_APOSTROPHE = re.compile(r"(?<=[^\W\d_])\?(?:s|t|re|ve|ll)(?![\w'\u2019])")
_UNSEEN = re.compile(r"[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TABLE = re.compile(r"^\|.*\|\s*$", re.MULTILINE)
_SPACED_LINK = re.compile(r"\[[^\[\]\n]{1,200}\] \(https?://")
_MARKDOWN = re.compile(
    r"\[[^\[\]\n]{1,200}\]\(|\]\((?:https?:|\s?$)|!\[[^\]\n]{0,200}\]"
    r"|(?<![*\w])\*\*(?![*\s])(?=\S)|(?<!\*)\*\* [^*\n]{1,200}\*\*|(?<=\w)\*\*(?!\*)(?=\s|$)"
    r"|(?<![\w_])__(?=\w)[^_\n]{1,200}__|(?<!\*)\* \*\w|\w\* \*(?!\*)|~~[^~\n]{1,200}~~"
    r"|^#{1,6}(?: \S|$|[A-Z][a-z]+ \w)|```|^:::|\[[^\[\]()\n]{1,200}\(https?://"
    r"|^\*{1,3}(?=\w)[^*\n]{1,60}\*?$|(?<=\s)\*{2,3}(?=\w)",
    re.MULTILINE,
)
_TYPED = (
    (
        re.compile(
            r"<!--|</?(?:a|b|blockquote|br|center|code|div|em|figure|font|h[1-6]|hr|html|i|iframe"
            r"|img|li|mj-[a-z-]{1,20}|o:p|ol|p|pre|script|section|small|span|strong|style|sub|sup"
            r"|table|td|th|tr|u|ul|video)(?:\s[^<>\n]{0,300})?\s?/?>|<(?:a href|img src|br)\b",
            re.IGNORECASE,
        ),
        "shows a tag of HTML as typed",
        _TAKE_OUT,
    ),
    (_TABLE, "shows a table as typed", "tables are not available; write lines or a list"),
    (_SPACED_LINK, "shows a link as typed", "take out the space between ] and ("),
    (_MARKDOWN, "shows marks of Markdown", _MARKS),
    (
        re.compile(r"\{[a-z][a-z_-]{1,30}=[^{}\n]{0,200}\}"),
        "shows a {…} line as typed",
        "write it right below the headline, before all else",
    ),
    (
        re.compile(r"\\[nrt](?![\w\\])|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"),
        "shows an escape as typed",
        "write the character itself",
    ),
    (
        re.compile(r"(?:=[0-9A-F]{2}){2}|(?:%[0-9A-Fa-f]{2}){2}|(?<=[a-z])%20(?=[a-z])"),
        "shows coded bytes in the place of a character",
        _AGAIN,
    ),
    (
        re.compile(r"\[/?(?:caption|embed|gallery|video|audio|youtube|tweet)(?:[ =][^\]\n]*)?\]"),
        "shows a shortcode of a site's own program",
        _TAKE_OUT,
    ),
)
_ONE_STAR = re.compile(r"(?<![\w*])[*_](?=\w)[^*_\n]{1,120}(?<=\w)[*_](?![\w*])")
_PLAIN = frozenset({Field.SUBJECT, Field.PREHEADER, Field.KICKER, Field.BYLINE, Field.ALT})
_Fault = tuple[str, int, str, str]  # what was found, where, message, remedy


def garbled_text(request: CheckRequest) -> Iterator[Finding]:
    """S28: readers see letters and no markup, in every field; the first fault of each is told."""
    for one in request.written:
        if one.field in ADDRESSES:
            continue
        fault = _fault(one.field, one.text)
        if fault is None:
            continue
        what, at, message, remedy = fault
        yield request.finding(
            GARBLED,
            one.line + one.text.count("\n", 0, at),
            f"{one.field} {message}",
            seen=around(one.text, at, len(what)),
            remedy=remedy,
            severity=Severity.WARNING if _UNSEEN.fullmatch(what) else Severity.ERROR,
            file=one.file,
        )
    for line, char in request.issue.unseen:
        yield request.finding(
            GARBLED,
            line,
            f"an unseen character (U+{ord(char):04X}) is left out of this line",
            seen=unicodedata.name(char, "a noncharacter"),
            remedy="type the words around it again; it came with a copied text",
        )


@lru_cache(maxsize=1024)  # most fields are the same from one check of an issue to the next
def _fault(field: Field, text: str) -> _Fault | None:
    return next(_faults(field, text), None)


def _faults(field: Field, text: str) -> Iterator[_Fault]:
    if hit := _UNREADABLE.search(text):
        yield hit[0], hit.start(), "has a character that shows as a box", _AGAIN
    if hit := _MISREAD.search(text):
        yield hit[0], hit.start(), "came through the wrong encoding", _AGAIN
    if hit := _LOST_APOSTROPHE.search(text):
        yield hit[0], hit.start(), "has a question mark in the place of an apostrophe", _AGAIN
    for hit in _ENTITY.finditer(text):
        if unescape(hit[0]) != hit[0]:
            yield hit[0], hit.start(), "shows an entity of HTML", "write the character itself"
    for pattern, message, remedy in _TYPED:
        if hit := pattern.search(text):
            yield hit[0], hit.start(), message, remedy
    if field in _PLAIN and (hit := _ONE_STAR.search(text)):
        yield hit[0], hit.start(), "shows marks of Markdown", "take the marks out"
    if hit := _UNSEEN.search(text):
        message = f"has an unseen character (U+{ord(hit[0]):04X})"
        yield hit[0], hit.start(), message, "type the words around it again"
