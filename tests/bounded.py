"""Fetches with little patience, and servers that have much."""

import threading

import pytest
from fetching import QUICK
from web_peer import Asked, Script, WebPeer, Wire

from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError
from newsletter.model.source import Fetched, FetchKind

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
LONG_S = 400  # a server goes on for this many bytes, twenty a second: past any patience


def fetch(
    running: WebPeer,
    target: str = "/feed",
    kind: FetchKind = FetchKind.FEED,
    *,
    stop: threading.Event | None = None,
) -> Fetched:
    fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0, limits=QUICK)
    return fetcher.fetch(running.url(target), kind, allow_local=[running.entry], stop=stop)


def refused(
    running: WebPeer, target: str = "/feed", kind: FetchKind = FetchKind.FEED
) -> FetchError:
    with pytest.raises(FetchError) as told:
        fetch(running, target, kind)
    return told.value


def slow(data: bytes) -> Script:
    def script(_asked: Asked, wire: Wire) -> None:
        wire.drip(data, every_s=0.05)

    return script


def started(head: bytes, rest: bytes) -> Script:
    def script(_asked: Asked, wire: Wire) -> None:
        wire.send(head)
        wire.drip(rest, every_s=0.05)

    return script


def endless(head: bytes, piece: bytes) -> Script:
    def script(_asked: Asked, wire: Wire) -> None:
        wire.send(head)
        while not wire.over.is_set() and wire.send(piece):
            pass

    return script
