"""Page templates of the studio: Jinja with autoescape; words from mails are never markup."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

STATIC = {"studio.css": "text/css", "live.js": "text/javascript"}
YEAR = "public, max-age=31536000, immutable"


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
    return environment


@cache
def _asset(name: str) -> bytes:
    return (files("newsletter.web") / "static" / name).read_bytes()


def asset_path(name: str) -> str:
    """Give an asset's address, which changes with its content."""
    return f"/static/{sha256(_asset(name)).hexdigest()[:16]}/{name}"


def asset(request: Request) -> Response:
    """Serve an asset under its content's hash."""
    name = request.path_params["name"]
    if name not in STATIC or request.url.path != asset_path(name):
        return PlainTextResponse("there is no such file", 404)
    return Response(_asset(name), media_type=STATIC[name], headers={"Cache-Control": YEAR})


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(_environment().get_template(template).render(values), status)
