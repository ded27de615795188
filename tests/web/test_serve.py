"""Starting and stopping: ports, signals, open streams, the render child."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import COMMAND, SAMPLE, newsletter_folder, served, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return newsletter_folder(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def ended_at_once(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=20
    )


@pytest.mark.parametrize(
    ("command", "option"),
    [("preview", "--port"), ("studio", "--port"), ("inbox", "--port"), ("inbox", "--smtp-port")],
)
def test_a_taken_port_is_one_clear_sentence(
    folder: Path, taken: int, command: str, option: str
) -> None:
    ended = ended_at_once(folder, command, option, str(taken))
    assert ended.returncode == 2
    error, hint = ended.stderr.splitlines()
    assert error == f"error: port {taken} on 127.0.0.1 cannot be used: address already in use"
    assert option in hint
    assert ended.stdout == ""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["preview", "inbox"])
def test_a_signal_ends_it_at_once_with_streams_open(
    folder: Path, command: str, how: signal.Signals
) -> None:
    with served(folder, command) as running:
        running.unlock()
        streams = []
        for _ in range(4):
            stream = socket.create_connection(("127.0.0.1", running.port), timeout=10)
            stream.sendall(
                f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
                f"Cookie: {running.cookie}\r\n\r\n".encode()
            )
            assert b"200 OK" in stream.recv(1_000)
            streams.append(stream)
        assert running.ask("/events").status == 503
        assert running.stop(how) == 0
        for stream in streams:
            stream.close()
    assert "Traceback" not in "".join(running.notes)
    assert len(running.notes) == 1  # nothing but the line told at the start


def _children(of: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if int(parent) == of:
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_render_child_ends_with_the_preview(folder: Path, how: signal.Signals) -> None:
    with served(folder, "preview", SAMPLE) as running:
        running.unlock()
        for path in (f"/issues/{SAMPLE}", f"/api/issues/{SAMPLE}/preview.html"):
            assert running.ask(path).status == 200
        children = _children(running.process.pid)
        assert len(children) == 1
        running.stop(how)
        until(lambda: not any(_is_alive(child) for child in children))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return " Z " not in Path(f"/proc/{process}/stat").read_text()
