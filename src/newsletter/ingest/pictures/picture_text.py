"""What goes to the picture child and what comes back, ahead of the picture's bytes."""

from dataclasses import dataclass


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
