"""The work of one run: chunks opened one by one, their deliveries handed to connections in order.

A chunk is closed once all its deliveries have an ending; a delivery whose attempt came to nothing
goes to the back of the queue.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from newsletter.delivery.ledger_writer import Hold
from newsletter.model.mailing import Delivery
from newsletter.store.ledger import OpenChunk


@dataclass(frozen=True, slots=True)
class Task:
    """One delivery to be attempted under one opening of its chunk."""

    hold: Hold
    delivery: Delivery

    def after_cut(self) -> "Task":
        """Return the same task with one more lost connection to its name."""
        cut = replace(self.delivery, cuts=self.delivery.cuts + 1)
        return replace(self, delivery=cut)


class Board:
    """What is to be done; connection threads take from it."""

    def __init__(
        self,
        chunk_ids: Iterable[int],
        *,
        open_chunk: Callable[[int], OpenChunk | None],
        close_chunk: Callable[[Hold], None],
    ) -> None:
        self._open_chunk = open_chunk
        self._close_chunk = close_chunk
        self._changed = threading.Condition()
        self._to_open = deque(chunk_ids)
        self._opening = False
        self._pending: deque[Task] = deque()
        self._left: dict[Hold, int] = {}  # deliveries of open chunks without an ending
        self._ended = False
        self.taken = 0

    def take(self, *, wait: bool = True) -> Task | None:
        """Return the next task, opening the next chunk where needed; None: nothing to take."""
        if wait:
            self.has_work()
        with self._changed:
            if self._ended or not self._pending:
                return None
            self.taken += 1
            return self._pending.popleft()

    def has_work(self) -> bool:
        """Whether there is a task, opening the next chunk, or waiting for one, to find out."""
        while True:
            with self._changed:
                if self._ended or self._pending:
                    return not self._ended
                if not (self._opening or self._to_open):
                    return False
                if self._opening:
                    self._changed.wait()
                    continue
                self._opening = True
                chunk_id = self._to_open.popleft()
            self._open(chunk_id)

    def done(self, task: Task) -> None:
        """Take note that a delivery needs no more of this run."""
        with self._changed:
            if task.hold not in self._left:
                return
            self._left[task.hold] -= 1
            if self._left[task.hold]:
                return
            del self._left[task.hold]
        self._close_chunk(task.hold)

    def again(self, task: Task) -> None:
        """Put a task back, behind the others."""
        with self._changed:
            if task.hold in self._left:
                self._pending.append(task)
                self._changed.notify_all()

    def drop_chunk(self, hold: Hold) -> None:
        """Forget a chunk that is another worker's by now."""
        with self._changed:
            self._left.pop(hold, None)
            self._pending = deque(task for task in self._pending if task.hold != hold)

    def end(self) -> None:
        """Hand out nothing more; whoever waits is woken."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close_all(self) -> None:
        """Return back every chunk still open; call it when no connection works any more."""
        with self._changed:
            holds, self._left = list(self._left), {}
            self._pending.clear()
        for hold in holds:
            self._close_chunk(hold)

    def _open(self, chunk_id: int) -> None:
        opened: OpenChunk | None = None
        try:
            opened = self._open_chunk(chunk_id)
        finally:
            empty: Hold | None = None
            with self._changed:
                self._opening = False
                if opened is not None:
                    hold = Hold(opened.id, opened.token)
                    if opened.deliveries:
                        self._left[hold] = len(opened.deliveries)
                        self._pending.extend(Task(hold, d) for d in opened.deliveries)
                    else:
                        empty = hold
                self._changed.notify_all()
        if empty is not None:
            self._close_chunk(empty)
