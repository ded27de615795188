"""A warm compose of a 12-story issue beside the same chain with premailer's defaults.

Both chains are Jinja2, mrml and premailer on the same context, warm, in turns, in one run and one
process; they differ in the inliner alone. The figure is the median of the rounds' ratios of
processor time. Beside it stand our lint, a whole warm compose (layout, the child with lint, proof
of content, skeleton; wall time), the first compose, which starts the child, and the child's memory.
Run: python benchmarks/compose.py [--json]
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from mjml import mjml2html
from premailer import Premailer

from newsletter.compose.composer import Composer, ComposeRequest
from newsletter.compose.context import build_content
from newsletter.compose.line_marks import Marked, read_marks
from newsletter.compose.lint.mjml_lint import lint_mjml
from newsletter.compose.render.compiler import inline
from newsletter.compose.render.jinja_env import TemplateSet, context_from
from newsletter.config.settings import NewsletterSettings
from newsletter.issues.parse_issue import parse_issue
from newsletter.model.address import parse_mailbox

LEAST_RATIO = 5
ROUNDS = 7
REPEATS = 5  # of each chain in a round
STORIES = 12
LIMIT = 2_000_000
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"

Inliner = Callable[[str, str], str]


def issue_source() -> str:
    """Write an issue with a lead and eleven cards, each with picture, byline and summary."""
    head = (
        "---\nnewsletter: daily\ndate: 2026-05-01\nsubject: Twelve stories of a morning in spring\n"
        "preheader: The council has voted, and eleven more\n---\n\n# Today\n\n"
    )
    story = (
        "## [Headline number {n} of the morning, long enough to wrap](https://x.test/{n})\n\n"
        "![A picture of {n}](https://x.test/{n}.jpg)\n*By A. Writer*\n\n"
        "The council voted on the *budget* by 31 votes to 28 after a debate of six hours, which"
        " [the record](https://x.test/r{n}) shows in full. A second reading follows on Friday.\n"
    )
    return head + "\n".join(story.format(n=n) for n in range(STORIES))


def request() -> ComposeRequest:
    """Return the request that is composed."""
    newsletter = NewsletterSettings(
        name="daily",
        title="The Daily",
        list="daily",
        publication="The Paper",
        sender=parse_mailbox("The Paper <news@example.org>"),
        reply_to=None,
        editors=(),
        postal_address="1 High Street, Oldtown",
        public_url="https://news.example.test",
        language="en-GB",
        timezone=ZoneInfo("Europe/London"),
    )
    issue = parse_issue(issue_source(), name="2026-05-01-daily", file="issues/2026-05-01-daily.md")
    templates = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }
    return ComposeRequest(
        issue=issue.issue, newsletter=newsletter, callouts=(), templates=templates
    )


def with_defaults(html: str, css: str) -> str:
    """Inline as premailer does when it is told nothing but the theme (its log is kept quiet)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quiet = logging.CRITICAL
        out: str = Premailer(html, css_text=[css], cssutils_logging_level=quiet).transform()
    return out


class Chain:
    """Everything the child does for one job, in this process, with a chosen inliner."""

    def __init__(self, asked: ComposeRequest, inliner: Inliner) -> None:
        content = build_content(asked.issue, asked.newsletter, {}, lambda _slot: "zq8f3k2v9x")
        self.context = context_from(json.loads(json.dumps(content.context)))
        self.templates = TemplateSet(asked.templates)
        self.inliner = inliner

    def marked(self) -> Marked:
        rendered = self.templates.render_mjml("daily", self.context, limit=LIMIT)
        return read_marks(rendered, self.templates.files, own="templates/daily.mjml.j2")

    def run(self) -> str:
        mjml = self.marked().text
        self.templates.render_text("daily", self.context, limit=LIMIT)
        theme = self.templates.theme(self.context, limit=LIMIT)
        return self.inliner(mjml2html(mjml, fonts={}), theme.css)


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call, out of several."""
    begun = time.process_time()
    for _ in range(REPEATS):
        work()
    return (time.process_time() - begun) / REPEATS * 1000


def resident(pid: int) -> float:
    """Return the MiB of memory a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def children() -> list[int]:
    """Return the processes this one has started."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    return [int(pid) for pid in listed.split()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    asked = request()
    cold_begun = time.perf_counter()
    with Composer() as composer:
        composed = composer.compose(asked).composed
        cold = (time.perf_counter() - cold_begun) * 1000
        assert composed is not None
        ours, defaults = Chain(asked, inline), Chain(asked, with_defaults)
        ours.run(), defaults.run()
        rounds: list[tuple[float, float, float]] = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            for _ in range(REPEATS):
                composer.compose(asked)
            warm = (time.perf_counter() - begun) / REPEATS * 1000
            rounds.append((warm, milliseconds(ours.run), milliseconds(defaults.run)))
        marked = ours.marked()
        assert lint_mjml(marked).findings == []
        lint = milliseconds(lambda: lint_mjml(marked))
        child = max(resident(pid) for pid in children())
    figures = {
        "stories": STORIES,
        "html_bytes": len(composed.html.encode()),
        "cold_ms": round(cold, 1),
        "warm_compose_ms": round(statistics.median(warm for warm, _, _ in rounds), 2),
        "chain_ms": round(statistics.median(ours for _, ours, _ in rounds), 2),
        "chain_with_defaults_ms": round(statistics.median(default for _, _, default in rounds), 2),
        "ratio": round(statistics.median(default / ours for _, ours, default in rounds), 1),
        "lint_ms": round(lint, 2),
        "child_mib": round(child, 1),
        "least_ratio": LEAST_RATIO,
    }
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):26} {value}")
    if figures["ratio"] < LEAST_RATIO:
        sys.exit(1)


if __name__ == "__main__":
    main()
