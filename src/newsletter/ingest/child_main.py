"""The child that reads pages and feeds for children.PageReader; an answer is a line of JSON."""

import sys
from datetime import date, datetime
from typing import IO

from pydantic import TypeAdapter

from newsletter.ingest.children import ChildAnswer, ChildJob, Task, alarm, serve

MEMORY_BYTES = 2 * 1024**3

_JOBS = TypeAdapter(ChildJob)
_ANSWERS = TypeAdapter(ChildAnswer)


def main() -> None:
    """Serve until standard input ends."""
    serve(
        lambda line, jobs: _ANSWERS.dump_json(_answer(line, jobs)) + b"\n",
        memory_bytes=MEMORY_BYTES,
    )


def _answer(line: bytes, jobs: IO[bytes]) -> ChildAnswer:
    job = _JOBS.validate_json(line)
    raw = jobs.read(job.size)
    try:
        with alarm(job.seconds):
            return _read(job, raw)
    except ValueError as error:
        return ChildAnswer(refused=str(error))
    except Exception as error:  # noqa: BLE001 (a stranger's page; the reason goes to the parent)
        return ChildAnswer(refused=f"it could not be read ({type(error).__name__})")


def _read(job: ChildJob, raw: bytes) -> ChildAnswer:
    # Imported late and under the alarm: the extractors take longer to load than most pages.
    match job.task:
        case Task.PAGE | Task.TEXT:
            from newsletter.ingest.page_reading import read_page, read_text  # noqa: PLC0415

            if job.task is Task.TEXT:
                return ChildAnswer(page=read_text(raw, url=job.url))
            today = date.fromisoformat(job.now) if job.now else None
            return ChildAnswer(page=read_page(raw, url=job.url, today=today))
        case Task.FEED:
            from newsletter.ingest.feed import read_feed  # noqa: PLC0415

            now = datetime.fromisoformat(job.now)
            return ChildAnswer(
                feed=read_feed(raw, url=job.url, content_type=job.content_type, now=now)
            )
        case Task.LINKS:
            from newsletter.ingest.feed import read_links  # noqa: PLC0415

            return ChildAnswer(links=read_links(raw, url=job.url))


if __name__ == "__main__":
    main()
    sys.exit(0)
