"""Put a text file in its place whole, or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from newsletter.errors import UserError
from newsletter.free_name import take_free_name
from newsletter.issues.source import read_text

NEW_FILE_MODE = 0o644


def save_text(path: Path, text: str) -> None:
    """Write a file so that any reader sees the old one or the new one, whole.

    The text goes out as it is (UTF-8, its own line ends) into a file beside it, which then takes
    the name. The old file's mode is kept.

    Raises:
        UserError: no permission, no room, no such folder; the old file stands as it was.
    """
    if path.is_symlink():
        raise UserError(f"{path}: is a link to another file; write that one itself")
    _put(path, text, new=False)


def save_over(path: Path, text: str, *, before: str, shown: str) -> None:
    """Write a file as save_text does, where it still says what the new text was made of.

    Args:
        path: where it is.
        text: what it is to say.
        before: what it said when it was read.
        shown: the path as the user knows it, for error texts.

    Raises:
        UserError: somebody changed it meanwhile, whose words would be lost; or as save_text.
    """
    if read_text(path, shown=shown) not in {before, text}:
        msg = f"{shown} was changed by somebody else at the same moment, and stays so"
        raise UserError(msg, hint="read it again, then give the command anew")
    save_text(path, text)


def save_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet, whole; False, and nothing touched, where it is.

    Of two processes that write the same new file at once, one alone is told True.

    Raises:
        UserError: no permission, no room, no such folder; no file was made.
    """
    return _put(path, text, new=True)


def _put(path: Path, text: str, *, new: bool) -> bool:
    handle = -1
    temporary: Path | None = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else NEW_FILE_MODE
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "permission denied")
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:80]}.", suffix=".tmp", dir=path.parent
        )
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            handle = -1
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        if new:
            take_free_name(temporary, path)
        else:
            temporary.replace(path)
            temporary = None
        _sync_folder(path.parent)
    except FileExistsError:
        return False
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"{path}: cannot be written: {reason}", hint="the file stands as it was before"
        ) from error
    else:
        return True
    finally:
        if handle >= 0:
            os.close(handle)
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
