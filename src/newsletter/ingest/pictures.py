"""Pictures made fit for a mail in a child process."""

import hashlib
import json
from typing import IO

from newsletter.errors import UserError
from newsletter.ingest.children import ChildFellError, ChildProcess
from newsletter.model.article import TYPES, Picture

PICTURE_SECONDS = 10.0
MOST_PICTURE_BYTES = 10_000_000  # T15
WIDTH_PX = 1072  # twice the 536 px that the widest picture of a mail has

_MOST_LINE = 10_000


class PictureReader(ChildProcess):
    """Makes pictures in a child, each within so many seconds; for one thread at a time."""

    def __init__(self, *, seconds: float = PICTURE_SECONDS, width: int = WIDTH_PX) -> None:
        super().__init__("newsletter.ingest.picture_main")
        self._seconds = seconds
        self._width = width

    def make(self, raw: bytes, *, shown: str) -> tuple[Picture, bytes]:
        """Return the picture to keep and its bytes; UserError says why it is not taken."""
        if len(raw) > MOST_PICTURE_BYTES:
            raise UserError(f"{shown}: it is larger than 10 MB")
        job = {"size": len(raw), "seconds": self._seconds, "width": self._width}
        try:
            return self.ask(json.dumps(job).encode() + b"\n" + raw, _answer)
        except (ChildFellError, UserError) as error:
            raise UserError(f"{shown}: {error}") from error


def _answer(answers: IO[bytes]) -> tuple[Picture, bytes]:
    answer = json.loads(answers.readline(_MOST_LINE))
    if answer.get("refused"):
        raise UserError(str(answer["refused"]))
    kept = answers.read(int(answer["size"]))
    if len(kept) != answer["size"] or answer["type"] not in TYPES:
        msg = "the picture ends too early"
        raise ValueError(msg)
    picture = Picture(
        name=f"{hashlib.sha256(kept).hexdigest()}.{TYPES[answer['type']]}",
        type=answer["type"],
        width=int(answer["width"]),
        height=int(answer["height"]),
        size_bytes=len(kept),
    )
    return picture, kept
