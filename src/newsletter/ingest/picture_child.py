"""The one starter of the picture child: pictures are decoded where they can do no harm."""

import hashlib
import os
import signal
import subprocess
import sys
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from newsletter.errors import UserError
from newsletter.ingest.picture_text import PictureAnswer, PictureJob
from newsletter.model.picture import TYPES, Picture

PICTURE_SECONDS = 10.0
MOST_PICTURE_BYTES = 10_000_000  # T15
WIDTH_PX = 1072  # twice the 536 px that the widest picture of a mail has

_MOST_LINE = 10_000
_JOBS = TypeAdapter(PictureJob)
_ANSWERS = TypeAdapter(PictureAnswer)
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)


class PictureReader:
    """Makes pictures for a mail in a child that is started at first need and replaced if it falls.

    Use as a context manager; for one thread at a time. seconds is the most that one may take.
    """

    def __init__(self, *, seconds: float = PICTURE_SECONDS, width: int = WIDTH_PX) -> None:
        self._seconds = seconds
        self._width = width
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def make(self, raw: bytes, *, shown: str) -> tuple[Picture, bytes]:
        """Give the picture to keep and its octets.

        Raises:
            UserError: it is not taken, with the reason; shown is how it is named.
        """
        if len(raw) > MOST_PICTURE_BYTES:
            raise UserError(f"{shown}: it is larger than 10 MB")
        job = PictureJob(size=len(raw), seconds=self._seconds, width=self._width)
        answer, kept = self._ask(raw, job)
        if answer.refused or answer.type not in TYPES:
            raise UserError(f"{shown}: {answer.refused or 'it could not be read'}")
        picture = Picture(
            name=f"{hashlib.sha256(kept).hexdigest()}.{TYPES[answer.type]}",
            type=answer.type,
            width=answer.width,
            height=answer.height,
            size_bytes=len(kept),
        )
        return picture, kept

    def close(self) -> None:
        """End the child; a later picture starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent octets of a job whose child is gone
        child.wait()

    def _ask(self, raw: bytes, job: PictureJob) -> tuple[PictureAnswer, bytes]:
        child = self._child or self._start()
        self._child = child
        if child.stdin is None or child.stdout is None:  # pragma: no cover (both are pipes)
            return PictureAnswer(refused="it could not be read"), b""
        try:
            child.stdin.write(_JOBS.dump_json(job) + b"\n" + raw)
            child.stdin.flush()
            answer = _ANSWERS.validate_json(child.stdout.readline(_MOST_LINE))
            kept = child.stdout.read(answer.size)
        except (OSError, ValidationError):
            child.kill()
            return PictureAnswer(refused=_ending(child.wait())), b""
        finally:
            if child.poll() is not None:
                self.close()
        if len(kept) != answer.size:
            self.close()
            return PictureAnswer(refused="it could not be read"), b""
        return answer, kept

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "newsletter.ingest.picture_main"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )


def _ending(status: int) -> str:
    if status == -signal.SIGALRM:
        return "reading it took too long"
    return "it could not be read: the reader of pictures stopped"
