"""Bytes as text, and text without control characters."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress

from newsletter.errors import UserError
from newsletter.model import text as model_text

MOST_TEXT_BYTES = 1_000_000
MOST_PAGE_BYTES = 3_000_000
MOST_FEED_BYTES = 5_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{1,40})"""
    rb"""|<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_WITHIN = 4096
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
MOST_HEADER_CHARS = 200
# What pages that say these names are in fact written in (WHATWG Encoding Standard, section 4.2).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
# The wide ones have a mark; the others are no encodings of text on the web.
_NEVER = frozenset(
    {"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "hz"}
    | {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "charmap"}
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01


def decode_text(raw: bytes, *, shown: str) -> str:
    """Decode a plain text file: UTF-8, or as its byte order mark says; else UserError."""
    if len(raw) > MOST_TEXT_BYTES:
        raise UserError(f"{shown}: it is larger than 1 MB, too large for an article's text")
    try:
        text = _by_mark(raw) or raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{shown}: it is not UTF-8 text (byte {error.start + 1})", hint="save it as UTF-8"
        ) from error
    if _is_binary(text):
        raise UserError(f"{shown}: it is not a text file")
    text = text.replace("\0", "")
    if not text.strip():
        raise UserError(f"{shown}: it is empty")
    return text


def decode_page(
    raw: bytes,
    *,
    detect: Callable[[bytes], Iterable[str]],
    header: str = "",
    noun: str = "a web page",
) -> str:
    """Decode a page or a feed; detect gives guesses for bytes that are not what they say they are.

    header is the Content-Type that came with it, whose charset goes before what the bytes declare;
    noun is what it should be, for the error. Raises ValueError where it is no text at all.
    """
    text = _by_mark(raw, errors="replace")
    if text is None:
        found = _CHARSET.search(header[:MOST_HEADER_CHARS])
        said = [_known(found[1]) if found else "", _declared_encoding(raw)]
        # What is valid UTF-8 is UTF-8: pages that say Latin-1 and are not are common, the reverse
        # none.
        names = ("utf-8", *said) if not raw.isascii() else (*said, "utf-8")
        text = _first_that_fits(raw, names)
        if text is None:
            text = _first_that_fits(raw, map(_known, detect(raw)))
        if text is None:
            text = raw.decode("cp1252", errors="replace")
    if _is_binary(text):
        msg = f"it is not {noun} but something binary"
        raise ValueError(msg)
    return text.replace("\0", "")


def _first_that_fits(raw: bytes, names: Iterable[str]) -> str | None:
    for name in filter(None, names):
        with suppress(UnicodeDecodeError):
            return raw.decode(name)
    return None


def _by_mark(raw: bytes, *, errors: str = "strict") -> str | None:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, errors=errors)
    return None


def _declared_encoding(raw: bytes) -> str:
    found = _DECLARED.search(raw[:_DECLARATION_WITHIN])
    return _known((found[1] or found[2]).decode("ascii")) if found else ""


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label).name
        b"<a".decode(name)  # codecs that are none of text, such as "hex", raise for bytes alone
    except (LookupError, ValueError):
        return ""
    return "" if name in _NEVER else _MEANT.get(name, name)


def _is_binary(text: str) -> bool:
    return len(_CONTROLS.findall(text)) > max(3, _MOST_CONTROLS * len(text))


_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_DROPPED = re.compile("[\u00ad\ud800-\udfff]")  # soft hyphens, surrogates
_SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Return the text on one line as model.text does, soft hyphens gone."""
    return model_text.clean_line(_BREAKS.sub(" ", _DROPPED.sub("", text)))


def normal(text: str) -> str:
    """Return the form in which two paragraphs are compared: NFKC, casefolded, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words_of(text: str) -> list[str]:
    """Return the words as separated by white space."""
    return text.split()
