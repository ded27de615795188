"""The page child: reads jobs on standard input, answers each with one JSON line, ends at its end.

Started by page_child alone. A hung job is ended by the system's own alarm, which no Python or C
code of the job can hold up.
"""

import logging
import os
import resource
import signal
import sys
import warnings
from datetime import date
from typing import BinaryIO

from pydantic import TypeAdapter

from newsletter.ingest.page_text import PageAnswer, PageJob

MEMORY_BYTES = 2 * 1024**3

_JOBS = TypeAdapter(PageJob)
_ANSWERS = TypeAdapter(PageAnswer)


def main() -> None:
    """Serve until standard input ends."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while line := jobs.readline():
        answers.write(_ANSWERS.dump_json(_answer(line, jobs)) + b"\n")
        answers.flush()


def _answer(line: bytes, jobs: BinaryIO) -> PageAnswer:
    job = _JOBS.validate_json(line)
    raw = jobs.read(job.size)
    signal.setitimer(signal.ITIMER_REAL, job.seconds)
    try:
        # Imported late and under the alarm: the extractors take longer to load than most pages.
        from newsletter.ingest.page_reading import read_page  # noqa: PLC0415

        today = date.fromisoformat(job.today) if job.today else None
        return PageAnswer(page=read_page(raw, url=job.url, today=today))
    except ValueError as error:
        return PageAnswer(refused=str(error))
    except Exception as error:  # noqa: BLE001 (a stranger's page; the reason goes to the parent)
        return PageAnswer(refused=f"it could not be read ({type(error).__name__})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
    sys.exit(0)
