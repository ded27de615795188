"""What both sites share: opening the one-time link, assets, and the stream of changes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from newsletter.errors import NotFound
from newsletter.web.guard import Guard
from newsletter.web.pages import asset, page
from newsletter.web.session import SESSION_LIFE, Sessions

LOOK_EVERY_S = 0.2
HEARTBEAT_S = 15.0
MOST_STREAMS = 4


def site(
    routes: Sequence[BaseRoute],
    *,
    sessions: Sessions,
    port: Callable[[], int],
    version: Callable[[], int],
    home: str = "/",
) -> ASGIApp:
    """Put routes behind the guard, with what every site needs beside them.

    version grows with each change; pages listen for it at /events and show themselves anew.
    """

    def open_link(request: Request) -> Response:
        value = sessions.spend(request.query_params.get("k", ""))
        if value is None:
            return page(
                "problem.html",
                status=410,
                title="This link is used up",
                lines=("A link opens the pages once, within ten minutes.",),
                hint="Start the command again for a new one.",
                source="",
            )
        answer = RedirectResponse(quote(home), 303)
        answer.set_cookie(
            sessions.cookie_name(port()),
            value,
            max_age=int(SESSION_LIFE.total_seconds()),
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer

    def not_found(request: Request, error: Exception) -> Response:
        del request
        what = str(error) if isinstance(error, NotFound) else "There is no such page."
        return page("problem.html", status=404, title="Not here", lines=(what,), hint="", source="")

    inner = Starlette(
        routes=[
            Route("/open", open_link),
            Route("/static/{hash}/{name}", asset),
            Route("/events", _events(version)),
            *routes,
        ],
        exception_handlers={404: not_found, NotFound: not_found},
    )
    return Guard(inner, port=port, sessions=sessions)


def _events(version: Callable[[], int]) -> Callable[[Request], object]:
    """Give the stream of versions (server-sent events); at most four at a time."""
    open_streams = 0

    async def events(request: Request) -> Response:
        if open_streams >= MOST_STREAMS:
            return PlainTextResponse("too many streams are open", 503)

        async def stream() -> AsyncIterator[str]:
            nonlocal open_streams
            open_streams += 1
            try:
                told, silent = 0, 0.0
                while not await request.is_disconnected():
                    now = version()
                    if now != told:
                        told, silent = now, 0.0
                        yield f"event: version\nid: {now}\ndata: {now}\n\n"
                    elif silent >= HEARTBEAT_S:
                        silent = 0.0
                        yield ": still here\n\n"
                    await asyncio.sleep(LOOK_EVERY_S)
                    silent += LOOK_EVERY_S
            finally:
                open_streams -= 1

        return StreamingResponse(stream(), media_type="text/event-stream")

    return events
