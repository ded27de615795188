"""All checks of a 12-story issue, beside composing it, and a rebuild as the live preview does it.

200 times one word of the issue changes, as when an editor types; each time the file is parsed, the
mail composed in the warm child with the template line of each tag, one message made, and every
check run on both. Nothing is kept from one time to the next but what the program keeps by itself.
The figure to go by is the median of the ratios of the checks' processor time to the compose's, that
of its child counted. Beside it stand the whole rebuild in wall time (median and 95th of 100), and
the checks that take longest.
Run: python benchmarks/checks.py [--json]
"""

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from compose import issue_source, request

from newsletter.checks.registry import CHECKS
from newsletter.checks.request import read_composition
from newsletter.checks.run import CheckRequest, run_checks
from newsletter.compose.composer import Composer, ComposeRequest
from newsletter.compose.message.skeleton import assemble
from newsletter.issues.issue_file import parse_issue
from newsletter.model.composed import ComposedIssue

MOST_RATIO = 6
REBUILDS = 200
WARM_UP = 5
DAY = date(2026, 5, 1)
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
    """Give the processor time of the render child so far, in steps of a hundredth of a second."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])  # utime and stime (proc_pid_stat, 14 and 15)
    return total / TICKS


def changed(asked: ComposeRequest, number: int) -> ComposeRequest:
    """Give the request after the editor's next word."""
    source = issue_source().replace("six hours", f"six hours and {number} minutes")
    file = parse_issue(source, name="2026-05-01-daily", file="issues/2026-05-01-daily.md")
    return replace(asked, issue=file.issue, origins=True)


def check_request(asked: ComposeRequest, composed: ComposedIssue) -> CheckRequest:
    """Give what the checks are asked of one composition."""
    return CheckRequest(
        issue=asked.issue,
        newsletter=asked.newsletter,
        composed=composed,
        on=DAY,
        moment=datetime(2026, 5, 1, 5, 0, tzinfo=UTC),
        example=assemble(composed.skeleton, VALUES),
        templates=asked.templates,
    )


def longest(asked: CheckRequest) -> list[tuple[str, float]]:
    """Give the five checks that take most processor time on a page no check has looked at yet."""
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
    checks = statistics.median(spent_on_checks)
    compose = statistics.median(spent_on_compose) + child
    figures = {
        "stories": issue_source().count("\n## "),
        "checks": len(CHECKS),
        "checks_ms": round(checks, 1),
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
