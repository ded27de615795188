"""Sources by the command: fetch, sources, add, articles, draft and run, against a real server."""

import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from e2e.folder import Folder, must_be_plain
from feed_site import FeedSite, Item

BRIDGE = Item("/bridge", "The bridge opens", guid="1")
LEAGUE = Item("/league", "The league begins", guid="2")


@dataclass
class Desk:
    """A folder whose newsletter reads two feeds of a site: world, and sport, which fails."""

    folder: Folder
    site: FeedSite

    def sources(self, **named: str) -> None:
        tables = "".join(
            f"[sources.{name}]\n{text.replace('@', self.site.url(''))}\n"
            f'allow_local = ["{self.site.address}"]\n\n'
            for name, text in named.items()
        )
        self.folder.set("[proof]", f"{tables}[proof]")
        names = ", ".join(f'"{name}"' for name in named)
        self.folder.set("sources = []", f"sources = [{names}]")


@pytest.fixture
def desk(folder: Folder) -> Iterator[Desk]:
    with FeedSite() as site:
        site.rss("/rss", BRIDGE, LEAGUE)
        site.page("/bridge", BRIDGE.title)
        site.page("/league", LEAGUE.title)
        site.put("/sport", status=500)
        yield Desk(folder, site)


@pytest.mark.covers("F51")
def test_what_fails_is_told_beside_what_is_read(desk: Desk) -> None:
    desk.sources(world='feed = "@/rss"', sport='feed = "@/sport"')
    done = desk.folder.here("fetch", expect=3)
    assert "world: 2 articles, 2 new\n" in done.out
    assert "sport: failing: " in done.out
    assert "answered 500" in done.out
    assert "next try" in done.out
    assert "world: reading 2 pages" in done.err
    agents = {asked.headers["user-agent"] for asked in desk.site.asked}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+editor@example.org)")
    world, sport = desk.folder.here("sources", "--json").json()
    assert (world["name"], world["state"], world["articles"]) == ("world", "well", 2)
    assert (world["last_error"], sport["state"]) == (None, "failing")
    assert "500" in sport["last_error"]
    shown = desk.folder.here("sources")
    assert "failing" in shown.out
    assert "answered 500" in shown.err
    again = desk.folder.here("fetch")
    assert (again.out, again.code) == ("", 0)
    assert "no source is due; the next is due " in again.err


def test_exit_codes_say_whether_a_later_try_may_help(desk: Desk) -> None:
    desk.folder.refuse("fetch", code=1, says=["names no source"])
    desk.site.put("/gone", status=410)
    desk.sources(gone='feed = "@/gone"', sport='feed = "@/sport"')
    assert "gone: gone: " in desk.folder.here("fetch", "gone", expect=4).out
    desk.folder.here("fetch", "gone", "sport", expect=3)
    desk.folder.refuse("fetch", "spotr", says=["there is no source called spotr", "sport"])
    assert "by name" in desk.folder.here("sources").out


def test_add_takes_a_web_address(desk: Desk) -> None:
    url = desk.site.url("/bridge")
    done = desk.folder.here("add", url, expect=None)
    must_be_plain(done)  # this machine is asked only where a source allows it
    assert not desk.site.asked
    desk.sources(world='feed = "@/rss"')
    (added,) = desk.folder.here("add", url, "--json").json()
    assert (added["new"], added["title"]) == (True, BRIDGE.title)
    assert "(unchanged)" in desk.folder.here("add", url).out
    (kept,) = desk.folder.here("articles", "--json").json()
    assert (kept["url"], kept["source"]) == (url, None)
    desk.folder.refuse("add", url, "--url", url, says=["--url gives one file's address"])
    desk.folder.refuse("add", desk.site.url("/rss"), says=["is a feed", "[sources.NAME]"])
    done = desk.folder.here("add", desk.site.url("/nothing"), expect=3)
    must_be_plain(done, ["404"])


def test_of_several_articles_one_that_fails_stops_no_other(desk: Desk) -> None:
    desk.sources(world='feed = "@/rss"')
    urls = [desk.site.url(path) for path in ("/nothing", "/bridge")]
    done = desk.folder.here("add", *urls, expect=1)
    assert BRIDGE.title in done.out
    assert f"error: {urls[0]}: " in done.err
    assert "404" in done.err


@pytest.mark.slow
def test_ctrl_c_leaves_whole_articles(desk: Desk) -> None:
    items = [Item(f"/{number}", f"Story number {number}") for number in range(30)]
    for item in items:
        desk.site.page(item.path, item.title)
    asked = threading.Event()
    desk.site.answers["/2"].before = asked.set
    desk.site.rss("/rss", *items)
    desk.sources(world='feed = "@/rss"')
    process = desk.folder.start("fetch")
    assert asked.wait(60)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "error: stopped before the end; what was read is kept" in err
    assert "stopped before the end" in out
    kept = desk.folder.here("articles", "--json").json()
    assert 2 <= len(kept) <= 4
    assert {article["state"] for article in kept} == {"ok"}
