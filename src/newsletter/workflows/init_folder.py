"""Make a newsletter folder that runs at once."""

import errno
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from newsletter.errors import Interrupted, UserError
from newsletter.workflows.atomic_files import write_new

# what a full disk, a quota and a limit of the process say
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
GITIGNORE = "/build/\n/var/\n"


def _each_file(node: Traversable, at: Path) -> list[tuple[Path, bytes]]:
    if node.is_file():
        return [(at, node.read_bytes())]
    found: list[tuple[Path, bytes]] = []
    for child in sorted(node.iterdir(), key=lambda entry: entry.name):
        if not child.name.startswith((".", "__")):
            found += _each_file(child, at / child.name)
    return found


def init_folder(folder: Path) -> tuple[str, ...]:
    """Write the settings, templates, callouts and the sample issue into a folder.

    A file that is there already stays as it is. Returns the relative names of what was written.

    Raises:
        UserError: the folder is a newsletter folder already, or cannot be written.
        Interrupted: the disk is full; what was written stays, and the same again writes the rest.
    """
    if (folder / "newsletter.toml").exists():
        msg = f"{folder / 'newsletter.toml'} exists already"
        raise UserError(msg, hint="nothing was changed; name another folder")
    starter = _each_file(files("newsletter") / "starter", Path())
    wanted = [*starter, (Path(".gitignore"), GITIGNORE.encode())]
    # The settings come last: they make it a newsletter folder, so a cut run can be run again.
    wanted.sort(key=lambda entry: entry[0].name == "newsletter.toml")
    written: list[str] = []
    try:
        for relative, content in wanted:
            if write_new(folder / relative, content):
                written.append(relative.as_posix())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        msg = f"{error.filename or folder} cannot be written: {reason}"
        if error.errno in NO_ROOM:
            raise Interrupted(msg, hint="free some space, then run the same again") from error
        raise UserError(msg, hint="name a folder that you may write") from error
    return tuple(written)
