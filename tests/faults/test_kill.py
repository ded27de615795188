"""SIGKILL of a real sending process, at named points and at any moment; then it is started again.

The sender is a child process that runs the engine as the program does; the server, in this process,
writes down what it takes before it answers. After the last run: nobody twice, nobody lost, and in
doubt at most as many deliveries as there were connections at each kill.
"""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sending import Books, make_mailing, readers
from smtp_server import ScriptedServer

CHILD = Path(__file__).with_name("sender_child.py")
POINTS = ("claim", "mail", "rcpt", "data", "body", "committing", "dot", "reply", "store")
RECIPIENTS = 200


def run_sender(
    folder: Path,
    port: int,
    connections: int,
    *,
    die_at: str = "",
    times: int = 0,
    after_s: float = 0,
    power: str = "",
) -> int:
    said = [str(CHILD), str(folder), str(port), str(connections), die_at, str(times)]
    said += [power] if power else []
    child = subprocess.Popen([sys.executable, *said], stdout=subprocess.DEVNULL)
    try:
        return child.wait(after_s or 60)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        return child.wait()


def account_after_kills(
    folder: Path, kills: list[tuple[str, int, float]], connections: int
) -> tuple[Books, int]:
    """Run to the end through those kills, each (point, how often it is passed before, seconds)."""
    database, mailing_id = make_mailing(folder, readers(RECIPIENTS), chunk_size=60)
    record = folder / "taken.jsonl"
    killed = 0
    try:
        with ScriptedServer(record) as server:
            for point, times, after_s in kills:
                code = run_sender(
                    folder, server.port, connections, die_at=point, times=times, after_s=after_s
                )
                killed += code == -signal.SIGKILL
            assert run_sender(folder, server.port, connections) == 0
            assert not [v for wire in server.wires for v in wire.violations]
        books = Books(database, mailing_id, record)
        books.check()
        assert books.account.left == 0
        assert books.account.unknown <= killed * connections
        return books, killed
    finally:
        database.close()


@pytest.mark.covers("F01", "F02", "F03", "F05", "F06", "F07")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "unknown"), [("claim", 0), ("data", 0), ("committing", 1), ("reply", 1)]
)
def test_a_kill_in_the_first_message_repeats_and_loses_nobody(
    tmp_path: Path, point: str, unknown: int
) -> None:
    books, _ = account_after_kills(tmp_path, [(point, 1, 0)], connections=1)
    assert books.account.unknown == unknown
    if point == "reply":
        doubtful = next(address for address, state in books.states.items() if state == "unknown")
        assert books.taken[doubtful] == 1


@pytest.mark.slow
@pytest.mark.covers("F04", "F08")
def test_four_kills_one_after_another_with_four_connections(tmp_path: Path) -> None:
    kills = [("dot", 30, 0.0), ("body", 9, 0.0), ("store", 12, 0.0), ("", 0, 1.1)]
    account_after_kills(tmp_path, kills, connections=4)


@pytest.mark.prove
@pytest.mark.covers("F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08")
@pytest.mark.parametrize("seed", range(10))
def test_210_kills_at_any_point_and_moment(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (replayable)
    killed, rounds = 0, 0
    while killed < 21:
        rounds += 1
        folder = tmp_path / f"round{rounds}"
        folder.mkdir()
        kills = [
            (dice.choice(POINTS), dice.randrange(1, 60), 0.0)
            if dice.random() < 0.5
            else ("", 0, 0.3 + dice.random() * 0.6)
            for _ in range(4)
        ]
        _, times = account_after_kills(folder, kills, connections=dice.choice((1, 4)))
        killed += times
