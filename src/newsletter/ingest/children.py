"""Read pages and feeds in child processes, which a hostile one may end but not stall."""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from queue import LifoQueue
from typing import IO, Self, TypeVar

from pydantic import TypeAdapter

from newsletter.errors import UserError
from newsletter.ingest.decoding import MOST_FEED_BYTES, MOST_PAGE_BYTES
from newsletter.model.article import Metadatum
from newsletter.model.source import Feed, FoundFeed

_PASSED_ON = (
    *("PATH", "LANG", "LC_ALL", "PYTHONPATH"),
    *("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"),
)

Answer = TypeVar("Answer")


class ChildFellError(Exception):
    """The child gave no answer; the text says why, as the end of a sentence."""


class ChildProcess:
    """Asks a child that is started at first need and replaced where it falls; for one thread."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int:
        """The child's number, 0 where none runs."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; a later job starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent bytes of a job whose child is gone
        child.wait()

    def ask(self, job: bytes, read: Callable[[IO[bytes]], Answer]) -> Answer:
        """Return what read makes of the answer to a job; ChildFellError for none."""
        child = self._child = self._child or self._start()
        answers = child.stdout
        if child.stdin is None or answers is None:  # pragma: no cover (both are pipes)
            raise ChildFellError(_ending(0))
        try:
            child.stdin.write(job)
            child.stdin.flush()
            return read(answers)
        except (OSError, ValueError) as error:
            child.kill()
            raise ChildFellError(_ending(child.wait())) from error
        finally:
            if child.poll() is not None:
                self.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )


def serve(answer: Callable[[bytes, IO[bytes]], bytes], *, memory_bytes: int) -> None:
    """Be the child: give answer each job's line and stream, until standard input ends."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while line := jobs.readline():
        answers.write(answer(line, jobs))
        answers.flush()


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """End this process where the block takes longer."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ending(status: int) -> str:
    if status == -signal.SIGALRM:
        return "reading it took too long"
    return "it could not be read: its reader stopped"


NOWHERE = -1  # the container of a block that is not on the page word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page says of its article; image_alt is the page's own text for the image."""

    title: Metadatum | None = None
    author: Metadatum | None = None
    published: Metadatum | None = None
    description: Metadatum | None = None
    image: Metadatum | None = None
    image_alt: str = ""
    site: Metadatum | None = None


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBlock:
    """One block of text; kept: the extractor holds it for article text.

    frame: left out, outside all elements with kept blocks. container numbers the element around it.
    linked is the share of its characters that lead to another page. row: cells of a table.
    """

    text: str
    heading: bool
    kept: bool
    frame: bool = False
    container: int = 0
    linked: float = 0.0
    aside: bool = False
    item: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as read."""

    metadata: Metadata
    blocks: tuple[PageBlock, ...]
    is_free: bool = True
    language: str = ""
    canonical: str = ""


class Task(StrEnum):
    """What is in the bytes: an article's page, an entry's full text, a feed, a page with feeds."""

    PAGE = "page"
    TEXT = "text"
    FEED = "feed"
    LINKS = "links"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAnswer:
    """What was read, or in refused the sentence part that says why nothing was."""

    page: PageText | None = None
    feed: Feed | None = None
    links: tuple[FoundFeed, ...] = ()
    refused: str = ""


PAGE_SECONDS = 10.0
MOST_ANSWER_BYTES = 20_000_000
ANSWERS = TypeAdapter(ChildAnswer)


class PageReader(ChildProcess):
    """Reads pages and feeds in a child within seconds each; for one thread at a time.

    Each method raises UserError where nothing can be had from the bytes, with the reason.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        super().__init__("newsletter.ingest.child_main")
        self._seconds = seconds

    def read(self, raw: bytes, *, url: str, today: date | None, shown: str) -> PageText:
        """Read one page, at most 3 MB."""
        page = self._ask(raw, Task.PAGE, shown, url=url, now=str(today or "")).page
        assert page is not None  # noqa: S101 (the child answered this task)
        return page

    def read_text(self, html: str, *, url: str, shown: str) -> PageText:
        """Read the full text that a feed carries, HTML without a head, at most 3 MB."""
        page = self._ask(html.encode("utf-8", "replace"), Task.TEXT, shown, url=url).page
        assert page is not None  # noqa: S101 (the child answered this task)
        return page

    def read_feed(
        self, raw: bytes, *, url: str, content_type: str, now: datetime, shown: str = "the feed"
    ) -> Feed:
        """Read a feed, at most 5 MB."""
        job = {"url": url, "now": now.isoformat(), "content_type": content_type[:200]}
        feed = self._ask(raw, Task.FEED, shown, **job).feed
        assert feed is not None  # noqa: S101 (the child answered this task)
        return feed

    def find_feeds(self, raw: bytes, *, url: str, shown: str = "the page") -> tuple[FoundFeed, ...]:
        """Return the feeds that a page names, at most 3 MB of it."""
        return self._ask(raw, Task.LINKS, shown, url=url).links

    def _ask(self, raw: bytes, task: Task, shown: str, **values: str) -> ChildAnswer:
        most = MOST_FEED_BYTES if task is Task.FEED else MOST_PAGE_BYTES
        if len(raw) > most:
            noun = "page" if task is Task.LINKS else task
            size = f"{most // 1_000_000} MB"
            raise UserError(f"{shown}: it is larger than {size}, too large for a {noun}")
        if not raw.strip(b"\0 \t\r\n"):
            raise UserError(f"{shown}: it is empty")
        job = {"task": task, "size": len(raw), "seconds": self._seconds, **values}
        try:
            answer = self.ask(json.dumps(job).encode() + b"\n" + raw, _answer)
        except ChildFellError as fell:
            raise UserError(f"{shown}: {fell}") from fell
        if answer.refused:
            raise UserError(f"{shown}: {answer.refused}")
        return answer


def _answer(answers: IO[bytes]) -> ChildAnswer:
    return ANSWERS.validate_json(answers.readline(MOST_ANSWER_BYTES))


READERS = 2  # each is a process of some 100 MB once it has read a page


class ReaderPool:
    """Lends its readers; each starts its process when first used. Close it when done."""

    def __init__(self, readers: int = READERS) -> None:
        self._readers = [PageReader() for _ in range(readers)]
        self._free: LifoQueue[PageReader] = LifoQueue()  # the warm one first
        for reader in self._readers:
            self._free.put(reader)

    def close(self) -> None:
        """End the processes; a later reading starts another."""
        for reader in self._readers:
            reader.close()

    @contextmanager
    def borrow(self) -> Iterator[PageReader]:
        """Lend a reader; where all are lent, wait for one (each reading has its time limit)."""
        reader = self._free.get()
        try:
            yield reader
        finally:
            self._free.put(reader)
