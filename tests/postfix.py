"""A Postfix of our own: Debian's programs unpacked in .services, run from a folder of a test.

It listens on two free ports of loopback and hands everything to one server. Nothing of the
machine's mail is read or touched. Postfix's master runs as root alone (it drops the rights of its
parts), so a user who is not root needs `sudo` that asks nothing.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Self

import pytest
from independent import SERVICES, service

_OWNER, _GROUP = "daemon", "mail"  # every Debian has them; the package would make its own
_DEADLINE_S = 30.0
_FILES = Path(__file__).with_name("postfix_files")


class Postfix:
    """Running from `with` on; plain and strict are its ports.

    plain has Postfix's defaults. strict knows no SMTPUTF8 and refuses what is not MIME to the
    letter: an byte above 127 in a header, one in a body that is announced otherwise, a wrong
    transfer encoding.
    """

    def __init__(self, sink: int) -> None:
        self._sink = sink
        self.plain, self.strict = _free_ports()

    def __enter__(self) -> Self:
        programs = service("usr/lib/postfix/sbin")
        root = _as_root()
        self._folder = folder = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
        folder.chmod(0o755)  # its parts run as other users
        (folder / "etc").mkdir()
        values = {
            "folder": folder,
            "programs": programs,
            "services": SERVICES,
            "owner": _OWNER,
            "group": _GROUP,
            "sink": self._sink,
            "plain": self.plain,
            "strict": self.strict,
        }
        for name in ("main.cf", "master.cf"):
            text = (_FILES / name).read_text("utf-8")
            (folder / "etc" / name).write_text(text.format(**values))
        libraries = [SERVICES / "usr/lib/postfix", *SERVICES.glob("usr/lib/*-linux-gnu*")]
        self._keeper = subprocess.Popen(
            [
                *root,
                "sh",
                str(_FILES / "keeper.sh"),
                str(folder),
                ":".join(map(str, libraries)),
                str(programs),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        try:
            for port in (self.plain, self.strict):
                self._wait_for(port)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self._keeper.communicate(timeout=_DEADLINE_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it wrote down, for the text of a failure."""
        kept = [self._folder / "errors", self._folder / "mail.log"]
        return "\n".join(file.read_text("utf-8", "replace") for file in kept if file.exists())

    def _wait_for(self, port: int) -> None:
        pause = threading.Event()
        for _ in range(int(_DEADLINE_S / 0.05)):
            with socket.socket() as peer:
                if peer.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self._keeper.poll() is not None:
                break
            pause.wait(0.05)
        pytest.fail(f"Postfix did not begin to listen:\n{self.log()}")


def _as_root() -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    asked = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    if not sudo or not asked or asked.returncode != 0:
        pytest.fail("Postfix's master starts as root alone; run this as root, or with sudo -n")
    return [sudo, "-n"]


def _free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return one.getsockname()[1], two.getsockname()[1]
