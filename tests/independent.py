"""Programs of others that judge our mail, and the mails that they judge.

`scripts/setup --services` puts them in place: Debian's packages unpacked in .services, a Java for
the W3C's checker. A test that finds one missing fails and says so.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).parents[1]
SERVICES = ROOT / ".services"
GOLDEN = ROOT / "tests/golden"


def golden_cases() -> list[str]:
    """Every golden mail there is, so that a new one is judged without being named."""
    return sorted(file.parent.name for file in GOLDEN.glob("*/expected.eml"))


def golden_bytes(case: str, kind: str) -> bytes:
    """What a golden mail consists of: its "html", "txt" or "eml"."""
    return (GOLDEN / case / f"expected.{kind}").read_bytes()


def service(path: str) -> Path:
    """A program of .services."""
    found = SERVICES / path
    if not found.exists():
        pytest.fail(f"{found.name} is missing; scripts/setup --services fetches it")
    return found


def java() -> str:
    """The Java on the path."""
    found = shutil.which("java")
    if found is None:
        pytest.fail("java is missing; scripts/setup --services installs it")
    return found


def perl(*flags: str) -> list[str]:
    """Perl with the modules of .services; PERL5LIB would not do, taint mode (-T) passes over it."""
    folders = (
        "usr/share/perl5",
        "usr/lib/*/perl5/5.*",
        "usr/share/perl/5.*",
        "usr/lib/*/perl/5.*",
    )
    found = [path for folder in folders for path in sorted(SERVICES.glob(folder))]
    return ["perl", *flags, *(f"-I{path}" for path in found)]


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a program of .services: its libraries, a home of its own, nothing else."""
    libraries = [SERVICES / "usr/lib/postfix", *SERVICES.glob("usr/lib/*-linux-gnu*")]
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
    }


def run(
    command: Sequence[str | Path], *, given: bytes = b"", env: Mapping[str, str] | None = None
) -> bytes:
    """Run a program to its end; what it wrote, where it ended well."""
    done = subprocess.run(
        command, input=given, capture_output=True, env=env, timeout=120, check=False
    )
    assert done.returncode == 0, (command, done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


class Reader:
    """A running MIME-tools (Perl) that reads one message after the other."""

    def __init__(self, home: Path) -> None:
        service("usr/share/perl5/MIME/Parser.pm")
        self._process = subprocess.Popen(
            [*perl(), str(ROOT / "tests/proof/read_messages.pl")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=surroundings(home),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def read(self, data: bytes) -> dict[str, Any]:
        """Return what it saw: headers (name, raw, decoded), message (its parts), problems."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        given.write(b"%d\n" % len(data) + data)
        given.flush()
        line = told.readline()
        assert line, "the parser gave up"
        seen: dict[str, Any] = json.loads(line)
        return seen

    @staticmethod
    def data(seen: dict[str, Any]) -> list[bytes]:
        """The decoded parts of what it saw."""
        return [base64.b64decode(part["bytes"]) for part in seen["message"]["parts"]]
