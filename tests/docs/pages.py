"""The pages of the documentation, and the examples in them run as a reader would."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
PATIENCE_S = 60.0
UNTIL = "until Ctrl-C"
_EXIT = re.compile(r"\s+# (?:ends with (\d+)|" + UNTIL + r")\s*$")


@dataclass(frozen=True, slots=True)
class Command:
    """One line after `$ `, the exit code it must have, and the lines it must print.

    code is None for a command that runs until it is interrupted.
    """

    line: str
    code: int | None
    output: tuple[str, ...]
    at: int


def name_of(page: Path) -> str:
    """Name a page in a test's id."""
    return page.relative_to(ROOT).as_posix()


def commands_in(block: str, *, at: int) -> list[Command]:
    """Read a console block; a line that goes on ends with a backslash."""
    found: list[Command] = []
    lines = block.replace("\\\n", "").splitlines()
    for offset, line in enumerate(lines):
        if line.startswith("$ "):
            mark = _EXIT.search(line)
            code = None if mark and mark.group(1) is None else int(mark.group(1)) if mark else 0
            found.append(Command(_EXIT.sub("", line[2:]), code, (), at + offset))
        elif found:
            last = found[-1]
            found[-1] = Command(last.line, last.code, (*last.output, line), last.at)
    return found


def is_printed(expected: tuple[str, ...], printed: str) -> bool:
    """Return whether the lines are what was printed; `…` stands for anything, alone for any lines.

    How wide the columns of a table are does not count.
    """
    pattern = "\n".join(
        "<LINES>" if line.strip() == "…" else re.escape(_narrow(line)).replace("…", ".*?")
        for line in expected
    )
    pattern = pattern.replace("<LINES>\n", r"(?:.*\n)*?").replace("\n<LINES>", r"(?:\n.*)*?")
    seen = "\n".join(map(_narrow, printed.strip("\n").splitlines()))
    return re.fullmatch(pattern, seen) is not None


def _narrow(line: str) -> str:
    return re.sub(" {2,}", "  ", line).rstrip()


class Terminal:
    """A shell in an empty folder, whose `newsletter` is the one under test."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home

    @property
    def _environment(self) -> Mapping[str, str]:
        kept = {key: value for key, value in os.environ.items() if "NEWSLETTER" not in key}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        return kept | {"PATH": path, "PYTHONUNBUFFERED": "1", "ROOT": str(ROOT)}

    def run(self, command: Command) -> str:
        """Run one command and give what it printed; where it leaves us is where the next begins."""
        if command.code is None:
            return self._until_interrupted(command)
        with tempfile.NamedTemporaryFile(dir=self._home, prefix=".where-") as where:
            kept = f'\ncode=$?; pwd > {shlex.quote(where.name)}; exit "$code"'
            ended = subprocess.run(
                ["bash", "-c", command.line + kept],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
            self._folder = Path(Path(where.name).read_text().strip() or self._folder)
        assert ended.returncode == command.code, f"{command.line}: {ended.stdout}"
        self._take_any_port()
        return ended.stdout

    def _take_any_port(self) -> None:
        """Let `run` serve on a free port: other tests run theirs meanwhile."""
        settings = self._folder / "newsletter.toml"
        if settings.is_file() and "\n[run]" not in settings.read_text("utf-8"):
            with settings.open("a", encoding="utf-8") as file:
                file.write('\n[run]\nlisten = "127.0.0.1:0"\n')

    def _until_interrupted(self, command: Command) -> str:
        """Start it, wait for as many lines as are expected, press Ctrl-C."""
        with subprocess.Popen(
            shlex.split(command.line),
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in command.output]
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE_S)
        assert process.returncode in {0, 130}, f"{command.line}: {process.returncode}"
        return "".join(printed)


def _run_block(example: Example) -> None:
    terminal: Terminal = example.namespace["terminal"]
    for command in commands_in(example.parsed, at=example.line + 1):
        printed = terminal.run(command)
        assert not command.output or is_printed(command.output, printed), (
            f"{example.path}:{command.at}: {command.line} printed\n{printed}"
        )


def examples_of(page: Path) -> Document:
    """Parse a page: console blocks, also those that HTML comments hide."""
    return Sybil(parsers=[CodeBlockParser("console", _run_block)]).parse(page)


def prose_of(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
