"""Pages a second: a warm page child with both opinions, and what starting one costs.

python benchmarks/extraction.py [--pages N]
"""

import argparse
import statistics
import time
from pathlib import Path

from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.page_child import PageReader
from newsletter.ingest.summary import summarise
from newsletter.ingest.text_file import article_from_text

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = sorted((REPOSITORY / "tests" / "ingest" / "pages").glob("*.html"))
SEED = REPOSITORY / "demo" / "seed.txt"
FRAME = b"<div class='nav'><a href='/x'>Another story of the day, in short</a></div>\n" * 400


def read(raw: bytes, reader: PageReader) -> None:
    article = article_from_html(raw, url="", source="", callouts=[], noise=[], reader=reader)
    summarise(article)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    count = parser.parse_args().pages
    small = [path.read_bytes() for path in PAGES]
    large = [raw.replace(b"</body>", FRAME + b"</body>") for raw in small]
    started = time.perf_counter()
    with PageReader() as reader:
        read(small[0], reader)
        print(f"first page, child started: {(time.perf_counter() - started) * 1000:.0f} ms")
        for name, pages in (("own pages", small), ("with 30 KB of frame", large)):
            times = []
            for index in range(count):
                at = time.perf_counter()
                read(pages[index % len(pages)], reader)
                times.append(time.perf_counter() - at)
            kilobytes = statistics.mean(map(len, pages)) / 1000
            print(
                f"{name} (mean {kilobytes:.0f} KB): {count / sum(times):.0f} pages/s,"
                f" median {statistics.median(times) * 1000:.1f} ms"
            )
    raw = SEED.read_bytes()
    at = time.perf_counter()
    for _ in range(count):
        summarise(article_from_text(raw, url="", source="", callouts=[], noise=[]))
    print(f"seed.txt: {count / (time.perf_counter() - at):.0f} texts/s")


if __name__ == "__main__":
    main()
