"""The settings file of a process that goes on for long: what it says now, not at the start.

`approve` and `plan` read newsletter.toml anew each time. Were `run` to keep what it read at its
start, the two would compose different mails from one folder, and judge each other's approvals.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsletter.clock import Clock
from newsletter.config.settings import Settings
from newsletter.errors import NewsletterError
from newsletter.store import Database

if TYPE_CHECKING:
    from newsletter.compose.composer import Composer


SETTLED_AFTER_S = 1.0  # an editor may write a file in pieces, and a piece may be valid TOML
BARRED = "nothing new is sent until run is started again"
_GONE = "gone"


class SettingsFile:
    """Follows the file; shared by threads, each of which looks before its turn."""

    def __init__(
        self,
        settings: Settings,
        read: Callable[[], Settings],
        *,
        clock: Clock,
        say: Callable[[str], None],
        taken: Callable[[Settings], None] = lambda _: None,
    ) -> None:
        self._begun_with = settings
        self._settings = settings
        self._read = read
        self._clock = clock
        self._say = say
        self._taken = taken
        self._lock = threading.Lock()
        self._digest = ""  # of the bytes that were judged last
        self._coming: tuple[str, float] | None = None  # other bytes, and since when
        self._problem = ""
        self._waits: tuple[str, ...] = ()  # what only a start takes, in sentences
        with self._lock:  # what was changed since the start has read it
            self._judge(_digest(settings.file))

    def look(self) -> Settings:
        """Return the settings as they are now."""
        with self._lock:
            self._look()
            return self._settings

    def may_begin(self) -> bool:
        """Return whether something new may begin: the file is not being written, and is ours."""
        with self._lock:
            self._look()
            return self._coming is None and not self._is_barred()

    def is_now(self, settings: Settings) -> bool:
        """Return whether settings got by a look are still those of the file."""
        return self.may_begin() and self._settings is settings

    def standing(self) -> tuple[bool, str]:
        """Return whether the process can use the file as it is, in words without a path."""
        name = self._begun_with.file.name
        with self._lock:
            self._look()
            if self._problem:
                return False, f"{name} has mistakes; the settings of before are used"
            if self._waits:
                return not self._is_barred(), "; ".join(self._waits)
            return True, f"are those of {name}"

    def _is_barred(self) -> bool:
        return any(sentence.endswith(BARRED) for sentence in self._waits)

    def _look(self) -> None:
        digest = _digest(self._begun_with.file)
        now_s = self._clock.monotonic()
        if digest == self._digest:  # saved unchanged, or put back
            self._coming = None
        elif self._coming is None or self._coming[0] != digest:
            self._coming = (digest, now_s)
        elif now_s - self._coming[1] >= SETTLED_AFTER_S:
            self._judge(digest)

    def _judge(self, digest: str) -> None:
        name = self._begun_with.file.name
        fresh, problem = None, ""
        try:
            fresh = self._read()
        except NewsletterError as error:
            problem = str(error)
        if _digest(self._begun_with.file) != digest:
            return  # written meanwhile: it begins anew at the next look
        if fresh is not None:
            self._take(fresh)
        if problem and problem != self._problem:
            self._say(f"{name} cannot be used, so the settings of before stay in use: {problem}")
        if self._problem and not problem:
            self._say(f"{name} can be used again")
        self._problem, self._digest, self._coming = problem, digest, None

    def _take(self, fresh: Settings) -> None:
        begun = self._begun_with
        waits = tuple(_waits(begun, fresh))
        for sentence in waits:
            if sentence not in self._waits:
                self._say(sentence)
        self._waits = waits
        usable = replace(
            fresh,
            folder=begun.folder,
            file=begun.file,
            run=begun.run,
            database_url=begun.database_url,
        )
        if usable != self._settings:
            self._taken(usable)
            self._settings = usable
            self._say(f"{begun.file.name} was changed; its settings are used from now on")


def _waits(begun: Settings, fresh: Settings) -> Iterator[str]:
    name = begun.file.name
    for key in ("listen", "log_format", "trusted_proxies"):
        if getattr(fresh.run, key) != getattr(begun.run, key):
            yield f"{name}: [run] {key} is another; start run again to use it"
    if fresh.folder != begun.folder or fresh.database_url != begun.database_url:
        yield f"{name}: its folder or [database] url is another; {BARRED}"


def _digest(file: Path) -> str:
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return _GONE


def _composer() -> "Composer":
    from newsletter.compose.composer import Composer  # noqa: PLC0415 (many commands compose nothing

    return Composer()


class Desk:
    """One command's tools; `with` closes what was opened.

    The settings of a desk never change. Where they follow the file, each turn of work has a desk of
    its own, so that one turn sees one state of them.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        open_database: Callable[[], Database],
        make_composer: "Callable[[], Composer]" = _composer,
        followed: SettingsFile | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._open_database = open_database
        self._make_composer = make_composer
        self.followed = followed

    def turn(self) -> "Desk":
        """Return the tools for one turn of work, with the settings as they are now."""
        if self.followed is None:
            return self
        return Desk(
            self.followed.look(),
            self.clock,
            open_database=lambda: self.database,
            make_composer=lambda: self.composer,
            followed=self.followed,
        )

    def may_begin(self) -> bool:
        """Return whether something new may begin: the settings file is not just being changed."""
        return self.followed is None or self.followed.may_begin()

    def is_current(self) -> bool:
        """Return whether the settings of this turn are still those of the file."""
        return self.followed is None or self.followed.is_now(self.settings)

    @cached_property
    def database(self) -> Database:
        """The folder's database, made and opened at first need."""
        return self._open_database()

    @cached_property
    def composer(self) -> "Composer":
        """The composer with its warm render child, started at first need."""
        return self._make_composer()

    def give_up(self) -> None:
        """End the composition at hand, from any thread; closing then waits for nothing."""
        self.composer.give_up()

    def close(self) -> None:
        """End the render child and the database connections, where there are any."""
        for opened in ("composer", "database"):
            if opened in self.__dict__:
                self.__dict__.pop(opened).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
