"""What workflows work with: settings, clock, database, composer; opened at first need."""

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsletter.clock import Clock
from newsletter.config.settings import Settings
from newsletter.store import Database
from newsletter.workflows.settings_file import SettingsFile

if TYPE_CHECKING:
    from newsletter.compose.composer import Composer


def _composer() -> "Composer":
    from newsletter.compose.composer import Composer  # noqa: PLC0415 (many commands compose nothing)

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
        """Return the tools for one turn of work, with the settings as they are now.

        Database and composer are those of this desk, which closes them.
        """
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
