"""Write files so that all are new or all stay old, and none is ever seen half written."""

import errno
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from newsletter.errors import UserError
from newsletter.free_name import take_free_name

MODE = 0o644


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write each file under a temporary name of its own, flush all, then rename all.

    Raises:
        UserError: no permission, no space; the old files are whole and nothing is left beside them.
    """
    temporaries: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            temporaries[name] = _temporary(folder, name, content)
        for name in temporaries:  # before the first rename, since no rename can be taken back
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
        for name, temporary in temporaries.items():
            temporary.replace(folder / name)
    except OSError as error:
        for temporary in temporaries.values():
            with suppress(OSError):  # the first error is the one to tell
                temporary.unlink(missing_ok=True)
        msg = f"{folder} cannot be written: {(error.strerror or str(error)).lower()}"
        raise UserError(msg, hint="what was there before is untouched") from error


def write_new(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet, whole; False, and nothing touched, where it is.

    Raises:
        OSError: no permission, no space; no file was made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path.parent, path.name, content)
    try:
        take_free_name(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _temporary(folder: Path, name: str, content: bytes) -> Path:
    handle, made = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    path = Path(made)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(MODE)
    except BaseException:
        path.unlink()
        raise
    return path
