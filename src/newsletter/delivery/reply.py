"""Reading a server's replies, bounded in length, lines and time; a hostile server gets no further.

After any fault here the connection must be closed: a late reply would answer the next command.
"""

import re
import socket
import ssl

from newsletter.clock import Clock
from newsletter.model.mailing import Reply

LONGEST_LINE = 4096  # bytes with the line end; RFC 5321 section 4.5.3.1.5 asks for 512
MOST_LINES = 100
LONGEST_TEXT = 2000  # characters of a reply's text that are kept

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|$)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ReplyFault(Exception):  # noqa: N818 (it is the server's, not ours)
    """No reply could be read; str() says why as part of a sentence."""


class ReplyReader:
    """Reads replies from one socket; what came too early stays in its buffer."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._sock = sock
        self._clock = clock
        self._buffer = bytearray()

    @property
    def has_bytes(self) -> bool:
        """Whether the server has said more than was read."""
        return bool(self._buffer)

    def read(self, timeout_s: float) -> Reply:
        """Read one whole reply within that time, however slowly its bytes drip.

        Raises:
            ReplyFault: closed, too slow, too long, or not SMTP.
        """
        return reply_of(*self.read_lines(timeout_s))

    def read_lines(self, timeout_s: float) -> tuple[int, list[bytes]]:
        """Read one whole reply as its code and the text bytes of each line."""
        deadline = self._clock.monotonic() + timeout_s
        texts: list[bytes] = []
        first_code = 0
        while True:
            line = self._line(deadline)
            match = _LINE.fullmatch(line)
            if match is None:
                msg = "it sent something that is no reply"
                raise ReplyFault(msg)
            code = int(match[1])
            first_code = first_code or code
            if code != first_code:
                msg = "it changed the code within a reply"
                raise ReplyFault(msg)
            texts.append(match[3] or b"")
            if match[2] != b"-":
                return code, texts
            if len(texts) >= MOST_LINES:
                msg = f"its reply ran past {MOST_LINES} lines"
                raise ReplyFault(msg)

    def silent(self) -> bool:
        """Return whether the server has said nothing beyond what was read, looking without waiting.

        Raises:
            ReplyFault: it closed the connection.
        """
        if not self._buffer:
            self._sock.settimeout(0)
            try:
                self._receive()
            except (BlockingIOError, ssl.SSLWantReadError):
                return True
            except OSError as error:
                raise ReplyFault(_why(error)) from error
        return not self._buffer

    def _line(self, deadline: float) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched, LONGEST_LINE)) < 0:
            if len(self._buffer) >= LONGEST_LINE:
                msg = f"its reply has a line of more than {LONGEST_LINE} bytes"
                raise ReplyFault(msg)
            searched = len(self._buffer)
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise ReplyFault(_TOO_SLOW)
            self._sock.settimeout(left)
            try:
                self._receive()
            except OSError as error:
                raise ReplyFault(_why(error)) from error
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _receive(self) -> None:
        data = self._sock.recv(LONGEST_LINE)
        if not data:
            msg = "it closed the connection"
            raise ReplyFault(msg)
        self._buffer += data


_TOO_SLOW = "it did not answer in time"


def _why(error: OSError) -> str:
    return _TOO_SLOW if isinstance(error, TimeoutError) else "the connection broke"


def reply_of(code: int, lines: list[bytes]) -> Reply:
    """Make the value of a reply: one line of text, without control characters, bounded."""
    texts = []
    enhanced = ""
    for number, line in enumerate(lines):
        text = line[:LONGEST_LINE].decode("utf-8", "replace")
        match = _ENHANCED.match(text)
        if match and match[1][0] == str(code // 100):
            if number == 0:
                enhanced = match[1]
            text = text[match.end() :]
        texts.append(_UNSEEN.sub(" ", text).strip())
    return Reply(code, " ".join(filter(None, texts))[:LONGEST_TEXT], enhanced)


def reply_text(reply: Reply) -> str:
    """Write a reply as a person reads it: "421 4.3.2 try later"."""
    return " ".join(filter(None, (str(reply.code), reply.enhanced, reply.text[:200])))
