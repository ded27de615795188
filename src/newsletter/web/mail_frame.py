"""A mail as a document for the frame: its own policy, no scripts, nothing fetched.

The frame is `src=… sandbox="allow-same-origin"`: the mail keeps its inline styles, and without
allow-scripts nothing in it runs. How it is rewritten is told in newsletter.simulate.document.
"""

from collections.abc import Mapping

from starlette.responses import Response

from newsletter.model.composed import Look
from newsletter.simulate.document import document_csp, mail_document

FRAME_CSP = document_csp(ancestors="'self'")


def frame_response(html: str, look: Look, *, kept: Mapping[str, str] | None = None) -> Response:
    """Return a mail's HTML as the frame's document; kept is as for mail_document."""
    return Response(
        mail_document(html, look, kept=kept).encode("utf-8", "replace"),
        media_type="text/html",
        headers={"Content-Security-Policy": FRAME_CSP},
    )
