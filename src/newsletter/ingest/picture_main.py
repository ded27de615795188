"""The picture child: reads jobs on standard input, answers each with a JSON line and the picture.

Started by picture_child alone; the system's own alarm ends a job that hangs.
"""

import os
import resource
import signal
import sys

from pydantic import TypeAdapter

from newsletter.ingest.picture_text import PictureAnswer, PictureJob

MEMORY_BYTES = 1024**3

_JOBS = TypeAdapter(PictureJob)
_ANSWERS = TypeAdapter(PictureAnswer)


def main() -> None:
    """Serve until standard input ends."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while line := jobs.readline():
        job = _JOBS.validate_json(line)
        answer, kept = _answer(jobs.read(job.size), job)
        answers.write(_ANSWERS.dump_json(answer) + b"\n" + kept)
        answers.flush()


def _answer(raw: bytes, job: PictureJob) -> tuple[PictureAnswer, bytes]:
    signal.setitimer(signal.ITIMER_REAL, job.seconds)
    try:
        from newsletter.ingest.picture_making import make_picture  # noqa: PLC0415 (under the alarm)

        return make_picture(raw, width=job.width)
    except ValueError as error:
        return PictureAnswer(refused=str(error)), b""
    except MemoryError:
        return PictureAnswer(refused="it takes more memory than a picture may"), b""
    except Exception as error:  # noqa: BLE001 (a stranger's picture; the reason goes to the parent)
        return PictureAnswer(refused=f"it could not be read ({type(error).__name__})"), b""
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
    sys.exit(0)
