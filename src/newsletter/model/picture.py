"""A picture as it is kept and as a mail shows it."""

import re
from dataclasses import dataclass

TYPES = {"image/jpeg": "jpg", "image/png": "png"}
"""What pictures are kept as, with the ending of the file's name; mail programs show no others."""

MEDIA_PATH = "/media/"
"""Where kept pictures stand below public_url, and in our own pages: mails sent once name it."""

_KEPT_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png)")


def is_kept_name(name: str) -> bool:
    """Return whether a file of that name in var/media is a kept picture."""
    return _KEPT_NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in var/media: name is ``<SHA-256 of its bytes>.jpg`` or ``.png``; sizes in px."""

    name: str
    type: str
    width: int
    height: int
    size_bytes: int

    @property
    def sha256(self) -> str:
        """The hash alone."""
        return self.name.partition(".")[0]
