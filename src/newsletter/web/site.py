"""What both sites share: opening the one-time link, assets, errors, and the stream of changes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from newsletter.errors import NewsletterError, NotFound
from newsletter.web.guard import Guard
from newsletter.web.pages import asset, page
from newsletter.web.session import SESSION_LIFE, Sessions

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
    """The answers that are the same in both sites."""

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
        """Spend the one-time link. A HEAD is a look, and spends nothing."""
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
        """Return the stream of versions (server-sent events); at most four at a time."""
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
    """Put routes behind the guard, with what every site needs beside them.

    Pages listen at /events and show themselves anew. tool is what the pages call the program.
    """
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
