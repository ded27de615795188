"""What `run` answers: pictures to readers' mail programs, its health. Nothing is ever written."""

import logging
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from newsletter.web.health import Health, health_routes
from newsletter.web.media import media_route

_log = logging.getLogger(__name__)


def _nothing(request: Request, error: Exception) -> Response:
    del request, error
    return PlainTextResponse("there is no such page", 404)


def _bug(request: Request, error: Exception) -> Response:
    del request
    _log.error("an answer could not be made, this is a bug: %s", type(error).__name__)
    return PlainTextResponse("this cannot be shown now", 500)


def public_site(media: Path, health: Health | None = None) -> ASGIApp:
    """Return the pages that `run` serves: pictures under public_url, and how it is doing.

    media is the folder of pictures; health is for whoever keeps `run` running, not for readers.
    """
    return Starlette(
        routes=[media_route(media), *(health_routes(health) if health else ())],
        exception_handlers={404: _nothing, 405: _nothing, 500: _bug},
    )
