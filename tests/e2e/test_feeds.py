"""From feeds to a draft, by the installed command, on the papers of demo/site."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from e2e.folder import Folder

from newsletter.issues.parse_issue import parse_issue
from newsletter.model.issue import Story
from newsletter.model.text import Paragraph, Text

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "saltmere-gazette",
    "dunhaven-courier",
    "northmoor-lantern",
    "kelby-echo",
    "wexcombe-notes",
)
FERRY = "Hourly winter ferries to link Saltmere and Kelby Sands"
YARD = "Buyer in talks over Kestrel boatyard in Dunhaven"
CHIPS = "Rigby & Daughters named best chip shop on the coast"
WELL = "A well for the allotments after three dry summers"
ARTICLES = 15
COPIES = {"Ferry to Kelby Sands to run hourly all winter", "HOURLY FERRIES ALL WINTER"}


@dataclass
class Coast:
    """A folder whose newsletter reads the five papers, and the papers."""

    folder: Folder
    switch: Path
    log: Path

    def asked(self) -> Counter[str]:
        """Count what was asked of the papers, as "PAPER PATH STATUS"."""
        return Counter(self.log.read_text().splitlines()) if self.log.exists() else Counter()

    def articles(self) -> dict[str, Any]:
        """Return the articles by title; no two have the same."""
        listed = self.folder.here("articles", "--json").json()
        found = {article["title"]: article for article in listed}
        assert len(found) == len(listed)
        return found

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what the database holds of articles, without the moments of asking."""
        names = ("articles", "article_versions", "article_keys", "article_shingles")
        with closing(sqlite3.connect(self.folder.path / "var" / "newsletter.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return {
                name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall())  # noqa: S608
                for name in names
            }


@pytest.fixture
def coast(folder: Folder, tmp_path: Path) -> Iterator[Coast]:
    made = Coast(folder, tmp_path / "later", tmp_path / "asked.log")
    command = [sys.executable, str(ROOT / "scripts" / "demo_site")]
    command += ["--switch", str(made.switch), "--log", str(made.log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as papers:
        try:
            assert papers.stdout is not None
            tables = "".join(iter(papers.stdout.readline, "# ready\n"))
            folder.set("[proof]", f"{tables}\n[proof]")
            folder.set("sources = []", f"sources = {json.dumps(NAMES)}")
            yield made
        finally:
            papers.terminate()


def stories_of(path: Path) -> list[Story]:
    parsed = parse_issue(path.read_text(), file=str(path), name=path.stem)
    sections = parsed.issue.sections
    return [block for section in sections for block in section.blocks if isinstance(block, Story)]


@pytest.mark.slow
@pytest.mark.covers("F51", "F53")
def test_feeds_become_a_draft_that_needs_no_mending_and_is_watched_after(coast: Coast) -> None:
    folder = coast.folder
    told = {each["name"]: each for each in folder.here("fetch", "--json").json()}
    assert {name: (each["ended"], each["new"]) for name, each in told.items()} == dict.fromkeys(
        NAMES, ("read", 3)
    )
    assert told["kelby-echo"]["notes"] == [
        "ampersands and entities that XML does not know were mended",
        "the feed breaks off after 3 entries; the one cut off is left out",
    ]
    assert "found the feed" in told["wexcombe-notes"]["notes"][0]
    articles = coast.articles()
    assert len(articles) == ARTICLES
    _see_that_fetching_again_changes_nothing(coast)

    drafted = folder.here("draft", "--json").json()
    issue, path = drafted["issue"], folder.path / drafted["path"]
    _see_the_choice(drafted, articles)
    _see_the_stories(stories_of(path), drafted, articles)
    report = (path.parents[1] / "build" / issue / "draft-report.md").read_text()
    for paper in ("dunhaven-courier", "kelby-echo"):
        assert f"{paper} <http://127.0.0." in report.partition("Also carried by")[2].split("\n")[0]

    checked = folder.here("check", issue, "--json", expect=1).json()
    assert [f["check"][:3] for f in checked["findings"] if f["severity"] == "error"] == ["S04"]
    told_of = {f["check"][:3] for f in checked["findings"]} - {"S04"}
    assert told_of == {"O10"}, "the papers are served by http; nothing else is to be told"
    looked = folder.here("recheck", issue, "--json").json()
    assert looked["findings"] == []

    coast.switch.touch()
    folder.here("recheck", issue, expect=1)
    _see_what_changed(folder.here("check", issue, "--json", expect=1).json())
    folder.here("approve", issue, expect=1)

    folder.here("fetch", *NAMES)
    path.unlink()
    again = folder.here("draft", "--json").json()
    numbers = {article["id"]: title for title, article in coast.articles().items()}
    left = {numbers[each["article"]]: each["why"] for each in again["left_out"]}
    assert "its page answered 410" in left[WELL]
    assert "This article has been withdrawn" in left[CHIPS]


def _see_that_fetching_again_changes_nothing(coast: Coast) -> None:
    before, asked = coast.rows(), coast.asked()
    assert coast.folder.here("fetch").out == ""
    assert coast.asked() == asked, "nothing is due"
    for each in coast.folder.here("fetch", *NAMES, "--json").json():
        assert (each["ended"], each["new"], each["changed"]) == ("unchanged", 0, 0)
    assert coast.rows() == before
    again = coast.asked() - asked
    assert {line.rpartition(" ")[2] for line in again if "robots.txt" not in line} == {"304"}
    assert max(again.values()) == 1


def _see_the_choice(drafted: dict[str, Any], articles: dict[str, Any]) -> None:
    title_of = {article["id"]: title for title, article in articles.items()}
    chosen = {title_of[each["article"]] for each in drafted["chosen"]}
    assert len(chosen) == 8
    assert {FERRY, YARD, CHIPS, WELL} <= chosen
    assert chosen.isdisjoint(COPIES)
    left = {title_of[each["article"]]: each["why"] for each in drafted["left_out"]}
    assert set(left) == set(articles) - chosen
    assert "under embargo until" in left[next(title for title in left if "breakfasts" in title)]
    assert "not free to read" in left["The last cider press in the county"]
    for title in COPIES:
        assert "the same story as article" in left[title]
    assert drafted["callouts"] == ["dec-ukraine"]
    alike = [f for f in drafted["findings"] if f["check"].startswith("D08")]
    assert len(alike) == 1, "the village's story quotes the ferries', and is another"


def _see_the_stories(
    stories: list[Story], drafted: dict[str, Any], articles: dict[str, Any]
) -> None:
    noise = {
        paragraph["text"]
        for article in articles.values()
        for paragraph in article["paragraphs"]
        if paragraph["kind"] in {"noise", "callout"}
    }
    assert any("Hide Ad" in text for text in noise)
    texts = {str(each["article"]): each["summary"]["text"] for each in drafted["chosen"]}
    by_headline = {story.headline: story for story in stories}
    for story in stories:
        text = texts[dict(story.attributes)["article"]]
        assert story.summary == (Paragraph(children=(Text(text=text),)),)
        assert story.url.startswith("http://127.0.0.")
        assert "utm_" not in story.url
        assert 8 <= len(text.split()) <= 80
        assert not [line for line in noise if line in text]
        assert story.image is None or story.image.alt
    assert "reportedly agreed" in texts[dict(by_headline[YARD].attributes)["article"]]
    byline = "By Northwire ·\u00a0Saltmere Gazette ·\u00a01 min read ·\u00a0Picture: Corran Lines"
    assert by_headline[FERRY].byline == byline
    assert by_headline[FERRY].image
    assert by_headline[CHIPS].image is None, "its paper gives no rights in pictures"
    assert articles[CHIPS]["image"], "though the feed names one"


def _see_what_changed(checked: dict[str, Any]) -> None:
    found = [(f["check"][:3], f["severity"]) for f in checked["findings"]]
    assert found.count(("S22", "error")) == 2
    gone = {f["evidence"] for f in checked["findings"] if f["check"].startswith("S22")}
    assert gone == {CHIPS, WELL}
    (stale,) = [f for f in checked["findings"] if f["check"].startswith("S18")]
    assert "{+bought+}" in stale["evidence"]
    assert {("S12", "warning"), ("S23", "warning")} <= set(found)
