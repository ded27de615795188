"""How long `newsletter --help` takes, beside an interpreter that does nothing, in one run.

Both are started in turns; the figures are medians of wall time. It also lists which of the heavy
libraries the help imports: none should be. Last it times `newsletter check` of a 12-story issue in
a new folder, from the start of the command to its end.
Run: python benchmarks/startup.py [--rounds N] [--json]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from compose import issue_source

HELP = [sys.executable, "-m", "newsletter", "--help"]
NOTHING = [sys.executable, "-c", "pass"]
HEAVY = ("alembic", "jinja2", "lxml", "mjml", "premailer", "pydantic", "sqlalchemy", "starlette",
         "trafilatura", "uvicorn", "aiosmtpd", "apscheduler", "babel")  # fmt: skip
LOADED = "import sys, newsletter.cli; print(*sys.modules)"


ISSUE = "2026-05-01-daily"
CHECK = [sys.executable, "-m", "newsletter", "check", ISSUE]


def seconds(command: list[str], folder: str = ".") -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, cwd=folder, check=True)
    return time.perf_counter() - began


def checked(rounds: int) -> float:
    """Return the median time of checking an issue, its first run in a new folder left out."""
    with tempfile.TemporaryDirectory() as folder:
        seconds([sys.executable, "-m", "newsletter", "init", "."], folder)
        Path(folder, "issues", f"{ISSUE}.md").write_text(issue_source(), "utf-8")
        seconds(CHECK, folder)
        return median(seconds(CHECK, folder) for _ in range(rounds))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rounds = [(seconds(HELP), seconds(NOTHING)) for _ in range(options.rounds)]
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    ).stdout.split()
    figures = {
        "help_ms": round(1000 * median(help_ for help_, _ in rounds), 1),
        "nothing_ms": round(1000 * median(nothing for _, nothing in rounds), 1),
        "check_ms": round(1000 * checked(options.rounds), 0),
        "heavy": [name for name in HEAVY if name in loaded],
    }
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:12} {value if value != [] else 'none'}")


if __name__ == "__main__":
    main()
