"""Reading sources while something else goes on: what is said, how often, and the end."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from clock import FakeClock
from feed_site import FeedSite, Item

from newsletter.config.load import load_settings
from newsletter.fetch import Fetcher
from newsletter.fetch.connection import Connect, system_connect
from newsletter.schedule.source_reader import REST_S, read_at_once, reading_sources
from newsletter.store import Database, open_database
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import init_folder

BRIDGE = Item("/bridge", "The bridge opens", guid="1")
PATIENCE_S = 60.0


class CountingClock(FakeClock):
    """Asked for the time at each look, and by whatever else wants it."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = threading.Semaphore(0)

    def now(self) -> datetime:
        self._asked.release()
        return super().now()

    def wait_for_looks(self, count: int) -> None:
        for _ in range(count):
            assert self._asked.acquire(timeout=PATIENCE_S)


class Watched:
    """A reader at work on a site's feed, and what it said."""

    def __init__(self, folder: Path, site: FeedSite, more: str = "") -> None:
        self.clock = CountingClock()
        self.site = site
        self.said: list[str] = []
        self._news = threading.Condition()
        init_folder(folder)
        file = folder / "newsletter.toml"
        table = f'\n[sources.world]\nfeed = "{site.url("/rss")}"\n'
        table += f'allow_local = ["{site.address}"]\n'
        file.write_text(file.read_text() + table + more)
        settings = load_settings(file, {})

        def database() -> Database:
            return open_database(settings.database_url.value, create=True, clock=self.clock)

        self.desk = Desk(settings, self.clock, open_database=database)
        self._stop = threading.Event()

    def say(self, line: str) -> None:
        with self._news:
            self.said.append(line)
            self._news.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.said) >= count, PATIENCE_S), self.said
            return list(self.said)

    def go_on_until(self, condition: Callable[[], bool]) -> None:
        """Let day after day pass on the wall, until something has come of it."""
        with self._news:
            for _ in range(int(PATIENCE_S / 0.05)):
                if condition():
                    return
                self.clock.jump(self.clock.now() + timedelta(days=2))  # a fetch has its own
                self._news.wait(0.05)
        raise AssertionError(self.said)

    @contextmanager
    def at_work(self, connect: Connect = system_connect) -> Iterator[None]:
        _ = self.desk.database
        with reading_sources(
            self.desk,
            lambda: Fetcher(
                clock=self.clock, user_agent="newsletter/test", pace_s=0, connect=connect
            ),
            stop=self._stop,
            say=self.say,
            bug=lambda error: f"a bug: {type(error).__name__}",
            look_every_s=0.02,
        ):
            yield
        self.desk.close()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with FeedSite() as site:
        site.rss("/rss", BRIDGE)
        site.page("/bridge", BRIDGE.title)
        yield Watched(tmp_path, site)


def test_what_is_news_is_said_once(watched: Watched) -> None:
    good = watched.site.answers["/rss"]
    watched.site.put("/rss", status=500)
    with watched.at_work():
        assert watched.wait_for(1)[0].startswith("world: failing: ")
        watched.go_on_until(lambda: watched.site.count("/rss") >= 4)
        watched.site.answers["/rss"] = good
        watched.go_on_until(lambda: len(watched.said) > 1)
        watched.go_on_until(lambda: watched.site.count("/rss") >= 6)
    assert watched.said[1:] == ["world: 1 article, 1 new"]


def test_a_mistake_in_a_callout_is_told_once_and_read_past_when_mended(watched: Watched) -> None:
    file = watched.desk.settings.callouts_folder / "dec-ukraine.md"
    kept = file.read_text()
    file.write_text("no callout")
    with watched.at_work():
        assert watched.wait_for(1)[0].startswith("error: callouts/dec-ukraine.md:1")
        watched.clock.wait_for_looks(20)
        assert len(watched.said) == 1
        assert not watched.site.asked
        mended = file.with_suffix(".new")  # no look may find it half written
        mended.write_text(kept)
        mended.rename(file)
        assert watched.wait_for(2)[1] == "world: 1 article, 1 new"


def test_a_bug_in_one_reading_is_named_once_and_it_is_tried_again(watched: Watched) -> None:
    tries: list[int] = []

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        tries.append(port)
        if len(tries) == 1:
            raise KeyError(port)
        return system_connect(address, port, timeout_s)

    with watched.at_work(connect):
        watched.wait_for(1)
        watched.clock.forward(timedelta(seconds=REST_S))
        watched.wait_for(2)
    assert watched.said == ["world: a bug: KeyError", "world: 1 article, 1 new"]


def test_without_sources_nothing_is_started(tmp_path: Path) -> None:
    init_folder(tmp_path)
    settings = load_settings(tmp_path / "newsletter.toml", {})

    def never() -> Database:
        raise AssertionError

    def no_fetcher() -> Fetcher:
        raise AssertionError

    desk = Desk(settings, FakeClock(), open_database=never)
    before = threading.active_count()
    with reading_sources(desk, no_fetcher, stop=threading.Event(), say=print):
        assert threading.active_count() == before


def test_readings_at_once_give_their_results_in_order() -> None:
    second = threading.Event()

    def first() -> str:
        assert second.wait(PATIENCE_S)
        return "first"

    def other() -> str:
        second.set()
        return "second"

    assert read_at_once([first, other]) == ["first", "second"]
