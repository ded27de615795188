"""Page templates of the studio: Jinja with autoescape; words from mails are never markup."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.clock import Clock
from newsletter.errors import NewsletterError, NotFound

STATIC = {"studio.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}
YEAR = "public, max-age=31536000, immutable"
KILO = 1000


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newsletter.web", "pages"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset_path
    environment.filters |= {"day": _day, "moment": _moment, "amount": _amount}
    return environment


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment in a zone: "15 Mar 2022, 06:23:41"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M:%S}"


def _amount(size: int) -> str:
    """Write a size: "412 bytes", "24 KB", "3.1 MB"."""
    if size < KILO:
        return f"{size} bytes"
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} KB"
    return f"{size / KILO / KILO:.1f} MB"


@cache
def _asset(name: str) -> bytes:
    return (files("newsletter.web") / "static" / name).read_bytes()


def asset_path(name: str) -> str:
    """Return an asset's address, which changes with its content."""
    return f"/static/{sha256(_asset(name)).hexdigest()[:16]}/{name}"


def asset(request: Request) -> Response:
    """Serve an asset under its content's hash."""
    name = request.path_params["name"]
    if name not in STATIC or request.url.path != asset_path(name):
        return PlainTextResponse("there is no such file", 404)
    return Response(_asset(name), media_type=STATIC[name], headers={"Cache-Control": YEAR})


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page; what a stranger's mail made undecodable is shown as "?"."""
    markup = _environment().get_template(template).render(values)
    return HTMLResponse(markup.encode("utf-8", "replace"), status)


LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=12)


class Sessions:
    """Keeps hashes only, in memory: a restart ends every session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[bytes, datetime] = {}  # at most one; until when
        self._known: dict[bytes, float] = {}

    @staticmethod
    def cookie_name(port: int) -> str:
        """Name the cookie after the port: browsers send cookies to every port of a host."""
        return f"studio_{port}"

    def new_link_key(self) -> str:
        """Make the key of a one-time link; an earlier one stops working."""
        key = secrets.token_urlsafe(32)
        self._links = {sha256(key.encode()).digest(): self._clock.now() + LINK_LIFE}
        return key

    def spend(self, key: str) -> str | None:
        """Open a session with a link's key; None where it is used, too old or none of ours."""
        # taken out in one step: of two requests at once, in two threads, one gets it
        until = self._links.pop(sha256(key.encode()).digest(), None)
        if until is None or self._clock.now() >= until:
            return None
        value = secrets.token_urlsafe(32)
        ends = self._clock.monotonic() + SESSION_LIFE.total_seconds()
        self._known[sha256(value.encode()).digest()] = ends
        return value

    def is_known(self, value: str) -> bool:
        """Return whether a cookie's value opens the pages."""
        ends = self._known.get(sha256(value.encode()).digest())
        return ends is not None and self._clock.monotonic() < ends


SAFE = {"GET", "HEAD", "OPTIONS"}
OPEN_PATH = "/open"
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",  # a mail's links would be looked up unasked
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware around all pages of one server."""

    def __init__(self, app: ASGIApp, *, port: int, sessions: Sessions) -> None:
        self._app = app
        self._port = port
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not be, add the headers to every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        answer: ASGIApp = refusal if refusal is not None else self._app
        await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        port = self._port
        names = {f"127.0.0.1:{port}", f"localhost:{port}"}
        if len(hosts) != 1 or hosts[0] not in names:
            return PlainTextResponse("this server has another name", 421)
        if not _is_own(scope, headers, f"http://{hosts[0]}"):
            return PlainTextResponse("this request comes from another site", 403)
        if scope["path"] == OPEN_PATH or scope["path"].startswith("/static/"):
            return None
        cookies = cookie_parser(headers.get("cookie", ""))
        if not self._sessions.is_known(cookies.get(self._sessions.cookie_name(port), "")):
            return page(
                "problem.html",
                status=401,
                title="Open the link in the terminal",
                lines=(
                    "These pages show themselves to the browser that opened the one-time link.",
                ),
                hint="The command prints it when it starts; start it again for a new one.",
                home="/",  # a link opened from another page comes here first without its cookie
            )
        return None


def _is_own(scope: Scope, headers: Headers, origin: str) -> bool:
    """Judge where a request comes from: writes must be ours, reads must not be another page's."""
    site = headers.get("sec-fetch-site")
    if scope["method"] not in SAFE:
        if site is not None:
            return site == "same-origin"
        return headers.get("origin") == origin
    if site in {None, "same-origin", "none"}:
        return True
    # A link from elsewhere to a page is harmless to follow; data and frames are not for others.
    return (
        headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    )


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", PAGE_CSP)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


LOOK_EVERY_S = 0.1
HEARTBEAT_S = 15.0
MOST_STREAMS = 4

_log = logging.getLogger(__name__)


class Changes(Protocol):
    """version grows with each change; ended is true once no more will be told."""

    version: int

    @property
    def ended(self) -> bool:
        """Whether streams are to end."""
        ...


class _Doors:
    def __init__(
        self, *, sessions: Sessions, port: int, changes: Changes, home: str, tool: str
    ) -> None:
        self._sessions = sessions
        self._port = port
        self._changes = changes
        self._home = home
        self._tool = tool
        self._open_streams = 0

    def open_link(self, request: Request) -> Response:
        value = (
            self._sessions.spend(request.query_params.get("k", ""))
            if request.method == "GET"
            else None
        )
        if value is None:
            return page(
                "problem.html",
                status=410,
                title="This link is used up",
                lines=("A link opens the pages once, within ten minutes of the start.",),
                hint="A browser that opened it can go on; for another, start the command again.",
                home="/",
                tool=self._tool,
            )
        answer = RedirectResponse(quote(self._home), 303)
        answer.set_cookie(
            self._sessions.cookie_name(self._port),
            value,
            max_age=int(SESSION_LIFE.total_seconds()),
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer

    def wrong(self, request: Request, error: Exception) -> Response:
        """Return what is wrong with a request or a file; the page mends itself with the file."""
        del request
        status, title = 422, "This cannot be shown"
        lines: tuple[str, ...] = (str(error),)
        hint = ""
        if isinstance(error, NotFound):
            status, title, hint = 404, "Not here", error.hint
        elif isinstance(error, NewsletterError):
            lines, hint = tuple(str(error).splitlines()), error.hint
        elif isinstance(error, HTTPException):
            status, title, lines = error.status_code, "Not here", ("There is no such page.",)
        return page(
            "problem.html",
            status=status,
            title=title,
            lines=lines,
            hint=hint,
            home="/",
            tool=self._tool,
            version=self._changes.version,
        )

    async def events(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-dest", "empty") != "empty":
            return PlainTextResponse("a picture is no reader of changes", 406)
        if self._open_streams >= MOST_STREAMS or self._changes.ended:
            return PlainTextResponse("too many streams are open", 503)
        return StreamingResponse(self._stream(request), media_type="text/event-stream")

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        told, silent = 0, 0.0
        self._open_streams += 1  # here: a stream that never began is never ended either
        try:
            while not (self._changes.ended or await request.is_disconnected()):
                now = self._changes.version
                if now != told:
                    told, silent = now, 0.0
                    yield f"event: version\nid: {now}\ndata: {now}\n\n"
                elif silent >= HEARTBEAT_S:
                    silent = 0.0
                    yield ": still here\n\n"
                await asyncio.sleep(LOOK_EVERY_S)
                silent += LOOK_EVERY_S
        finally:
            self._open_streams -= 1


def _bug(request: Request, error: Exception) -> Response:
    """Return that it is our mistake; messages of errors may hold addresses and stay out."""
    del request
    _log.error("a page could not be made, this is a bug: %s", type(error).__name__)
    return PlainTextResponse(f"internal error: {type(error).__name__}; this is a bug", 500)


def site(
    routes: Sequence[BaseRoute],
    *,
    sessions: Sessions,
    port: int,
    changes: Changes,
    tool: str,
    home: str = "/",
) -> ASGIApp:
    """Put routes behind the guard, with what every site needs; tool is the program's name there."""
    doors = _Doors(sessions=sessions, port=port, changes=changes, home=home, tool=tool)
    handlers: dict[int | type[Exception], Callable[[Request, Exception], Response]] = {
        HTTPException: doors.wrong,
        NewsletterError: doors.wrong,
        Exception: _bug,
    }
    inner = Starlette(
        routes=[
            Route("/open", doors.open_link),
            Route("/static/{hash}/{name}", asset),
            Route("/events", doors.events),
            *routes,
        ],
        exception_handlers=handlers,
    )
    return Guard(inner, port=port, sessions=sessions)
