"""The links by which a page changes how it shows a mail: width, colours, pictures, styles."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.checks.registry import CHECKS
from newsletter.errors import NotFound, UserError
from newsletter.model.composed import (
    DESKTOP,
    GMAIL_CLIPS_AT,
    NEAR_GMAILS_CLIP,
    PHONE,
    WIDTHS,
    Dark,
    Look,
)
from newsletter.model.finding import Severity
from newsletter.simulate import SANDBOX, document_csp, mail_document
from newsletter.web.preview_service import Broken, PreviewService, Shown
from newsletter.web.public_site import media_route
from newsletter.web.site import Changes, Sessions, page, site
from newsletter.workflows.project_files import issue_name

TEXT = "text"
WIDTH_WORDS: Mapping[int, str] = {
    320: "Phone 320",
    PHONE: "Phone 375",
    DESKTOP: "Desktop 640",
    1024: "Wide 1024",
}
_ALIASES = {"desktop": str(DESKTOP), "mobile": str(PHONE)}
_DARKS = {each.value: each for each in Dark}
_DARK_WORDS = {
    Dark.OFF: "Light",
    Dark.AUTHORED: "Dark, as designed",
    Dark.FORCED: "Dark, forced",
    Dark.PARTIAL: "Dark (Outlook-style)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One link of a switch."""

    words: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Links of which one is chosen; label is what assistive tools call them."""

    label: str
    choices: tuple[Choice, ...]


def view_of(query: QueryParams) -> str:
    """Read as= of a request: a width in px or "text"; "" for what is none."""
    asked = query.get("as", "desktop")
    view = _ALIASES.get(asked, asked)
    return view if view == TEXT or view in map(str, WIDTHS) else ""


def look_of(query: QueryParams) -> Look:
    """Read dark=, images= and styles= of a request; another word means the usual."""
    return Look(
        dark=_DARKS.get(query.get("dark", ""), Dark.OFF),
        images=query.get("images") != "off",
        styles=query.get("styles") != "off",
    )


def look_query(look: Look) -> str:
    """Write a look as the rest of a query, "" for the usual one."""
    dark = "" if look.dark is Dark.OFF else f"&dark={look.dark.value}"
    images = "" if look.images else "&images=off"
    styles = "" if look.styles else "&styles=off"
    return dark + images + styles


def width_switch(path: str, view: str, look: Look) -> Switch:
    """Return the links to the widths and the text part; the look is kept."""
    words = {str(width): WIDTH_WORDS[width] for width in WIDTHS} | {TEXT: "Text"}
    return Switch(
        label="View",
        choices=tuple(
            Choice(
                words=words[each],
                href=f"{path}?as={each}{look_query(look)}",
                is_chosen=each == view,
            )
            for each in words
        ),
    )


def look_switches(path: str, view: str, look: Look) -> tuple[Switch, ...]:
    """Return the links to other looks of one view: images, colours, style blocks."""

    def choice(words: str, other: Look) -> Choice:
        href = f"{path}?as={view}{look_query(other)}"
        return Choice(words=words, href=href, is_chosen=other == look)

    return (
        Switch(
            label="Images",
            choices=(
                choice("Images on", replace(look, images=True)),
                choice("Images off", replace(look, images=False)),
            ),
        ),
        Switch(
            label="Colours",
            choices=tuple(choice(_DARK_WORDS[dark], replace(look, dark=dark)) for dark in Dark),
        ),
        Switch(
            label="Style blocks",
            choices=(
                choice("Styles on", replace(look, styles=True)),
                choice("Styles off", replace(look, styles=False)),
            ),
        ),
    )


FRAME_CSP = document_csp(ancestors="'self'")


def frame_response(html: str, look: Look, *, kept: Mapping[str, str] | None = None) -> Response:
    """Return a mail's HTML as the frame's document; kept is as for mail_document."""
    return Response(
        mail_document(html, look, kept=kept).encode("utf-8", "replace"),
        media_type="text/html",
        headers={"Content-Security-Policy": FRAME_CSP},
    )


TOOL = "Preview"
GROUPS = ((Severity.ERROR, "Errors"), (Severity.WARNING, "Warnings"), (Severity.INFO, "Notes"))


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
                hint=shown.state.hint or "Fix the file and save; this page updates by itself.",
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
            rules={key: check.rule for key, check in CHECKS.items()},
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
