"""The built-in inbox's pages: what came in, and each message as a reader would see it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.compose.message.skeleton import ParsedMessage, parse_message
from newsletter.inbox import folder as mail_folder
from newsletter.simulate import LARGEST, SANDBOX
from newsletter.web.preview_site import frame_response, look_of, look_query, look_switches
from newsletter.web.public_site import media_route, own_paths, shown_here
from newsletter.web.site import Changes, Sessions, page, site

TOOL = "Inbox"
MOST_LISTED = 500
VIEWS = ("html", "text", "headers", "raw")


class _InboxPages:
    def __init__(
        self,
        folder: Path,
        changes: Changes,
        *,
        smtp_port: int,
        has_mail_server: bool,
        zone: ZoneInfo,
        kept: Callable[[str], Mapping[str, str]],
    ) -> None:
        self._folder = folder
        self._kept = kept
        self._changes = changes
        self._smtp_port = smtp_port
        self._has_mail_server = has_mail_server
        self._zone = zone

    def listing(self, request: Request) -> Response:
        del request
        version = self._changes.version  # before the folder: a mail between the two is told again
        return page(
            "inbox.html",
            mails=tuple(mail_folder.caught(self._folder, most=MOST_LISTED)),
            total=mail_folder.count(self._folder),
            smtp_port=self._smtp_port,
            has_mail_server=self._has_mail_server,
            zone=self._zone,
            tool=TOOL,
            version=version,
        )

    def message(self, request: Request) -> Response:
        version, name = self._changes.version, request.path_params["name"]
        mail = mail_folder.summary(self._folder, name)
        raw = mail_folder.read(self._folder, name, most=LARGEST)
        parsed = _parsed(raw)
        views = tuple(v for v in VIEWS if v != "html" or parsed.html)
        asked = request.query_params.get("as", "")
        look = look_of(request.query_params)
        return page(
            "message.html",
            mail=mail,
            parsed=parsed,
            views=views,
            view=asked if asked in views else views[0],
            look=look_query(look),
            looks=look_switches(f"/inbox/{quote(name)}", "html", look),
            raw=raw.decode("utf-8", "replace"),
            is_cut=mail.size_bytes > LARGEST,
            sandbox=SANDBOX,
            zone=self._zone,
            tool=TOOL,
            version=version,
        )

    def frame(self, request: Request) -> Response:
        raw = mail_folder.read(self._folder, request.path_params["name"], most=LARGEST)
        html = shown_here(_parsed(raw).html)
        kept = {**self._kept(html), **own_paths(html)}
        return frame_response(html, look_of(request.query_params), kept=kept)

    def source(self, request: Request) -> Response:
        path = mail_folder.path_of(self._folder, request.path_params["name"])
        return FileResponse(path, media_type="text/plain; charset=utf-8")


def _parsed(raw: bytes) -> ParsedMessage:
    try:
        return parse_message(raw)
    except RecursionError:  # parts in parts in parts: no mail, but what it is stays readable
        return ParsedMessage(headers=(), text=raw.decode("utf-8", "replace"), html="")


def inbox_site(
    folder: Path,
    changes: Changes,
    *,
    media: Path,
    kept: Callable[[str], Mapping[str, str]],
    smtp_port: int,
    has_mail_server: bool,
    zone: ZoneInfo,
    sessions: Sessions,
    port: int,
) -> ASGIApp:
    """Return the inbox's pages behind the guard; times in zone, pictures as kept in media."""
    pages = _InboxPages(
        folder, changes, smtp_port=smtp_port, has_mail_server=has_mail_server, zone=zone, kept=kept
    )
    return site(
        [
            Route("/", pages.listing),
            Route("/inbox", pages.listing),
            Route("/inbox/{name}", pages.message),
            Route("/inbox/{name}/part/html", pages.frame),
            Route("/inbox/{name}/raw", pages.source),
            media_route(media),
        ],
        sessions=sessions,
        port=port,
        changes=changes,
        tool=TOOL,
    )
