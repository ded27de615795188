"""Pictures under their hash: whoever has the address may see them, and they never change."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.model.article import MEDIA_PATH, TYPES, is_kept_name

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
