"""Waiting for what another process says or sends, and a mail server that takes its time."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from e2e.folder import PATIENCE_S, Folder
from smtp_server import Rule, ScriptedServer


@contextmanager
def slow_server(folder: Folder, *, pause_s: float = 0.05) -> Iterator[ScriptedServer]:
    """Return a mail server that pauses at each message; the folder sends to it."""
    rules = [Rule("DATA", pause_s=pause_s, times=0)]
    with ScriptedServer(folder.path / "record", rules, fsync=False) as server:
        folder.send_to(server.port, connections=2)
        yield server


def free_port() -> int:
    """Return a port of loopback at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return int(gone.getsockname()[1])


def until(server: ScriptedServer, count: int) -> None:
    """Wait until the server has taken that many messages."""
    give_up = time.monotonic() + 40  # noqa: TID251
    while len(server.accepted()) < count:
        assert time.monotonic() < give_up  # noqa: TID251
        time.sleep(0.02)  # noqa: TID251 (asking another process)


def line_of(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what a command says until a line holds the words."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if words in line:
            return line
    raise AssertionError(f"{words!r} was not said: {said}")


def ended(folder: Folder) -> dict[str, Any]:
    """Wait until the folder's only run has ended, and give it as `log` does."""
    give_up = time.monotonic() + PATIENCE_S  # noqa: TID251
    while True:
        runs = folder.here("log", "--json").json()
        if runs and runs[-1]["outcome"] != "running":
            return dict(runs[-1])
        assert time.monotonic() < give_up, runs  # noqa: TID251
        time.sleep(0.3)  # noqa: TID251 (asking another process)


def until_told(folder: Folder, count: int) -> None:
    """Wait until the inbox holds that many notices to editors."""
    give_up = time.monotonic() + PATIENCE_S  # noqa: TID251
    while len(folder.mails(notices=True)) < count:
        assert time.monotonic() < give_up  # noqa: TID251
        time.sleep(0.3)  # noqa: TID251 (asking another process)
