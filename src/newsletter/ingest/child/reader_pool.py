"""A few page readers for many threads: most of a thread's time is waiting for servers."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import LifoQueue

from newsletter.ingest.child.page_child import PageReader

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
