"""The issue file: read, parsed, written. The front of this stage."""

from pathlib import Path

from newsletter.issues.parse_issue import IssueFile, parse_issue
from newsletter.issues.source import read_text

__all__ = ["IssueFile", "parse_issue", "read_issue"]


def read_issue(path: Path, *, shown: str) -> IssueFile:
    """Read an issue file; its name is the stem of the path.

    Args:
        path: where it is.
        shown: the path as the user knows it, for error texts.

    Raises:
        IssueError: all mistakes at once, each with its place.
        UserError: the file is not there or may not be read.
    """
    return parse_issue(read_text(path, shown=shown), name=path.stem, file=shown)
