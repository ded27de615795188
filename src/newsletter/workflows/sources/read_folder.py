"""A folder of saved pages and texts as a source: every file in it is one article."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from newsletter.config.settings import SourceSettings
from newsletter.errors import UserError
from newsletter.model.source import Sighting
from newsletter.store import sources
from newsletter.store.sources import Known
from newsletter.workflows.sources.saved_file import SUFFIXES, article_from_file, read_saved
from newsletter.workflows.sources.source_health import Success
from newsletter.workflows.sources.source_tools import (
    Ended,
    SourceFailedError,
    SourceTools,
    Tally,
    keep_article,
)

MOST_FILES = 500


class FolderReader:
    """Reads a folder's files once; one that is as it was is not read again."""

    def __init__(self, tools: SourceTools, source: SourceSettings, *, tally: Tally) -> None:
        self._tools = tools
        self._source = source
        self._tally = tally
        self._folder = tools.desk.settings.folder / source.folder
        self._moment: datetime = tools.now
        self._taken: dict[int, str] = {}

    def read(self) -> tuple[Success, Ended]:
        """Read every saved page and text of the folder and those in it, in the order of names.

        Raises:
            SourceFailedError: there is no such folder, or it cannot be read.
            Interrupted: the stop was asked for; what was kept until then is whole.
        """
        names = self._names()
        if len(names) > MOST_FILES:
            self._tally.notes.append(
                f"only the first {MOST_FILES} of {len(names):,} files were read"
            )
        if not names:
            self._tally.notes.append(f"no file in it ends in {', '.join(SUFFIXES)}")
        names = names[:MOST_FILES]
        self._tally.entries = len(names)
        keys = {name: f"file:{self._source.name}:{name}" for name in names}
        with self._tools.desk.database.read() as connection:
            known = sources.known_by(connection, self._source.name, keys.values())
        for position, name in enumerate(names):
            self._tools.progress(self._source.name, position, len(names))
            self._tools.go_on()
            try:
                self._read_file(name, position, keys[name], known.get(keys[name]))
            except UserError as error:
                self._tally.unread += 1
                self._tally.notes.append(str(error))
        self._tools.progress(self._source.name, len(names), len(names))
        return Success(location=self._source.folder), Ended.READ

    def _names(self) -> list[str]:
        try:
            return sorted(
                path.relative_to(self._folder).as_posix()
                for path in _below(self._folder)
                if path.suffix.lower() in SUFFIXES
            )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            msg = f"the folder {self._source.folder} cannot be read: {reason}"
            raise SourceFailedError(msg) from error

    def _read_file(self, name: str, position: int, key: str, known: Known | None) -> None:
        raw = read_saved(self._folder / name, shown=name)
        digest = hashlib.sha256(raw).hexdigest()
        before = known.sighting if known is not None else None
        seen = Sighting(
            source=self._source.name,
            url=name,
            position=position,
            first_seen=self._moment,
            last_seen=self._moment,
            etag=digest,
            asked_at=self._moment,
            read_at=self._moment,
        )
        if known is not None and before is not None and before.etag == digest:
            self._taken[known.article_id] = name
            with self._tools.write() as connection:
                sources.see(connection, known.article_id, replace(seen, read_at=before.read_at))
            return
        with self._tools.readers.borrow() as reader:
            article = article_from_file(
                raw,
                Path(name),
                source=self._source.name,
                callouts=self._tools.callouts,
                noise=self._source.noise,
                today=self._moment.date(),
                reader=reader,
            )
        with self._tools.write() as connection:
            every = (article.key, key)
            there = sources.known_by(connection, self._source.name, every)
            twin = self._twin(next((there[k].article_id for k in every if k in there), None))
            if not twin:
                saved = keep_article(connection, article, now=self._moment, keys=[key])
                self._taken[saved.id] = name
                self._tally.count(saved)
                sources.see(connection, saved.id, seen)
        if twin:
            self._tally.notes.append(f"{name} is the same article as {twin}")

    def _twin(self, article_id: int | None) -> str:
        """Return the file of this reading that is that article already, "" for none."""
        return self._taken.get(article_id, "") if article_id is not None else ""


def _below(folder: Path) -> list[Path]:
    """Return the files in a folder and in those in it; links are not followed out of it."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_dir():
            found += _below(path)
        elif path.is_file():
            found.append(path)
    return found
