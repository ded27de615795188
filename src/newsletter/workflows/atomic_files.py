"""Write several files so that either all are new or all stay old."""

import os
from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import UserError


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write each file under a temporary name, flush all, then rename all.

    Raises:
        UserError: no permission, no space; the old files are whole and nothing is left beside them.
    """
    temporaries = {name: folder / f".{name}.part" for name in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with temporaries[name].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for name, temporary in temporaries.items():
            temporary.rename(folder / name)
    except OSError as error:
        for temporary in temporaries.values():
            try:
                temporary.unlink(missing_ok=True)
            except OSError:
                continue  # the first error is the one to tell
        msg = f"{folder} cannot be written: {error.strerror}"
        raise UserError(msg, hint="what was there before is untouched") from error
