"""The issue file: read, parsed, written. The front of this stage."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from newsletter.issues.edit import (
    OPENING,
    set_attributes,
)
from newsletter.issues.parse_issue import FolderNames, IssueFile, parse_head, parse_issue
from newsletter.issues.save import save_new, save_over
from newsletter.issues.source import read_text
from newsletter.issues.write_issue import write_issue
from newsletter.model.slots import KNOWN_SLOTS

__all__ = [
    "KNOWN_SLOTS",
    "OPENING",
    "FolderNames",
    "IssueFile",
    "parse_issue",
    "read_head",
    "read_issue",
    "save_new",
    "save_over",
    "set_attributes",
    "write_issue",
]


def read_issue(path: Path, *, shown: str, known: FolderNames | None = None) -> IssueFile:
    """Read an issue file; its name is the stem of the path.

    Args:
        path: where it is.
        shown: the path as the user knows it, for error texts.
        known: the newsletters and callouts that it may name; None for any.

    Raises:
        IssueError: all mistakes at once, each with its place.
        UserError: the file is not there or may not be read.
    """
    return _parsed(read_text(path, shown=shown), path.stem, shown, known)


@lru_cache(maxsize=16)  # a preview reads the issues of the days before again and again
def _parsed(source: str, name: str, file: str, known: FolderNames | None) -> IssueFile:
    return parse_issue(source, name=name, file=file, known=known)


def read_head(path: Path, *, shown: str) -> tuple[str, date]:
    """Read whose issue a file is, and of which day; the rest is not looked at.

    Raises:
        IssueError: its front matter has mistakes.
        UserError: the file is not there or may not be read.
    """
    return parse_head(read_text(path, shown=shown), file=shown)
