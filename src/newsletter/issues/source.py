"""A text file as lines with their places, and the list of mistakes found in it."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from newsletter.errors import IssueError, UserError
from newsletter.model.finding import Mistake, Place
from newsletter.model.text import refused_control

MOST_BYTES = 1_000_000
MOST_MISTAKES = 100
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A decoded file: text is whole, lines hold neither BOM nor ends; starts are their offsets."""

    file: str
    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    newline: str

    def place(self, line: int, column: int = 1) -> Place:
        """Return a place; line and column start at 1."""
        return Place(file=self.file, line=line, column=column)

    def place_at(self, offset: int) -> Place:
        """Return the place of an offset in text."""
        index = max(0, bisect_right(self.starts, offset) - 1)
        return self.place(index + 1, max(0, offset - self.starts[index]) + 1)


@dataclass(slots=True)
class Mistakes:
    """All mistakes of one file, raised together and in the order of the file."""

    source: Source
    found: dict[Mistake, None] = field(default_factory=dict)

    def add(self, line: int, column: int, message: str, remedy: str = "") -> None:
        """Note one mistake; line and column start at 1."""
        place = self.source.place(line, column)
        self.found[Mistake(place=place, message=message, remedy=remedy)] = None

    def raise_any(self) -> None:
        """Raise IssueError where there is a mistake."""
        if not self.found:
            return
        ordered = sorted(self.found, key=lambda mistake: (mistake.place.line, mistake.place.column))
        problems = [str(mistake) for mistake in ordered[:MOST_MISTAKES]]
        if len(ordered) > MOST_MISTAKES:
            problems.append(
                f"{self.source.file}: and {len(ordered) - MOST_MISTAKES} more like these"
            )
        raise IssueError(tuple(problems))


def open_source(text: str, file: str) -> Source:
    """Cut a decoded text into lines; a BOM at the start counts as no character of line 1."""
    at = 1 if text.startswith("\ufeff") else 0
    lines: list[str] = []
    starts: list[int] = []
    first_end = ""
    for end in _LINE_END.finditer(text, at):
        first_end = first_end or end[0]
        lines.append(text[at : end.start()])
        starts.append(at)
        at = end.end()
    if at < len(text) or not lines:
        lines.append(text[at:])
        starts.append(at)
    return Source(
        file=file, text=text, lines=tuple(lines), starts=tuple(starts), newline=first_end or "\n"
    )


def refuse_controls(source: Source, mistakes: Mistakes) -> None:
    """Note each line's first control character."""
    at = refused_control(source.text)
    if at < 0:
        return
    for number, line in enumerate(source.lines, 1):
        column = refused_control(line)
        if column >= 0:
            name = f"U+{ord(line[column]):04X}"
            mistakes.add(number, column + 1, f"a control character ({name})", "take it out")
            if len(mistakes.found) > MOST_MISTAKES:
                return


def read_text(path: Path, *, shown: str) -> str:
    """Read one UTF-8 file of at most 1 MB, byte for byte; else IssueError or UserError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise UserError(f"{shown}: there is no such file") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"{shown}: cannot be read: {reason.lower()}") from error
    if len(content) > MOST_BYTES:
        problem = f"{shown}:1:1: the file is longer than 1 MB (1,000,000 bytes); cut it"
        raise IssueError((problem,))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise IssueError((f"{shown}:1:1: the file is UTF-16; save it as UTF-8",))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = open_source(content[: error.start].decode("utf-8") + "?", shown)
        place = before.place_at(len(before.text) - 1)
        byte = content[error.start]
        problem = f"{place}: byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"
        raise IssueError((problem,)) from error


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like this one, or ""."""
    found = get_close_matches(word.lower()[:100], list(known), n=1, cutoff=0.5)
    return found[0] if found else ""
