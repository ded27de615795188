"""From the seed article to the inbox: the commands a person types, and what they promise."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder, header, kill, stop
from e2e.waiting import line_of

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = "https://example.org/news/china-russia"
HEDGED = (
    "Russian President Vladimir Putin has reportedly turned to China for assistance in the "
    "invasion of Ukraine. The reports come as the US say that China has signaled that it would be "
    "willing to provide support to Russia in the conflict."
)


def _caught_at(path: Path) -> datetime:
    return datetime.strptime(path.name[:22] + "+0000", "%Y%m%dT%H%M%S.%f%z").astimezone(UTC)


def test_the_seed_becomes_one_mail_at_its_planned_second_once_to_each(folder: Folder) -> None:
    folder.subscribe(3)
    folder.run("add", str(ROOT / "demo" / "seed.txt"), "--url", ARTICLE)
    (article,) = folder.run("articles", "--json").json()
    kinds = [paragraph["kind"] for paragraph in article["paragraphs"]]
    assert (kinds.count("noise"), kinds.count("callout"), kinds.count("body")) == (22, 2, 26)
    assert all(p["reason"] for p in article["paragraphs"] if p["kind"] == "noise")

    drafted = folder.run("draft", "daily", "--date", "2022-03-15", "--json").json()
    issue = drafted["issue"]
    assert issue == "2022-03-15-daily"
    assert drafted["callouts"] == ["dec-ukraine"]
    assert drafted["chosen"][0]["summary"]["text"] == HEDGED
    assert folder.run("articles", "--json").json()[0]["ran_in"] == [issue]
    before = (folder.path / drafted["path"]).read_bytes()
    folder.run("draft", "daily", "--date", "2022-03-15", expect=1)
    assert (folder.path / drafted["path"]).read_bytes() == before

    report = folder.run("build", issue, "--json").json()
    assert json.loads((folder.path / "build" / issue / "report.json").read_text()) == report
    checked = folder.run("check", issue, "--json", expect=1).json()
    assert checked["blocked"]
    assert [f["check"][:3] for f in checked["findings"] if f["severity"] == "error"] == ["S04"]
    assert checked["fingerprint"] == report["fingerprint"]
    folder.run("approve", issue, expect=1)
    folder.verify()
    assert not folder.run("check", issue, "--json").json()["blocked"]
    approved = folder.run("approve", issue, "--by", "A. Tester", "--json").json()
    assert approved["fingerprint"] == report["fingerprint"], "verifying changes no bytes"
    assert approved["recipients"] == 3

    running = folder.start("run")
    line_of(running, "running")  # it is up before the time is near, however busy the machine is
    planned = folder.schedule(issue, seconds=30)  # `plan` starts and ends before that
    (ahead,) = folder.run("plan", "--json").json()
    assert (ahead["will"], ahead["in_the_way"]) == ("send", [])
    run = folder.wait_for("sent", issue=issue)
    code, said = stop(running)
    assert code == 0, said

    assert run["account"] == {
        "planned": 3,
        "sent": 3,
        "refused": 0,
        "suppressed": 0,
        "expired": 0,
        "cancelled": 0,
        "unknown": 0,
        "left": 0,
    }
    mails = folder.mails()
    assert folder.caught() == {f"reader{n}@readers.example": 1 for n in range(3)}
    lateness = (min(map(_caught_at, mails)) - planned).total_seconds()
    assert 0 <= lateness < 10, lateness  # never early; how late is the machine's load
    message = message_from_bytes(mails[0].read_bytes(), policy=default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Donate to the DEC\N{NO-BREAK SPACE}appeal" in html.get_content()
    assert "https://donation.dec.org.uk/ukraine-humanitarian-appeal" in text.get_content()
    assert "reportedly turned to China" in " ".join(text.get_content().split())
    assert "not verified" not in html.get_content().lower()
    folder.run("send", issue, "--confirm", "3", expect=1)
    assert sum(folder.caught().values()) == 3


def test_a_sealed_issue_that_changes_is_held_and_says_why(folder: Folder) -> None:
    folder.subscribe(2)
    folder.verify()
    folder.run("approve", SAMPLE)
    folder.schedule(seconds=4)
    file = folder.path / "issues" / f"{SAMPLE}.md"
    file.write_text(file.read_text().replace("Good morning", "Good evening"))
    (ahead,) = folder.run("plan", "--json").json()
    assert ahead["will"] == "hold"
    running = folder.start("run")
    run = folder.wait_for("held")
    stop(running)
    assert "changed after the approval" in run["why"]
    assert not folder.caught()
    folder.run("approve", SAMPLE)
    folder.run("send", SAMPLE, "--confirm", "2")
    assert sum(folder.caught().values()) == 2


def test_an_appeal_that_closes_after_the_approval_is_left_out(folder: Folder) -> None:
    folder.subscribe(2)
    folder.verify()
    folder.run("approve", SAMPLE)
    folder.run("callouts", "close", "dec-ukraine")
    folder.schedule(seconds=3)
    running = folder.start("run")
    run = folder.wait_for("sent", "held")
    stop(running)
    assert run["outcome"] == "sent", run["why"]
    for path in folder.mails():
        assert b"donation.dec.org.uk" not in path.read_bytes()


def test_nobody_approves_so_nothing_goes_out(folder: Folder) -> None:
    folder.subscribe(2)
    folder.verify()
    folder.schedule(seconds=3)
    running = folder.start("run")
    run = folder.wait_for("held")
    stop(running)
    assert "nobody has approved" in run["why"]
    assert not folder.caught()


@pytest.mark.covers("T54")
def test_a_wrong_count_sends_nothing(folder: Folder) -> None:
    folder.subscribe(2)
    folder.verify()
    done = folder.run("send", SAMPLE, "--confirm", "3", expect=2)
    assert "2 recipients" in done.err
    assert not folder.caught()
    assert folder.run("log", "--json").json() == []


@pytest.mark.covers("F45", "F44")
def test_send_beside_run_follows_it_and_nobody_gets_a_second_copy(folder: Folder) -> None:
    folder.subscribe(5)
    folder.verify()
    running = folder.start("run")
    try:
        first = folder.run("send", SAMPLE, "--confirm", "5")
        again = folder.run("send", SAMPLE, "--confirm", "5", expect=None)
    finally:
        stop(running)
    assert "following" in first.err
    assert again.code == 1
    assert sum(folder.caught().values()) == 5
    assert max(folder.caught().values()) == 1


def test_a_second_run_names_the_first(folder: Folder) -> None:
    running = folder.start("run")
    try:
        assert running.stderr is not None
        running.stderr.readline()  # it says that it runs
        done = folder.run("run", expect=2)
    finally:
        kill(running)
    assert f"process {running.pid}" in done.err


@pytest.mark.covers("I06", "T54")
def test_a_test_goes_to_proof_addresses_only_and_counts_its_tries(folder: Folder) -> None:
    folder.subscribe(2)
    refused = folder.run("test", SAMPLE, "--to", "reader0@readers.example", expect=2)
    assert "no proof address" in refused.err
    folder.run("test", SAMPLE)
    folder.run("test", SAMPLE, "--to", "editor@example.org")
    mails = folder.mails()
    subjects = [header(path, "Subject") for path in mails]
    assert subjects == [f"[Test] Will China help Russia in Ukraine? ({n})" for n in (1, 2)]
    assert all(header(path, "Delivered-To") == "editor@example.org" for path in mails)
    assert folder.run("log", "--json").json() == []


def test_help_comes_at_once_and_imports_nothing_heavy(folder: Folder) -> None:
    heavy = "sqlalchemy alembic lxml premailer mjml jinja2 trafilatura pydantic starlette aiosmtpd"
    code = (
        "import sys\nfrom newsletter.cli import main\nmain(['--help'])\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder.path, text=True, capture_output=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


def test_an_automatic_approval_keeps_its_hold_before_the_planned_second(ready: Folder) -> None:
    ready.set('approval = "required"', 'approval = "automatic"')
    ready.set('hold = "0s"', 'hold = "4s"')
    running = ready.start("run")
    line_of(running, "running")
    planned = ready.schedule(seconds=16)
    run = ready.wait_for("sent")
    code, said = stop(running)
    assert code == 0, said
    approval = next(step for step in run["steps"] if step["name"] == "approval")
    assert approval["result"]
    assert 'hold = "4s"' in (ready.path / "newsletter.toml").read_text()
    first = min(map(_caught_at, ready.mails()))
    assert 0 <= (first - planned).total_seconds() < 10
    with closing(sqlite3.connect(ready.path / "var" / "newsletter.db")) as database:
        ((approved,),) = database.execute("SELECT approved_at FROM approvals")
    at = datetime.fromisoformat(approved).replace(tzinfo=UTC)
    assert at <= planned - timedelta(seconds=4)
