"""The pages as a browser shows them: alive, calm, and closed to what comes in mails."""

import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from chromium import chromium
from composing import ROOT
from hostile_mail import Stranger, hostile_html
from mail_measures import TEXT_CONTRASTS
from playwright.sync_api import Browser, BrowserContext, Dialog
from serving import SAMPLE, Served, newsletter_folder, served, until

pytestmark = pytest.mark.browser

FULL = "2022-03-17-daily"
WIDTHS = (320, 390, 768, 1024, 1440, 1920)
LEAST_CONTRAST = 4.5
# What is in the way of reading: sideways scroll, a second h1, a heading level left out, a target
# or a text too small, a landmark missing.
FAULTS = Path(__file__).with_name("faults.js").read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP rebound.example 127.0.0.1") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = newsletter_folder(tmp_path_factory.mktemp("desk"))
    shutil.copy(ROOT / "tests/golden/full/issue.md", made / f"issues/{FULL}.md")
    (made / "issues/2022-03-18-broken.md").write_text("---\nnewsletter: daily\ndate: 9\n---\n# A\n")
    return made


@pytest.fixture(scope="module")
def preview(folder: Path) -> Iterator[Served]:
    with served(folder, "preview") as running:
        running.unlock()
        yield running


@pytest.fixture(scope="module")
def inbox(folder: Path) -> Iterator[Served]:
    with served(folder, "inbox") as running:
        running.unlock()
        yield running


@contextmanager
def desk(browser: Browser, server: Served, **options: Any) -> Iterator[BrowserContext]:  # noqa: ANN401
    """A browser that opened the link."""
    context = browser.new_context(**options)
    name, value = server.cookie.split("=", 1)
    context.add_cookies(
        [{"name": name, "value": value, "url": server.url, "sameSite": "Strict", "httpOnly": True}]
    )
    try:
        yield context
    finally:
        context.close()


def replace(path: Path, old: str, new: str) -> None:
    """Edit a file as editors do: a new file under the old name."""
    text = path.read_text()
    assert old in text
    fresh = path.with_suffix(".new")
    fresh.write_text(text.replace(old, new))
    fresh.rename(path)


def mail(inbox: Served, name: str, content: bytes) -> str:
    directory = inbox.folder / "var/inbox"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_bytes(content)
    return f"{inbox.url}/inbox/{name}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_tidy_at_every_width(
    browser: Browser, preview: Served, inbox: Served, scheme: Literal["light", "dark"]
) -> None:
    mail(inbox, "tidy.eml", b"Subject: " + b"unbroken" * 40 + b"\r\n\r\n" + b"x" * 500)
    mail(inbox, "html.eml", b"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>words</p>")
    places = [
        (preview, "/"),
        (preview, f"/issues/{FULL}"),
        (preview, f"/issues/{FULL}?as=mobile&dark=authored"),
        (preview, f"/issues/{FULL}?as=1024&dark=partial&images=off&styles=off"),
        (preview, f"/issues/{FULL}?as=text"),
        (preview, "/issues/2022-03-18-broken"),
        (preview, "/issues/none"),
        (preview, "/open?k=used"),
        (inbox, "/"),
        (inbox, "/inbox/html.eml"),
        *((inbox, f"/inbox/tidy.eml?as={view}") for view in ("text", "headers", "raw")),
    ]
    for server in (preview, inbox):
        with desk(browser, server, color_scheme=scheme) as context:
            page = context.new_page()
            for path in [path for owner, path in places if owner is server]:
                page.goto(server.url + path)
                low = [pair for pair in page.evaluate(TEXT_CONTRASTS) if pair[0] < LEAST_CONTRAST]
                assert low == [], path
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 800})
                    assert page.evaluate(FAULTS) == [], (path, width)


def test_a_tour_breaks_no_policy_and_asks_nobody_else(browser: Browser, preview: Served) -> None:
    said: list[str] = []
    asked: list[str] = []
    with desk(browser, preview) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(preview.url)
        page.click(f'code:text-is("issues/{SAMPLE}.md")', force=True)  # anywhere in the row
        page.wait_for_url(f"**/issues/{SAMPLE}")
        for name in (
            "Phone 320",
            "Phone 375",
            "Dark, as designed",
            "Dark, forced",
            "Dark (Outlook-style)",
            "Images off",
            "Styles off",
            "Wide 1024",
            "Text",
            "Desktop 640",
        ):
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_load_state("load")
        page.get_by_text("see all").or_(page.locator("summary")).first.click()
    assert said == []
    assert [url for url in asked if not url.startswith(preview.url)] == []


def test_an_edit_is_shown_within_a_second_and_the_place_is_kept(
    browser: Browser, preview: Served, folder: Path
) -> None:
    issue = folder / f"issues/{FULL}.md"
    with desk(browser, preview, viewport={"width": 1440, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{preview.url}/issues/{FULL}")
        page.wait_for_function("document.querySelector('iframe').contentDocument.body")
        page.evaluate("() => { window.stays = true }")
        page.evaluate("document.querySelector('iframe').contentWindow.scrollTo(0, 700)")
        page.click("summary")
        replace(issue, "And six more reads", "And six fewer reads")
        until(lambda: "six fewer" in page.inner_text("main"))
        until(lambda: page.locator("iframe").count() == 1)
        assert page.evaluate("document.querySelector('iframe').contentWindow.scrollY") == 700
        assert page.evaluate("window.stays === true")
        assert page.evaluate("document.querySelector('details').open")
        issue.write_text(issue.read_text().replace("date: 2022", "date: soon 2022"))
        page.wait_for_selector("text=cannot be composed")
        issue.write_text(issue.read_text().replace("date: soon 2022", "date: 2022"))
        page.wait_for_selector("iframe")
        replace(issue, "And six fewer reads", "And six more reads")
        page.wait_for_selector("text=six more reads")


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    running = Stranger()
    yield running
    running.close()


def _noted_in(seen: list[str]) -> Callable[[Dialog], None]:
    def note(dialog: Dialog) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    return note


@pytest.mark.parametrize("scripts", [True, False])
def test_a_hostile_mail_does_nothing_and_asks_nobody(
    browser: Browser, inbox: Served, stranger: Stranger, *, scripts: bool
) -> None:
    html = hostile_html(stranger.url, inbox.url)
    content = b"Subject: <script>alert(0)</script>\r\nContent-Type: text/html\r\n\r\n"
    where = mail(inbox, "hostile.eml", content + html.encode())
    seen: list[str] = []
    with desk(browser, inbox, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.on("dialog", _noted_in(seen))
        context.on("page", lambda opened: seen.append(f"opened {opened.url}"))
        page.goto(where)
        frame = page.frame_locator("iframe")
        frame.get_by_text("the end").wait_for()
        # A link that names its own frame is refused by the page's policy, but without our script
        # Chromium has connected by then: the one thing that is left to a person's own click.
        targets = ("form", "own", "js", "top", "blank", "parent", *(["self"] if scripts else []))
        for target in targets:
            page.goto(where)
            frame.locator(f"#{target}").click(no_wait_after=True)
            page.wait_for_timeout(60)
            assert page.url == where
        assert seen == []
        if scripts:
            assert "Leads to" in page.inner_text(".link-told")
        for view in ("text", "headers", "raw"):
            page.goto(f"{where}?as={view}")
    assert seen == []
    assert stranger.connections == 0


def test_a_hostile_issue_does_nothing_and_asks_nobody(
    browser: Browser, preview: Served, stranger: Stranger, folder: Path
) -> None:
    hostile = hostile_html(stranger.url, preview.url)
    text = " ".join(hostile.split()).replace("[", "(").replace("]", ")")
    (folder / "issues/hostile.md").write_text(
        "---\nnewsletter: daily\ndate: 2022-03-17\nsubject: '<script>alert(1)</script> subject'\n"
        "preheader: '<img src=x onerror=alert(2)>'\n---\n\n# <script>alert(3)</script>\n\n"
        f"## [A <b onclick=alert(4)>headline</b>]({stranger.url}/story)\n\n"
        f"![alt](https://127.0.0.1:{stranger.port}/pixel.png)\n\n{text}\n"
    )
    seen: list[str] = []
    try:
        with desk(browser, preview) as context:
            page = context.new_page()
            page.on("dialog", _noted_in(seen))
            context.on("page", lambda opened: seen.append(f"opened {opened.url}"))
            for path in (
                "/",
                "/issues/hostile",
                "/issues/hostile?as=mobile",
                "/issues/hostile?as=text",
            ):
                page.goto(preview.url + path)
                page.wait_for_load_state("load")
                assert page.url == preview.url + path
            assert "cannot be composed" not in page.inner_text("h1")
            page.goto(f"{preview.url}/issues/hostile")
            link = page.frame_locator("iframe").locator(f'a[href^="{stranger.url}"]').first
            link.click(no_wait_after=True)
            page.wait_for_selector(".link-told a")
            assert page.url == f"{preview.url}/issues/hostile"
    finally:
        (folder / "issues/hostile.md").unlink()
    assert seen == []
    assert stranger.connections == 0


def test_a_neighbours_page_reads_and_writes_nothing(browser: Browser, preview: Served) -> None:
    class Neighbour(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>a neighbour</p>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Neighbour)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with desk(browser, preview) as context:
            asked: dict[str, str] = {}
            answers: dict[str, int] = {}
            page = context.new_page()
            network = context.new_cdp_session(page)  # the page's own events hide what is refused
            network.send("Network.enable")
            network.on(
                "Network.requestWillBeSent",
                lambda e: asked.update(
                    {e["requestId"]: e["request"]["method"] + e["request"]["url"]}
                ),
            )
            network.on(
                "Network.responseReceivedExtraInfo",
                lambda e: answers.update({e["requestId"]: e["statusCode"]}),
            )
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.evaluate(
                """async (own) => {
                  const quiet = {mode: "no-cors", credentials: "include"};
                  await fetch(own + "/", quiet).catch(() => {});
                  await fetch(own + "/api/issues/x/preview.html", quiet).catch(() => {});
                  await fetch(own + "/events", quiet).catch(() => {});
                  await fetch(own + "/", {...quiet, method: "POST"}).catch(() => {});
                  const frame = document.createElement("iframe");
                  frame.src = own + "/issues/x";
                  document.body.append(frame);
                  await new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
                }""",
                preview.url,
            )
            ours = {what: answers[each] for each, what in asked.items() if preview.url in what}
            assert len(ours) == 5
            assert set(ours.values()) == {403}
    finally:
        server.shutdown()
        server.server_close()
