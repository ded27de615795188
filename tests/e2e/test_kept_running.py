"""`run` as an operator sees it: its health over HTTP, and its log."""

import json
import subprocess
from typing import Any

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import line_of
from serving import ask

LISTEN = 'listen = "127.0.0.1:0"'
STATE = ("newsletter.db", "newsletter.db-wal", "newsletter.db.mark", "sender.lock")


def _listening(running: "subprocess.Popen[str]") -> int:
    """Wait until it runs, and give the port."""
    port = json.loads(line_of(running, "listening"))["port"]
    line_of(running, '"running;')
    return int(port)


def _health(port: int, path: str) -> tuple[int, dict[str, Any]]:
    answer = ask(port, path)
    return answer.status, json.loads(answer.body)


def _digest(folder: Folder) -> dict[str, bytes]:
    var = folder.path / "var"
    return {name: (var / name).read_bytes() for name in STATE if (var / name).exists()}


@pytest.mark.covers("I07", "T48")
def test_health_is_told_in_words_and_asking_writes_nothing(ready: Folder) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="json")
    port = _listening(running)
    status, told = _health(port, "/healthz")
    assert status == 200, told
    assert [part["name"] for part in told["parts"]] == ["alarm"]
    status, told = _health(port, "/readyz")
    assert status == 200, told
    assert [part["name"] for part in told["parts"]] == [
        "database",
        "sender",
        "disk",
        "settings",
    ]
    before = _digest(ready)
    for _ in range(10):
        for path in ("/healthz", "/readyz"):
            text = ask(port, path).text
            assert str(ready.path) not in text
            assert "sqlite" not in text
    assert _digest(ready) == before
    lock = ready.path / "var" / "sender.lock"
    lock.rename(lock.with_name("aside.lock"))  # another could lock a new file of that name
    status, told = _health(port, "/readyz")
    assert status == 503
    assert [part["name"] for part in told["parts"] if not part["well"]] == ["sender"]
    assert _health(port, "/healthz")[0] == 200
    lock.with_name("aside.lock").rename(lock)
    assert stop(running)[0] == 0


@pytest.mark.covers("T48")
def test_the_log_as_json_is_one_object_a_line_and_names_no_reader(ready: Folder) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="json", NEWSLETTER_CANARY="canary")
    line_of(running, '"running;')
    ready.here("send", SAMPLE, "--confirm", "3")
    code, said = stop(running)
    assert code == 0, said
    events = [json.loads(line) for line in said.splitlines()]
    assert all({"at", "level", "event", "logger"} <= event.keys() for event in events)
    assert "readers.example" not in said
    assert "canary" not in said
    by_name = {event["event"]: event for event in events}
    assert by_name["starting"]["issue"] == SAMPLE
    assert by_name["list frozen"]["mailing"] == 1
    ended = [event for event in events if event["event"] == "step ended"]
    assert {event["step"] for event in ended} >= {"build", "check", "send"}
    assert {event["run"] for event in ended} == {SAMPLE}
    stands = by_name["progress"]
    assert (stands["state"], stands["planned"], stands["sent"]) == ("done", 3, 3)


def test_the_log_as_text_tells_the_same_to_a_person(ready: Folder) -> None:
    ready.set(LISTEN, f'{LISTEN}\nlog_format = "text"')
    running = ready.start("run")
    line_of(running, "running; mail goes into the built-in inbox")
    ready.here("send", SAMPLE, "--confirm", "3")
    code, said = stop(running)
    assert code == 0, said
    assert f"  progress  mailing=1  issue={SAMPLE}  state=done  planned=3  sent=3" in said
    assert f"  {SAMPLE}: 3 of 3 sent\n" in said
    assert said.endswith("  stopped\n")
    assert "readers.example" not in said


def test_a_format_that_is_none_is_refused(ready: Folder) -> None:
    ready.refuse("run", says=["NEWSLETTER_LOG_FORMAT: "], NEWSLETTER_LOG_FORMAT="xml")
    ready.set(LISTEN, f'{LISTEN}\nlog_format = "xml"')
    ready.refuse("run", says=["run.log_format: "])
