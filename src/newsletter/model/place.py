"""Where something stands in a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A place in a text file; line and column start at 1 and count characters, a BOM none."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of character offsets in the decoded source, BOM included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in a user's file: its place, what is wrong, what to write instead."""

    place: Place
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f"; {self.remedy}" if self.remedy else ""
        return f"{self.place}: {self.message}{tail}"
