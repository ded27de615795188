"""Pictures of documents by the system's Chromium; the only user of playwright, which is an extra.

The browser has no network: every request is answered here or refused, names lead nowhere, and what
would go round that goes to a proxy that is not there. No script runs. Its settings, fonts, time
zone and language are fixed, so that one document always gives the same pixels on one machine.
Where our process is killed, playwright's own ends Chromium, and the next run removes the folder.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Self

from PIL import Image

from newsletter.errors import ToolError, UserError
from newsletter.simulate.document import document_csp

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route


# Chromium makes a socket in its folder, whose whole path may have 107 bytes (unix(7)); the socket's
# own part has 46, the folder's 28.
_MOST_PLACE = 33
_PREFIX = "nl-pictures-"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXTRA = 'pip install "playwright>=1.49"'  # as the extra "pictures" of pyproject.toml
PATIENCE_S = 30.0  # for the start, and for each step of a picture
WINDOW_PX = 800  # of height: what a reader sees at once, and what one shot takes
TEXT_PX = 704  # the text part's columns and their margin
# A shot of more than 16,384 px repeats itself; tiles have no such end, but memory has.
MOST_PX = 40_000

_ADDRESS = "http://mail.invalid/"
_SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://mail.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-checker-imaging",
    "--hide-scrollbars",
)
_SIZE = """() => [
  Math.max(document.documentElement.scrollHeight, document.body?.scrollHeight ?? 0),
  Math.max(document.documentElement.scrollWidth, document.body?.scrollWidth ?? 0),
]"""
_SCROLL = "top => { window.scrollTo({ top, behavior: 'instant' }); return window.scrollY }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture of a whole document.

    needs is the width that its content has: more than the picture's where a reader would have to
    scroll sideways. is_cut where it is longer than MOST_PX.
    """

    image: Image.Image
    needs: int
    is_cut: bool


class Camera:
    """Takes pictures of documents, one after the other; `with` starts and ends Chromium.

    Use in one thread. version is Chromium's; is_sandboxed tells whether its own sandbox holds it
    (never as root; not where the system does not let it).
    """

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_ms = patience_s * 1000
        self._stack = ExitStack()
        self._browser: Browser | None = None
        self.is_sandboxed = False

    def __enter__(self) -> Self:
        """Start Chromium.

        Raises:
            UserError: playwright or Chromium is not there, or Chromium does not start.
            ToolError: it did not start in time.
        """
        try:
            from playwright.sync_api import sync_playwright
        except ModuleNotFoundError as error:
            msg = "pictures need the package playwright, which is not installed"
            raise UserError(
                msg, hint=f"{EXTRA}, beside Chromium from the system's packages"
            ) from error
        executable = next(filter(None, map(shutil.which, NAMES)), None)
        if executable is None:
            msg = "pictures need the browser Chromium, which is not installed"
            raise UserError(
                msg, hint="install it from the system's packages: apt-get install chromium"
            )
        with ExitStack() as stack:
            folder = stack.enter_context(_own_folder())
            driver = stack.enter_context(sync_playwright())

            def launch(*, sandbox: bool) -> "Browser":
                with self._explained("started"):
                    return driver.chromium.launch(
                        executable_path=executable,
                        args=list(_SWITCHES),
                        env=_environment(folder),
                        chromium_sandbox=sandbox,
                        timeout=self._patience_ms,
                        headless=True,
                    )

            self.is_sandboxed = os.geteuid() != 0
            try:
                self._browser = launch(sandbox=self.is_sandboxed)
            except UserError:
                if not self.is_sandboxed:
                    raise
                self.is_sandboxed = False  # as in most containers; no script runs in any case
                self._browser = launch(sandbox=False)
            stack.callback(self._browser.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @property
    def version(self) -> str:
        """Chromium's version, "156.0.8078.108"."""
        return self._opened.version

    @property
    def _opened(self) -> "Browser":
        if self._browser is None:
            msg = "the camera is not open"
            raise RuntimeError(msg)
        return self._browser

    def take(self, document: str, *, width: int, kept: Callable[[str], bytes | None]) -> Shot:
        """Take a picture of a whole document, at that many CSS px of width.

        Args:
            document: HTML, as newsletter.simulate.document gives it.
            width: of the window; 0 for the text part's.
            kept: gives the bytes of a path of our own, such as "/media/….jpg"; None refuses it.

        Raises:
            ToolError: Chromium ended, or took longer than its patience.
        """
        width = width or TEXT_PX
        with self._explained("made to show the mail"):
            context = self._opened.new_context(
                viewport={"width": width, "height": WINDOW_PX},
                device_scale_factor=1,
                java_script_enabled=False,
                offline=True,
                service_workers="block",
                accept_downloads=False,
                color_scheme="light",
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="UTC",
            )
            try:
                context.set_default_timeout(self._patience_ms)
                context.route("**/*", lambda route: _answer(route, document, kept))
                page = context.new_page()
                page.goto(_ADDRESS, wait_until="load")
                return self._tiled(page, width)
            finally:
                context.close()

    def _tiled(self, page: "Page", width: int) -> Shot:
        """Take one window after the other and put them together."""
        height, needs = (int(each) for each in page.evaluate(_SIZE))
        height = max(height, WINDOW_PX)
        whole = Image.new("RGB", (width, min(height, MOST_PX)), "#ffffff")
        covered = 0
        while covered < whole.height:
            top = int(page.evaluate(_SCROLL, covered))
            png = page.screenshot(animations="disabled", caret="hide", timeout=self._patience_ms)
            with Image.open(BytesIO(png), formats=["PNG"]) as tile:
                whole.paste(tile.convert("RGB"), (0, top))
            if top + WINDOW_PX <= covered:  # a mail whose styles hold the page back
                break
            covered = top + WINDOW_PX
        return Shot(image=whole, needs=needs, is_cut=height > MOST_PX)

    @contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        """Turn what playwright raises into one sentence."""
        from playwright.sync_api import Error
        from playwright.sync_api import TimeoutError as LateError

        try:
            yield
        except LateError as error:
            msg = f"Chromium could not be {doing} within {self._patience_ms / 1000:.0f} seconds"
            raise ToolError(msg, hint="try again; the build itself is done") from error
        except Error as error:
            said = error.message.strip().splitlines() or ["it ended"]
            msg = f"Chromium could not be {doing}: {said[0]}"
            raise UserError(msg, hint="the build itself is done") from error


def _answer(route: "Route", document: str, kept: Callable[[str], bytes | None]) -> None:
    address = route.request.url
    if address == _ADDRESS and route.request.is_navigation_request():
        route.fulfill(
            body=document.encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": document_csp(ancestors="'none'")},
        )
        return
    body = kept(address.removeprefix(_ADDRESS[:-1])) if address.startswith(_ADDRESS) else None
    if body is None:
        route.abort()
    else:
        route.fulfill(body=body)


@contextmanager
def _own_folder() -> Iterator[str]:
    """Make a folder named by our process; what processes that were killed left is removed."""
    usual = gettempdir()
    place = usual if len(os.fsencode(usual)) <= _MOST_PLACE else "/tmp"  # noqa: S108
    for left in Path(place).glob(f"{_PREFIX}[0-9]*-*"):
        try:
            os.kill(int(left.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (OSError, ValueError):  # another person's process, or no folder of ours
            continue
    prefix = f"{_PREFIX}{os.getpid()}-"
    with TemporaryDirectory(prefix=prefix, dir=place, ignore_cleanup_errors=True) as made:
        yield made


def _environment(folder: str) -> dict[str, str | float | bool]:
    """Return Chromium what it needs and nothing of ours: no secret, no person's settings."""
    nowhere = "/nonexistent"
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "TMPDIR": folder,
        "HOME": nowhere,
        "XDG_CONFIG_HOME": nowhere,
        "XDG_CACHE_HOME": nowhere,
        "LANG": "C.UTF-8",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "FONTCONFIG_FILE": str(files("newsletter.simulate") / "fonts.conf"),
    }
