"""What a run leaves in `log` when it is killed between what it does and what it writes down."""

import signal
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import until_told

DYING = Path(__file__).with_name("dying_run.py")
STEPS = ("build", "check", "approval", "freeze", "send", "report")


@pytest.mark.slow
@pytest.mark.covers("I10")
def test_a_kill_beside_any_step_leaves_no_gap_in_the_evidence(ready: Folder) -> None:
    ready.here("approve", SAMPLE)
    ready.schedule(seconds=3)
    for step in STEPS[3:]:
        dying = ready.start(step, script=DYING)
        dying.communicate(timeout=60)
        assert dying.returncode == -signal.SIGKILL, step
    begun = ready.log()
    assert begun["account"]["sent"] == 3
    assert "report" not in [step["name"] for step in begun["steps"]]
    running = ready.start("run")
    until_told(ready, 1)
    assert stop(running)[0] == 0
    run = ready.log()
    assert run["outcome"] == "sent"
    names = [step["name"] for step in run["steps"]]
    assert names[-len(STEPS) :] == list(STEPS), names
    for step in STEPS[3:]:
        assert names.count(step) == 1, names
    assert run["steps"][-1]["result"] == "3 of 3 sent"
    assert set(ready.caught().values()) == {1}
