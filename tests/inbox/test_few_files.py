"""The inbox where hardly any file may be opened: a line says so, and no trace."""

import subprocess
import sys
from pathlib import Path

# Starts the inbox with few files to spare, from none up, and connects as often as it can.
SCRIPT = """
import os, resource, socket, sys
from pathlib import Path
from newsletter.clock import SystemClock
from newsletter.inbox.server import InboxServer

with InboxServer(Path(sys.argv[1]), SystemClock()):
    pass  # everything is loaded now
used = max(int(name) for name in os.listdir("/proc/self/fd"))
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
for spare in range(9):
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + spare, most))
    clients = []
    try:
        with InboxServer(Path(sys.argv[1]), SystemClock()) as inbox:
            try:
                for _ in range(9):
                    client = socket.create_connection(("127.0.0.1", inbox.port))
                    client.settimeout(0.3)
                    clients.append(client)
            except OSError as error:
                print(spare, "client:", error.strerror)
            for client in clients:
                try:
                    client.recv(100)
                except TimeoutError:
                    print(spare, "client: waits")
    except OSError as error:
        print(spare, "server:", error.strerror)
    for client in clients:
        client.close()
"""


def test_an_inbox_short_of_files_says_so_in_a_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = ended.stderr.splitlines()
    assert set(told) == {"the inbox cannot take a connection now: too many open files"}
    assert "0 server: Too many open files" in ended.stdout
    assert "client: waits" in ended.stdout
