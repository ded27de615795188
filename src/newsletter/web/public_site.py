"""Pictures under their hash: whoever has the address may see them, and they never change."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.model.article import MEDIA_PATH, TYPES, is_kept_name
from newsletter.model.diagnosis import PartHealth

_TYPES = {ending: type_ for type_, ending in TYPES.items()}
_ADDRESS = re.compile(r"https?://[^\s\"'<>()]{1,300}?/media/([0-9a-f]{64}\.(?:jpg|png))")
_OWN = re.compile(r"/media/[0-9a-f]{64}\.(?:jpg|png)")
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",  # mail programs show it in pages of theirs
    "X-Content-Type-Options": "nosniff",
}


def media_route(folder: Path) -> Route:
    """Return the route that shows the pictures of a folder, and nothing else of it."""

    def picture(request: Request) -> Response:
        name = request.path_params["name"]
        path = folder / name
        if not is_kept_name(name) or path.is_symlink() or not path.is_file():
            return PlainTextResponse("there is no such picture", 404)
        etag = f'"{name.partition(".")[0]}"'
        headers = {**HEADERS, "ETag": etag}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return FileResponse(path, media_type=_TYPES[path.suffix[1:]], headers=headers)

    return Route(f"{MEDIA_PATH}{{name}}", picture)


def shown_here(html: str) -> str:
    """Point our own pictures in any mail to the page's own server, so that its frame shows them."""
    return _ADDRESS.sub(lambda found: f"{MEDIA_PATH}{found[1]}", html)


def own_paths(html: str) -> dict[str, str]:
    """Return the paths in a mail to pictures of the page's own server, each as its own place."""
    return {found[0]: found[0] for found in _OWN.finditer(html)}


WELL = 200
UNWELL = 503  # service unavailable, RFC 9110 section 15.6.4
Ask = Callable[[], Sequence[PartHealth]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is asked: alive for /healthz, a restart may mend it; ready for /readyz, a person may."""

    alive: Ask
    ready: Ask


def health_routes(health: Health) -> tuple[Route, ...]:
    """Return the two routes."""
    return (_route("/healthz", health.alive), _route("/readyz", health.ready))


def _route(path: str, ask: Ask) -> Route:
    def answer(request: Request) -> Response:
        del request
        parts = ask()
        is_well = all(part.is_well for part in parts)
        return JSONResponse(
            {
                "well": is_well,
                "parts": [
                    {"name": part.name, "well": part.is_well, "words": part.words} for part in parts
                ],
            },
            status_code=WELL if is_well else UNWELL,
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )

    return Route(path, answer)


_log = logging.getLogger(__name__)


def _nothing(request: Request, error: Exception) -> Response:
    del request, error
    return PlainTextResponse("there is no such page", 404)


def _bug(request: Request, error: Exception) -> Response:
    del request
    _log.error("an answer could not be made, this is a bug: %s", type(error).__name__)
    return PlainTextResponse("this cannot be shown now", 500)


def public_site(media: Path, health: Health | None = None) -> ASGIApp:
    """Return the pages that `run` serves: pictures under public_url, and health for its keeper."""
    return Starlette(
        routes=[media_route(media), *(health_routes(health) if health else ())],
        exception_handlers={404: _nothing, 405: _nothing, 500: _bug},
    )
