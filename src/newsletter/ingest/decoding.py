"""Bytes as text, and text without control characters."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable

from newsletter.errors import UserError
from newsletter.model import text as model_text

MOST_TEXT_BYTES = 1_000_000
MOST_PAGE_BYTES = 3_000_000
MOST_FEED_BYTES = 5_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
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
# The wide ones are told by their NULs; the last ones are no encodings of text on the web.
_NEVER = frozenset(
    {"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
    | {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
    | {"charmap", "hz"}
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_SAMPLE = 2048
_CONTROL_BYTES = bytes({*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F})
_NON_ASCII = bytes(range(0x80, 0x100))


def decode_text(raw: bytes, *, shown: str) -> str:
    """Decode a plain text file: UTF-8, or what its byte order mark says; NULs are removed.

    Raises:
        UserError: where it is too large, empty, not text, or in another encoding.
    """
    if len(raw) > MOST_TEXT_BYTES:
        raise UserError(f"{shown}: it is larger than 1 MB, too large for an article's text")
    try:
        text = _by_mark(raw)
        if text is None:
            text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _looks_binary(raw):
            raise UserError(f"{shown}: it is not a text file") from error
        raise UserError(
            f"{shown}: it is not UTF-8 text (byte {error.start + 1})", hint="save it as UTF-8"
        ) from error
    if _has_many_controls(text):
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

    Args:
        raw: its bytes.
        detect: gives names of encodings, the likeliest first.
        header: the Content-Type that came with it, "" without one; its charset goes before what
            the bytes themselves declare.
        noun: what it should be, for the error.

    Raises:
        ValueError: where it is not text at all, in no encoding we can tell.
    """
    marked = _by_mark(raw, errors="replace")
    try:
        text = marked if marked is not None else _decode_unmarked(raw, detect, header=header)
    except _NotText:
        text = None
    if text is None or _has_many_controls(text):
        msg = f"it is not {noun} but something binary"
        raise ValueError(msg)
    return text.replace("\0", "")


class _NotText(Exception):  # noqa: N818 (named for what was found)
    pass


def _decode_unmarked(raw: bytes, detect: Callable[[bytes], Iterable[str]], *, header: str) -> str:
    wide = _wide_encoding(raw)
    if wide:
        return raw.decode(wide, errors="replace")
    found = _CHARSET.search(header[:MOST_HEADER_CHARS])
    said = [_known(found[1]) if found else "", _declared_encoding(raw)]
    # What is valid UTF-8 is UTF-8: pages that say Latin-1 and are not are common, the reverse none.
    for name in ("utf-8", *said) if not raw.isascii() else (*said, "utf-8"):
        if name:
            try:
                return raw.decode(name)
            except UnicodeDecodeError:
                continue
    if _looks_binary(raw):
        raise _NotText
    if "utf-8" in said and _is_nearly_utf8(raw):
        return raw.decode("utf-8", errors="replace")  # a few broken bytes, not another encoding
    for guess in detect(raw):
        name = _known(guess)
        if name:
            try:
                return raw.decode(name)
            except UnicodeDecodeError:
                continue
    return raw.decode("cp1252", errors="replace")


def _by_mark(raw: bytes, *, errors: str = "strict") -> str | None:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, errors=errors)
    return None


def _declared_encoding(raw: bytes) -> str:
    found = _DECLARED.search(raw[:_DECLARATION_WITHIN])
    return _known((found[1] or found[2]).decode("ascii")) if found else ""


def _known(label: str) -> str:
    """Return the codec that a label means, or "" for one we do not read (UTF-7 never)."""
    try:
        name = codecs.lookup(label).name
        b"<a".decode(name)  # codecs that are none of text, such as "hex", raise for bytes alone
    except (LookupError, ValueError):
        return ""
    return "" if name in _NEVER else _MEANT.get(name, name)


def _wide_encoding(raw: bytes) -> str:
    """Tell UTF-16 without a mark by where its NULs stand in the ASCII of the tags."""
    sample = raw[:_SAMPLE]
    half = len(sample) // 2
    if sample.count(0) < 0.3 * len(sample):
        return ""
    if sample[1::2].count(0) > 0.6 * half > 3 * sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > 0.6 * half > 3 * sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _looks_binary(raw: bytes) -> bool:
    sample = raw[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, delete=_CONTROL_BYTES))
    return controls > max(3, _MOST_CONTROLS * len(sample))


def _has_many_controls(text: str) -> bool:
    return len(_CONTROLS.findall(text)) > max(3, _MOST_CONTROLS * len(text))


def _is_nearly_utf8(raw: bytes) -> bool:
    bad = raw.decode("utf-8", errors="replace").count("\ufffd")
    others = len(raw) - len(raw.translate(None, delete=_NON_ASCII))
    return bad * 10 < others


_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_DROPPED = re.compile("[\u00ad\ud800-\udfff]")  # soft hyphens, surrogates
_SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Return the text on one line as model.plain does; what breaks a line is a space.

    Soft hyphens go: they are the source's advice for its own columns, and part words in a search.
    """
    return model_text.clean_line(_BREAKS.sub(" ", _DROPPED.sub("", text)))


def normal(text: str) -> str:
    """Return the form in which two paragraphs are compared: NFKC, casefolded, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words_of(text: str) -> list[str]:
    """Return the words as separated by white space."""
    return text.split()
