"""Run `newsletter preview` and `newsletter inbox` as a person does, and speak to their ports."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sample import with_appeal

from newsletter.clock import SystemClock
from newsletter.workflows.project_files import init_folder

SAMPLE = "2022-03-16-daily"
COMMAND = [sys.executable, "-m", "newsletter"]


@dataclass
class Served:
    """A running command. link is its one-time link; cookie is there once the link was opened."""

    folder: Path
    process: subprocess.Popen[str]
    link: str
    notes: list[str] = field(default_factory=list)
    cookie: str = ""

    @property
    def port(self) -> int:
        """The port of the pages."""
        found = re.search(r":(\d+)/", self.link)
        assert found is not None
        return int(found[1])

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def smtp_port(self) -> int:
        """The port of the inbox's SMTP server, as the command told it."""
        found = re.search(r"SMTP on 127\.0\.0\.1:(\d+)", "".join(self.notes))
        assert found is not None
        return int(found[1])

    def unlock(self) -> None:
        """Open the one-time link and keep its cookie."""
        answer = ask(self.port, self.link.split(f":{self.port}", 1)[1])
        assert answer.status == 303
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> "Answer":
        """Ask as the browser that opened the link; a header's _ stands for -."""
        return ask(self.port, path, method=method, cookie=self.cookie, **headers)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal and give its exit code."""
        self.process.send_signal(how)
        return self.process.wait(10)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(port: int, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """Send one request over a raw socket, exactly as told; host="" sends no Host at all."""
    given = {"host": f"127.0.0.1:{port}", **headers, "connection": "close"}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        received = bytearray()
        while chunk := connection.recv(65_536):
            received += chunk
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    named = {name.lower(): value.strip() for name, _, value in (f.partition(":") for f in fields)}
    if named.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Answer(int(status.split(" ")[1]), named, body)


def _joined(chunks: bytes) -> bytes:
    body = bytearray()
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        body += rest[:length]
        chunks = rest[length + 2 :]
    return bytes(body)


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[Served]:
    """Run a page server in a folder until the end of the block."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    running = Served(folder, process, process.stdout.readline().strip())
    if running.link:
        running.notes.append(process.stderr.readline())

    def keep(lines: Iterator[str]) -> None:
        running.notes.extend(lines)

    reader = threading.Thread(target=keep, args=(iter(process.stderr),))
    reader.start()
    try:
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
        reader.join()
        process.stdout.close()
        process.stderr.close()


def until(holds: Callable[[], bool], *, within_s: float = 30) -> float:
    """Wait until something holds, and give the seconds it took; fail when it does not."""
    clock = SystemClock()
    began = clock.monotonic()
    while not holds():
        assert clock.monotonic() - began < within_s
        clock.sleep(0.02)
    return clock.monotonic() - began


def newsletter_folder(at: Path) -> Path:
    """Make a newsletter folder as `init` does."""
    init_folder(at)
    with_appeal(at)
    return at
