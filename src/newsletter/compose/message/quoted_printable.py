"""Quoted-printable (RFC 2045 section 6.7) of text that is cut at slots before it is encoded.

Around each slot stands a soft line break, so that a value begins and ends its own line and no
value can push a line past 76 bytes. No line begins with "." (DATA needs no second pass) or with
"From " (mailbox files would mangle it).
"""

import re
from collections.abc import Sequence

LINE_BYTES = 75  # before the "=" of a soft line break: 76 with it (RFC 2045 section 6.7 rule 5)
SOFT_BREAK = b"=\r\n"

_UNSAFE = re.compile(rb"[^ -~]")  # and "=", which is by far the most frequent
_ESCAPES = tuple(b"=%02X" % byte for byte in range(256))
_NO_BEGINNING = (b".", b"From ")
_CONTINUATION = re.compile(rb"=[89AB][0-9A-F]")  # a later byte of one UTF-8 character
# As many bytes as fit a line, which end neither inside an escape nor inside a character.
_LINE = re.compile(rb"(?s:.{1,%d})(?<!=)(?<!=[0-9A-F])(?!=[89AB][0-9A-F])" % LINE_BYTES)


def encode_pieces(pieces: Sequence[str]) -> tuple[bytes, ...]:
    """Encode the texts between the slots; between two of the results any encoded value may stand.

    CRLF, CR and LF each become CRLF. The first piece begins, and the last ends, at a line border:
    the caller writes the CRLF that follows.
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
    """Split at CRLF, CR and LF."""
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
