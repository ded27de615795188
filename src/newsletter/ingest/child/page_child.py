"""The parent's side of the page child: pages and feeds are read where they can do no harm."""

from datetime import date, datetime
from typing import IO

from pydantic import TypeAdapter

from newsletter.errors import UserError
from newsletter.ingest.child.child_job import ChildAnswer, ChildJob, Task
from newsletter.ingest.child.child_process import ChildFellError, ChildProcess
from newsletter.ingest.decoding import MOST_FEED_BYTES, MOST_PAGE_BYTES
from newsletter.ingest.pages.page_text import PageText
from newsletter.model.feed import Feed, FoundFeed

PAGE_SECONDS = 10.0
MOST_ANSWER_BYTES = 20_000_000

_JOBS = TypeAdapter(ChildJob)
_ANSWERS = TypeAdapter(ChildAnswer)


class PageReader(ChildProcess):
    """Reads pages and feeds in a child that is started at first need and replaced where it falls.

    Use as a context manager; for one thread at a time. seconds is the most that one may take.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        super().__init__("newsletter.ingest.child.child_main")
        self._seconds = seconds

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
        """Return the feeds that a page names, at most 3 MB of it.

        Raises:
            UserError: where it is no page, with the reason.
        """
        _check_size(raw, MOST_PAGE_BYTES, shown=shown, noun="page")
        answer = self._ask(raw, Task.LINKS, url=url)
        if answer.links is None:
            raise UserError(f"{shown}: {answer.refused}")
        return answer.links

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
        try:
            return self.ask(_JOBS.dump_json(job) + b"\n" + raw, _answer)
        except ChildFellError as fell:
            return ChildAnswer(refused=str(fell))


def _answer(answers: IO[bytes]) -> ChildAnswer:
    return _ANSWERS.validate_json(answers.readline(MOST_ANSWER_BYTES))


def _check_size(raw: bytes, most: int, *, shown: str, noun: str) -> None:
    if len(raw) > most:
        raise UserError(
            f"{shown}: it is larger than {most // 1_000_000} MB, too large for a {noun}"
        )
    if not raw.strip(b"\0 \t\r\n"):
        raise UserError(f"{shown}: it is empty")
