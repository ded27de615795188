"""Headless Chromium for tests: the system's own, offline, its image requests drawn by us."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, Route, sync_playwright

EXECUTABLE = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1072" height="600">'
    '<rect width="1072" height="600" fill="#7b776d"/></svg>'
)
TALL = DRAWING.replace('width="1072" height="600"', 'width="300" height="1200"')
FLAT = DRAWING.replace('width="1072" height="600"', 'width="2000" height="90"')


def drawing_for(url: str) -> str:
    """A picture of usual shape, unless its address says tall or flat."""
    return TALL if "tall" in url else FLAT if "flat" in url else DRAWING


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """Start it, with more switches; without it the test fails and says how to get it."""
    if not EXECUTABLE.exists():
        msg = f"{EXECUTABLE} is missing: apt-get install chromium"
        raise AssertionError(msg)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(EXECUTABLE), args=[*SWITCHES, *switches], headless=True
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def mail_page(
    browser: Browser,
    html: str,
    *,
    width: int,
    scheme: Literal["light", "dark"] = "light",
    images: bool = True,
) -> Iterator[Page]:
    """Show a mail; the only requests answered are those for images, by a drawing."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )

    def answer(route: Route) -> None:
        if images and route.request.resource_type == "image":
            route.fulfill(body=drawing_for(route.request.url), content_type="image/svg+xml")
        else:
            route.abort()

    try:
        context.route("**/*", answer)
        page = context.new_page()
        page.set_content(html, wait_until="load")
        yield page
    finally:
        context.close()
