"""From the seed article to the inbox: the commands a person types, and what they promise."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder, header, stop
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


@pytest.mark.slow
def test_the_seed_becomes_one_mail_at_its_planned_second_once_to_each(folder: Folder) -> None:
    folder.subscribe(3)
    folder.here("add", str(ROOT / "demo" / "seed.txt"), "--url", ARTICLE)
    (article,) = folder.here("articles", "--json").json()
    kinds = [paragraph["kind"] for paragraph in article["paragraphs"]]
    assert (kinds.count("noise"), kinds.count("callout"), kinds.count("body")) == (22, 2, 26)
    assert all(p["reason"] for p in article["paragraphs"] if p["kind"] == "noise")

    drafted = folder.here("draft", "daily", "--date", "2022-03-15", "--json").json()
    issue = drafted["issue"]
    assert issue == "2022-03-15-daily"
    assert drafted["callouts"] == ["dec-ukraine"]
    assert drafted["chosen"][0]["summary"]["text"] == HEDGED
    assert folder.here("articles", "--json").json()[0]["ran_in"] == [issue]
    before = (folder.path / drafted["path"]).read_bytes()
    folder.here("draft", "daily", "--date", "2022-03-15", expect=1)
    assert (folder.path / drafted["path"]).read_bytes() == before

    report = folder.here("build", issue, "--json").json()
    assert json.loads((folder.path / "build" / issue / "report.json").read_text()) == report
    checked = folder.here("check", issue, "--json", expect=1).json()
    assert [f["check"][:3] for f in checked["findings"] if f["severity"] == "error"] == ["S04"]
    assert checked["fingerprint"] == report["fingerprint"]
    folder.here("approve", issue, expect=1)
    folder.verify()
    assert not folder.here("check", issue, "--json").json()["blocked"]
    approved = folder.here("approve", issue, "--by", "A. Tester", "--json").json()
    assert approved["fingerprint"] == report["fingerprint"], "verifying changes no bytes"
    assert approved["recipients"] == 3

    running = folder.start("run")
    line_of(running, "running")  # it is up before the time is near, however busy the machine is
    planned = folder.schedule(issue, seconds=10)
    (ahead,) = folder.here("plan", "--json").json()
    assert (ahead["will"], ahead["in_the_way"]) == ("send", [])
    run = folder.wait_for("sent", issue=issue)
    code, said = stop(running)
    assert code == 0, said

    assert (run["account"]["planned"], run["account"]["sent"]) == (3, 3)
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
    folder.here("send", issue, "--confirm", "3", expect=1)
    assert sum(folder.caught().values()) == 3


@pytest.mark.covers("T54")
def test_a_wrong_count_sends_nothing(ready: Folder) -> None:
    ready.refuse("send", SAMPLE, "--confirm", "2", says=["3 recipients"])
    assert not ready.caught()
    assert ready.here("log", "--json").json() == []


@pytest.mark.covers("I06", "T54")
def test_a_test_goes_to_proof_addresses_only_and_counts_its_tries(ready: Folder) -> None:
    ready.refuse("test", SAMPLE, "--to", "reader0@readers.example", says=["no proof address"])
    ready.here("test", SAMPLE)
    ready.here("test", SAMPLE, "--to", "editor@example.org")
    mails = ready.mails()
    subjects = [header(path, "Subject") for path in mails]
    assert subjects == [f"[Test] Will China help Russia in Ukraine? ({n})" for n in (1, 2)]
    assert all(header(path, "Delivered-To") == "editor@example.org" for path in mails)
    assert ready.here("log", "--json").json() == []


def test_help_comes_at_once_and_imports_nothing_heavy(tmp_path: Path) -> None:
    heavy = "sqlalchemy alembic lxml premailer mjml jinja2 trafilatura pydantic starlette aiosmtpd"
    code = (
        "import sys\nfrom newsletter.cli import main\nmain(['--help'])\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, text=True, capture_output=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")
