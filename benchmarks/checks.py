"""All checks of a 12-story issue, beside composing it, and a rebuild as the live preview does it.

Each story is tied to a source of about 320 words, from benchmarks/sourced_stories.toml, in which
its summary is looked up.
200 times one word of the issue changes, as when an editor types; each time the file is parsed, the
mail composed in the warm child with the template line of each tag, one message made, and every
check run on both. Nothing is kept from one time to the next but what the program keeps by itself.
The figure to go by is the ratio of the checks' processor time to the compose's, that of its child
counted. Beside it stand the checks of an issue none of whose lines and sources was seen before, the
whole rebuild in wall time (median and 95th of 100), and the checks that take longest.
Run: python benchmarks/checks.py [--json]
"""

import argparse
import gc
import json
import os
import statistics
import sys
import time
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from compose import request

from newsletter.checks.registry import CHECKS
from newsletter.checks.request import CheckRequest, read_composition
from newsletter.checks.run import run_checks
from newsletter.checks.wording import stories
from newsletter.compose.composer import Composer, ComposeRequest
from newsletter.compose.message.skeleton import assemble
from newsletter.issues.parse_issue import parse_issue
from newsletter.model.article import StorySource
from newsletter.model.composed import ComposedIssue

MOST_RATIO = 6
REBUILDS = 200
WARM_UP = 5
UNSEEN = 20
DAY = date(2026, 5, 1)
ARTICLES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("sourced_stories.toml").read_text("utf-8")
)["article"]
VALUES: Mapping[str, str] = {
    "name": "Ada",
    "email": "ada@example.org",
    "unsubscribe_url": "https://news.example.test/u/k1.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
    "preferences_url": "https://news.example.test/u/k1.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
    "view_online_url": "https://news.example.test/i/2026-05-01-daily",
    "date": "Fri, 01 May 2026 06:30:00 +0000",
    "message_id": "7f3a@example.org",
    "delivery": "proof",
}


TICKS = os.sysconf("SC_CLK_TCK")


def child_seconds() -> float:
    """Return the processor time of the render child so far, in steps of a hundredth of a second."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])  # utime and stime (proc_pid_stat, 14 and 15)
    return total / TICKS


def issue_source(number: int, mark: str = "") -> str:
    """Write the issue after the editor's next word; mark stands in each paragraph."""
    head = (
        "---\nnewsletter: daily\ndate: 2026-05-01\nsubject: Twelve stories of a morning in spring\n"
        "preheader: The council has voted to sell the baths, and eleven more\n---\n\n# Today\n"
    )
    story = (
        "\n## [{title}](https://news.example.org/{n})\n\n"
        "![A view of place {n} in the rain](https://news.example.org/{n}.jpg)\n*By A. Writer*\n\n"
        "{text}{typed}{mark}\n"
    )
    return head + "".join(
        story.format(
            n=n,
            title=each["title"],
            text=" ".join(each["honest"]),
            typed=f" They met {number} times." if n == 0 else "",
            mark=mark,
        )
        for n, each in enumerate(ARTICLES)
    )


def source_of(place: int, mark: str = "") -> StorySource:
    """Return the article behind a story, with as much again twice behind its own text."""
    near = [ARTICLES[(place + step) % len(ARTICLES)] for step in range(3)]
    return StorySource(
        article=place + 1,
        version=1,
        body=tuple(f"{paragraph}{mark}" for each in near for paragraph in each["body"]),
        beside=(ARTICLES[place]["title"],),
        published=datetime(2026, 4, 30, 12, tzinfo=UTC),
    )


def changed(asked: ComposeRequest, number: int, mark: str = "") -> ComposeRequest:
    """Return the request after the editor's next word."""
    file = parse_issue(
        issue_source(number, mark), name="2026-05-01-daily", file="issues/2026-05-01-daily.md"
    )
    return replace(asked, issue=file.issue, origins=True)


def check_request(asked: ComposeRequest, composed: ComposedIssue, mark: str = "") -> CheckRequest:
    """Return what the checks are asked of one composition."""
    told = enumerate(stories(asked.issue))
    return CheckRequest(
        sources={story: source_of(place, mark) for place, story in told},
        issue=asked.issue,
        newsletter=asked.newsletter,
        composed=composed,
        on=DAY,
        moment=datetime(2026, 5, 1, 5, 0, tzinfo=UTC),
        example=assemble(composed.skeleton, VALUES),
        templates=asked.templates,
    )


def longest(asked: CheckRequest) -> list[tuple[str, float]]:
    """Return the five checks that take most processor time on a page no check has looked at yet."""
    times: list[tuple[str, float]] = []
    for check in CHECKS.values():
        spent: list[float] = []
        for _ in range(5):
            made = read_composition(asked)
            assert made is not None
            begun = time.process_time()
            if check.at_source:
                list(check.at_source(asked))
            if check.at_mail:
                list(check.at_mail(made))
            spent.append((time.process_time() - begun) * 1000)
        times.append((check.id, round(statistics.median(spent), 1)))
    return sorted(times, key=lambda each: -each[1])[:5]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    asked = request()
    rebuilds: list[float] = []
    spent_on_checks: list[float] = []
    spent_on_compose: list[float] = []
    with Composer() as composer:
        for number in range(WARM_UP):
            assert composer.compose(changed(asked, number)).composed is not None
        gc.collect()
        gc.freeze()  # as the preview does before it serves
        child = child_seconds()
        for number in range(REBUILDS):
            begun, used = time.perf_counter(), time.process_time()
            this = changed(asked, WARM_UP + number)
            composed = composer.compose(this).composed
            assert composed is not None
            last = check_request(this, composed)
            between = time.process_time()
            report = run_checks(last)
            assert report.errors == (), report.errors
            spent_on_checks.append((time.process_time() - between) * 1000)
            spent_on_compose.append((between - used) * 1000)
            rebuilds.append((time.perf_counter() - begun) * 1000)
        child = (child_seconds() - child) * 1000 / REBUILDS
        slowest = longest(last)
        unseen: list[float] = []
        for number in range(UNSEEN):
            mark = f" So paper {number + 2} says."
            this = changed(asked, 2, mark)
            composed = composer.compose(this).composed
            assert composed is not None
            last = check_request(this, composed, mark)
            used = time.process_time()
            run_checks(last)
            unseen.append((time.process_time() - used) * 1000)
    checks = statistics.median(spent_on_checks)
    compose = statistics.median(spent_on_compose) + child
    figures = {
        "stories": len(ARTICLES),
        "checks": len(CHECKS),
        "checks_ms": round(checks, 1),
        "unseen_ms": round(statistics.median(unseen), 1),
        "compose_ms": round(compose, 1),
        "ratio": round(checks / compose, 2),
        "rebuild_wall_ms": round(statistics.median(rebuilds), 1),
        "rebuild_wall_p95_ms": round(statistics.quantiles(rebuilds, n=20)[-1], 1),
        "longest": ", ".join(f"{name} {spent} ms" for name, spent in slowest),
        "most_ratio": MOST_RATIO,
    }
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):26} {value}")
    if figures["ratio"] > MOST_RATIO:
        sys.exit(1)


if __name__ == "__main__":
    main()
