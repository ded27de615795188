"""The one starter of the page child: a process that may crash or hang without harm to ours."""

import os
import signal
import subprocess
import sys
from datetime import date
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from newsletter.errors import UserError
from newsletter.ingest.decoding import MOST_PAGE_BYTES
from newsletter.ingest.page_text import PageAnswer, PageJob, PageText

PAGE_SECONDS = 10.0
MOST_ANSWER_BYTES = 20_000_000

_JOBS = TypeAdapter(PageJob)
_ANSWERS = TypeAdapter(PageAnswer)
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)


class PageReader:
    """Reads pages in a child that is started at first need and replaced where it falls.

    Use as a context manager; for one thread at a time. seconds is the most that a page may take.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, raw: bytes, *, url: str, today: date | None, shown: str) -> PageText:
        """Read one page, at most 3 MB.

        Raises:
            UserError: where no article can be had from it, with the reason.
        """
        if len(raw) > MOST_PAGE_BYTES:
            raise UserError(f"{shown}: it is larger than 3 MB, too large for a page")
        if not raw.strip(b"\0 \t\r\n"):
            raise UserError(f"{shown}: it is empty")
        job = PageJob(size=len(raw), seconds=self._seconds, url=url, today=str(today or ""))
        answer = self._ask(raw, job)
        if answer.page is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.page

    def close(self) -> None:
        """End the child; a later read starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent octets of a job whose child is gone
        child.wait()

    def _ask(self, raw: bytes, job: PageJob) -> PageAnswer:
        child = self._child or self._start()
        self._child = child
        if child.stdin is None or child.stdout is None:  # pragma: no cover (both are pipes)
            return PageAnswer(refused="it could not be read")
        try:
            child.stdin.write(_JOBS.dump_json(job) + b"\n" + raw)
            child.stdin.flush()
            line = child.stdout.readline(MOST_ANSWER_BYTES)
            return _ANSWERS.validate_json(line)
        except (OSError, ValidationError):
            child.kill()
            return PageAnswer(refused=_ending(child.wait()))
        finally:
            if child.poll() is not None:
                self.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "newsletter.ingest.child_main"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )


def _ending(status: int) -> str:
    if status == -signal.SIGALRM:
        return "reading it took too long"
    return "it could not be read: the reader of pages stopped"
