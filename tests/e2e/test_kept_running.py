"""`run` as an operator sees it: its health over HTTP, its log, and settings edited meanwhile."""

import json
import subprocess

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import line_of
from serving import ask

pytestmark = pytest.mark.slow
LISTEN = 'listen = "127.0.0.1:0"'
STATE = ("newsletter.db", "newsletter.db-wal", "newsletter.db.mark", "sender.lock")


def _listening(running: "subprocess.Popen[str]") -> int:
    """Wait until it runs, and give the port."""
    port = json.loads(line_of(running, "listening"))["port"]
    line_of(running, '"running;')
    return int(port)


def _unwell(port: int, path: str) -> tuple[int, list[str]]:
    answer = ask(port, path)
    parts = json.loads(answer.body)["parts"]
    return answer.status, [part["name"] for part in parts if not part["well"]]


def _digest(folder: Folder) -> dict[str, bytes]:
    var = folder.path / "var"
    return {name: (var / name).read_bytes() for name in STATE if (var / name).exists()}


@pytest.mark.covers("I07", "T48")
def test_health_and_log_are_told_in_words_and_asking_writes_nothing(ready: Folder) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="json", NEWSLETTER_CANARY="canary")
    port = _listening(running)
    before = _digest(ready)
    for path in ("/healthz", "/readyz"):
        assert _unwell(port, path) == (200, [])
        text = ask(port, path).text
        assert str(ready.path) not in text
        assert "sqlite" not in text
    assert _digest(ready) == before
    lock = ready.path / "var" / "sender.lock"
    lock.rename(lock.with_name("aside.lock"))  # another could lock a new file of that name
    assert _unwell(port, "/readyz") == (503, ["sender"])
    assert _unwell(port, "/healthz") == (200, [])
    lock.with_name("aside.lock").rename(lock)
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


def test_a_mistake_in_the_settings_stops_nothing_that_was_approved_and_is_said(
    ready: Folder,
) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="json")
    port = _listening(running)
    ready.schedule(seconds=8)
    ready.here("approve", SAMPLE, "--by", "Ada")
    ready.set(LISTEN, f"{LISTEN}\ntypo = 1")
    assert "run.typo" in line_of(running, "newsletter.toml cannot be used")
    ready.refuse("plan", says=["run.typo"])
    assert _unwell(port, "/readyz") == (503, ["settings"])
    line_of(running, "3 of 3 sent")
    ready.set(f"{LISTEN}\ntypo = 1", 'listen = "127.0.0.1:9"')
    line_of(running, "newsletter.toml: [run] listen is another; start run again to use it")
    assert ask(port, "/readyz").status == 200
    assert stop(running)[0] == 0


def test_a_schedule_and_a_mail_server_that_are_changed_are_followed(ready: Folder) -> None:
    rule = '\n[newsletters.daily.schedule]\ncron = "30 6 * * *"\n'
    file = ready.path / "newsletter.toml"
    file.write_text(file.read_text() + rule)
    ready.here("skip", "daily")  # which makes the rows of the next three times
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="text")
    line_of(running, "running; mail goes into the built-in inbox")
    server = '[smtp.one]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n'
    file.write_text(file.read_text().replace("30 6", "45 7") + server)
    line_of(running, "from now on mail goes to 127.0.0.1")
    line_of(running, "newsletter.toml was changed; its settings are used from now on")
    line_of(running, 'left out: the schedule "45 7 * * *" has no such time')
    assert stop(running)[0] == 0
    ahead = ready.here("plan", "--json").json()
    assert all("07:45" in line["local"] for line in ahead if line["will"] != "skip")
