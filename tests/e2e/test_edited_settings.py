"""newsletter.toml edited while `run` is up: it, `approve` and `plan` work by the same settings."""

import json

import pytest
from e2e.folder import SAMPLE, Folder, header, stop
from e2e.waiting import line_of
from serving import ask

REPLY = 'reply_to = "editor@example.org"'
OTHER = 'reply_to = "desk@example.org"'
LISTEN = 'listen = "127.0.0.1:0"'
TAKEN = "newsletter.toml was changed; its settings are used from now on"


@pytest.mark.covers("I04")
def test_a_sender_changed_and_approved_anew_goes_out_with_it(ready: Folder) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="text")
    line_of(running, "running;")
    ready.schedule(seconds=3600)
    ready.here("approve", SAMPLE, "--by", "Ada")
    ready.set(REPLY, OTHER)
    (ahead,) = ready.here("plan", "--json").json()
    assert ahead["will"] == "hold"
    line_of(running, f"{SAMPLE}: held: the approval by Ada is broken")  # as `plan` has said
    changes = ready.log()["changes"]
    assert "-Reply-To: editor@example.org" in changes
    assert "+Reply-To: desk@example.org" in changes
    ready.schedule(seconds=8)
    ready.here("approve", SAMPLE, "--by", "Ada")
    assert ready.wait_for("sent", "held", "missed")["outcome"] == "sent"
    code, said = stop(running)
    assert code == 0, said
    assert {header(path, "Reply-To") for path in ready.mails()} == {"desk@example.org"}
    assert ready.caught().total() == 3


def test_a_mistake_stops_nothing_that_was_approved_and_is_said(ready: Folder) -> None:
    running = ready.start("run", NEWSLETTER_LOG_FORMAT="json")
    port = int(json.loads(line_of(running, "listening"))["port"])
    line_of(running, "running;")
    ready.schedule(seconds=8)
    ready.here("approve", SAMPLE, "--by", "Ada")
    ready.set(LISTEN, f"{LISTEN}\ntypo = 1")
    assert "run.typo" in line_of(running, "newsletter.toml cannot be used")
    ready.refuse("plan", says=["run.typo"])
    answer = ask(port, "/readyz")
    assert answer.status == 503
    (unwell,) = [part for part in json.loads(answer.body)["parts"] if not part["well"]]
    assert unwell["name"] == "settings"
    line_of(running, "3 of 3 sent")
    ready.set(f"{LISTEN}\ntypo = 1", 'listen = "127.0.0.1:9"')
    line_of(running, "newsletter.toml: [run] listen is another; start run again to use it")
    assert ask(port, "/readyz").status == 200
    assert stop(running)[0] == 0
    assert ready.wait_for("sent")["account"]["sent"] == 3


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
    line_of(running, TAKEN)
    line_of(running, 'left out: the schedule "45 7 * * *" has no such time')
    assert stop(running)[0] == 0
    ahead = ready.here("plan", "--json").json()
    assert all("07:45" in line["local"] for line in ahead if line["will"] != "skip")
