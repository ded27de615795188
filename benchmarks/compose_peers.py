"""A compose of 12 stories beside npm's mjml with juice, and beside react-email, in one run.

Each round measures in turns, warm, in processor time: our chain (Jinja2, mrml, premailer and the
text part), npm's mjml and juice on the MJML that our templates gave (so they start where ours has
already rendered), react-email on the same stories, and a whole compose of ours (layout, lint, the
chain, the proof that nothing is lost, the message's skeleton), the child's time included. Beside
the speed stands what came out. Node.js and npm are needed; the peers are installed into a
temporary folder.
Run: python benchmarks/compose_peers.py [--json]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from compose import LIMIT, STORIES, Chain, children, request
from lxml import etree

from newsletter.compose.composer import Composer, ComposeRequest
from newsletter.compose.render.compiler import inline
from newsletter.model.issue import Story

LEAST_RATIO = 2
ROUNDS = 5
WARM, REPEATS = 25, 15
PEERS = Path(__file__).resolve().parent / "peers"
TICKS = os.sysconf("SC_CLK_TCK")


def install(folder: Path) -> None:
    """Put the peers into a folder, or say what is missing."""
    if not (shutil.which("node") and shutil.which("npm")):
        sys.exit("compose_peers: Node.js and npm are missing; install them to measure beside mjml")
    for name in ("package.json", "compose.mjs"):
        shutil.copy(PEERS / name, folder / name)
    quiet = ("--silent", "--no-audit", "--no-fund", "--no-package-lock")
    if subprocess.run(["npm", "install", *quiet], cwd=folder, check=False).returncode:
        sys.exit("compose_peers: npm could not install the peers; is its registry within reach?")


def write_inputs(folder: Path, chain: Chain) -> None:
    """Write what the peers compose: the same stories, the same theme."""
    theme = chain.templates.theme(chain.context, limit=LIMIT)
    (folder / "issue.mjml").write_text(chain.marked().text, "utf-8")
    (folder / "theme.css").write_text(theme.css, "utf-8")
    stories = [
        {
            "headline": story.headline,
            "url": story.url,
            "image": story.image.url if story.image else "",
            "alt": story.image.alt if story.image else "",
            "byline": story.byline,
            "summary": "The council voted on the budget by 31 votes to 28 after a debate of six"
            " hours, which the record shows in full. A second reading follows on Friday.",
        }
        for story in stories_of(request())
    ]
    issue = {
        "title": "The Daily",
        "preheader": request().issue.preheader,
        "unsubscribe": "https://news.example.test/u/token",
        "stories": stories,
    }
    (folder / "issue.json").write_text(json.dumps(issue), "utf-8")


def stories_of(asked: ComposeRequest) -> list[Story]:
    blocks = [block for section in asked.issue.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Story)]


def processor(work: Callable[[], object]) -> list[float]:
    """Return the processor milliseconds of each of several warm calls in this process."""
    for _ in range(WARM):
        work()
    times = []
    for _ in range(REPEATS):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    return times


def used_by(pid: int) -> float:
    """Return the processor milliseconds a process has used; the kernel counts in hundredths."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS * 1000


def whole(composer: Composer) -> float:
    """Return the processor milliseconds of one compose, of this process and of its child."""
    asked = request()
    for _ in range(WARM):
        composer.compose(asked)
    (child,) = children()
    count = 8 * REPEATS
    begun, theirs = time.process_time(), used_by(child)
    for _ in range(count):
        composer.compose(asked)
    return ((time.process_time() - begun) * 1000 + used_by(child) - theirs) / count


def quality(html: str) -> dict[str, object]:
    """Return what a mail brings for the clients that differ most."""
    page = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
    tables = page.xpath("//table")
    images = page.xpath("//img")
    return {
        "bytes": len(html.encode()),
        "doctype_html5": html.lower().startswith("<!doctype html>"),
        "lang": bool(page.xpath("//html[@lang]")),
        "headings": "".join(f"h{e.tag[1]}" for e in page.iter("h1", "h2", "h3", "h4"))[:12],
        "tables_marked_as_layout": f"{len([t for t in tables if t.get('role')])}/{len(tables)}",
        "images_with_alt": f"{len([i for i in images if i.get('alt')])}/{len(images)}",
        "columns_for_word_outlook": len(re.findall(r"<!--\[if mso", html)) > 0,
        "stacks_on_a_phone": "max-width" in html and "@media" in html,
        "dark_colours": "prefers-color-scheme: dark" in html,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    chain = Chain(request(), inline)
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as made, Composer() as composer:
        folder = Path(made)
        install(folder)
        write_inputs(folder, chain)
        node = ["node", "compose.mjs", str(folder), str(WARM), str(REPEATS)]
        for _ in range(ROUNDS):
            ours = processor(chain.run)
            told = subprocess.run(
                node, cwd=folder, check=True, capture_output=True, encoding="utf-8"
            ).stdout
            theirs = {name: statistics.median(times) for name, times in json.loads(told).items()}
            rounds.append(
                {"chain": statistics.median(ours), "whole": whole(composer), **theirs},
            )
        made_by = {
            "ours": chain.run(),
            "mjml + juice": (folder / "mjml.html").read_text("utf-8"),
            "react-email": (folder / "react.html").read_text("utf-8"),
        }
    figures = {
        "stories": STORIES,
        **{f"{name}_ms": round(middle(rounds, name), 2) for name in rounds[0]},
        "mjml_to_chain": ratio(rounds, "mjml", "chain"),
        "mjml_to_whole": ratio(rounds, "mjml", "whole"),
        "react_to_chain": ratio(rounds, "react", "chain"),
        "react_to_whole": ratio(rounds, "react", "whole"),
        "least_ratio": LEAST_RATIO,
    }
    results = {name: quality(html) for name, html in made_by.items()}
    if as_json:
        print(json.dumps({**figures, "quality": results}))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):26} {value}")
        for name, found in results.items():
            print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in found.items()))
    if figures["mjml_to_chain"] < LEAST_RATIO:
        sys.exit(1)


def middle(rounds: list[dict[str, float]], name: str) -> float:
    return statistics.median(each[name] for each in rounds)


def ratio(rounds: list[dict[str, float]], one: str, other: str) -> float:
    return round(statistics.median(each[one] / each[other] for each in rounds), 1)


if __name__ == "__main__":
    main()
