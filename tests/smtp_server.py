"""A real SMTP server on loopback that replies, stalls or cuts where a test tells it to.

An accepted message is in its record, on the disk, before its 250 is written: the record is what the
world has, whatever becomes of the sender. Rules are tried in order; the first that fits acts.
"""

import contextlib
import hashlib
import json
import os
import socket
import ssl
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

FEATURES = ("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8")


@dataclass
class Rule:
    """What happens at a step: connect, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, DOT, RSET.

    do: "reply" (text instead of the usual one), "cut" (close; at DOT after recording), "reset"
    (RST), "stall" (say nothing), "lose" (at DOT: close without recording), "drip" (the usual reply
    byte by byte), "half" (shut down our writing side). first skips that many fits, times is how
    often it acts (0: always), match a part of the line or, at BODY and DOT, of the recipient;
    at_byte: bytes of content read before a BODY rule acts. drop: close after the reply.
    """

    at: str
    do: str = "reply"
    text: str = ""
    match: str = ""
    first: int = 0
    times: int = 1
    at_byte: int = 0
    drop: bool = False
    pause_s: float = 0.0
    seen: int = 0
    used: int = 0


@dataclass
class Wire:
    """All that one connection said."""

    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    secured: bool = False


class Gone(Exception):  # noqa: N818 (named for what happened)
    """The connection is over."""


class ScriptedServer:
    def __init__(
        self,
        record: Path,
        rules: Sequence[Rule] = (),
        *,
        features: Sequence[str] = FEATURES,
        context: ssl.SSLContext | None = None,
        tls_from_start: bool = False,
        port: int = 0,
        fsync: bool = True,
    ) -> None:
        self.record = record
        self.rules = list(rules)
        self.features = tuple(features)
        self.wires: list[Wire] = []
        self.context = context
        self.tls_from_start = tls_from_start
        self._fsync = fsync
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]
        self._file = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._accepting = threading.Thread(target=self._accept, name="smtp-accept")

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._accepting.join()
        self._listener.close()
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        os.close(self._file)

    def accepted(self) -> list[dict[str, str]]:
        """Read what was taken, from the disk."""
        return read_record(self.record)

    def commands(self) -> list[str]:
        return [command for wire in self.wires for command in wire.commands]

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(sock,), name="smtp-connection")
            with self._lock:
                self._threads = [t for t in self._threads if t.is_alive()]
                self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire()
        with self._lock:
            self.wires.append(wire)
        dialogue = _Dialogue(self, sock, wire)
        try:
            dialogue.run()
        except (Gone, OSError):
            pass
        finally:
            self.forget(dialogue.sock)
            dialogue.sock.close()

    def remember(self, sock: socket.socket) -> None:
        with self._lock:
            self._sockets.add(sock)
        if self.closing.is_set():
            raise Gone

    def forget(self, sock: socket.socket) -> None:
        with self._lock:
            self._sockets.discard(sock)

    def rule(self, at: str, line: str) -> Rule | None:
        with self._lock:
            for rule in self.rules:
                if rule.at != at or rule.match not in line:
                    continue
                rule.seen += 1
                if rule.seen > rule.first and (rule.times == 0 or rule.used < rule.times):
                    rule.used += 1
                    return rule
        return None

    def store(self, sender: str, recipients: list[str], content: bytes) -> None:
        head = content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
        entry = {
            "from": sender,
            "to": ",".join(recipients),
            "sha256": hashlib.sha256(content).hexdigest(),
            "head": head,
        }
        data = json.dumps(entry).encode() + b"\n"
        with self._lock:
            os.write(self._file, data)
            if self._fsync:
                os.fsync(self._file)

    def stall(self) -> None:
        """Say nothing until the test is over."""
        self.closing.wait()
        raise Gone


class _Dialogue:
    def __init__(self, server: ScriptedServer, sock: socket.socket, wire: Wire) -> None:
        self.server = server
        self.sock = sock
        self.wire = wire
        self.buffer = bytearray()
        server.remember(sock)

    def run(self) -> None:  # noqa: C901, PLR0912 (one case a command)
        if self.server.tls_from_start:
            self._secure()
        self._answer("connect", "", "220 scripted.example ESMTP")
        sender, recipients = None, list[str]()
        while True:
            line = self._line()
            self.wire.commands.append(line)
            verb = line.split(" ", 1)[0].split(":", 1)[0].upper()
            match verb:
                case "EHLO":
                    *lines, last = ("scripted.example", *self.server.features)
                    replies = [*(f"250-{text}" for text in lines), f"250 {last}"]
                    self._answer("EHLO", line, "\r\n".join(replies))
                case "STARTTLS":
                    if self._answer("STARTTLS", line, "220 2.0.0 go on") == 220:
                        self._secure()
                case "AUTH":
                    self._answer("AUTH", line, "235 2.7.0 welcome")
                case "MAIL":
                    if sender is not None:
                        self.wire.violations.append("a MAIL within a transaction")
                        self._send("503 5.5.1 nested MAIL command")
                    elif self._answer("MAIL", line, "250 2.1.0 fine"):
                        sender, recipients = line[len("MAIL FROM:") :].split(">")[0].strip("<"), []
                case "RCPT":
                    if sender is None:
                        self._send("503 5.5.1 MAIL first")
                    elif self._answer("RCPT", line, "250 2.1.5 fine"):
                        recipients.append(line[len("RCPT TO:") :].split(">")[0].strip("<"))
                case "DATA":
                    usual = "354 go on" if recipients else "554 5.5.1 no valid recipients"
                    if self._answer("DATA", line, usual) == 354:
                        self._data(sender or "", recipients)
                        sender, recipients = None, []
                case "RSET":
                    sender, recipients = None, []
                    self._answer("RSET", line, "250 2.0.0 forgotten")
                case "QUIT":
                    self._answer("QUIT", line, "221 2.0.0 bye")
                    return
                case _:
                    self.wire.violations.append(f"unknown command {line!r}")
                    self._send("500 5.5.2 what?")

    def _data(self, sender: str, recipients: list[str]) -> None:
        who = ",".join(recipients)
        body_rule = self.server.rule("BODY", who)
        if body_rule:
            while len(self.buffer) < body_rule.at_byte:
                self._receive()
            self._do(body_rule, "")
        while (end := (b"\r\n" + self.buffer).find(b"\r\n.\r\n")) < 0:
            self._receive()
        raw = bytes(self.buffer[:end])
        del self.buffer[: end + 3]
        if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
            self.wire.violations.append("a bare CR or LF in the content")
        lines = raw.split(b"\r\n")
        if max(map(len, lines)) > 998:
            self.wire.violations.append("a line of more than 998 bytes")
        content = b"\r\n".join(line.removeprefix(b".") for line in lines)
        self.wire.contents.append(content)
        rule = self.server.rule("DOT", who)
        if rule and rule.do in {"lose", "reset"}:
            self._do(rule, "")
        if not recipients:
            self._send("554 5.5.1 to nobody" if rule is None else rule.text)
            return
        if rule is None or rule.do != "reply" or rule.text[:1] in {"", "2"}:
            self.server.store(sender, recipients, content)
        self._do(rule or Rule("DOT"), "250 2.0.0 taken")

    def _answer(self, at: str, line: str, usual: str) -> int:
        """Reply as scripted; give the code, or 0 where it is a refusal."""
        text = self._do(self.server.rule(at, line) or Rule(at), usual)
        code = int(text[:3]) if text[:3].isdigit() else 0
        return code if code < 400 else 0

    def _do(self, rule: Rule, usual: str) -> str:
        if rule.pause_s:
            self.server.closing.wait(rule.pause_s)
        match rule.do:
            case "cut" | "lose":
                raise Gone
            case "reset":
                linger = struct.pack("ii", 1, 0)
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                raise Gone
            case "stall":
                self.server.stall()
            case "half":
                self.sock.shutdown(socket.SHUT_WR)
                self.server.stall()
            case "drip":
                for byte in (rule.text or usual).encode() + b"\r\n":
                    self.sock.sendall(bytes((byte,)))
                    if rule.pause_s:
                        self.server.closing.wait(rule.pause_s)
                return rule.text or usual
            case _:
                pass
        text = rule.text or usual
        self._send(text)
        if rule.drop:
            raise Gone
        return text

    def _send(self, text: str) -> None:
        self.sock.sendall(text.encode("utf-8", "surrogateescape") + b"\r\n")

    def _secure(self) -> None:
        assert self.server.context is not None
        self.server.forget(self.sock)
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.server.remember(self.sock)
        self.buffer.clear()
        self.wire.secured = True

    def _line(self) -> str:
        while b"\r\n" not in self.buffer:
            self._receive()
        line, _, rest = bytes(self.buffer).partition(b"\r\n")
        self.buffer = bytearray(rest)
        if b"\n" in line or b"\r" in line or b"\0" in line:
            self.wire.violations.append(f"a control character in {line!r}")
        return line.decode("utf-8", "replace")

    def _receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise Gone
        self.buffer += data


def read_record(path: Path) -> list[dict[str, str]]:
    """Read a record; a half-written last line was never answered with 250."""
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [json.loads(line) for line in lines[:-1]]
