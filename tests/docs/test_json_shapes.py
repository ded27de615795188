"""The keys that commands.md names for `--json` are those that the commands print."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docs.pages import ROOT
from sample import with_appeal

from newsletter.cli import main

PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
SOURCE = "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"
ISSUE = "2022-03-16-daily"
YES = ("--consent", "a test")


def described(command: str) -> set[str]:
    """Return the keys of the first object that the page names for a command's --json."""
    part = PAGE.split(f"### `newsletter {command}", 1)[1].split("\n### ", 1)[0]
    shape = re.search(r"- `--json`[^{]*`\{(.*?)\}`", part, re.DOTALL)
    assert shape is not None, command
    return keys_in(shape.group(1))


def keys_in(shape: str) -> set[str]:
    """Return the keys of `a, b: {c, d}, e: [{f}]`, the outermost alone."""
    flat = re.sub(r"\s+", " ", shape)
    while (inner := re.sub(r"\{[^{}]*\}|\[[^][]*\]", "", flat)) != flat:
        flat = inner
    return {key.split(":")[0].strip() for key in flat.split(",")}


class Printed:
    """Runs commands in one folder and reads what they print."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run a command in this process."""
        code = main(list(arguments))
        printed = self._capture.readouterr()
        assert code == expect, f"{arguments}: {printed}"
        return printed.out

    def json(self, *arguments: str, expect: int = 0) -> Any:  # noqa: ANN401
        """Run a command with --json."""
        return json.loads(self.run(*arguments, "--json", expect=expect))

    @contextmanager
    def settings(self, before: str, after: str) -> Iterator[None]:
        """Change a setting for a while."""
        file = Path("newsletter.toml")
        kept = file.read_text("utf-8")
        assert before in kept
        file.write_text(kept.replace(before, after), "utf-8")
        yield
        file.write_text(kept, "utf-8")


@pytest.fixture
def printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Printed:
    """A fresh folder with two articles' worth of work to do."""
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSLETTER_CONFIG", "NEWSLETTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = Printed(capsys)
    folder.run("init")
    with_appeal(tmp_path)
    return folder


def test_articles_and_drafts_are_told_as_the_page_says(printed: Printed) -> None:
    seed = str(ROOT / "demo" / "seed.txt")
    (added,) = printed.json("add", seed, "--url", "https://example.org/news/china")
    assert set(added) == described("add")
    (article,) = printed.json("articles")
    assert set(article) == described("articles")
    drafted = printed.json("draft", "--date", "2022-03-17")
    assert set(drafted) == described("draft")
    (chosen,) = drafted["chosen"]
    assert set(chosen) == {
        "article", "section", "why", "score", "pinned", "carried_by", "summary",
    }  # fmt: skip
    assert set(chosen["score"]) == {
        "points", "freshness", "source", "place", "carried", "variety",
    }  # fmt: skip
    assert drafted["path"].endswith("2022-03-17-daily.md")
    assert Path(drafted["report"]).read_text("utf-8").startswith("# Draft of 2022-03-17-daily")


def test_rulings_and_copies_are_told_as_the_page_says(printed: Printed) -> None:
    seed = ROOT / "demo" / "seed.txt"
    _, text = seed.read_text("utf-8").split("\n", 1)
    Path("copy.txt").write_text(f"Our own headline\n{text}", "utf-8")
    printed.run("add", str(seed), "--url", "https://example.org/news/china")
    printed.run("add", "copy.txt", "--url", "https://other.example/china")
    printed.run("pin", "2", "--by", "A. Editor", "--why", "our own")
    _, article = printed.json("articles")
    assert article["duplicates"] == [1]
    (ruling,) = article["rulings"]
    assert set(ruling) == {"newsletter", "ruling", "by", "why", "at", "used_in"}
    drafted = printed.json("draft", "--date", "2022-03-17")
    (chosen,) = drafted["chosen"]
    assert (chosen["article"], chosen["pinned"]) == (2, True)
    assert chosen["carried_by"] == [
        {"article": 1, "source": None, "url": "https://example.org/news/china"}
    ]
    (left,) = drafted["left_out"]
    assert set(left) == {"article", "why", "score", "same_as"}
    assert left["same_as"] == 2
    printed.run("unpin", "2")
    printed.run("unpin", "2", expect=1)
    printed.run("block", "1", "99", expect=2)


def test_an_issue_is_told_as_the_page_says(printed: Printed) -> None:
    assert set(printed.json("build", ISSUE)) == described("build")
    report = printed.json("check", ISSUE, expect=1)
    assert set(report) == described("check")
    assert set(report["findings"][0]) == {
        "check", "severity", "message", "evidence", "file", "line", "remedy",
    }  # fmt: skip
    (proof,) = printed.json("test", ISSUE)
    assert set(proof) == described("test")
    (callout,) = printed.json("callouts")
    assert set(callout) == described("callouts`")


def test_readers_are_told_as_the_page_says(printed: Printed) -> None:
    Path("readers.csv").write_text("email,name\nada@readers.example,Ada\nnobody,\n", "utf-8")
    wanted = described("subscribers import")
    tried = printed.json("subscribers", "import", "readers.csv", "--dry-run", *YES)
    assert set(tried) == wanted | {"rows"}
    assert set(tried["rows"][0]) == {"row", "value", "will"}
    done = printed.json("subscribers", "import", "readers.csv", *YES)
    assert set(done) == wanted
    assert set(done["refused"][0]) == {"row", "value", "why"}
    (reader,) = printed.json("subscribers", "list")
    assert set(reader) == described("subscribers list")
    assert set(reader["lists"][0]) == {"list", "state", "since"}


def test_a_mailing_is_told_as_the_page_says(printed: Printed) -> None:
    printed.run("callouts", "verify", "dec-ukraine", "--by", "A. Tester", "--source", SOURCE)
    printed.run("subscribers", "add", "ada@readers.example", *YES)
    assert set(printed.json("approve", ISSUE)) == described("approve")
    printed.run("schedule", ISSUE, "--at", "2099-01-05 06:30")
    (line,) = printed.json("plan")
    assert set(line) == described("plan")
    with printed.settings('hold = "60s"', 'hold = "0s"'):
        sent = printed.json("send", ISSUE, "--confirm", "1")
    assert set(sent) == described("send")
    (run,) = printed.json("log", ISSUE, "--recipients")
    assert set(run) == described("log") | {"deliveries"}
    assert set(run["steps"][0]) == {"name", "at", "seconds", "result"}
    assert set(run["deliveries"][0]) == {
        "recipient", "state", "server", "code", "enhanced", "at",
    }  # fmt: skip
    assert printed.json("settle", ISSUE) == []


def test_what_doctor_finds_is_told_as_the_page_says(printed: Printed) -> None:
    told = printed.json("doctor", "--offline")
    assert set(told) == described("doctor")
    finding = re.search(r"findings: \[\{(.*?)\}\]\}`; `state`", PAGE, re.DOTALL)
    assert finding is not None
    assert {frozenset(each) for each in told["findings"]} == {frozenset(keys_in(finding.group(1)))}
