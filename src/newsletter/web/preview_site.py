"""The preview: a list of issues, and each as readers see it, alive."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.errors import NotFound, UserError
from newsletter.model.composed import GMAIL_CLIPS_AT, NEAR_GMAILS_CLIP
from newsletter.model.finding import Severity
from newsletter.simulate.document import SANDBOX
from newsletter.web.look_links import (
    TEXT,
    WIDTH_WORDS,
    look_of,
    look_query,
    look_switches,
    view_of,
    width_switch,
)
from newsletter.web.mail_frame import frame_response
from newsletter.web.media import media_route
from newsletter.web.pages import page
from newsletter.web.preview_service import Broken, PreviewService, Shown
from newsletter.web.session import Sessions
from newsletter.web.site import Changes, site
from newsletter.workflows.project_files import issue_name

TOOL = "Preview"
GROUPS = (
    (Severity.ERROR, "Must fix"),
    (Severity.WARNING, "Should look"),
    (Severity.INFO, "To know"),
)


class _PreviewPages:
    def __init__(self, service: PreviewService, changes: Changes) -> None:
        self._service = service
        self._changes = changes

    def _show(self, request: Request) -> Shown:
        given = request.path_params["name"]
        try:
            name = issue_name(self._service.settings, given)
        except UserError as error:
            raise NotFound("issue", given) from error
        return self._service.show(name)

    def issues(self, request: Request) -> Response:
        del request
        version = self._changes.version
        return page(
            "issues.html",
            problems=self._service.settings_problems(),
            issues=self._service.listed(),
            tool=TOOL,
            version=version,
        )

    def issue(self, request: Request) -> Response:
        view = view_of(request.query_params)
        if not view:
            return RedirectResponse(request.url.path, 303)
        look = look_of(request.query_params)
        shown = self._show(request)
        if isinstance(shown.state, Broken):
            return page(
                "problem.html",
                status=200,  # the page is what was asked for: it mends itself with the file
                title=f"{shown.name} cannot be composed",
                lines=shown.state.problems,
                hint=shown.state.hint or "Save the mended file; this page shows it at once.",
                source=shown.state.source,
                file=shown.state.file,
                marked=shown.state.lines,
                home="/",
                tool=TOOL,
                version=shown.version,
            )
        html = shown.state.html.encode()
        size = len(html)
        return page(
            "issue.html",
            name=shown.name,
            ready=shown.state,
            view=view,
            view_words="" if view == TEXT else WIDTH_WORDS[int(view)],
            look=look_query(look),
            widths=width_switch(request.url.path, view, look),
            looks=look_switches(request.url.path, view, look),
            sandbox=SANDBOX,
            digest=sha256(html).hexdigest()[:12],  # the page swaps the frame when it differs
            size=size,
            clips_at=GMAIL_CLIPS_AT,
            size_state=_size_state(size),
            groups=GROUPS,
            tool=TOOL,
            version=shown.version,
        )

    def frame(self, request: Request) -> Response:
        state = self._show(request).state
        if isinstance(state, Broken):
            return PlainTextResponse("\n".join(state.problems), 422)
        return frame_response(state.html, look_of(request.query_params), kept=state.pictures)

    def text(self, request: Request) -> Response:
        state = self._show(request).state
        if isinstance(state, Broken):
            return PlainTextResponse("\n".join(state.problems), 422)
        return PlainTextResponse(state.text)

    def message(self, request: Request) -> Response:
        shown = self._show(request)
        if isinstance(shown.state, Broken):
            return PlainTextResponse("\n".join(shown.state.problems), 422)
        return Response(
            shown.state.message,
            media_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="{shown.name}.eml"'},
        )


def _size_state(size: int) -> str:
    if size > GMAIL_CLIPS_AT:
        return "bad"
    return "warn" if size > NEAR_GMAILS_CLIP else "ok"


def preview_site(
    service: PreviewService, changes: Changes, *, sessions: Sessions, port: int, home: str
) -> ASGIApp:
    """Return the preview's pages behind the guard; home is where the one-time link leads."""
    pages = _PreviewPages(service, changes)
    return site(
        [
            Route("/", pages.issues),
            Route("/issues/{name}", pages.issue),
            Route("/api/issues/{name}/preview.html", pages.frame),
            Route("/api/issues/{name}/preview.txt", pages.text),
            Route("/api/issues/{name}/preview.eml", pages.message),
            media_route(service.settings.media_folder),
        ],
        sessions=sessions,
        port=port,
        changes=changes,
        tool=TOOL,
        home=home,
    )
