"""What a fetch brings, and what it tells when it brings nothing."""

import logging
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clock import FakeClock
from web_peer import WebPeer, answer, leads_to, peer

from newsletter import __version__
from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError, user_agent
from newsletter.model.source import Fetched, FetchKind, FetchProblem

SIX = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
BROKEN = tomllib.loads(Path(__file__).with_name("broken_answers.toml").read_text("utf-8"))
AGENT = user_agent("editors@news.example.org")


def a_fetcher(**changes: object) -> Fetcher:
    return Fetcher(**{"clock": SystemClock(), "user_agent": AGENT, "pace_s": 0.0} | changes)  # type: ignore[arg-type]


def fetch(
    running: WebPeer, target: str = "/feed", *, etag: str = "", last_modified: str = ""
) -> Fetched:
    return a_fetcher().fetch(
        running.url(target),
        FetchKind.FEED,
        allow_local=[running.entry],
        etag=etag,
        last_modified=last_modified,
    )


def refused(running: WebPeer, target: str = "/feed") -> FetchError:
    with pytest.raises(FetchError) as told:
        fetch(running, target)
    return told.value


def test_a_feed_comes_with_what_its_headers_say() -> None:
    headers = {
        "Content-Type": "application/atom+xml; charset=utf-8",
        "ETag": 'W/"a b"',
        "Last-Modified": "Tue, 24 Nov 2026 05:00:00 GMT",
        "Cache-Control": "public, max-age=1800",
        "X-Twice": "first",
        "x-twice": "last",
    }
    with peer(feed=answer(b"<feed/>", headers=headers)) as running:
        brought = fetch(running, "/feed?since=1#top")
        assert brought.url == running.url("/feed?since=1")
    assert (brought.status, brought.body) == (200, b"<feed/>")
    assert brought.content_type == headers["Content-Type"]
    assert (brought.etag, brought.last_modified) == ('W/"a b"', headers["Last-Modified"])
    assert brought.keep_for == timedelta(minutes=30)
    assert brought.headers["x-twice"] == "last"
    assert brought.moved_to == ""
    assert not brought.is_unchanged


def test_a_request_says_who_asks_and_carries_nothing_else() -> None:
    with peer(feed=answer(b"x")) as running:
        fetch(running, "/feed?a=b")
        asked = running.asked[-1]
        assert asked.raw.startswith(b"GET /feed?a=b HTTP/1.1\r\n")
        assert dict(asked.headers) == {
            "host": running.entry,
            "user-agent": f"newsletter/{__version__} (+editors@news.example.org)",
            "accept": asked.headers["accept"],
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }
    assert user_agent() == f"newsletter/{__version__}"


def test_what_we_have_is_named_as_it_came_and_304_is_a_success() -> None:
    with peer(feed=b'HTTP/1.1 304 Not Modified\r\nETag: "b"\r\n\r\n') as running:
        brought = fetch(running, etag='W/"\xe4"', last_modified="yesterday at noon")
        assert brought.is_unchanged
        assert (brought.body, brought.etag) == (b"", '"b"')
        assert running.asked[-1].headers["if-none-match"] == 'W/"\xe4"'
        assert running.asked[-1].headers["if-modified-since"] == "yesterday at noon"


def test_permanent_redirects_alone_propose_a_new_address() -> None:
    with peer(
        a=leads_to("/b", "301 Moved Permanently"),
        b=leads_to("/c", "308 Permanent Redirect"),
        c=leads_to("/feed", "302 Found"),
        d=leads_to("/b", "307 Temporary Redirect"),
        feed=answer(b"x"),
    ) as running:
        brought = fetch(running, "/a")
        assert (brought.url, brought.moved_to) == (running.url("/feed"), running.url("/c"))
        assert fetch(running, "/d").moved_to == ""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 06:10:00 GMT", timedelta(minutes=10)),
        ("99999999999999999999", timedelta(days=30)),
        ("soon", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_is_told_in_seconds_or_as_a_date(
    status: str, said: str, meant: timedelta | None
) -> None:
    value = said.encode().decode("latin-1")
    with peer(feed=answer(status=status, headers={"Retry-After": value})) as running:
        fetcher = a_fetcher(clock=FakeClock(SIX))
        with pytest.raises(FetchError) as told:
            fetcher.fetch(running.url(), FetchKind.FEED, allow_local=[running.entry])
    assert told.value.problem is FetchProblem.REFUSED
    assert told.value.status == int(status[:3])
    assert told.value.retry_after == meant
    assert told.value.may_pass
    assert told.value.exit_code == 3


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oh"])
def test_a_refusal_names_host_and_status(status: str) -> None:
    with peer(feed=answer(status=status)) as running:
        told = refused(running, "/feed?key=s3cret")
        assert str(told) == f"{running.entry} answered {status[:3]}"


@pytest.mark.parametrize("broken", BROKEN["answers"])
def test_a_broken_answer_is_told_as_one(broken: str) -> None:
    with peer(feed=broken.encode()) as running:
        told = refused(running)
    assert told.problem is FetchProblem.BROKEN_ANSWER
    assert told.may_pass


def test_a_log_tells_what_was_asked_and_no_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    odd = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nno colon here\r\nA: b\r\n\r\nhello"
    with peer(feed=answer(b"hello"), odd=odd, away=leads_to("/gone?token=s3cret")) as running:
        fetch(running, "/feed?key=s3cret")
        with pytest.raises(FetchError):
            fetch(running, "/away?key=s3cret")
        fetch(running, "/odd?key=s3cret")
    record = next(each for each in caplog.records if each.__dict__.get("status") == 200)
    assert record.message == "fetched"
    assert record.__dict__["host"] == running.entry
    assert (record.__dict__["what"], record.__dict__["bytes"]) == ("feed", 5)
    assert record.levelno == logging.DEBUG  # `run` logs one line a source
    assert "robots.txt" in {each.__dict__.get("what") for each in caplog.records}
    assert not [each for each in caplog.records if "s3cret" in str(each.__dict__)]
