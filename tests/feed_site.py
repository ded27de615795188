"""A small web server on loopback whose answers a test writes and changes while it runs.

It serves what was put under a path, with an ETag and 304 as a good server does, and robots.txt that
allows all; it can answer any status, cut a body short, let it drip, or wait for a word. What was
asked is kept.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from xml.sax.saxutils import escape, quoteattr


@dataclass
class Answer:
    """What a path answers. cut_at: bytes of body sent before the connection is closed.

    conditional: an ETag is sent and If-None-Match is honoured. before is called before the first
    byte: it may wait for an event, or change the site.
    """

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    conditional: bool = True
    before: Callable[[], None] | None = None

    @property
    def etag(self) -> str:
        """Return the body's tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]


class FeedSite:
    """The server; `with` ends it. address is HOST:PORT, as allow_local wants it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._server = _Server((host, 0), self)
        self.address = f"{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="feed-site")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/") -> str:
        """Return the whole address of a path."""
        return f"http://{self.address}{path}"

    def put(self, path: str, body: str | bytes = b"", **more: Any) -> Answer:  # noqa: ANN401
        """Let a path answer; more are fields of Answer."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(body=data, **more)
        return self.answers[path]

    def page(self, path: str, title: str, *paragraphs: str, **more: Any) -> Answer:  # noqa: ANN401
        """Put an article's page."""
        return self.put(path, page(title, *paragraphs), **more)

    def rss(self, path: str, *items: "Item", **more: Any) -> Answer:  # noqa: ANN401
        """Put an RSS feed of items."""
        return self.put(path, rss(self, *items), kind="application/rss+xml", **more)

    def count(self, path: str) -> int:
        """Count how often a path was asked for."""
        return self.counts()[path]

    def counts(self) -> Counter[str]:
        """Count what was asked for by path, without robots.txt."""
        return Counter(asked.path for asked in self.asked if asked.path != "/robots.txt")

    def forget(self) -> None:
        """Forget what was asked until now."""
        self.asked.clear()


@dataclass(frozen=True)
class Item:
    """An item of a feed; path is on the same site, or a whole address."""

    path: str
    title: str
    guid: str = ""
    published: datetime | None = None
    text: str = ""


def rss(site: FeedSite, *items: Item, title: str = "Example News", more: str = "") -> str:
    """Write an RSS feed."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>{site.url()}</link>{more}"
        + "".join(_item(site, item) for item in items)
        + "</channel></rss>"
    )


def _item(site: FeedSite, item: Item) -> str:
    url = item.path if "://" in item.path else site.url(item.path)
    parts = [f"<title>{escape(item.title)}</title>"]
    parts += [f"<link>{escape(url)}</link>"] if item.path else []
    parts += [f"<guid isPermaLink='false'>{escape(item.guid)}</guid>"] if item.guid else []
    parts += [f"<pubDate>{format_datetime(item.published)}</pubDate>"] if item.published else []
    parts += [f"<description>{escape(item.text)}</description>"] if item.text else []
    return f"<item>{''.join(parts)}</item>"


def atom(site: FeedSite, path: str, title: str) -> str:
    """Write an Atom feed of one entry."""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom News</title><id>urn:x</id>'
        f"<updated>2026-11-24T05:00:00Z</updated><entry><id>urn:{path}</id>"
        f"<title>{escape(title)}</title><link href={quoteattr(site.url(path))}/>"
        f"<updated>2026-11-24T05:00:00Z</updated></entry></feed>"
    )


def page(title: str, *paragraphs: str, head: str = "") -> str:
    """Write a page as a newspaper does: menu, article, footer."""
    told = paragraphs or (story(title),)
    body = "".join(f"<p>{escape(text)}</p>" for text in told)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f'<meta property="og:title" content={quoteattr(title)}>{head}</head><body>'
        f"<nav><ul><li><a href='/'>Home</a></li></ul></nav>"
        f"<main><article><h1>{escape(title)}</h1>{body}</article></main>"
        f"<footer><p>About us</p></footer></body></html>"
    )


def story(title: str) -> str:
    """Return text enough for an article, different for each title."""
    return " ".join(
        f"The council said on day {number} of the talks about {title} that plan {number} of the "
        f"bridge needs another {number + 3} weeks before the works can begin again."
        for number in range(1, 7)
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: FeedSite) -> None:
        super().__init__(address, _Handler)
        self.site = site

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = site.answers.get(self.path, Answer(status=404, conditional=False))
        if answer.before is not None:
            answer.before()
        status, body = answer.status, answer.body
        is_tagged = answer.conditional and status == 200
        if is_tagged and self.headers.get("If-None-Match") == answer.etag:
            status, body = 304, b""
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if is_tagged:
            self.send_header("ETag", answer.etag)
        if body:
            self.send_header("Content-Type", answer.kind)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if answer.cut_at is None else body[: answer.cut_at])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""
