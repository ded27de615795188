"""The one starter of the page child: a process that may crash or hang without harm to ours."""

import os
import signal
import subprocess
import sys
from datetime import date, datetime
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from newsletter.errors import UserError
from newsletter.ingest.child_job import ChildAnswer, ChildJob, Task
from newsletter.ingest.decoding import MOST_FEED_BYTES, MOST_PAGE_BYTES
from newsletter.ingest.page_text import PageText
from newsletter.model.feed import Feed, FoundFeed

PAGE_SECONDS = 10.0
MOST_ANSWER_BYTES = 20_000_000

_JOBS = TypeAdapter(ChildJob)
_ANSWERS = TypeAdapter(ChildAnswer)
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)


class PageReader:
    """Reads pages and feeds in a child that is started at first need and replaced where it falls.

    Use as a context manager; for one thread at a time. seconds is the most that one may take.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int:
        """The child's number, 0 where none runs."""
        return self._child.pid if self._child else 0

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
        _check_size(raw, MOST_PAGE_BYTES, shown=shown, noun="page")
        answer = self._ask(raw, Task.PAGE, url=url, now=str(today or ""))
        if answer.page is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.page

    def read_text(self, html: str, *, url: str, shown: str) -> PageText:
        """Read the full text that a feed carries, HTML without a head, at most 3 MB.

        Raises:
            UserError: where there is no text in it, with the reason.
        """
        raw = html.encode("utf-8", "replace")
        _check_size(raw, MOST_PAGE_BYTES, shown=shown, noun="text")
        answer = self._ask(raw, Task.TEXT, url=url)
        if answer.page is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.page

    def read_feed(
        self, raw: bytes, *, url: str, content_type: str, now: datetime, shown: str
    ) -> Feed:
        """Read a feed, at most 5 MB.

        Raises:
            UserError: where it is none, or one that must not be read, with the reason.
        """
        _check_size(raw, MOST_FEED_BYTES, shown=shown, noun="feed")
        answer = self._ask(
            raw, Task.FEED, url=url, now=now.isoformat(), content_type=content_type[:200]
        )
        if answer.feed is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.feed

    def find_feeds(self, raw: bytes, *, url: str, shown: str) -> tuple[FoundFeed, ...]:
        """Give the feeds that a page names, at most 3 MB of it.

        Raises:
            UserError: where it is no page, with the reason.
        """
        _check_size(raw, MOST_PAGE_BYTES, shown=shown, noun="page")
        answer = self._ask(raw, Task.LINKS, url=url)
        if answer.links is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.links

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

    def _ask(
        self, raw: bytes, task: Task, *, url: str, now: str = "", content_type: str = ""
    ) -> ChildAnswer:
        job = ChildJob(
            task=task,
            size=len(raw),
            seconds=self._seconds,
            url=url,
            now=now,
            content_type=content_type,
        )
        child = self._child or self._start()
        self._child = child
        if child.stdin is None or child.stdout is None:  # pragma: no cover (both are pipes)
            return ChildAnswer(refused="it could not be read")
        try:
            child.stdin.write(_JOBS.dump_json(job) + b"\n" + raw)
            child.stdin.flush()
            line = child.stdout.readline(MOST_ANSWER_BYTES)
            return _ANSWERS.validate_json(line)
        except (OSError, ValidationError):
            child.kill()
            return ChildAnswer(refused=_ending(child.wait()))
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


def _check_size(raw: bytes, most: int, *, shown: str, noun: str) -> None:
    if len(raw) > most:
        raise UserError(
            f"{shown}: it is larger than {most // 1_000_000} MB, too large for a {noun}"
        )
    if not raw.strip(b"\0 \t\r\n"):
        raise UserError(f"{shown}: it is empty")


def _ending(status: int) -> str:
    if status == -signal.SIGALRM:
        return "reading it took too long"
    return "it could not be read: its reader stopped"
