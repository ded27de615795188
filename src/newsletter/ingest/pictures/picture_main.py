"""The picture child: makes pictures; an answer is a JSON line, then the picture's bytes.

Started by picture_child alone.
"""

import sys
from typing import IO

from pydantic import TypeAdapter

from newsletter.ingest.child.child_process import alarm, serve
from newsletter.ingest.pictures.picture_text import PictureAnswer, PictureJob

MEMORY_BYTES = 1024**3

_JOBS = TypeAdapter(PictureJob)
_ANSWERS = TypeAdapter(PictureAnswer)


def main() -> None:
    """Serve until standard input ends."""
    serve(_answer, memory_bytes=MEMORY_BYTES)


def _answer(line: bytes, jobs: IO[bytes]) -> bytes:
    job = _JOBS.validate_json(line)
    answer, kept = _made(jobs.read(job.size), job)
    return _ANSWERS.dump_json(answer) + b"\n" + kept


def _made(raw: bytes, job: PictureJob) -> tuple[PictureAnswer, bytes]:
    try:
        with alarm(job.seconds):
            from newsletter.ingest.pictures.picture_making import make_picture  # noqa: PLC0415 (under it)

            return make_picture(raw, width=job.width)
    except ValueError as error:
        return PictureAnswer(refused=str(error)), b""
    except MemoryError:
        return PictureAnswer(refused="it takes more memory than a picture may"), b""
    except Exception as error:  # noqa: BLE001 (a stranger's picture; the reason goes to the parent)
        return PictureAnswer(refused=f"it could not be read ({type(error).__name__})"), b""


if __name__ == "__main__":
    main()
    sys.exit(0)
