"""What `newsletter fetch` takes beyond politeness, and how its memory grows with the entries.

python benchmarks/fetching.py [ENTRIES ...]    (100, 500 and 2,000, if none are named)

Twenty sources, each a host of its own on loopback, served by another process; the pages are those
of tests/ingest/labelled_pages.py. To one host there is one request at a time, a second apart:
robots.txt, the feed, then each page. So politeness alone costs a second for each request to a host
but the first, and all hosts pay it at once. Exits 1 where memory grew by more than 16 MB between
the first and the last number of entries.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

REPOSITORY = Path(__file__).resolve().parents[1]
NEWSLETTER = [sys.executable, "-m", "newsletter"]
SOURCES = 20
ENTRIES = (100, 500, 2_000)
PACE_S = 1.0
BEFORE_PAGES = 2  # requests: robots.txt, the feed
MOST_GROWTH_MB = 16


class Site(BaseHTTPRequestHandler):
    """Answers /feed/COUNT with a feed of as many entries, /HOST/NUMBER with an article's page."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, port = self.server.server_address[:2]
        first, _, rest = self.path.strip("/").partition("/")
        if first == "feed":
            number = int(str(host).rpartition(".")[2])
            items = "".join(
                f"<item><title>{escape(page_of(number, entry).news.title)}</title>"
                f"<link>http://{host}:{port}/{number}/{entry}</link></item>"
                for entry in range(int(rest))
            )
            self.answer("application/rss+xml", f"<rss><channel>{items}</channel></rss>".encode())
        elif first.isdigit():
            self.answer("text/html; charset=utf-8", page_of(int(first), int(rest)).raw)
        else:
            self.send_error(404)

    def answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve() -> None:
    servers = [ThreadingHTTPServer((f"127.0.0.{n + 2}", 0), Site) for n in range(SOURCES)]
    for server in servers:
        threading.Thread(target=server.serve_forever).start()
    print(json.dumps(["{}:{}".format(*server.server_address) for server in servers]), flush=True)


def page_of(host: int, entry: int) -> "LabelledPage":
    return labelled_page(list(LAYOUTS)[entry % len(LAYOUTS)], host * 10_000 + entry)


def peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line[:5] == "VmHWM"), default=0.0)


def children_of(pid: int) -> list[int]:
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for numbers in lists for child in numbers.split()]


def measure(addresses: list[str], entries: int) -> float:
    """Fetch so many entries into a fresh folder, tell how it went; give the peak in MB."""
    of_each = entries // len(addresses)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*NEWSLETTER, "init"], cwd=folder, check=True, capture_output=True)
        with (folder / "newsletter.toml").open("a") as settings:
            for number, address in enumerate(addresses):
                settings.write(
                    f'\n[sources.host{number}]\nfeed = "http://{address}/feed/{of_each}"\n'
                    f'allow_local = ["{address}"]\n'
                )
        began = time.monotonic()  # noqa: TID251 (measured from outside)
        process = subprocess.Popen(
            [*NEWSLETTER, "fetch", "--json"], cwd=folder, stdout=subprocess.PIPE, text=True
        )
        peaks: dict[int, float] = {}
        while process.poll() is None:
            for pid in (process.pid, *children_of(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0.0), peak_mb(pid))
            time.sleep(0.2)  # noqa: TID251
        took = time.monotonic() - began  # noqa: TID251
        assert process.stdout is not None
        outcomes = json.load(process.stdout)
    new = sum(outcome["new"] for outcome in outcomes)
    polite = (of_each + BEFORE_PAGES - 1) * PACE_S
    own = peaks.pop(process.pid)
    readers = " and ".join(f"{peak:.0f}" for peak in peaks.values())
    print(
        f"{entries:,} entries, {len(addresses)} hosts: {took:.1f} s, of which politeness "
        f"{polite:.0f} s and the rest {took - polite:.1f} s; {new:,} articles; "
        f"peak {own:.0f} MB, readers of pages {readers} MB",
        flush=True,
    )
    assert new == entries, outcomes
    return own


def main() -> None:
    counts = [int(argument) for argument in sys.argv[1:]] or list(ENTRIES)
    server = subprocess.Popen(
        [sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        addresses = json.loads(server.stdout.readline())
        peaks = [measure(addresses, count) for count in counts]
    finally:
        server.kill()
        server.wait()
    if peaks[-1] - peaks[0] > MOST_GROWTH_MB:
        sys.exit("memory grew with the entries")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        sys.path.insert(0, str(REPOSITORY / "tests"))
        from ingest.labelled_pages import LAYOUTS, LabelledPage, labelled_page

        serve()
    else:
        main()
