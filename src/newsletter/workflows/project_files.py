"""The files of a newsletter folder: which one a name means, and nothing outside the folder."""

import errno
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from newsletter.config.settings import Settings
from newsletter.errors import Interrupted, IssueError, NotFound, UserError
from newsletter.free_name import take_free_name
from newsletter.issues.callout_file import read_callout
from newsletter.issues.parse_issue import FolderNames, IssueFile
from newsletter.issues.save import read_issue
from newsletter.model.callout import Callout
from newsletter.model.issue import CalloutRef, Issue

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", re.ASCII)
TEMPLATE_ENDINGS = (".j2", ".css")
LARGEST_TEMPLATES = 2_000_000  # bytes of all template files together


def issue_name(settings: Settings, given: str) -> str:
    """Read an issue's name, or the path of its file, as a person typed it."""
    name = given
    if "/" in given or given.endswith(".md"):
        path = Path(given)
        is_bare = path.name == given  # as the folder lists it, wherever one stands
        is_inside = is_bare or _same_folder(Path.cwd() / path.parent, settings.issues_folder)
        if not is_inside or path.suffix != ".md":
            msg = f"{given} is not a file in {settings.issues_folder}"
            raise UserError(msg, hint="name an issue by its file's stem, such as 2022-03-16-daily")
        name = path.stem
    if NAME.fullmatch(name) is None:
        msg = f"{name!r} is not a name for an issue"
        raise UserError(msg, hint="a name holds a-z, 0-9 and -, at most 80 characters")
    return name


def issue_names(settings: Settings) -> tuple[str, ...]:
    """List the issues of the folder, by name."""
    return tuple(
        sorted(
            path.stem
            for path in settings.issues_folder.glob("*.md")
            if NAME.fullmatch(path.stem) and path.is_file()
        )
    )


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def leads_elsewhere(folder: Path) -> bool:
    """Return whether a symbolic link stands in the place of a folder or of one above it."""
    try:
        return folder.resolve() != folder
    except (OSError, RuntimeError):  # links that lead to one another
        return True


def _plain_file(settings: Settings, path: Path) -> Path:
    if path.is_symlink() or leads_elsewhere(path.parent):
        msg = f"{shown(settings, path)} is, or is in, a symbolic link"
        raise UserError(msg, hint="put the file itself into the newsletter folder")
    return path


def folder_file(settings: Settings, named: str) -> Path:
    """Return the path of a file that the settings name, which lies in the folder itself."""
    return _plain_file(settings, settings.folder / named)


def issue_path(settings: Settings, name: str) -> Path:
    """Return the path of an existing issue."""
    path = _plain_file(settings, settings.issues_folder / f"{name}.md")
    if not path.is_file():
        near = get_close_matches(name, issue_names(settings), n=1, cutoff=0.8)
        hint = f"did you mean {near[0]}?" if near else f"issues are files in {path.parent}"
        raise NotFound("issue", name, hint=hint)
    return path


def shown(settings: Settings, path: Path) -> str:
    """Return the path as messages show it: relative to the folder."""
    return path.relative_to(settings.folder).as_posix()


def load_issue(settings: Settings, name: str, *, known: FolderNames | None = None) -> IssueFile:
    """Read an issue's file."""
    path = issue_path(settings, name)
    return read_issue(path, shown=shown(settings, path), known=known)


def folder_names(settings: Settings) -> FolderNames:
    """Return the newsletters and callouts that an issue of the folder may name."""
    return FolderNames(
        newsletters=tuple(newsletter.name for newsletter in settings.newsletters),
        callouts=callout_names(settings),
    )


def callout_names(settings: Settings) -> tuple[str, ...]:
    """List the callouts of the folder, by name."""
    return tuple(
        sorted(p.stem for p in settings.callouts_folder.glob("*.md") if NAME.fullmatch(p.stem))
    )


def callout_path(settings: Settings, name: str) -> Path:
    """Return the path of an existing callout."""
    if NAME.fullmatch(name) is not None:
        path = _plain_file(settings, settings.callouts_folder / f"{name}.md")
        if path.is_file():
            return path
    near = get_close_matches(name[:100], callout_names(settings), n=1)
    hint = f"did you mean {near[0]}?" if near else "callouts are files in callouts/"
    raise NotFound("callout", name, hint=hint)


def load_callout(settings: Settings, name: str) -> Callout:
    """Read one callout's file."""
    path = callout_path(settings, name)
    return read_callout(path, shown=shown(settings, path))


def load_callouts(settings: Settings) -> tuple[Callout, ...]:
    """Read all callouts of the folder."""
    return tuple(load_callout(settings, name) for name in callout_names(settings))


def readable_callouts(settings: Settings) -> tuple[Callout, ...]:
    """Read the callouts of the folder; one that cannot be read stands in no issue's way."""
    found: list[Callout] = []
    for name in callout_names(settings):
        try:
            found.append(load_callout(settings, name))
        except UserError:
            continue  # `newsletter callouts` and the issue that places it tell of it
    return tuple(found)


def placed_callouts(issue: Issue) -> tuple[CalloutRef, ...]:
    """List where an issue places callouts, in its order."""
    blocks = (*issue.opening, *(block for section in issue.sections for block in section.blocks))
    return tuple(block for block in blocks if isinstance(block, CalloutRef))


def load_placed_callouts(settings: Settings, issue: Issue) -> tuple[Callout, ...]:
    """Read the callouts that an issue places, each once."""
    found: dict[str, Callout] = {}
    mistakes: list[str] = []
    for placed in placed_callouts(issue):
        if placed.name in found:
            continue
        try:
            found[placed.name] = load_callout(settings, placed.name)
        except NotFound as error:
            mistakes.append(f"{issue.file}:{placed.line}:1: {error}; {error.hint}")
    if mistakes:
        raise IssueError(tuple(mistakes))
    return tuple(found.values())


def load_templates(settings: Settings) -> Mapping[str, str]:
    """Read all template files; keys are paths relative to templates/, with forward slashes."""
    folder = _plain_file(settings, settings.templates_folder)
    if not folder.is_dir():
        msg = f"there is no templates folder at {folder}"
        raise UserError(msg, hint='"newsletter init DIR" makes a folder with one to copy')
    sources: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in TEMPLATE_ENDINGS or path.is_dir():
            continue
        try:
            if not _plain_file(settings, path).is_file():  # a named pipe would be waited for
                raise UserError(f"{shown(settings, path)} is no file")
            raw = path.read_bytes()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError(f"{shown(settings, path)}: cannot be read: {reason}") from error
        size += len(raw)
        if size > LARGEST_TEMPLATES:
            msg = f"the templates in {folder} are larger than {LARGEST_TEMPLATES:,} bytes together"
            raise UserError(msg)
        try:
            sources[path.relative_to(folder).as_posix()] = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            msg = f"{shown(settings, path)}:{line}: a byte that is not UTF-8"
            raise UserError(msg, hint="save the file as UTF-8") from error
    return sources


MODE = 0o644


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write each file under a temporary name, then rename all; or leave all as it was."""
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

    Raises OSError: no permission, no space; no file was made.
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
