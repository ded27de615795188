"""Quoted-printable (RFC 2045 section 6.7) of text that is cut at slots before it is encoded.

Around each slot stands a soft line break, so that a value begins and ends its own line and no
value can push a line past 76 octets. No line begins with "." (DATA needs no second pass) or with
"From " (mailbox files would mangle it).
"""

import re
from collections.abc import Sequence

LINE_OCTETS = 75  # before the "=" of a soft line break: 76 with it (RFC 2045 section 6.7 rule 5)
SOFT_BREAK = b"=\r\n"

_UNSAFE = re.compile(rb"[^ -<>-~]")
_ESCAPES = tuple(b"=%02X" % octet for octet in range(256))
_LINE_END = re.compile("\r\n|\r|\n")
_CONTINUATION = re.compile(rb"=[89AB][0-9A-F]")  # a later octet of one UTF-8 character


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
    return b"\r\n".join(_encode_line(line, hard_end=True) for line in _LINE_END.split(text))


def fold_plain(octets: bytes) -> bytes:
    """Break octets that need no encoding, only line breaks; the first is not a dot."""
    if len(octets) <= LINE_OCTETS:
        return octets
    if len(octets) <= 2 * LINE_OCTETS:
        folded = octets[:LINE_OCTETS] + SOFT_BREAK + octets[LINE_OCTETS:]
    else:
        starts = range(0, len(octets), LINE_OCTETS)
        folded = SOFT_BREAK.join([octets[start : start + LINE_OCTETS] for start in starts])
    if b"\n." in folded or b"\nFrom " in folded:
        return SOFT_BREAK.join(_fold(octets))
    return folded


def _encode_piece(piece: str, *, after_slot: bool, at_slot: bool) -> bytes:
    if after_slot and not piece:  # one break between two slots; none may end a part
        return SOFT_BREAK if at_slot else b""
    lines = _LINE_END.split(piece)
    last = len(lines) - 1
    encoded = b"\r\n".join(
        _encode_line(line, hard_end=not (at_slot and index == last))
        for index, line in enumerate(lines)
    )
    begun = SOFT_BREAK if after_slot else b""
    ended = SOFT_BREAK if at_slot and lines[last] else b""
    return begun + encoded + ended


def _encode_line(line: str, *, hard_end: bool) -> bytes:
    octets = _UNSAFE.sub(_escape, line.encode("utf-8", "replace"))
    if hard_end and octets.endswith(b" "):  # transports may drop white space at a line's end
        octets = octets[:-1] + b"=20"
    return SOFT_BREAK.join(_fold(octets))


def _escape(match: re.Match[bytes]) -> bytes:
    return _ESCAPES[match[0][0]]


def _fold(octets: bytes) -> list[bytes]:
    lines: list[bytes] = []
    start = 0
    while True:
        head = b""
        if octets.startswith((b".", b"From "), start):
            head = _ESCAPES[octets[start]]
            start += 1
        end = start + LINE_OCTETS - len(head)
        if end >= len(octets):
            lines.append(head + octets[start:])
            return lines
        end = _before_escape(octets, start, end)
        lines.append(head + octets[start:end])
        start = end


def _before_escape(octets: bytes, start: int, end: int) -> int:
    """Move end back so that it splits neither an escape nor, where it can, a character."""
    equals = octets.rfind(b"=", max(start, end - 2), end)
    whole = equals if equals >= 0 else end
    character = whole
    while character - 3 > start and _CONTINUATION.match(octets, character):
        character -= 3
    return character
