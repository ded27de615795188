"""Header fields as bytes: folding (RFC 5322 section 2.2.3) and encoded words (RFC 2047).

Everything that comes from outside passes here and nowhere else. `email.message.EmailMessage` writes
no header of ours: it turns an encoded word that holds CRLF into a real line break.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import format_datetime

from newsletter.model.address import Address, Mailbox

LINE = 76  # a line with an encoded word holds at most 76 bytes (RFC 2047 section 2)
ENCODED_WORD = 75

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PRINTABLE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ADDRESS = re.compile(
    r"[^\x00-\x20\x7f-\xa0()<>@,;:\\\".\[\]\u2028\u2029\ud800-\udfff]+"
    r"(?:\.[^\x00-\x20\x7f-\xa0()<>@,;:\\\".\[\]\u2028\u2029\ud800-\udfff]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
)
_Q_UNSAFE = re.compile(rb"[^A-Za-z0-9!*+/ -]")  # in a phrase (RFC 2047 section 5, rule 3)
_WORD_FRAME = len("=?utf-8?q??=")
_QUOTED_NAME = 60  # a longer name is folded, and encoded words fold anywhere
_DECODINGS = 3  # a client that decodes twice must not find what one that decodes once does not
_SENDER_ID = re.compile(r"[^a-z0-9]+")
_FIELD = re.compile(r"[^A-Za-z0-9._-]+")


def refuse_controls(text: str) -> None:
    """Raise ValueError for a control character, raw or inside an encoded word.

    C0, DEL, C1, U+2028 and U+2029; also what charsets such as UTF-7 spell without one.
    """
    for _ in range(_DECODINGS + 1):
        if _CONTROLS.search(text):
            msg = "a header value holds a control character or a line break"
            raise ValueError(msg)
        if "=?" not in text:
            return
        decoded = decode_text(text)
        if decoded == text:
            return
        text = decoded


def unstructured(name: str, text: str) -> bytes:
    """Write one field of free text, such as Subject, up to CRLF; ValueError for controls."""
    refuse_controls(text)
    folded = _fold_words(text, len(name) + 2) if _stands_as_typed(text) else None
    return field(name, folded or encoded_words(text, len(name) + 2))


def field(name: str, value: str) -> bytes:
    """Write one field whose value is already in wire form."""
    return f"{name}: {value}\r\n".encode()


def mailbox(name: str, address: str, *, start: int) -> str:
    """Write one mailbox from column start on; ValueError for controls or a bad address."""
    if not _ADDRESS.fullmatch(address):
        msg = "the address of a mailbox is not one plain address"
        raise ValueError(msg)
    words = phrase(name, start=start)
    if not words:
        return address
    return _with_brackets(words, f"<{address}>", start)


def mailbox_of(sender: Mailbox, *, start: int) -> str:
    """Write a Mailbox value as `mailbox` does."""
    return mailbox(sender.name, sender.address.spec, start=start)


def phrase(text: str, *, start: int) -> str:
    """Write a display name: bare atoms, one quoted string, or encoded words for all of it."""
    refuse_controls(text)
    text = text.strip(" ")
    if len(text) > _QUOTED_NAME or not _PRINTABLE.fullmatch(text) or "=?" in text:
        return encoded_words(text, start)
    if not text or _ATOMS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def encoded_words(text: str, start: int) -> str:
    """Encode all of a text, each word at most 75 bytes and never cutting a character."""
    utf8 = text.encode("utf-8")
    unsafe = len(_Q_UNSAFE.findall(utf8))
    as_q = len(utf8) + 2 * unsafe <= (len(utf8) + 2) // 3 * 4
    room = max(min(ENCODED_WORD, LINE - start), 24) - _WORD_FRAME
    if (len(utf8) + 2 * unsafe if as_q else (len(utf8) + 2) // 3 * 4) <= room:
        return _encoded_word(utf8, as_q=as_q)
    words: list[str] = []
    piece, used = b"", 0
    for char in text:
        data = char.encode("utf-8")
        size = len(data) + 2 * len(_Q_UNSAFE.findall(data)) if as_q else len(data)
        if used + size > (room if as_q else room // 4 * 3):
            words.append(_encoded_word(piece, as_q=as_q))
            room = ENCODED_WORD - _WORD_FRAME
            piece, used = b"", 0
        piece += data
        used += size
    words.append(_encoded_word(piece, as_q=as_q))
    return "\r\n ".join(words)


def header_date(moment: datetime) -> str:
    """Write an aware moment as RFC 5322 section 3.3 does, with its offset."""
    return format_datetime(moment)


def list_id(list_name: str, title: str, domain: str) -> str:
    """Write List-Id (RFC 2919): the title, then an id under the sender's domain, ever the same."""
    label = _FIELD.sub("-", list_name).strip(".-_").lower() or "list"
    start = len("List-Id: ")
    return _with_brackets(phrase(title, start=start), f"<{label}.{domain}>", start)


def feedback_id(issue: str, list_name: str, publication: str, sender: Address) -> str:
    """Write Feedback-ID: issue:list:publication:SenderId, none of it about one person."""
    parts = (
        _FIELD.sub("-", part).strip("-")[:64] or "-" for part in (issue, list_name, publication)
    )
    return ":".join((*parts, sender_id(sender.domain)))


def sender_id(domain: str) -> str:
    """Return a stable id of 9 to 15 letters and digits for a sender's domain."""
    readable = _SENDER_ID.sub("", domain.lower())[:7] or "news"
    return readable + hashlib.sha256(domain.lower().encode()).hexdigest()[:8]


def _with_brackets(words: str, brackets: str, start: int) -> str:
    if not words:
        return brackets
    column = start + len(words) if "\n" not in words else len(words) - words.rindex("\n") - 1
    gap = " " if column + 1 + len(brackets) <= LINE else "\r\n "
    return f"{words}{gap}{brackets}"


def _stands_as_typed(text: str) -> bool:
    """Return whether a reader gets the same text back without any encoding."""
    return (
        bool(_PRINTABLE.fullmatch(text))
        and "=?" not in text
        and "  " not in text
        and text == text.strip(" ")
    )


def _fold_words(text: str, start: int) -> str | None:
    """Break at spaces to lines of 76; None where a word is longer than a line."""
    lines = [""]
    for word in text.split(" "):
        room = LINE - (start if len(lines) == 1 else 1)
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if len(joined) <= room:
            lines[-1] = joined
        elif lines[-1] and len(word) < LINE:
            lines.append(word)
        else:
            return None
    return "\r\n ".join(lines)


def _encoded_word(utf8: bytes, *, as_q: bool) -> str:
    if not as_q:
        return f"=?utf-8?b?{base64.b64encode(utf8).decode('ascii')}?="
    escaped = _Q_UNSAFE.sub(lambda match: b"=%02X" % match[0][0], utf8).replace(b" ", b"_")
    return f"=?utf-8?q?{escaped.decode('ascii')}?="


def decode_text(text: str) -> str:
    """Decode encoded words as generously as any client might."""
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    decoded = []
    for data, charset in parts:
        if isinstance(data, str):
            decoded.append(data)
            continue
        try:
            decoded.append(data.decode(charset or "latin-1"))
        except (LookupError, UnicodeError):
            decoded.append(data.decode("latin-1"))
    return "".join(decoded)


LINE_BYTES = 75  # before the "=" of a soft line break: 76 with it (RFC 2045 section 6.7 rule 5)
SOFT_BREAK = b"=\r\n"

_UNSAFE = re.compile(rb"[^ -~]")  # and "=", which is by far the most frequent
_ESCAPES = tuple(b"=%02X" % byte for byte in range(256))
_NO_BEGINNING = (b".", b"From ")
_CONTINUATION = re.compile(rb"=[89AB][0-9A-F]")  # a later byte of one UTF-8 character
# As many bytes as fit a line, which end neither inside an escape nor inside a character.
_LINE = re.compile(rb"(?s:.{1,%d})(?<!=)(?<!=[0-9A-F])(?!=[89AB][0-9A-F])" % LINE_BYTES)


def encode_pieces(pieces: Sequence[str]) -> tuple[bytes, ...]:
    """Encode the texts between the slots, so that any encoded value may stand between two results.

    Line ends become CRLF; the caller writes the CRLF that follows the last.
    """
    last = len(pieces) - 1
    return tuple(
        _encode_piece(piece, after_slot=index > 0, at_slot=index < last)
        for index, piece in enumerate(pieces)
    )


def encode_value(text: str) -> bytes:
    """Encode what stands between two soft line breaks; line ends become CRLF."""
    return b"\r\n".join(_encode_line(line, hard_end=True) for line in _lines(text))


def fold_plain(data: bytes) -> bytes:
    """Break bytes that need no encoding, only line breaks; the first is not a dot."""
    if len(data) <= LINE_BYTES:
        return data
    if len(data) <= 2 * LINE_BYTES:
        folded = data[:LINE_BYTES] + SOFT_BREAK + data[LINE_BYTES:]
    else:
        starts = range(0, len(data), LINE_BYTES)
        folded = SOFT_BREAK.join([data[start : start + LINE_BYTES] for start in starts])
    if b"\n." in folded or b"\nFrom " in folded:
        return SOFT_BREAK.join(_fold(data))
    return folded


def _lines(text: str) -> list[str]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def _encode_piece(piece: str, *, after_slot: bool, at_slot: bool) -> bytes:
    if after_slot and not piece:  # one break between two slots; none may end a part
        return SOFT_BREAK if at_slot else b""
    lines = _lines(piece)
    last = len(lines) - 1
    encoded = b"\r\n".join(
        _encode_line(line, hard_end=not (at_slot and index == last))
        for index, line in enumerate(lines)
    )
    begun = SOFT_BREAK if after_slot else b""
    ended = SOFT_BREAK if at_slot and lines[last] else b""
    return begun + encoded + ended


def _encode_line(line: str, *, hard_end: bool) -> bytes:
    data = line.encode("utf-8", "replace").replace(b"=", b"=3D")
    data = _UNSAFE.sub(_escape, data)
    if hard_end and data.endswith(b" "):  # transports may drop white space at a line's end
        data = data[:-1] + b"=20"
    return SOFT_BREAK.join(_fold(data))


def _escape(match: re.Match[bytes]) -> bytes:
    return _ESCAPES[match[0][0]]


def _fold(data: bytes) -> list[bytes]:
    lines: list[bytes] = []
    start, size = 0, len(data)
    while True:
        for found in _LINE.finditer(data, start):
            line = found[0]
            if line.startswith(_NO_BEGINNING):
                break
            lines.append(line)
            start += len(line)
        if start == size:
            return lines or [b""]
        head = _ESCAPES[data[start]]
        end = min(start + 1 + LINE_BYTES - len(head), size)
        if end < size:
            end = _before_escape(data, start + 1, end)
        lines.append(head + data[start + 1 : end])
        start = end


def _before_escape(data: bytes, start: int, end: int) -> int:
    """Move end back so that it splits neither an escape nor, where it can, a character."""
    equals = data.rfind(b"=", max(start, end - 2), end)
    whole = equals if equals >= 0 else end
    character = whole
    while character - 3 > start and _CONTINUATION.match(data, character):
        character -= 3
    return character
