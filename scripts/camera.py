"""Pictures of documents by the system's Chromium, without network and without scripts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEXT_PX = 704  # the text part's columns and their margin
_ADDRESS = "http://mail.invalid/"
_SWITCHES = (
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
)


@contextmanager
def camera() -> Iterator[Browser]:
    """Start Chromium with this folder's fonts; `picture` takes pictures with it."""
    executable = next(filter(None, map(shutil.which, NAMES)))
    fonts = str(Path(__file__).with_name("fonts.conf"))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=executable,
            args=list(_SWITCHES),
            env={"HOME": "/nonexistent", "FONTCONFIG_FILE": fonts},
            chromium_sandbox=False,  # no script runs
        )
        yield browser
        browser.close()


def picture(browser: Browser, document: str, width: int) -> Image.Image:
    """Take a picture of a whole document, at that many CSS px of width; 0 for the text part's."""

    def answer(route: Route) -> None:
        if route.request.url == _ADDRESS:
            route.fulfill(body=document, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    context = browser.new_context(
        viewport={"width": width or TEXT_PX, "height": 800},
        java_script_enabled=False,
        color_scheme="light",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(_ADDRESS, wait_until="load")
    png = page.screenshot(full_page=True, animations="disabled", caret="hide")
    context.close()
    return Image.open(BytesIO(png), formats=["PNG"]).convert("RGB")
