"""An error of the database is told by what the person can do about it."""

import sqlite3
from pathlib import Path

import pytest

from newsletter.errors import StoreBusy
from newsletter.store.engine import StoreFull, fault_of


@pytest.mark.parametrize(
    "code",
    # the last: many begin with a write-ahead log at once (https://www.sqlite.org/rescode.html)
    [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_PROTOCOL],
)
def test_what_passes_by_itself_is_told_as_a_lock(code: int) -> None:
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorcode = code
    assert isinstance(fault_of(error, where="newsletter.db"), StoreBusy)


def test_an_error_of_input_and_output_on_a_disk_without_room_is_told_as_a_full_disk(
    tmp_path: Path,
) -> None:
    # where -shm finds no room, SQLite says "disk I/O error"; /proc is a file system without any
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    for path, is_full in ((Path("/proc/version"), True), (tmp_path, False)):
        fault = fault_of(error, where="newsletter.db", path=path)
        assert fault is not None
        assert isinstance(fault, StoreFull) is is_full
        assert ("the disk is full" in str(fault)) is is_full
        assert fault.exit_code == 3


def test_a_database_that_cannot_be_opened_is_told_by_what_stands_there(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    file = tmp_path / "newsletter.db"
    file.touch()
    told = {tmp_path / "gone": "is gone", tmp_path: "it is a folder", file: "cannot be opened"}
    for path, words in told.items():
        assert words in str(fault_of(error, where="newsletter.db", path=path))
