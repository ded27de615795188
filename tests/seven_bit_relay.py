"""A mail server of 1982: no extension at all, seven bits, lines of 1000 bytes (RFC 821)."""

import socketserver
import threading
from types import TracebackType
from typing import Self

LONGEST_LINE = 1000  # bytes with CRLF (RFC 5321 section 4.5.3.1.6)


class SevenBitRelay:
    """Takes mail on a free port of loopback; messages holds what it took, dots unstuffed.

    strips: it takes any byte and clears its eighth bit. Else one above 127, or a longer line, is
    an error that it answers at once.
    """

    def __init__(self, *, strips: bool) -> None:
        self.messages: list[bytes] = []
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), _handler(self.messages, strips=strips)
        )
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="seven-bit")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(messages: list[bytes], *, strips: bool) -> type[socketserver.StreamRequestHandler]:
    class Dialogue(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 old.example")
            while line := self.line():
                verb = line[:4].upper()
                if verb == b"QUIT":
                    self.say("221 bye")
                    return
                if verb != b"DATA":
                    self.say("250 old.example")
                    continue
                self.say("354 go on")
                fault, content = "", b""
                while (line := self.line()) not in {b".\r\n", b""}:
                    fault = fault or fault_of(line)
                    content += line.removeprefix(b".")
                if not fault:
                    messages.append(content)
                self.say(f"554 {fault}" if fault else "250 taken")

        def line(self) -> bytes:
            read = self.rfile.readline()
            return bytes(byte & 0x7F for byte in read) if strips else read

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    return Dialogue


def fault_of(line: bytes) -> str:
    """What a server of seven bits has against a line of a message, "" for nothing."""
    if max(line) > 127:
        return "an byte above 127"
    if len(line) > LONGEST_LINE:
        return "a line of more than 1000 bytes"
    if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
        return "a bare CR or LF"
    return ""
