"""Notice changed files: a look at names, times and sizes, twice a second, in one thread."""

import threading
from collections.abc import Callable
from pathlib import Path

LOOK_EVERY_S = 0.4

State = frozenset[tuple[str, int, int]]


def look(places: Callable[[], tuple[Path, ...]]) -> State:
    """Give every file of the places with its time (ns) and size; missing ones are left out."""
    found: set[tuple[str, int, int]] = set()
    for place in places():
        for path in [place, *place.rglob("*")] if place.is_dir() else [place]:
            try:
                stat = path.stat()
            except OSError:
                continue
            if not path.is_dir():
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


class Watcher:
    """Counts the changes; `version` grows with each. Editors save by renaming, so names count."""

    def __init__(self, places: Callable[[], tuple[Path, ...]]) -> None:
        self._places = places
        self._state = look(places)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self.version = 1

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            state = look(self._places)
            if state != self._state:
                self._state = state
                self.version += 1
