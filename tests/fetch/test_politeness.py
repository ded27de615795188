"""robots.txt, one request at a time for each host, and pauses between them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from clock import FakeClock
from web_peer import Asked, WebPeer, Wire, answer, leads_to, peer

from newsletter.clock import SystemClock
from newsletter.errors import Interrupted
from newsletter.fetch import Fetcher, FetchError
from newsletter.fetch.politeness import (
    FEWER_LINES,
    read_robots,
)
from newsletter.model.source import FetchKind, FetchProblem


class NotingClock(FakeClock):
    """Remembers what it slept, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        super().sleep(seconds)

    def take(self) -> float:
        """Return the seconds slept since this was asked last."""
        slept, self.slept = self.slept, 0.0
        return round(slept, 3)


class Site:
    """A server with robots.txt, asked by a fetcher on a test clock."""

    def __init__(self, running: WebPeer, robots: str | bytes = "", *, pace_s: float = 1.0) -> None:
        self.running = running
        self.clock = NotingClock()
        if robots:
            running.scripts["/robots.txt"] = (
                robots if isinstance(robots, bytes) else answer(robots.encode())
            )
        self.fetcher = Fetcher(clock=self.clock, user_agent="newsletter/1 (+a@b)", pace_s=pace_s)

    def fetch(self, target: str = "/feed", *, stop: threading.Event | None = None) -> bytes:
        return self.fetcher.fetch(
            self.running.url(target), FetchKind.FEED, allow_local=[self.running.entry], stop=stop
        ).body

    def refused(self, target: str = "/feed") -> FetchError:
        with pytest.raises(FetchError) as told:
            self.fetch(target)
        return told.value

    @property
    def robots_asked(self) -> int:
        return len(self.running.asked) - len(self.running.targets())


def test_requests_to_one_host_are_a_second_apart() -> None:
    with peer(feed=answer(b"x"), old=leads_to("/feed")) as running:
        site = Site(running)
        site.fetch()
        assert site.clock.take() == 1.0  # robots.txt, pause, page
        site.fetch()
        assert site.clock.take() == 1.0
        site.clock.forward(timedelta(seconds=0.4))
        site.fetch("/old")  # and the redirect waits too
        assert site.clock.take() == pytest.approx(1.6)
        site.clock.forward(timedelta(seconds=5))
        site.fetch()
        assert site.clock.take() == 0.0


def test_a_crawl_delay_is_kept_between_pages() -> None:
    with peer(feed=answer(b"x")) as running:
        site = Site(running, "User-agent: *\nCrawl-delay: 7\n")
        site.fetch()
        site.clock.take()
        site.fetch()
        assert site.clock.take() == 7.0


def test_a_very_long_crawl_delay_is_left_to_a_later_turn() -> None:
    with peer(feed=answer(b"x")) as running:
        site = Site(running, "User-agent: newsletter\nCrawl-delay: 3600\n")
        assert site.fetch() == b"x"
        told = site.refused()
        assert told.problem is FetchProblem.REFUSED
        assert told.retry_after == timedelta(hours=1)
        assert told.may_pass
        site.clock.forward(timedelta(hours=1))
        assert site.fetch() == b"x"


@pytest.mark.parametrize(
    ("rules", "allowed", "forbidden"),
    [
        ("User-agent: *\nDisallow: /", [], ["/feed", "/"]),
        ("User-agent: *\nDisallow: /private/", ["/feed", "/private"], ["/private/a"]),
        ("User-agent: *\nDisallow: /*.xml$", ["/a.xml?x", "/feed"], ["/a.xml"]),
        ("User-agent: *\nDisallow: /\nAllow: /feed", ["/feed", "/feed/1"], ["/other"]),
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsletter\nDisallow: /b", ["/a"], ["/b"]),
        ("User-agent: NewsLetter\nDisallow: /\n", [], ["/feed"]),
        ("User-agent: otherbot\nDisallow: /\n", ["/feed"], []),
        ("User-agent: *\nDisallow: /*?key=", ["/a"], ["/a?key=1"]),
        ("\ufeffUser-agent: *\r\nDisallow: /b\r\n", ["/a"], ["/b"]),
        ("<!doctype html><p>no such page", ["/feed"], []),
        ("Disallow: /", ["/feed"], []),
    ],
)
def test_robots_txt_is_obeyed(rules: str, allowed: list[str], forbidden: list[str]) -> None:
    with peer() as running:
        for target in [*allowed, *forbidden]:
            running.scripts[target.partition("?")[0]] = answer(b"x")
        site = Site(running, rules, pace_s=0.0)
        for target in allowed:
            assert site.fetch(target) == b"x"
        for target in forbidden:
            told = site.refused(target)
            assert told.problem is FetchProblem.FORBIDDEN_BY_ROBOTS
            assert "forbids this address to programs in its robots.txt" in str(told)
        assert running.targets() == allowed
        assert site.robots_asked == 1
        assert running.asked[0].headers["user-agent"] == "newsletter/1 (+a@b)"


def test_robots_txt_is_kept_for_a_day() -> None:
    with peer(feed=answer(b"x")) as running:
        site = Site(running, "User-agent: *\nDisallow: /no")
        site.fetch()
        site.clock.forward(timedelta(hours=23, minutes=59))
        site.fetch()
        assert site.robots_asked == 1
        site.clock.forward(timedelta(minutes=1))
        site.fetch()
        assert site.robots_asked == 2


@pytest.mark.parametrize("status", ["400 a", "401 a", "403 a", "404 a", "410 a", "429 a", "451 a"])
def test_a_4xx_for_robots_txt_allows_everything(status: str) -> None:
    with peer(feed=answer(b"x")) as running:
        assert Site(running, answer(b"User-agent: *\nDisallow: /", status)).fetch() == b"x"


@pytest.mark.parametrize("status", ["500 a", "502 a", "503 a", "599 a"])
def test_a_5xx_for_robots_txt_means_wait(status: str) -> None:
    with peer(feed=answer(b"x")) as running:
        site = Site(running, answer(b"", status, {"Retry-After": "90"}))
        for _ in range(3):  # and the failing server is not asked again by each entry of a feed
            told = site.refused()
            assert (told.problem, told.status) == (FetchProblem.REFUSED, int(status[:3]))
            assert told.retry_after == timedelta(seconds=90)
            assert told.may_pass
            assert f"{running.entry}/robots.txt answered {status[:3]}" in str(told)
        assert site.robots_asked == 1
        assert running.targets() == []
        running.scripts["/robots.txt"] = answer(b"")
        site.clock.forward(timedelta(minutes=5))
        assert site.fetch() == b"x"


@pytest.mark.covers("T11")
def test_robots_txt_is_fetched_under_the_same_guard() -> None:
    with peer(feed=answer(b"x")) as running, peer() as other:
        site = Site(running, leads_to(other.url("/robots.txt")))
        assert site.fetch() == b"x"  # unavailable: no rules
        assert other.connections == 0
        site = Site(running, leads_to("/rules"))
        running.scripts["/rules"] = answer(b"User-agent: *\nDisallow: /")
        assert site.refused().problem is FetchProblem.FORBIDDEN_BY_ROBOTS


@pytest.mark.covers("T15")
def test_a_huge_robots_txt_is_read_by_its_beginning() -> None:
    def endless(_asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /feed\n")
        while not wire.over.is_set() and wire.send(b"# more\n" * 9_000):
            pass

    with peer(feed=answer(b"x")) as running:
        site = Site(running)
        running.scripts["/robots.txt"] = endless
        assert site.refused().problem is FetchProblem.FORBIDDEN_BY_ROBOTS


@pytest.mark.covers("T20")
def test_very_many_agents_times_rules_are_read_by_the_first_lines() -> None:
    """Each rule is kept for each agent of its group: 20,000 of both would be 400 million."""
    hostile = b"User-agent: a%d\n" * 20_000 % tuple(range(20_000)) + b"Disallow: /b\n" * 20_000
    assert read_robots(hostile, "a1").allows("https://news.example.org/b")
    many = b"User-agent: *\nDisallow: /a\n" + b"Disallow: /c\n" * (FEWER_LINES * 3)
    assert not read_robots(many, "newsletter").allows("https://news.example.org/c")


def test_threads_share_one_fetcher_and_a_host_is_asked_by_one_at_a_time() -> None:
    together: list[int] = []
    guard = threading.Lock()
    now = 0

    def page(_asked: Asked, wire: Wire) -> None:
        nonlocal now
        with guard:
            now += 1
            together.append(now)
        wire.over.wait(0.01)
        with guard:
            now -= 1
        wire.send(answer(b"x"))

    with peer(feed=page) as running:
        running.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /no")
        fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)

        def fetch(number: int) -> bytes:
            url = running.url(f"/feed?{number}")
            return fetcher.fetch(url, FetchKind.FEED, allow_local=[running.entry]).body

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(fetch, range(40))) == [b"x"] * 40
        assert together == [1] * 40
        assert sorted(running.targets()) == sorted(f"/feed?{number}" for number in range(40))
        assert len(running.asked) == 41  # and robots.txt once


def test_a_stop_ends_a_pause_and_a_queue() -> None:
    stop = threading.Event()

    class StoppingClock(NotingClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            stop.set()

    with peer(feed=answer(b"x")) as running:
        site = Site(running)
        site.clock = StoppingClock()
        site.fetcher = Fetcher(clock=site.clock, user_agent="x", pace_s=50.0)
        with pytest.raises(Interrupted):
            site.fetch(stop=stop)
        assert site.clock.take() == pytest.approx(0.1)
        assert running.targets() == []
