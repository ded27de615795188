"""The file of an issue: where it is, changed without losing a byte, and saved."""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path

from newsletter.errors import UserError
from newsletter.free_name import take_free_name
from newsletter.issues.front_matter import scalar
from newsletter.issues.parse_issue import FolderNames, IssueFile, parse_head, parse_issue
from newsletter.issues.source import Source, open_source, read_text
from newsletter.issues.write_issue import attributes_line, write_issue
from newsletter.model.finding import Span
from newsletter.model.issue import KNOWN_SLOTS, Story


def set_attributes(text: str, story: Story, attributes: Sequence[tuple[str, str]]) -> str:
    """Write another ``{key=value …}`` line to a story that has one; without any it goes."""
    source = open_source(text, "")
    at = dict(story.head_lines)["attributes"] - 1
    begin = source.starts[at]
    end = source.starts[at + 1] if at + 1 < len(source.starts) else len(text)
    line_end = text[begin + len(source.lines[at]) : end]
    line = attributes_line(attributes) + line_end if attributes else ""
    return text[:begin] + line + text[end:]


def with_values(
    source: Source, spans: Mapping[str, Span], head_lines: int, changes: Mapping[str, str]
) -> str:
    """Return the text with some values changed; a new key becomes the head's last line."""
    text = source.text
    fence = source.starts[head_lines - 1]
    edits: list[tuple[int, int, str]] = []
    for key, value in changes.items():
        span = spans.get(key)
        if span is None:
            edits.append((fence, fence, f"{key}: {scalar(value)}{source.newline}"))
        elif span.start == span.end:
            edits.append((span.start, span.end, f" {scalar(value)}"))
        else:
            edits.append((span.start, span.end, scalar(value)))
    pieces: list[str] = []
    at = 0
    for start, end, piece in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[at:start], piece)
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


NEW_FILE_MODE = 0o644


def save_text(path: Path, text: str) -> None:
    """Write a file so that any reader sees it whole, old or new; UserError leaves the old one."""
    if path.is_symlink():
        raise UserError(f"{path}: is a link to another file; write that one itself")
    _put(path, text, new=False)


def save_over(path: Path, text: str, *, before: str, shown: str) -> None:
    """Write a file as save_text does; UserError where somebody changed it meanwhile."""
    if read_text(path, shown=shown) not in {before, text}:
        msg = f"{shown} was changed by somebody else at the same moment; it was left as it is"
        raise UserError(msg, hint="read it again, then repeat the command")
    save_text(path, text)


def save_new(path: Path, text: str) -> bool:
    """Write a file whole; False, and nothing touched, where it is there, also since this moment."""
    return _put(path, text, new=True)


def _put(path: Path, text: str, *, new: bool) -> bool:
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(8)}.tmp")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else NEW_FILE_MODE
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "permission denied")
        with temporary.open("xb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        if new:
            take_free_name(temporary, path)
        else:
            temporary.replace(path)
        _sync_folder(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        msg = f"{path}: cannot be written: {reason}"
        raise UserError(msg, hint="the file is unchanged") from error
    else:
        return True
    finally:
        with suppress(OSError):
            temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = [
    "KNOWN_SLOTS",
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
    """Read an issue file, named by its stem; IssueError has all mistakes at once."""
    return _parsed(read_text(path, shown=shown), path.stem, shown, known)


@lru_cache(maxsize=16)  # a preview reads the issues of the days before again and again
def _parsed(source: str, name: str, file: str, known: FolderNames | None) -> IssueFile:
    return parse_issue(source, name=name, file=file, known=known)


def read_head(path: Path, *, shown: str) -> tuple[str, date]:
    """Read whose issue a file is, and of which day; the rest is not looked at."""
    return parse_head(read_text(path, shown=shown), file=shown)
