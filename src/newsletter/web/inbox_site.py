"""The built-in inbox's pages: what came in, and each message as a reader would see it."""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.compose.mime import parse_message
from newsletter.inbox import folder as mail_folder
from newsletter.web.mail_frame import LARGEST, SANDBOX, as_dark, frame_response
from newsletter.web.pages import page
from newsletter.web.session import Sessions
from newsletter.web.site import site

MOST_LISTED = 500
VIEWS = ("html", "text", "headers", "raw")


def inbox_site(
    folder: Path,
    *,
    smtp_port: int,
    sessions: Sessions,
    port: Callable[[], int],
    version: Callable[[], int],
) -> ASGIApp:
    """Give the inbox's pages behind the guard; they read the folder, whoever wrote there."""

    def listing(request: Request) -> Response:
        del request
        mails = tuple(mail_folder.caught(folder, most=MOST_LISTED))
        return page(
            "inbox.html",
            mails=mails,
            total=mail_folder.count(folder),
            smtp_port=smtp_port,
            version=version(),
        )

    def message(request: Request) -> Response:
        name = request.path_params["name"]
        raw = mail_folder.read(folder, name)
        view = request.query_params.get("as", "html")
        parsed = parse_message(raw[:LARGEST])
        return page(
            "message.html",
            name=name,
            parsed=parsed,
            view=view if view in VIEWS else "html",
            views=VIEWS,
            dark=as_dark(request.query_params.get("dark", "")),
            raw=raw[:LARGEST].decode("utf-8", "replace"),
            size=len(raw),
            sandbox=SANDBOX,
            version=version(),
        )

    def frame(request: Request) -> Response:
        parsed = parse_message(mail_folder.read(folder, request.path_params["name"])[:LARGEST])
        return frame_response(parsed.html, dark=as_dark(request.query_params.get("dark", "")))

    def source(request: Request) -> Response:
        raw = mail_folder.read(folder, request.path_params["name"])
        return PlainTextResponse(raw, headers={"Content-Type": "text/plain; charset=utf-8"})

    return site(
        [
            Route("/", listing),
            Route("/inbox/{name}", message),
            Route("/inbox/{name}/part/html", frame),
            Route("/inbox/{name}/raw", source),
        ],
        sessions=sessions,
        port=port,
        version=version,
    )
