"""Who sends: one at a time, taken over where it goes away, stopped when told; nobody twice."""

import re
import time
from collections import Counter

import pytest
from e2e.folder import SAMPLE, Folder, kill, moments, stop
from e2e.waiting import line_of, slow_server, until
from smtp_server import ScriptedServer

pytestmark = pytest.mark.slow
SEND = ("send", SAMPLE, "--confirm")


def _taken(server: ScriptedServer) -> Counter[str]:
    return Counter(entry["to"] for entry in server.accepted())


def _go_on(folder: Folder, count: int) -> None:
    """Send until nothing is left to send."""
    for _ in range(10):
        left = (folder.log().get("account") or {"left": count})["left"]
        if not left:
            return
        folder.here(*SEND, str(left), expect=None)
    raise AssertionError(folder.log())


def _nobody_twice_nobody_lost(folder: Folder, server: ScriptedServer, count: int) -> None:
    taken = _taken(server)
    states = {d["recipient"]: d["state"] for d in folder.log()["deliveries"]}
    assert len(states) == count
    assert max(taken.values()) == 1, "somebody was mailed twice"
    assert set(states.values()) <= {"sent", "unknown"}
    sent = {who for who, state in states.items() if state == "sent"}
    assert sent <= taken.keys()
    assert states.keys() - taken.keys() <= states.keys() - sent


@pytest.mark.covers("I01", "I02", "F01", "F05", "F06", "F07")
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.prove) for n in range(2, 12))]
)
def test_kills_of_send_mail_nobody_twice_and_lose_nobody(ready: Folder, seed: int) -> None:
    ready.subscribe(60)
    with slow_server(ready) as server:
        for pause in moments(seed, 6, most=2.5):
            left = ready.log().get("account") or {"left": 60}
            sending = ready.start(*SEND, str(left["left"]))
            time.sleep(pause)  # noqa: TID251 (the moment of the kill is the test)
            kill(sending)
        _go_on(ready, 60)
        _nobody_twice_nobody_lost(ready, server, 60)


@pytest.mark.covers("F44", "F45", "F62")
def test_two_sends_and_a_run_at_the_same_instant_mail_everybody_once(ready: Folder) -> None:
    ready.subscribe(20)
    with slow_server(ready) as server:
        processes = [ready.start(*SEND, "20"), ready.start("run"), ready.start(*SEND, "20")]
        codes = {}
        for process in (processes[0], processes[2]):
            _, said = process.communicate(timeout=60)
            codes[process.pid] = (process.returncode, said)
        assert {code for code, _ in codes.values()} <= {0, 1}, codes
        assert 0 in {code for code, _ in codes.values()}, codes
        code, said = stop(processes[1])
        assert code == 0, said
        assert _taken(server) == {f"reader{n}@readers.example": 1 for n in range(20)}
        assert ready.log()["outcome"] == "sent"
        assert "Traceback" not in said


@pytest.mark.covers("F10", "F45")
def test_run_waits_for_a_send_and_goes_on_where_it_was_killed(ready: Folder) -> None:
    ready.subscribe(40)
    with slow_server(ready, pause_s=0.5) as server:
        sending = ready.start(*SEND, "40")
        until(server, 3)
        running = ready.start("run")
        said = line_of(running, "waiting for")
        assert f"newsletter send {SAMPLE} (process {sending.pid})" in said
        kill(sending)
        server.rules[0].pause_s = 0.0
        line_of(running, "running; mail goes to 127.0.0.1")
        run = ready.wait_for("sent", "unsettled")
        code, said = stop(running)
        assert code == 0, said
        assert run["account"]["left"] == 0
        _nobody_twice_nobody_lost(ready, server, 40)


@pytest.mark.covers("F45")
def test_a_send_that_follows_goes_on_itself_where_the_run_is_killed(ready: Folder) -> None:
    ready.subscribe(40)
    with slow_server(ready, pause_s=0.5) as server:
        running = ready.start("run")
        line_of(running, "running")
        sending = ready.start(*SEND, "40")
        line_of(sending, "following")
        until(server, 3)
        kill(running)
        server.rules[0].pause_s = 0.0
        _, said = sending.communicate(timeout=60)
        assert "it has gone; sending here" in said
        assert sending.returncode in {0, 5}, said
        _nobody_twice_nobody_lost(ready, server, 40)


@pytest.mark.covers("T54", "F10")
def test_a_send_stopped_in_its_hold_is_over_and_no_run_sends_it_unasked(ready: Folder) -> None:
    ready.set('hold = "0s"', 'hold = "60s"')
    sending = ready.start(*SEND, "3")
    told = line_of(sending, "the first copy")
    assert re.search(r"leaves at \d\d:\d\d:\d\d, 60 s after the approval", told), told
    running = ready.start("run")
    line_of(running, "waiting for")
    code, said = stop(sending)
    assert code == 3, said
    assert "nothing was sent" in said
    line_of(running, "running")
    time.sleep(1.5)  # noqa: TID251 (three looks of the run)
    run = ready.log()
    assert (run["outcome"], run["why"]) == ("stopped", "stopped before the first copy")
    # a planned one is taken back in its hold; what was approved stays approved
    ready.here("approve", SAMPLE)
    ready.schedule(seconds=2)
    line_of(running, "starting")
    ready.refuse("schedule", SAMPLE, "--at", "2030-01-01 06:30", says=["about to be sent"])
    ready.here("unschedule", SAMPLE)
    run = ready.wait_for("skipped")
    assert run["why"] == "unscheduled by hand"
    code, said = stop(running)
    assert code == 0, said
    assert not ready.caught()
    assert ready.here("plan", "--json").json() == []
