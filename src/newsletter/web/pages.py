"""Page templates of the studio: Jinja with autoescape; words from mails are never markup."""

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

STATIC = {
    "studio.css": "text/css",
    "live.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
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
    """Write a day: "Tuesday 15 March 2022"."""
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
