"""Power is cut while mail goes out: what was not flushed is gone, and nobody gets a second copy."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults.test_kill import run_sender
from sending import Books, make_mailing, readers
from smtp_server import ScriptedServer

from newsletter.store import open_database

CHILD = Path(__file__).with_name("power_child.py")
RECIPIENTS = 60
CONNECTIONS = 2


def cut_and_go_on(folder: Path, point: str, times: int, *, lies: str = "") -> Books:
    """Cut the power as that point is passed for the last of so many times, and start again."""
    folder.mkdir()
    database, mailing_id = make_mailing(folder, readers(RECIPIENTS), chunk_size=20)
    database.close()
    record = folder / "taken.jsonl"
    with ScriptedServer(record) as server:
        arguments = [str(folder), str(server.port), str(CONNECTIONS), point, str(times), lies]
        cut = subprocess.run([sys.executable, str(CHILD), *arguments], check=False, timeout=60)
        assert cut.returncode == -signal.SIGKILL, point
        _put_back(folder)
        assert run_sender(folder, server.port, CONNECTIONS) in {0, 5}
    database = open_database(f"sqlite:///{folder / 'newsletter.db'}", create=False)
    try:
        return Books(database, mailing_id, record)
    finally:
        database.close()


def _put_back(folder: Path) -> None:
    """Put what the platter holds in the place of the database."""
    for path in folder.glob("newsletter.db*"):
        path.unlink()
    for path in (folder / "platter").iterdir():
        shutil.copy(path, folder / path.name)


@pytest.mark.covers("F37", "I02")
def test_what_was_marked_before_the_dot_is_on_the_platter_when_the_power_goes(
    tmp_path: Path,
) -> None:
    for point, times in (("committing", 9), ("dot", 1), ("dot", 14), ("reply", 30), ("store", 12)):
        books = cut_and_go_on(tmp_path / f"{point}{times}", point, times)
        books.check()
        assert books.account.left == 0, point
        assert books.account.unknown <= CONNECTIONS, point
        assert books.account.sent >= RECIPIENTS - CONNECTIONS, point


def test_a_disk_that_flushes_nothing_is_seen_in_the_same_way(tmp_path: Path) -> None:
    """Else the test above would prove nothing: here the marks are lost, and readers are mailed."""
    books = cut_and_go_on(tmp_path / "lies", "reply", 30, lies="lies")
    assert max(books.taken.values()) == 2
