"""Mail servers that refuse, stall or drop at every step, through `test`, `send` and `run`."""

import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import line_of, until
from smtp_server import FEATURES, Rule, ScriptedServer

CASES = tomllib.loads(Path(__file__).with_name("refusing_servers.toml").read_text("utf-8"))["case"]
PASSWORD = "CANARY-9d41c7"  # noqa: S105 (it must show up nowhere)
READERS = {f"reader{n}@readers.example" for n in range(3)}


@contextmanager
def _server(folder: Folder, *rules: Rule, **more: object) -> Iterator[ScriptedServer]:
    features = (*FEATURES, "AUTH PLAIN LOGIN") if "username" in more else FEATURES
    with ScriptedServer(folder.path / "record", rules, features=features, fsync=False) as server:
        folder.send_to(server.port, **more)
        yield server


def _taken(server: ScriptedServer) -> Counter[str]:
    return Counter(entry["to"] for entry in server.accepted())


def _states(folder: Folder) -> dict[str, str]:
    return {d["recipient"]: d["state"] for d in folder.log()["deliveries"]}


@pytest.mark.covers("F11", "F12", "F13", "F14", "F16", "F17", "F21", "F22")
def test_a_test_mail_tells_what_the_server_said_at_every_step(ready: Folder) -> None:
    with _server(ready) as server:
        for case in CASES:
            server.rules = [Rule(**case["rule"])]
            says = [f"127.0.0.1:{server.port}", case["says"]]
            ready.refuse("test", SAMPLE, code=case["code"], says=says)
        server.rules = [Rule("EHLO", "drip"), Rule("DOT", "drip")]
        assert f"by 127.0.0.1:{server.port}" in ready.here("test", SAMPLE).err
        last = server.accepted()[-1]["head"]
        assert f"({len(CASES) + 1})" in last, "each try is counted"
    ready.refuse("test", SAMPLE, code=3, says=["cannot be reached: connection refused"])
    assert ready.here("log", "--json").json() == []


@pytest.mark.slow
@pytest.mark.covers("F18", "T48")
def test_a_wrong_login_is_told_without_the_password_and_tried_once(ready: Folder) -> None:
    login = {"username": "news", "password_env": "NEWSLETTER_SMTP_PASSWORD"}
    said: list[str] = []
    with _server(ready, **login) as server:
        send = ("send", SAMPLE, "--confirm", "3")
        for command in (("test", SAMPLE), send):
            says = ["wants a password", "set NEWSLETTER_SMTP_PASSWORD"]
            ready.refuse(*command, code=4, says=says)
        server.rules = [Rule("AUTH", text=f"535 5.7.8 no, not {PASSWORD}", times=0)]
        for more in (send, ("--debug", "test", SAMPLE)):
            before = len(server.wires)
            done = ready.here(*more, expect=4, NEWSLETTER_SMTP_PASSWORD=PASSWORD)
            assert "refused the login: 535 5.7.8" in done.err
            said += [done.out, done.err]
            assert len(server.wires) - before <= 4, "one try a connection at most"
        running = ready.start("run", NEWSLETTER_SMTP_PASSWORD=PASSWORD)
        run = ready.wait_for("held")
        tries = len(server.wires)
        time.sleep(2.5)  # noqa: TID251 (long enough for a storm to begin)
        assert len(server.wires) == tries, "a refused login is not tried again and again"
        assert "refused the login" in run["why"]
        server.rules = []
        ready.here("resume", SAMPLE)
        run = ready.wait_for("sent")
        code, spoken = stop(running)
        assert code == 0
        assert "refused the login" in spoken
        said += [spoken, str(run)]
        assert _taken(server) == dict.fromkeys(READERS, 1)
    assert all(PASSWORD not in text for text in said)
    for path in ready.path.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


@pytest.mark.covers("F15", "F16", "F22", "I02")
def test_a_mailing_ends_with_its_gravest_part_and_settles_by_hand(ready: Folder) -> None:
    rules = [
        Rule("RCPT", text="550 5.1.1 nobody", match="reader0"),
        Rule("DOT", "cut", match="reader1"),
        Rule("RCPT", text="450 4.2.0 greylisted", match="reader2"),
    ]
    came = ("--came", "reader1@readers.example")
    with _server(ready, *rules) as server:
        done = ready.refuse("send", SAMPLE, "--confirm", "3", code=5, says=["unknown", "settle"])
        while ready.log()["account"]["left"]:
            ready.here("send", SAMPLE, "--confirm", "1", expect=5)
        assert _states(ready) == {
            "reader0@readers.example": "refused",
            "reader1@readers.example": "unknown",
            "reader2@readers.example": "sent",
        }
        assert ready.log()["outcome"] == "unsettled"
        assert "reader1" not in done.err, "no address in an error"
        assert "reader1" in ready.here("settle", SAMPLE, expect=5).out
        for options, says in (
            (("--came", "gone@readers.example"), "no recipient of this"),
            ((*came, "--drop", "reader2@readers.example"), "not in doubt"),
            (("--came", "no address"), "no mail address"),
            (("--again", "reader1@readers.example"), "may still take"),
            ((*came, "--drop", "READER1@readers.example"), "named twice"),
        ):
            ready.refuse("settle", SAMPLE, *options, says=[says])
        assert _states(ready)["reader1@readers.example"] == "unknown", "all or none"
        ready.here("settle", SAMPLE, *came)
        assert ready.log()["outcome"] == "sent"
        ready.refuse("send", SAMPLE, "--confirm", "0", code=1, says=["nobody is left"])
        ready.refuse("pause", SAMPLE, says=["done"])
        ready.refuse("settle", "2022-01-01-none", says=["no mailing of 2022-01-01-none has begun"])
        assert _taken(server) == {"reader1@readers.example": 1, "reader2@readers.example": 1}


@pytest.mark.slow
@pytest.mark.covers("F10", "F56", "T54")
def test_a_run_is_paused_resumed_and_stopped_and_says_so(ready: Folder) -> None:
    ready.subscribe(40)
    rule = Rule("DATA", pause_s=0.25, times=0)
    with _server(ready, rule, connections=1) as server:
        running = ready.start("run")
        line_of(running, "running")
        sending = ready.start("send", SAMPLE, "--confirm", "40")
        until(server, 1)
        ready.here("pause", SAMPLE)
        _, said = sending.communicate(timeout=30)
        assert sending.returncode == 3, said
        must = ready.log()
        assert (must["outcome"], must["why"]) == ("held", "paused: by hand")
        ready.refuse("pause", SAMPLE, says=["is paused already"])
        time.sleep(0.7)  # noqa: TID251 (what was marked before is handed over)
        before = len(server.accepted())
        time.sleep(0.7)  # noqa: TID251
        assert len(server.accepted()) == before
        ready.here("resume", SAMPLE)
        ready.refuse("resume", SAMPLE, says=["is running already"])
        until(server, before + 3)
        assert "is stopped: " in ready.here("stop", SAMPLE, "--yes").out
        run = ready.wait_for("stopped")
        code, said = stop(running)
        assert code == 0, said
        assert "stopped by hand" in run["why"]
        account, taken = ready.log()["account"], _taken(server)
        assert max(taken.values()) == 1
        assert account["sent"] + account["unknown"] == len(taken) < 40
        assert account["cancelled"] == 40 - len(taken)
        ready.refuse("resume", SAMPLE, says=["is stopped, it cannot go on"])
        ready.refuse("send", SAMPLE, "--confirm", "3", code=1, says=["nobody is left", "cancelled"])
