"""A mail as a document for the frame: its own policy, no scripts, nothing fetched.

The frame is `src=… sandbox="allow-same-origin"`: the mail keeps its inline styles, and without
allow-scripts nothing in it runs. Remote pictures stand as boxes with their alt text.
"""

import re
from typing import Literal, get_args

from starlette.responses import Response

Dark = Literal["off", "authored", "forced"]
DARKS: tuple[str, ...] = get_args(Dark)
SANDBOX = "allow-same-origin"
FRAME_CSP = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; "
    f"form-action 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
)
LARGEST = 2_000_000  # octets of a mail that a page shows

# prefers-color-scheme and color-scheme follow the editor's system, whatever the page says; so both
# are told.
_QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_KNOWS_DARK = re.compile(r"color-scheme[^;}>]{0,80}\bdark\b", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width: 0px)", "(max-width: 0px)"
_HEAD = re.compile(r"<head(?:\s[^<>]*)?>", re.IGNORECASE)  # no < inside: time stays linear
# The policy refuses what these elements fetch, but Chromium connects to the host before it asks.
_CONNECTING = re.compile(
    r"<(?=(?:link|iframe|frame|frameset|fencedframe|object|embed|applet|portal)\b)", re.IGNORECASE
)
_FORCED = (
    "<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}"
    "img{filter:invert(1) hue-rotate(180deg)}</style>"
)


def as_dark(name: str) -> Dark:
    """Read the word of a request; another word means off."""
    if name == "authored":
        return "authored"
    return "forced" if name == "forced" else "off"


def frame_response(html: str, *, dark: Dark = "off", status: int = 200) -> Response:
    """Give a mail's HTML as the frame's document; links in it lead nowhere by themselves."""
    mail = _CONNECTING.sub("<un", html[:LARGEST])
    scheme = "dark" if dark == "authored" else "light"
    told = _QUERY.sub(
        lambda found: _ALWAYS if found.group(1).lower() == scheme else _NEVER,
        mail,
    )
    ground = scheme if _KNOWS_DARK.search(mail) else "light"
    extra = (
        '<base target="_blank">'
        f"<style>:root{{color-scheme:only {ground}!important}}</style>"
        f"{_FORCED if dark == 'forced' else ''}"
    )
    document = _HEAD.sub(lambda found: found.group() + extra, told, count=1)
    if document == told:  # a mail without a head
        document = f"<!DOCTYPE html><head>{extra}</head>{told}"
    return Response(
        document.encode("utf-8", "replace"),
        status,
        media_type="text/html",
        headers={"Content-Security-Policy": FRAME_CSP},
    )
