"""A lock of another process past the planned time: a real one, on a real database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.compose.composer import Composer
from newsletter.schedule.beat import LockWatch


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom with an approved issue whose time is in an hour."""
    with Composer() as composer:
        room = Newsroom(tmp_path, composer)
        room.subscribe(3)
        room.verify()
        room.approve()
        room.schedule()
        yield room
        room.close()


@contextmanager
def locked(room: Newsroom) -> Iterator[None]:
    path = room.folder / "var" / "newsletter.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.covers("F33")
def test_a_lock_past_the_planned_time_is_said_once_a_lock(planned: Newsroom) -> None:
    said: list[str] = []
    watch = LockWatch(planned.desk, said.append)
    with locked(planned):
        for _ in range(3):
            watch.look()
        assert said == []  # its time is still to come
        planned.clock.forward(timedelta(hours=1, seconds=1))
        watch.look()
        assert said == []  # a writing of our own takes a moment, too
        for _ in range(5):
            watch.look()
    sentence = (
        f"{SAMPLE}: its time has come, and the database is locked by another process; "
        "it goes out when that has finished"
    )
    assert said == [sentence]
    watch.look()
    with locked(planned):
        for _ in range(3):
            watch.look()
    assert said == [sentence, sentence]


def test_nothing_is_said_of_what_has_begun(planned: Newsroom) -> None:
    said: list[str] = []
    assert planned.release().verdict == "frozen"
    planned.clock.forward(timedelta(seconds=5))
    watch = LockWatch(planned.desk, said.append)
    with locked(planned):
        for _ in range(3):
            watch.look()
    assert said == []
