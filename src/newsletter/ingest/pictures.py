"""Pictures made fit for a mail in a child process."""

import hashlib
from dataclasses import dataclass
from typing import IO

from pydantic import TypeAdapter

from newsletter.errors import UserError
from newsletter.ingest.children import ChildFellError, ChildProcess
from newsletter.model.article import TYPES, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureJob:
    """size bytes follow; seconds is the time they may take, width the most px that are kept."""

    size: int
    seconds: float
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAnswer:
    """refused says why there is none; else size bytes of a picture of that type follow."""

    refused: str = ""
    type: str = ""
    width: int = 0
    height: int = 0
    size: int = 0


PICTURE_SECONDS = 10.0
MOST_PICTURE_BYTES = 10_000_000  # T15
WIDTH_PX = 1072  # twice the 536 px that the widest picture of a mail has

_MOST_LINE = 10_000
_JOBS = TypeAdapter(PictureJob)
_ANSWERS = TypeAdapter(PictureAnswer)


class PictureReader(ChildProcess):
    """Makes pictures for a mail in a child that is started at first need and replaced if it falls.

    Use as a context manager; for one thread at a time. seconds is the most that one may take.
    """

    def __init__(self, *, seconds: float = PICTURE_SECONDS, width: int = WIDTH_PX) -> None:
        super().__init__("newsletter.ingest.picture_main")
        self._seconds = seconds
        self._width = width

    def make(self, raw: bytes, *, shown: str) -> tuple[Picture, bytes]:
        """Return the picture to keep and its bytes.

        Raises:
            UserError: it is not taken, with the reason; shown is how it is named.
        """
        if len(raw) > MOST_PICTURE_BYTES:
            raise UserError(f"{shown}: it is larger than 10 MB")
        job = PictureJob(size=len(raw), seconds=self._seconds, width=self._width)
        try:
            answer, kept = self.ask(_JOBS.dump_json(job) + b"\n" + raw, _answer)
        except ChildFellError as fell:
            raise UserError(f"{shown}: {fell}") from fell
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


def _answer(answers: IO[bytes]) -> tuple[PictureAnswer, bytes]:
    answer = _ANSWERS.validate_json(answers.readline(_MOST_LINE))
    kept = answers.read(answer.size)
    if len(kept) != answer.size:
        msg = "the picture ends too early"
        raise ValueError(msg)
    return answer, kept
