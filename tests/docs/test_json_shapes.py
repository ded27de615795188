"""The keys that commands.md names for `--json` are those that the commands print."""

import json
import re
from collections.abc import Callable
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
Told = Callable[..., Any]
# What stands in the lists that a command prints: the path to the first of them, and its keys.
INNER = {
    "draft": {
        "chosen": "article section why score pinned carried_by summary",
        "left_out": "article why score same_as",
    },
    "articles": {"rulings": "newsletter ruling by why at used_in"},
    "check": {"findings": "check severity message evidence file line remedy"},
    "subscribers import": {"refused": "row value why"},
    "subscribers list": {"lists": "list state since"},
    "log": {"steps": "name at seconds result"},
}


def keys_in(shape: str) -> set[str]:
    """Return the keys of `a, b: {c, d}, e: [{f}]`, the outermost alone."""
    flat = re.sub(r"\s+", " ", shape)
    while (inner := re.sub(r"\{[^{}]*\}|\[[^][]*\]", "", flat)) != flat:
        flat = inner
    return {key.split(":")[0].strip() for key in flat.split(",")}


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Told:
    """Run a command in a fresh folder; what it prints as JSON has the keys of the page."""
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSLETTER_CONFIG", "NEWSLETTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["init"]) == 0
    with_appeal(tmp_path)

    def run(command: str, *arguments: str, more: str = "", expect: int = 0) -> Any:  # noqa: ANN401
        capsys.readouterr()
        code = main([*command.split(), *arguments, "--json"])
        printed = capsys.readouterr()
        assert code == expect, f"{command} {arguments}: {printed}"
        made = json.loads(printed.out)
        heading = f"### `newsletter {command}"
        part = PAGE.split(f"{heading}`" if f"{heading}`" in PAGE else f"{heading} ", 1)[1]
        shape = re.search(r"- `--json`[^{]*`\{(.*?)\}`", part.split("\n### ", 1)[0], re.DOTALL)
        for one in made if isinstance(made, list) else [made]:
            assert shape is None or set(one) == keys_in(shape[1]) | set(more.split()), command
            for key, keys in INNER.get(command, {}).items():
                assert not one[key] or set(one[key][0]) == set(keys.split()), (command, key)
        return made

    return run


def test_articles_and_drafts_are_told_as_the_page_says(told: Told) -> None:
    seed = ROOT / "demo" / "seed.txt"
    _, text = seed.read_text("utf-8").split("\n", 1)
    Path("copy.txt").write_text(f"China: our own headline\n{text}", "utf-8")
    told("add", str(seed), "--url", "https://example.org/news/china")
    told("add", "copy.txt", "--url", "https://other.example/china")
    assert main(["pin", "2", "--by", "A. Editor", "--why", "our own"]) == 0
    _, article = told("articles")
    assert article["duplicates"] == [1]
    assert article["rulings"]
    drafted = told("draft", "--date", "2022-03-17")
    (chosen,) = drafted["chosen"]
    assert (chosen["article"], chosen["pinned"]) == (2, True)
    assert set(chosen["score"]) == {"points", "freshness", "source", "place", "carried", "variety"}
    assert chosen["carried_by"] == [
        {"article": 1, "source": None, "url": "https://example.org/news/china"}
    ]
    assert [left["same_as"] for left in drafted["left_out"]] == [2]
    assert Path(drafted["report"]).read_text("utf-8").startswith("# Draft of 2022-03-17-daily")
    assert [main(["unpin", "2"]), main(["unpin", "2"]), main(["block", "1", "99"])] == [0, 1, 2]


def test_an_issue_is_told_as_the_page_says(told: Told) -> None:
    told("build", ISSUE)
    assert told("check", ISSUE, expect=1)["findings"]
    told("test", ISSUE)
    told("callouts")


def test_readers_are_told_as_the_page_says(told: Told) -> None:
    Path("readers.csv").write_text("email,name\nada@readers.example,Ada\nnobody,\n", "utf-8")
    tried = told("subscribers import", "readers.csv", "--dry-run", *YES, more="rows")
    assert set(tried["rows"][0]) == {"row", "value", "will"}
    assert told("subscribers import", "readers.csv", *YES)["refused"]
    assert told("subscribers list")[0]["lists"]


def test_a_mailing_is_told_as_the_page_says(told: Told) -> None:
    settings = Path("newsletter.toml")
    settings.write_text(settings.read_text("utf-8").replace('hold = "60s"', 'hold = "0s"'), "utf-8")
    assert main(["callouts", "verify", "dec-ukraine", "--by", "A", "--source", SOURCE]) == 0
    assert main(["subscribers", "add", "ada@readers.example", *YES]) == 0
    told("approve", ISSUE)
    assert main(["schedule", ISSUE, "--at", "2099-01-05 06:30"]) == 0
    assert len(told("plan")) == 1
    told("send", ISSUE, "--confirm", "1")
    (run,) = told("log", ISSUE, "--recipients", more="deliveries")
    assert set(run["deliveries"][0]) == {
        *("recipient", "state", "server", "code", "enhanced", "at")
    }
    assert told("settle", ISSUE) == []


def test_what_doctor_finds_is_told_as_the_page_says(told: Told) -> None:
    found = told("doctor", "--offline")["findings"]
    finding = re.search(r"findings: \[\{(.*?)\}\]\}`; `state`", PAGE, re.DOTALL)
    assert finding is not None
    assert {frozenset(each) for each in found} == {frozenset(keys_in(finding.group(1)))}
