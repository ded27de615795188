"""A web server on loopback: it sends bytes as scripted and remembers what it was asked."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; header names are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes = field(repr=False)


Script = Callable[[Asked, "Wire"], None]


@dataclass(frozen=True, slots=True)
class Wire:
    """The server's end of one connection."""

    sock: socket.socket
    over: threading.Event

    def send(self, data: bytes) -> bool:
        """Send; False when the other side is gone."""
        try:
            self.sock.sendall(data)
        except OSError:
            return False
        return True

    def drip(self, data: bytes, *, every_s: float) -> None:
        """Send byte by byte until the other side or the test is done."""
        for at in range(len(data)):
            if self.over.wait(every_s) or not self.send(data[at : at + 1]):
                return


class WebPeer:
    """Answers by path (without the query); what has no script is 404."""

    def __init__(self, *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.scripts: dict[str, Script | bytes] = {"/robots.txt": NO_ROBOTS}
        self.asked: list[Asked] = []
        self.connections = 0
        self._context = context
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=64)
        self.host = host
        self.port: int = self._listener.getsockname()[1]

    @property
    def entry(self) -> str:
        """What allow_local needs to name."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def url(self, target: str = "/feed") -> str:
        """An address of this server."""
        return f"http{'s' if self._context else ''}://{self.entry}{target}"

    def targets(self, *, robots: bool = False) -> list[str]:
        """What was asked for, in order."""
        return [each.target for each in self.asked if robots or each.target != "/robots.txt"]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, accepted)

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(10)
        with accepted:
            try:
                served = (
                    self._context.wrap_socket(accepted, server_side=True)
                    if self._context
                    else accepted
                )
            except OSError:
                return
            with served, suppress(OSError):
                asked = _read_request(served)
                if asked is None:
                    return
                self.asked.append(asked)
                script = self.scripts.get(asked.target.partition("?")[0], MISSING)
                wire = Wire(served, self._over)
                if isinstance(script, bytes):
                    wire.send(script)
                else:
                    script(asked, wire)


def answer(
    body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    """Write a whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def leads_to(location: str, status: str = "302 Found") -> bytes:
    """Write a redirect."""
    return answer(b"moved", status, {"Location": location})


@contextmanager
def peer(**scripts: Script | bytes) -> Iterator[WebPeer]:
    """Run a server; each keyword is a path without its slash."""
    with WebPeer() as running:
        running.scripts |= {f"/{name}": script for name, script in scripts.items()}
        yield running


def _read_request(sock: socket.socket) -> Asked | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = sock.recv(65_536)
        if not piece:
            return None
        raw += piece
    lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return Asked(
        method=method,
        target=target,
        headers={name.lower(): value for name, value in headers.items()},
        raw=raw,
    )
