"""Power is cut while mail goes out: what was not flushed is gone, and nobody gets a second copy."""

import random
import shutil
import signal
from contextlib import closing
from pathlib import Path

import pytest
from faults.test_kill import run_sender
from sending import Books, make_mailing, readers
from smtp_server import ScriptedServer

from newsletter.store import open_database

RECIPIENTS, CONNECTIONS = 60, 2


def cut_and_go_on(folder: Path, point: str, times: int, power: str) -> Books:
    database, mailing_id = make_mailing(folder, readers(RECIPIENTS), chunk_size=20)
    database.close()
    record = folder / "taken.jsonl"
    with ScriptedServer(record) as server:
        code = run_sender(folder, server.port, CONNECTIONS, die_at=point, times=times, power=power)
        assert code == -signal.SIGKILL
        for path in folder.glob("newsletter.db*"):
            path.unlink()
        shutil.copytree(folder / "platter", folder, dirs_exist_ok=True)
        assert run_sender(folder, server.port, CONNECTIONS) in {0, 5}
    with closing(open_database(f"sqlite:///{folder}/newsletter.db", create=False)) as database:
        return Books(database, mailing_id, record)


@pytest.mark.slow
@pytest.mark.covers("F37", "I02")
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.prove) for n in range(2, 22))]
)
def test_what_was_marked_before_the_dot_is_on_the_platter_when_the_power_goes(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 (replayable)
    point = dice.choice(("committing", "dot", "reply", "store"))
    books = cut_and_go_on(tmp_path, point, dice.randrange(1, 30), "goes")
    books.check()
    assert books.account.left == 0
    assert books.account.unknown <= CONNECTIONS
    assert books.account.sent >= RECIPIENTS - CONNECTIONS


@pytest.mark.prove
def test_a_disk_that_flushes_nothing_is_seen_in_the_same_way(tmp_path: Path) -> None:
    """Else the test above would prove nothing: here the marks are lost, and readers are mailed."""
    books = cut_and_go_on(tmp_path, "reply", 30, "lies")
    assert max(books.taken.values()) == 2
