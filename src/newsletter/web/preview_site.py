"""The preview: a list of issues, and each as desktop, phone and plain text, alive."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.errors import UserError
from newsletter.model.finding import Severity
from newsletter.web.mail_frame import SANDBOX, as_dark, frame_response
from newsletter.web.pages import page
from newsletter.web.preview_service import PreviewService, Shown
from newsletter.web.session import Sessions
from newsletter.web.site import site
from newsletter.workflows.project_files import issue_name

VIEWS = {"desktop": 640, "mobile": 375, "text": 640}
CLIPS_AT = 102_000  # octets of HTML; Gmail publishes no number, testers report 102 to 105 KB
WORDS = {Severity.ERROR: "Must fix", Severity.WARNING: "Should look", Severity.INFO: "To know"}


def preview_site(
    service: PreviewService, *, sessions: Sessions, port: Callable[[], int], home: str
) -> ASGIApp:
    """Give the preview's pages behind the guard."""

    def show(request: Request) -> Shown:
        return service.show(_name(request))

    def _name(request: Request) -> str:
        try:
            return issue_name(service.settings, request.path_params["name"])
        except UserError:
            return ""  # no issue has it, and saying so is enough

    def issues(request: Request) -> Response:
        del request
        return page("issues.html", issues=service.listed(), version=service.version())

    def issue(request: Request) -> Response:
        view = request.query_params.get("as", "desktop")
        if view not in VIEWS:
            return RedirectResponse(request.url.path, 303)
        shown = show(request)
        if shown.problem:
            return page(
                "problem.html",
                title=f"{shown.name} cannot be composed",
                lines=tuple(shown.problem.splitlines()),
                hint="Mend the file; this page shows itself anew.",
                source=shown.source,
                version=shown.version,
            )
        size = len(shown.html.encode())
        return page(
            "issue.html",
            shown=shown,
            view=view,
            width=VIEWS[view],
            dark=as_dark(request.query_params.get("dark", "")),
            sandbox=SANDBOX,
            kilobytes=round(size / 1000),
            percent=min(100, size * 100 // CLIPS_AT),
            words=WORDS,
            version=shown.version,
        )

    def frame(request: Request) -> Response:
        shown = show(request)
        if shown.problem:
            return PlainTextResponse(shown.problem, 422)
        return frame_response(shown.html, dark=as_dark(request.query_params.get("dark", "")))

    def text(request: Request) -> Response:
        shown = show(request)
        return PlainTextResponse(shown.problem or shown.text, 422 if shown.problem else 200)

    def message(request: Request) -> Response:
        shown = show(request)
        if shown.problem:
            return PlainTextResponse(shown.problem, 422)
        return Response(
            shown.message,
            media_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="{shown.name}.eml"'},
        )

    return site(
        [
            Route("/", issues),
            Route("/issues/{name}", issue),
            Route("/api/issues/{name}/preview.html", frame),
            Route("/api/issues/{name}/preview.txt", text),
            Route("/api/issues/{name}/preview.eml", message),
        ],
        sessions=sessions,
        port=port,
        version=service.version,
        home=home,
    )
