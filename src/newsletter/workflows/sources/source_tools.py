"""What reading a source needs and gives: tools that threads share, the outcome, its words."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Self

from newsletter.config.settings import SourceSettings
from newsletter.errors import Interrupted
from newsletter.fetch import Fetcher, FetchError
from newsletter.ingest.children import ReaderPool
from newsletter.ingest.identity import pack, shingle_hashes
from newsletter.model.article import Article
from newsletter.model.callout import Callout
from newsletter.model.source import Change, SavedArticle, SourceRow
from newsletter.model.text import counted
from newsletter.store import Connection, articles
from newsletter.workflows.desk import Desk

Progress = Callable[[str, int, int], None]

GONE = 410
NOT_THERE = frozenset({404, GONE})


def no_progress(name: str, done: int, of: int) -> None:
    """Show nothing."""


class Ended(StrEnum):
    """How a reading ended. unchanged: the server said that what we have is still right (304)."""

    READ = "read"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(slots=True, kw_only=True)
class SourceOutcome:
    """How one source's reading goes; row is what is known of it since.

    entries: as listed, unread: pages that could not be read. may_pass: whether a failure may be
    over at a later try. notes are sentences about what was corrected, left out or found.
    """

    name: str
    row: SourceRow
    ended: Ended = Ended.READ
    entries: int = 0
    new: int = 0
    changed: int = 0
    unread: int = 0
    notes: list[str] = field(default_factory=list)
    may_pass: bool = True

    def count(self, saved: SavedArticle) -> None:
        """Count an article that was kept."""
        self.new += saved.change is Change.NEW
        self.changed += saved.change is Change.CHANGED

    def sentence(self) -> str:
        """Say it in one line, without the next try's time, which is in row."""
        if self.ended is Ended.FAILED:
            return f"{self.row.state}: {self.row.last_error}"
        parts = [counted(self.entries, "article")]
        parts += [f"{self.new} new"] if self.new else []
        parts += [f"{self.changed} changed"] if self.changed else []
        if not self.new and not self.changed and self.ended is not Ended.STOPPED:
            parts.append("nothing new")
        parts += [f"{counted(self.unread, 'page')} could not be read"] if self.unread else []
        parts += ["stopped before the end"] if self.ended is Ended.STOPPED else []
        return ", ".join(parts)


class SourceFailedError(Exception):
    """A source could not be read; its state follows from it. status is the server's last one."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int = 0,
        may_pass: bool = True,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.may_pass = may_pass
        self.retry_after = retry_after

    @classmethod
    def of(cls, error: FetchError, source: SourceSettings) -> "SourceFailedError":
        """Take over why a fetch brought nothing."""
        return cls(
            sentence_of(error, source),
            status=error.status,
            may_pass=error.may_pass,
            retry_after=error.retry_after,
        )


def sentence_of(error: FetchError, source: SourceSettings) -> str:
    """Return why a fetch brought nothing, with what to write into the source's table."""
    hint = error.hint.replace("NAME", source.name)
    return f"{error}; {hint}" if hint else str(error)


class SourceTools:
    """Shared by the threads that read sources; use as a context manager."""

    def __init__(
        self,
        desk: Desk,
        fetcher: Fetcher,
        *,
        stop: threading.Event,
        callouts: Sequence[Callout],
        progress: Progress,
        chance: Callable[[], float],
    ) -> None:
        self.desk = desk
        self.fetcher = fetcher
        self.stop = stop
        self.callouts = callouts
        self.progress = progress
        self.chance = chance
        self.readers = ReaderPool()
        self.configured = frozenset(source.name for source in desk.settings.sources)
        self._writing = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the readers' processes."""
        self.readers.close()

    @property
    def now(self) -> datetime:
        """Return the moment."""
        return self.desk.clock.now()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a writing transaction; our own threads queue fairly, which SQLite's do not."""
        with self._writing, self.desk.database.write() as connection:
            yield connection

    def go_on(self) -> None:
        """Raise Interrupted once the stop was asked for."""
        if self.stop.is_set():
            raise Interrupted("stopped")


def keep_article(
    connection: Connection, article: Article, *, now: datetime, keys: Sequence[str] = ()
) -> SavedArticle:
    """Keep an article together with the hashes by which its copies are known."""
    return articles.save_article(
        connection, article, now=now, keys=keys, shingles=pack(shingle_hashes(article))
    )
