"""A newsletter folder for tests, driven by the installed command in processes of its own."""

import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import newsletter
from newsletter.cli import main

SAMPLE = "2022-03-16-daily"
ZONE = ZoneInfo("Europe/London")
SOURCE = "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"
NOTICE = b"\r\nX-Newsletter-Notice: "
PATIENCE_S = 60.0
SOURCES = str(Path(newsletter.__file__).parent.parent)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 (whatever the command printed)
        """Read standard output as JSON."""
        return json.loads(self.out)


class Folder:
    """The folder and the commands run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._started: list[subprocess.Popen[str]] = []

    def end(self) -> None:
        """End whatever was started and has not ended, as where a test has failed."""
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        self._started.clear()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the commands: nothing of NEWSLETTER_* comes in from outside.

        They run the same code as the test, wherever a relative PYTHONPATH points from the folder.
        """
        kept = {k: v for k, v in os.environ.items() if not k.startswith("NEWSLETTER_")}
        return kept | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": SOURCES}

    def run(
        self,
        *arguments: str,
        expect: int | None = 0,
        before: Callable[[], None] | None = None,
        **environ: str,
    ) -> Done:
        """Run a command to its end; `expect` None takes any exit code.

        before is called in the new process, before the command: it takes rights or room away.
        """
        environment = self.environment | environ
        if before is not None:  # without room or rights, coverage would complain beside the command
            environment = {k: v for k, v in environment.items() if not k.startswith("COVERAGE_")}
        ended = subprocess.run(
            [sys.executable, "-m", "newsletter", *arguments],
            cwd=self.path,
            env=environment,
            text=True,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=before,
        )
        return _checked(Done(ended.returncode, ended.stdout, ended.stderr), arguments, expect)

    def here(self, *arguments: str, expect: int | None = 0, **environ: str) -> Done:
        """Run a command in this process, which is quicker; else as `run`."""
        kept = dict(os.environ)
        out, err = io.StringIO(), io.StringIO()
        try:
            os.environ.clear()
            os.environ.update(self.environment | environ)
            with contextlib.chdir(self.path), redirect_stdout(out), redirect_stderr(err):
                code = main(list(arguments))
        finally:
            os.environ.clear()
            os.environ.update(kept)
        return _checked(Done(code, out.getvalue(), err.getvalue()), arguments, expect)

    def refuse(
        self, *arguments: str, code: int = 2, says: Sequence[str] = (), **environ: str
    ) -> Done:
        """Run a command that ends with an error: a plain sentence that holds each of `says`."""
        done = self.here(*arguments, expect=code, **environ)
        must_be_plain(done, says)
        return done

    def start(
        self, *arguments: str, script: Path | None = None, **environ: str
    ) -> "subprocess.Popen[str]":
        """Start a command, or a script of the tests, in the background, in a group of its own."""
        process = subprocess.Popen(
            [sys.executable, *([str(script)] if script else ["-m", "newsletter"]), *arguments],
            cwd=self.path,
            env=self.environment | environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def set(self, before: str, after: str) -> None:
        """Change a setting's text."""
        file = self.path / "newsletter.toml"
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after))

    def send_to(self, port: int, **more: object) -> None:
        """Send to a server on loopback from now on, readers' mail alone, and try again soon."""
        settings = {"host": "127.0.0.1", "port": port, "security": "none", **more}
        lines = [
            f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'
            for key, value in settings.items()
        ]
        file = self.path / "newsletter.toml"
        text = file.read_text().split("\n[notices]\nmail = []\n")[0]
        more_lines = '[notices]\nmail = []\n[delivery]\nfirst_retry = "1s"\n[smtp.primary]'
        file.write_text("\n".join([f"{text}\n{more_lines}", *lines, ""]))

    def subscribe(self, count: int) -> None:
        """Import that many readers."""
        rows = "".join(f"reader{n}@readers.example,Reader {n}\n" for n in range(count))
        (self.path / "readers.csv").write_text("email,name\n" + rows)
        self.here("subscribers", "import", "readers.csv", "--consent", "a test")

    def verify(self) -> None:
        """Verify the shipped appeal."""
        self.here("callouts", "verify", "dec-ukraine", "--by", "A. Tester", "--source", SOURCE)

    def schedule(self, issue: str = SAMPLE, *, seconds: float) -> datetime:
        """Plan an issue some seconds ahead and give the planned time."""
        at = (datetime.now(ZONE) + timedelta(seconds=seconds)).replace(microsecond=0)  # noqa: TID251
        self.here("schedule", issue, "--at", f"{at:%Y-%m-%d %H:%M:%S}")
        return at

    def log(self, issue: str = SAMPLE) -> dict[str, Any]:
        """Return the last run of an issue, with its deliveries."""
        runs = self.here("log", issue, "--json", "--recipients").json()
        assert isinstance(runs, list)
        return dict(runs[-1]) if runs else {}

    def wait_for(self, *outcomes: str, issue: str = SAMPLE) -> dict[str, Any]:
        """Ask the log until the run has one of the outcomes."""
        run: dict[str, Any] = {}
        give_up = time.monotonic() + PATIENCE_S  # noqa: TID251
        while time.monotonic() < give_up:  # noqa: TID251
            run = self.log(issue)
            if run.get("outcome") in outcomes:
                return run
            time.sleep(0.3)  # noqa: TID251 (asking another process)
        raise AssertionError(f"no outcome of {outcomes}: {run}")

    def mails(self, *, notices: bool = False) -> list[Path]:
        """Return the messages in the inbox, or else the notices to editors, the earliest first."""
        paths = sorted((self.path / "var" / "inbox").glob("*.eml"))
        return [path for path in paths if (NOTICE in path.read_bytes()) is notices]

    def caught(self) -> Counter[str]:
        """Count the messages in the inbox by recipient, without notices to editors."""
        return Counter(header(path, "Delivered-To") for path in self.mails())


def _checked(done: Done, arguments: tuple[str, ...], expect: int | None) -> Done:
    if expect is not None:
        assert done.code == expect, f"{arguments}: {done}"
    assert "Traceback" not in done.err or "--debug" in arguments, done.err
    assert "internal error" not in done.err, done.err
    return done


def must_be_plain(done: Done, says: Sequence[str] = ()) -> None:
    """See that a command ended with plain sentences, in the house's form, that hold `says`."""
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert errors, done
    for line in errors:
        assert not line.endswith("."), line
    for part in says:
        assert part in done.err, f"{part!r} is not in {done.err!r}"


def header(path: Path, name: str) -> str:
    """Return a header of a caught message."""
    return str(BytesHeaderParser().parsebytes(path.read_bytes())[name])


def stop(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Ask a command to stop and give its exit code and what it said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a command and all that it started, as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def moments(seed: int, count: int, *, most: float) -> Sequence[float]:
    """Return seconds at which to kill, from a seed."""
    chance = random.Random(seed)  # noqa: S311 (repeatable by design)
    return [chance.uniform(0.0, most) for _ in range(count)]
