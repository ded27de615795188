"""Servers that drip, fall silent or never end: each is left in time."""

import gzip
import os
import threading

import pytest
from bounded import HEAD, LONG_S, endless, fetch, refused, slow, started
from fetching import PUBLIC, QUICK, Net
from web_peer import Asked, Script, Wire, peer

from newsletter.clock import SystemClock
from newsletter.errors import Interrupted
from newsletter.fetch import Fetcher, FetchError
from newsletter.model.source import FetchKind, FetchProblem


def silent(_asked: Asked, wire: Wire) -> None:
    wire.over.wait(20)


DRIPS: dict[str, Script] = {
    "status": slow(b"HTTP/1.1 200 " + b"O" * LONG_S),
    "headers": started(HEAD, b"A: b\r\n" * LONG_S),
    "one header": started(HEAD + b"A: ", b"b" * LONG_S),
    "continue": started(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * LONG_S),
    "body": started(HEAD + b"Content-Length: 9999\r\n\r\n", b"b" * LONG_S),
    "body without length": started(HEAD + b"\r\n", b"b" * LONG_S),
    "chunks": started(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nb\r\n" * LONG_S),
    "chunk size": started(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * LONG_S),
    "trailers": started(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n" * LONG_S),
    "gzip": started(
        HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(os.urandom(LONG_S), mtime=0)
    ),
}


@pytest.mark.covers("T16")
@pytest.mark.parametrize("part", DRIPS)
def test_a_server_that_drips_is_left_at_the_total_time(part: str) -> None:
    with peer(feed=DRIPS[part]) as running:
        told = refused(running)
        assert told.problem is FetchProblem.TOO_SLOW
        assert str(told) == f"{running.entry} did not answer within 1.2 seconds"


@pytest.mark.covers("T16")
def test_a_silent_server_is_left_at_the_read_time() -> None:
    with peer(feed=silent) as running:
        told = refused(running)
        assert told.problem is FetchProblem.TOO_SLOW
        assert "within 0.4 seconds" in str(told)
        assert told.may_pass


@pytest.mark.covers("T16")
def test_a_connection_or_a_name_that_never_comes_is_left() -> None:
    hanging = threading.Event()

    def no_connection(_address: str, _port: int, _timeout: float) -> object:
        raise TimeoutError

    def no_answer(_host: str, _port: int) -> list[str]:
        hanging.wait(20)
        return [PUBLIC]

    with peer() as running:
        net = Net(running, {"news.example.org": [PUBLIC]})
        for changes in ({"connect": no_connection}, {"resolve": no_answer}):
            parts = {"resolve": net.resolve, "connect": net.connect} | changes
            fetcher = Fetcher(
                clock=SystemClock(),
                user_agent="x",
                pace_s=0.0,
                limits=QUICK,
                **parts,  # type: ignore[arg-type]
            )
            with pytest.raises(FetchError) as told:
                fetcher.fetch("http://news.example.org/", FetchKind.FEED)
            assert told.value.problem is FetchProblem.TOO_SLOW
    hanging.set()


@pytest.mark.covers("T16")
@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (HEAD, b"A: b\r\n"),
        (HEAD, b"A" * 70_000),
        (HEAD + b"A: ", b"b" * 1000),
        (HEAD + b"A: b\r\n", b" folded\r\n"),
        (HEAD, b"A: " + b"b" * 900 + b"\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 ", b"O" * 1000),
    ],
)
def test_endless_headers_are_cut_off(head: bytes, piece: bytes) -> None:
    with peer(feed=endless(head, piece)) as running:
        assert refused(running).problem in {FetchProblem.TOO_LARGE, FetchProblem.BROKEN_ANSWER}


@pytest.mark.covers("T16")
@pytest.mark.parametrize("part", ["silence", "body", "headers"])
def test_a_stop_ends_the_wait_for_a_server(part: str) -> None:
    stop = threading.Event()

    def stopping(asked: Asked, wire: Wire) -> None:
        stop.set()
        DRIPS.get(part, silent)(asked, wire)

    with peer(feed=stopping) as running, pytest.raises(Interrupted, match="stopped before"):
        fetch(running, stop=stop)
