"""`newsletter run` killed at any moment: nobody twice, nobody lost, the doubtful named."""

import time

import pytest
from e2e.folder import SAMPLE, Folder, kill, moments, stop

RECIPIENTS = 200
AFTER_START_S = 2.6  # the interpreter, the child and the first connections take a second of it


def _kill_again_and_again(folder: Folder, *, kills: int, seed: int) -> None:
    folder.subscribe(RECIPIENTS)
    folder.verify()
    folder.here("approve", SAMPLE)
    folder.schedule(seconds=4)
    for pause in moments(seed, kills, most=AFTER_START_S):
        running = folder.start("run")
        time.sleep(pause)  # noqa: TID251 (the moment of the kill is the test)
        kill(running)
    running = folder.start("run")
    run = folder.wait_for("sent", "unsettled")
    code, said = stop(running)
    assert code == 0, said

    caught = folder.caught()
    states = {d["recipient"]: d["state"] for d in run["deliveries"]}
    assert len(states) == RECIPIENTS
    assert max(caught.values()) == 1, "somebody was mailed twice"
    assert set(states.values()) <= {"sent", "unknown"}
    assert {who for who, state in states.items() if state == "sent"} <= set(caught)
    assert {who for who in states if who not in caught} <= {
        who for who, state in states.items() if state == "unknown"
    }
    account = run["account"]
    assert account["planned"] == RECIPIENTS
    assert account["sent"] + account["unknown"] == RECIPIENTS
    assert account["unknown"] <= kills * 4, "more doubts than connections at the kills"
    listed = folder.here("log", SAMPLE).out
    for who, state in states.items():
        assert (who in listed) == (state == "unknown")


@pytest.mark.slow
@pytest.mark.covers("I01", "I02", "F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08")
def test_six_kills_of_run_mail_nobody_twice_and_lose_nobody(folder: Folder) -> None:
    _kill_again_and_again(folder, kills=6, seed=20261124)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(20))
def test_kills_at_other_moments_too(folder: Folder, seed: int) -> None:
    _kill_again_and_again(folder, kills=15, seed=seed)
