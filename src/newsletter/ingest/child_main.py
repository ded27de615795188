"""The child that reads pages and feeds for children.PageReader; an answer is a line of JSON."""

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any

from newsletter.ingest.children import ANSWERS, ChildAnswer, Task, alarm, serve

MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Serve until standard input ends."""
    serve(
        lambda line, jobs: ANSWERS.dump_json(_answer(line, jobs)) + b"\n", memory_bytes=MEMORY_BYTES
    )


def _answer(line: bytes, jobs: IO[bytes]) -> ChildAnswer:
    job = json.loads(line)
    raw = jobs.read(job["size"])
    try:
        with alarm(job["seconds"]):
            return _read(job, raw, job["url"])
    except ValueError as error:
        return ChildAnswer(refused=str(error))
    except Exception as error:  # noqa: BLE001 (a stranger's page; the reason goes to the parent)
        return ChildAnswer(refused=f"it could not be read ({type(error).__name__})")


def _read(job: Mapping[str, Any], raw: bytes, url: str) -> ChildAnswer:
    # Imported late and under the alarm: the extractors take longer to load than most pages.
    from newsletter.ingest import feed, page_reading  # noqa: PLC0415

    match job["task"]:
        case Task.PAGE:
            today = date.fromisoformat(job["now"]) if job["now"] else None
            return ChildAnswer(page=page_reading.read_page(raw, url=url, today=today))
        case Task.TEXT:
            return ChildAnswer(page=page_reading.read_text(raw, url=url))
        case Task.FEED:
            now, kind = datetime.fromisoformat(job["now"]), job["content_type"]
            return ChildAnswer(feed=feed.read_feed(raw, url=url, content_type=kind, now=now))
        case _:
            return ChildAnswer(links=feed.read_links(raw, url=url))


if __name__ == "__main__":
    main()
    sys.exit(0)
