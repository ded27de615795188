"""Notice changed files: a look at names, times and sizes, in one thread.

A look is taken five times a second, so that a saved file is shown within one.
"""

import threading
from collections.abc import Callable, Hashable
from pathlib import Path

LOOK_EVERY_S = 0.2

State = frozenset[tuple[str, int, int, int]]


def look_at_files(places: tuple[Path, ...]) -> State:
    """Give every file of the places with its time (ns), size and inode; missing ones are left out.

    Editors save by renaming, so the inode counts; a file may go while we look.
    """
    found: set[tuple[str, int, int, int]] = set()
    for place in places:
        try:
            paths = [path for path in place.rglob("*") if path.is_file()] or [place]
        except OSError:  # a folder went while it was walked; the next look sees what is left
            paths = [place]
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            found.add((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return frozenset(found)


def look_at_folder(folder: Path) -> tuple[int, int]:
    """Give a flat folder's time (ns) and its number of entries; enough where files never change."""
    try:
        return folder.stat().st_mtime_ns, sum(1 for _ in folder.iterdir())
    except OSError:
        return 0, 0


class Watcher:
    """Counts the changes; `version` grows with each. look gives what is compared."""

    def __init__(self, look: Callable[[], Hashable]) -> None:
        self._look = look
        self._state = look()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self.version = 1

    @property
    def ended(self) -> bool:
        """Whether nothing will be noticed any more: streams of changes end then."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; may be called again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            state = self._look()
            if state != self._state:
                self._state = state
                self.version += 1
