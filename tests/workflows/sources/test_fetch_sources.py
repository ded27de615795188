"""Sources read from a real server on loopback: what is kept, what is asked, what a failure does."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from clock import NOW
from feed_site import FeedSite, Item, page, story
from workflows.newsroom import Newsroom

from newsletter.fetch import Fetcher
from newsletter.model.article import ArticleState, Origin
from newsletter.model.source import SourceRow, SourceState
from newsletter.schedule.source_reader import read_at_once
from newsletter.workflows.sources.fetch_sources import due_sources, fetch_sources
from newsletter.workflows.sources.source_health import list_sources
from newsletter.workflows.sources.source_tools import Ended, SourceOutcome
from newsletter.workflows.stories.articles import ListedArticle, list_articles

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BRIDGE = Item("/bridge", "The bridge opens", guid="1")
LEAGUE = Item("/league", "The league begins", guid="2")


@dataclass
class Desk:
    """A newsroom, a site, and a fetcher between them."""

    room: Newsroom
    site: FeedSite
    stop: threading.Event = field(default_factory=threading.Event)
    pages: list[tuple[str, int, int]] = field(default_factory=list)

    def sources(self, **named: str) -> None:
        """Write tables [sources.NAME] into newsletter.toml; @ stands for the site."""
        allow = f'allow_local = ["{self.site.address}"]'
        tables = "".join(
            f"[sources.{name}]\n{text.replace('@', self.site.url(''))}\n{allow}\n\n"
            for name, text in named.items()
        )
        self.room.set("[proof]", f"{tables}[proof]")

    def fetch(self, *names: str) -> dict[str, SourceOutcome]:
        outcomes = fetch_sources(
            self.room.desk,
            names,
            Fetcher(clock=self.room.clock, user_agent="newsletter/test", pace_s=0),
            say=lambda _: None,
            stop=self.stop,
            at_once=read_at_once,
            progress=lambda name, done, of: self.pages.append((name, done, of)),
            chance=lambda: 0.5,
        )
        return {outcome.name: outcome for outcome in outcomes}

    def only(self, *names: str) -> SourceOutcome:
        (outcome,) = self.fetch(*names).values()
        return outcome

    def articles(self) -> dict[str, ListedArticle]:
        return {line.row.article.title.value: line for line in list_articles(self.room.desk)}

    def row(self, name: str = "world") -> SourceRow:
        return {line.source.name: line.row for line in list_sources(self.room.desk)}[name]

    def state(self) -> list[tuple[object, ...]]:
        """Return everything that fetching may write, but when it was last seen and asked."""
        return [
            *self.room.rows("SELECT * FROM articles ORDER BY id"),
            *self.room.rows("SELECT * FROM article_versions ORDER BY article_id, version"),
            *self.room.rows("SELECT * FROM article_keys ORDER BY key"),
            *self.room.rows("SELECT * FROM article_shingles ORDER BY article_id"),
            *self.room.rows(
                "SELECT article_id, source, url, position, first_seen, entry, problem"
                " FROM article_sightings ORDER BY article_id, source"
            ),
            *self.room.rows("SELECT name, state, since, etag, location, title FROM sources"),
        ]


@pytest.fixture
def desk(newsroom: Newsroom) -> Iterator[Desk]:
    with FeedSite() as site:
        yield Desk(newsroom, site)


@pytest.fixture
def world(desk: Desk) -> Desk:
    """One feed of two articles."""
    desk.site.rss("/rss", BRIDGE, LEAGUE)
    desk.site.page("/bridge", BRIDGE.title)
    desk.site.page("/league", LEAGUE.title)
    desk.sources(world='feed = "@/rss"')
    return desk


def test_a_feed_and_its_articles_are_read(world: Desk) -> None:
    outcome = world.only()
    assert (outcome.ended, outcome.entries, outcome.new) == (Ended.READ, 2, 2)
    assert outcome.sentence() == "2 articles, 2 new"
    bridge = world.articles()["The bridge opens"]
    assert bridge.row.article.source == "world"
    assert bridge.row.article.state is ArticleState.OK
    assert bridge.row.article.url == world.site.url("/bridge")
    assert story("The bridge opens") in [p.text for p in bridge.row.article.paragraphs]
    (seen,) = bridge.sightings
    assert (seen.source, seen.position, seen.first_seen) == ("world", 0, NOW)
    row = world.row()
    assert (row.state, row.since, row.articles, row.title) == (
        SourceState.WELL, NOW, 2, "Example News",
    )  # fmt: skip
    assert row.next_at == NOW + timedelta(minutes=15)
    assert world.pages[-1] == ("world", 2, 2)
    assert len(world.room.rows("SELECT * FROM article_shingles")) == 2


def test_fetching_twice_changes_nothing_else(world: Desk) -> None:
    world.fetch("world")
    before = world.state()
    world.site.forget()
    for wait in (timedelta(0), 2 * HOUR):
        world.room.clock.forward(wait)
        outcome = world.only("world")
        assert (outcome.ended, outcome.new, outcome.changed) == (Ended.UNCHANGED, 0, 0)
        assert outcome.sentence() == "2 articles, nothing new"
    assert world.state() == before
    tags = {asked.path: asked.headers.get("if-none-match") for asked in world.site.asked}
    assert all(tag for path, tag in tags.items() if path != "/robots.txt")


def test_only_what_is_due_is_read_unless_named(world: Desk) -> None:
    world.fetch()
    assert world.fetch() == {}
    world.room.clock.forward(timedelta(minutes=14))
    assert world.fetch() == {}
    assert due_sources(world.room.desk) == ()
    world.room.clock.forward(timedelta(minutes=1))
    assert world.only().ended is Ended.UNCHANGED


def test_an_article_whose_address_changes_is_known_by_its_guid(world: Desk) -> None:
    world.fetch()
    world.site.rss("/rss", Item("/bridge-2", BRIDGE.title, guid="1"), LEAGUE)
    world.site.page("/bridge-2", BRIDGE.title)
    world.only("world")
    line = world.articles()["The bridge opens"]
    assert (len(world.articles()), line.row.version) == (2, 2)
    assert line.row.article.url == world.site.url("/bridge-2")


@pytest.mark.parametrize("is_first", [True, False])
def test_an_entry_that_redirects_to_another_overwrites_nothing(
    world: Desk, *, is_first: bool
) -> None:
    moved = Item("/moved", "Quite another story", guid="9")
    world.site.put("/moved", status=302, headers={"Location": "/bridge"})
    world.site.rss("/rss", *((moved, BRIDGE) if is_first else (BRIDGE, moved)))
    outcome = world.only()
    assert (outcome.new, outcome.changed, outcome.unread) == (2, 0, 1)
    assert story(BRIDGE.title) in _texts(world, BRIDGE.title)
    before = world.state()
    assert world.only("world").changed == 0
    assert world.state() == before


def _texts(world: Desk, title: str) -> list[str]:
    return [p.text for p in world.articles()[title].row.article.paragraphs]


def test_two_feeds_that_carry_one_article_share_it(world: Desk) -> None:
    world.site.rss("/top", BRIDGE)
    world.sources(top='feed = "@/top"')
    world.fetch("world")
    world.site.forget()
    world.fetch("top")
    assert world.site.counts() == {"/top": 1}
    seen = world.articles()["The bridge opens"].sightings
    assert {each.source for each in seen} == {"world", "top"}
    before = world.state()
    world.fetch("world", "top")
    assert world.state() == before


@pytest.mark.covers("F51")
@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [
        (404, {}, SourceState.FAILING, HOUR),
        (500, {}, SourceState.FAILING, HOUR),
        (429, {"Retry-After": "7200"}, SourceState.FAILING, 2 * HOUR),
        (503, {"Retry-After": "60"}, SourceState.FAILING, timedelta(minutes=15)),
        (410, {}, SourceState.GONE, None),
    ],
)
def test_a_feed_that_fails_holds_up_no_other(
    world: Desk, status: int, headers: dict[str, str], state: SourceState, wait: timedelta | None
) -> None:
    world.site.rss("/sport", Item("/match", "The match"))
    world.site.page("/match", "The match")
    world.sources(sport='feed = "@/sport"')
    world.fetch()
    etag = world.row().etag
    world.room.clock.forward(HOUR)
    kept = world.site.answers["/rss"]
    world.site.put("/rss", status=status, headers=headers)
    outcomes = world.fetch()
    assert outcomes["sport"].ended is Ended.UNCHANGED
    assert outcomes["world"].ended is Ended.FAILED
    assert str(status) in outcomes["world"].sentence()
    row = world.row()
    assert (row.state, row.since, row.failures) == (state, NOW + HOUR, 1)
    assert row.next_at == (None if wait is None else NOW + HOUR + wait)
    assert (row.etag, row.articles) == (etag, 2)
    world.site.answers["/rss"] = kept
    assert world.only("world").ended is Ended.UNCHANGED
    assert world.row().state is SourceState.WELL


@pytest.mark.covers("F51")
def test_a_source_that_keeps_failing_is_asked_once_a_day_and_comes_back(world: Desk) -> None:
    kept = world.site.answers["/rss"]
    world.site.put("/rss", status=500)
    for _ in range(8):
        world.only("world")
    row = world.row()
    assert (row.state, row.failures) == (SourceState.QUARANTINED, 8)
    assert row.next_at == NOW + DAY
    world.site.forget()
    assert world.fetch() == {}
    world.site.answers["/rss"] = kept
    world.room.clock.forward(DAY)
    assert world.only().new == 2
    assert world.row().state is SourceState.WELL


@pytest.mark.covers("F51")
def test_hosts_that_do_not_answer_are_failures_with_a_sentence(desk: Desk) -> None:
    with FeedSite() as gone:
        nobody = gone.address
    desk.sources(nobody=f'feed = "http://{nobody}/rss"', well='feed = "@/rss"')
    ours = desk.site.address
    desk.room.set(f'allow_local = ["{ours}"]', f'allow_local = ["{ours}", "{nobody}"]')
    desk.site.rss("/rss")
    outcomes = desk.fetch()
    assert outcomes["nobody"].ended is Ended.FAILED
    assert nobody in outcomes["nobody"].sentence()
    assert outcomes["well"].ended is Ended.READ
    assert outcomes["well"].notes == ["the feed has no entries"]


@pytest.mark.covers("F52")
@pytest.mark.parametrize(
    "body", ["", "   ", "<html><body><p>Not found</p></body></html>", "hello", "<rss><chan", "{}"]
)
def test_what_is_no_feed_is_a_failure_and_nothing_is_lost(world: Desk, body: str) -> None:
    world.fetch()
    kept = world.site.answers["/rss"]
    etag = world.row().etag
    world.site.put("/rss", body, kind="application/rss+xml")
    outcome = world.only("world")
    assert (outcome.ended, outcome.may_pass) == (Ended.FAILED, True)
    assert outcome.row.last_error
    assert (world.row().etag, world.row().articles) == (etag, 2)
    world.site.answers["/rss"] = kept
    assert world.only("world").ended is Ended.UNCHANGED


def test_an_entry_whose_page_cannot_be_read_is_kept_with_the_reason(world: Desk) -> None:
    world.site.put("/bridge", status=500)
    world.site.put("/league", b"%PDF-1.7", kind="application/pdf")
    outcome = world.only()
    assert (outcome.ended, outcome.new, outcome.unread) == (Ended.READ, 2, 2)
    assert outcome.sentence() == "2 articles, 2 new, 2 pages could not be read"
    lines = world.articles()
    for title, why in {BRIDGE.title: "answered 500", LEAGUE.title: "application/pdf"}.items():
        article = lines[title].row.article
        assert article.state is ArticleState.NEEDS_LOOK
        assert why in article.reasons[0]
        assert article.title.origin is Origin.FEED
    world.site.page("/bridge", BRIDGE.title)
    world.room.clock.forward(HOUR)
    outcome = world.only()
    assert (outcome.changed, outcome.unread) == (1, 1)
    bridge = world.articles()[BRIDGE.title]
    assert (bridge.row.article.state, bridge.row.version) == (ArticleState.OK, 2)
    assert bridge.sightings[0].problem == ""


def test_an_article_whose_page_is_gone_is_marked_and_comes_back(world: Desk) -> None:
    world.fetch()
    kept = world.site.answers["/bridge"]
    for status in (404, 410):
        world.site.put("/bridge", status=status)
        assert world.only("world").changed == 1
        article = world.articles()[BRIDGE.title].row.article
        assert article.withdrawn == f"its page answered {status}"
        assert story(BRIDGE.title) in [p.text for p in article.paragraphs]
    assert world.only("world").changed == 0
    world.site.answers["/bridge"] = kept
    assert world.only("world").changed == 1
    assert world.articles()[BRIDGE.title].row.article.withdrawn == ""


def test_a_page_that_says_it_was_withdrawn_keeps_what_was_read(world: Desk) -> None:
    world.fetch()
    kept = world.site.answers["/bridge"]
    notice = "This article has been withdrawn, since its figures were those of another bridge."
    world.site.page("/bridge", BRIDGE.title, notice)
    assert world.only("world").changed == 1
    article = world.articles()[BRIDGE.title].row.article
    assert article.withdrawn == f"the page says: \u201c{notice}\u201d"
    assert story(BRIDGE.title) in [p.text for p in article.paragraphs]
    assert world.only("world").changed == 0
    world.site.answers["/bridge"] = kept
    assert world.only("world").changed == 1
    assert world.articles()[BRIDGE.title].row.article.withdrawn == ""


@pytest.mark.covers("T14")
def test_a_feed_that_lists_another_port_of_this_machine_gets_nothing_from_it(world: Desk) -> None:
    with FeedSite() as inside:
        inside.page("/secret", "A secret")
        world.site.rss("/rss", Item(inside.url("/secret"), "A secret"), BRIDGE)
        world.site.put("/bridge", status=302, headers={"Location": inside.url("/secret")})
        outcome = world.only()
        assert not inside.asked
    assert (outcome.new, outcome.unread) == (2, 2)
    for line in world.articles().values():
        assert line.row.article.state is ArticleState.NEEDS_LOOK


@pytest.mark.covers("T14")
def test_a_source_without_the_allowance_is_refused_for_good(world: Desk) -> None:
    world.room.set(f'allow_local = ["{world.site.address}"]', "allow_local = []")
    outcome = world.only()
    assert (outcome.ended, outcome.may_pass) == (Ended.FAILED, False)
    assert not world.site.asked


def test_a_sites_feed_is_found_told_and_remembered(desk: Desk) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/news.xml">'
    desk.site.put("/", page("Example", head=link))
    desk.site.rss("/news.xml", BRIDGE)
    desk.site.page("/bridge", BRIDGE.title)
    desk.sources(world='site = "@/"')
    outcome = desk.only()
    assert outcome.new == 1
    assert outcome.notes == [f"found the feed {desk.site.url('/news.xml')}"]
    assert desk.row().location == desk.site.url("/news.xml")
    desk.site.forget()
    assert desk.only("world").ended is Ended.UNCHANGED
    assert desk.site.count("/") == 0
    desk.site.put("/news.xml", status=404)
    desk.site.put("/", page("Example", head=link.replace("/news.xml", "/feed2")))
    desk.site.rss("/feed2", BRIDGE, LEAGUE)
    desk.site.page("/league", LEAGUE.title)
    assert desk.only("world").new == 1
    assert desk.row().location == desk.site.url("/feed2")


def test_a_stop_leaves_whole_articles_and_the_rest_for_later(world: Desk) -> None:
    items = [Item(f"/{n}", f"Story number {n}") for n in range(5)]
    world.site.rss("/rss", *items)
    for item in items:
        world.site.page(item.path, item.title)
    world.site.answers["/2"].before = world.stop.set
    outcome = world.only()
    assert outcome.ended is Ended.STOPPED
    assert "stopped before the end" in outcome.sentence()
    kept = world.articles()
    assert 2 <= len(kept) < 5
    assert all(line.row.article.state is ArticleState.OK for line in kept.values())
    assert world.row().since is None
    world.stop.clear()
    world.site.answers["/2"].before = None
    assert world.only().new == 5 - len(kept)
    assert world.row().state is SourceState.WELL
