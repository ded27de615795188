"""Pages a second and how well they are read: our page child beside other extractors, in one run.

python benchmarks/extraction.py [--articles N] [--seed N]

The pages are those of tests/ingest/labelled_pages.py: ten layouts, with the article known to the
word. Each page is read in turn by our reader (a warm child, judged and summarised),
by trafilatura alone, and by newspaper4k where that is installed (pip
install newspaper4k lxml_html_clean; we do not depend on it). The same again with a frame of links
around each page, as large sites have. Seconds are the processor's, those of the child too, so that
a busy machine changes them little.
"""

import argparse
import os
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trafilatura import extract

from newsletter.ingest.children import PageReader
from newsletter.ingest.decoding import normal
from newsletter.ingest.drafting.summary import summarise
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import ParagraphKind

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from ingest.labelled_pages import LabelledPage, labelled_pages  # noqa: E402 (it is with the tests)

SEED = REPOSITORY / "demo" / "seed.txt"
LINK = "<li><a href='/x{0}'>Another story of the day, number {0}, in short</a></li>\n"
FRAME = "<div class='nav'><ul>" + "".join(LINK.format(n) for n in range(400)) + "</ul></div>"
ADDRESS = "https://observer.example/news/x"
TEXT = {ParagraphKind.BODY, ParagraphKind.SUBHEADING}
WORST = 0.6

Extractor = Callable[[bytes], str]


@dataclass
class Measured:
    """One extractor's readings: seconds each, F1 of words each, noise lines that it kept."""

    seconds: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    noise: int = 0


def ours(reader: PageReader) -> Extractor:
    def read(raw: bytes) -> str:
        article = article_from_html(
            raw, url=ADDRESS, source="", callouts=[], noise=[], reader=reader
        )
        summarise(article)
        return "\n".join(p.text for p in article.paragraphs if p.kind in TEXT)

    return read


def trafilatura(raw: bytes) -> str:
    return extract(raw, url=ADDRESS, favor_precision=True, include_comments=False) or ""


def newspaper4k() -> Extractor | None:
    try:
        import newspaper  # noqa: PLC0415 (optional)
    except ImportError:
        return None

    def read(raw: bytes) -> str:
        article = newspaper.Article(ADDRESS)
        article.download(input_html=raw.decode())
        article.parse()
        return str(article.text)

    return read


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", normal(text)))


def seconds_of(pid: int) -> float:
    """Return the processor's seconds that another process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(
    extractors: dict[str, Extractor], pages: Sequence[LabelledPage], *, frame: str, child: int
) -> dict[str, Measured]:
    measured = {name: Measured() for name in extractors}
    for page in pages:
        raw = page.raw.replace(b"</body>", frame.encode() + b"</body>")
        wanted = words_of(" ".join(text for _, text in page.news.blocks))
        for name, read in extractors.items():
            at, child_at = time.process_time(), seconds_of(child)
            text = read(raw)
            spent = time.process_time() - at + seconds_of(child) - child_at
            measured[name].seconds.append(spent)
            # The standfirst belongs to the page's head; keeping it is no mistake.
            found = words_of(text.replace(page.news.standfirst, ""))
            shared = 2 * (found & wanted).total()
            measured[name].f1.append(shared / max(1, found.total() + wanted.total()))
            measured[name].noise += sum(normal(line) in normal(text) for line in page.noise)
    return measured


def tell(title: str, measured: dict[str, Measured], planted: int) -> None:
    print(title)
    print(f"{'':12}{'pages/s a core':>15}{'F1':>8}{'worst':>8}{'< 0.6':>7}{'noise kept':>15}")
    for name, found in measured.items():
        print(
            f"{name:12}{len(found.seconds) / sum(found.seconds):15.0f}"
            f"{statistics.mean(found.f1):8.3f}{min(found.f1):8.3f}"
            f"{sum(f1 < WORST for f1 in found.f1):7}{found.noise:8} of {planted}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=4, help="of each of the ten layouts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pages = list(labelled_pages(options.seed, options.articles))
    planted = sum(len(page.noise) for page in pages)
    started = time.perf_counter()
    with PageReader() as reader:
        extractors = {"ours": ours(reader), "trafilatura": trafilatura}
        other = newspaper4k()
        if other is None:
            print(
                "newspaper4k is not installed, so it is left out; "
                '"pip install newspaper4k lxml_html_clean" brings it'
            )
        else:
            extractors["newspaper4k"] = other
        ours(reader)(pages[0].raw)
        print(f"first page, child started: {(time.perf_counter() - started) * 1000:.0f} ms")
        for read in extractors.values():
            read(pages[0].raw)  # what is loaded at first use is no part of the rate
        for title, frame in (("as they are", ""), ("with a frame of 400 links", FRAME)):
            size = statistics.mean(len(page.raw) for page in pages) + len(frame)
            measured = measure(extractors, pages, frame=frame, child=reader.process_id)
            tell(f"{len(pages)} pages {title}, mean {size / 1000:.0f} KB", measured, planted)
    raw = SEED.read_bytes()
    at = time.perf_counter()
    for _ in pages:
        summarise(article_from_text(raw, url="", source="", callouts=[], noise=[]))
    print(f"seed.txt: {len(pages) / (time.perf_counter() - at):.0f} texts/s")


if __name__ == "__main__":
    main()
