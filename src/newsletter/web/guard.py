"""What every answer of our pages is held to, before any route: Host, origin, session, headers.

Cookies ignore ports, so another server on loopback is sent ours: the cookie alone proves nothing.
Host stops DNS rebinding; Sec-Fetch-Site and Origin stop other sites and other loopback ports.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.pages import page
from newsletter.web.session import Sessions

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
