"""From feeds to a draft, by the installed command, on the papers of demo/site."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from e2e.folder import PATIENCE_S, Folder, moments

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
CHOIR = "A choir from two towns sings for families far from home"
TITLES = {
    FERRY,
    YARD,
    CHIPS,
    WELL,
    CHOIR,
    "Deckhand died when mooring line parted, inquest told",
    "Ferry to Kelby Sands to run hourly all winter",
    "Free breakfasts cut school absence by a fifth, county finds",
    "HOURLY FERRIES ALL WINTER",
    "How 4,000 small dams brought a bog back to life",
    "Lifeboat crew rescues 14 sheep from Gull Rock",
    "Saltmere swing bridge to close for nine months",
    "The last cider press in the county",
    "The library bus comes back on Wednesdays",
    "What the hourly ferry means for Wexcombe",
}
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
        kept = {
            "articles": "SELECT * FROM articles ORDER BY id",
            "versions": "SELECT * FROM article_versions ORDER BY article_id, version",
            "keys": "SELECT * FROM article_keys ORDER BY key",
            "shingles": "SELECT * FROM article_shingles ORDER BY article_id",
            "sightings": "SELECT article_id, source, url, position, first_seen, entry, problem"
            " FROM article_sightings ORDER BY article_id, source",
        }
        with closing(sqlite3.connect(self.folder.path / "var" / "newsletter.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return {name: connection.execute(query).fetchall() for name, query in kept.items()}


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


@pytest.mark.covers("F51", "F53")
def test_feeds_become_a_draft_that_needs_no_mending_and_is_watched_after(coast: Coast) -> None:
    folder = coast.folder
    told = {each["name"]: each for each in folder.run("fetch", "--json").json()}
    assert {name: (each["ended"], each["new"]) for name, each in told.items()} == dict.fromkeys(
        NAMES, ("read", 3)
    )
    assert told["kelby-echo"]["notes"] == [
        "ampersands and entities that XML does not know were mended",
        "the feed breaks off after 3 entries; the one cut off is left out",
    ]
    assert "found the feed" in told["wexcombe-notes"]["notes"][0]
    articles = coast.articles()
    assert set(articles) == TITLES
    _see_that_fetching_again_changes_nothing(coast)

    drafted = folder.run("draft", "--json").json()
    issue, path = drafted["issue"], folder.path / drafted["path"]
    _see_the_choice(drafted, articles)
    _see_the_stories(stories_of(path), drafted, articles)
    report = (path.parents[1] / "build" / issue / "draft-report.md").read_text()
    for paper in ("dunhaven-courier", "kelby-echo"):
        assert f"{paper} <http://127.0.0." in report.partition("Also carried by")[2].split("\n")[0]

    checked = folder.run("check", issue, "--json", expect=1).json()
    assert [f["check"][:3] for f in checked["findings"] if f["severity"] == "error"] == ["S04"]
    told_of = {f["check"][:3] for f in checked["findings"]} - {"S04"}
    assert told_of == {"O10"}, "the papers are served by http; nothing else is to be told"
    looked = folder.run("recheck", issue, "--json").json()
    assert looked["findings"] == []

    coast.switch.touch()
    folder.run("recheck", issue, expect=1)
    _see_what_changed(folder.run("check", issue, "--json", expect=1).json())
    folder.run("approve", issue, expect=1)

    folder.run("fetch", *NAMES)
    path.unlink()
    again = folder.run("draft", "--json").json()
    numbers = {article["id"]: title for title, article in coast.articles().items()}
    left = {numbers[each["article"]]: each["why"] for each in again["left_out"]}
    assert "its page answered 410" in left[WELL]
    assert "This article has been withdrawn" in left[CHIPS]


def _see_that_fetching_again_changes_nothing(coast: Coast) -> None:
    before, asked = coast.rows(), coast.asked()
    assert coast.folder.run("fetch").out == ""
    assert coast.asked() == asked, "nothing is due"
    for each in coast.folder.run("fetch", *NAMES, "--json").json():
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
    assert set(left) == TITLES - chosen
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
    assert any("affiliate" in text for text in noise)
    assert any("01632 960 123" in text for text in noise)
    texts = {str(each["article"]): each["summary"]["text"] for each in drafted["chosen"]}
    summaries = {}
    for story in stories:
        text = summaries[story.headline] = texts[dict(story.attributes)["article"]]
        assert story.summary == (Paragraph(children=(Text(text=text),)),)
        assert story.url.startswith("http://127.0.0.")
        assert "utm_" not in story.url
        assert 8 <= len(text.split()) <= 80
        assert text.endswith(".")
        assert not [line for line in noise if line in text]
        assert "127.0.0" not in (story.byline or "")
        assert story.image is None or story.image.alt
    assert "reportedly agreed" in summaries[YARD]
    bylines = {story.headline: story.byline for story in stories}
    assert bylines[FERRY] == "By Northwire · Saltmere Gazette · 1 min read · Picture: Corran Lines"
    assert bylines[CHIPS] == "Kelby Echo · 1 min read"
    pictured = {story.headline for story in stories if story.image}
    assert {FERRY, YARD, WELL} <= pictured
    assert CHIPS not in pictured, "its paper gives no rights in pictures"
    assert articles[CHIPS]["image"], "though the feed names one"


def _see_what_changed(checked: dict[str, Any]) -> None:
    found = [(f["check"][:3], f["severity"]) for f in checked["findings"]]
    assert found.count(("S22", "error")) == 2
    gone = {f["evidence"] for f in checked["findings"] if f["check"].startswith("S22")}
    assert gone == {CHIPS, WELL}
    (stale,) = [f for f in checked["findings"] if f["check"].startswith("S18")]
    assert "{+bought+}" in stale["evidence"]
    assert {("S12", "warning"), ("S23", "warning")} <= set(found)
    assert checked["blocked"]


def test_an_appeal_stands_with_its_own_story_and_by_no_inquest(coast: Coast) -> None:
    folder = coast.folder
    callout = folder.path / "callouts" / "dec-ukraine.md"
    text = callout.read_text()
    folder.run("fetch", "dunhaven-courier", "northmoor-lantern")
    for words, neighbour in (
        ("beside: [kherson]\nnot_beside: [inquest]", CHOIR),
        ("not_beside: [inquest, boatyard, kherson]", "Ferry to Kelby Sands"),  # the last
    ):
        callout.write_text(text.replace("own_wording: false", f"{words}\nown_wording: false"))
        drafted = folder.run("draft", "--json").json()
        path = folder.path / drafted["path"]
        before, _, after = path.read_text().partition("::: callout dec-ukraine")
        assert before.rpartition("\n## [")[2].startswith(neighbour), before
        assert "inquest" not in after.partition("\n## [")[2].partition("](")[0]
        path.unlink()


def test_two_fetches_at_once_do_no_harm(coast: Coast) -> None:
    started = [coast.folder.start("fetch", *NAMES) for _ in range(2)]
    for process in started:
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, (out, err)
    rows = coast.rows()
    assert set(coast.articles()) == TITLES
    assert len(rows["versions"]) == len(rows["sightings"]) == len(TITLES)


@pytest.mark.covers("F51")
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(coast: Coast) -> None:
    for moment in moments(7, 4, most=5.0):
        process = coast.folder.start("fetch", *NAMES)
        time.sleep(moment)  # noqa: TID251 (wherever the fetch stands then)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    for each in coast.folder.run("fetch", *NAMES, "--json").json():
        assert each["ended"] in {"read", "unchanged"}
        assert each["unread"] == 0
    rows = coast.rows()
    assert set(coast.articles()) == TITLES
    assert len(rows["versions"]) == len(rows["sightings"]) == len(TITLES)
    states = {source["name"]: source for source in coast.folder.here("sources", "--json").json()}
    assert {name: (s["state"], s["articles"]) for name, s in states.items()} == dict.fromkeys(
        NAMES, ("well", 3)
    )
