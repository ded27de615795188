"""Which files are the issue of a newsletter and a day: as their front matter says.

A file whose front matter cannot be read counts by its name, YYYY-MM-DD-NEWSLETTER: it is the
issue of that day all the same, and has mistakes.
"""

import re
from datetime import date
from pathlib import Path

from newsletter.config.settings import Settings
from newsletter.errors import NewsletterError
from newsletter.issues.save import read_head
from newsletter.workflows.project_files import issue_names, issue_path, shown

_NAMED = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)", re.ASCII)

Head = tuple[str, date]


class IssueDays:
    """Looks through issues/; a file that did not change since the last look is not read again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[str, tuple[tuple[int, int], Head | None]] = {}

    def of(self, newsletter: str, day: date) -> tuple[str, ...]:
        """Return the names of the files that are the newsletter's issue of a day, in order."""
        return tuple(name for name, head in self.heads().items() if head == (newsletter, day))

    def unreadable(self, name: str) -> str:
        """Say with file and line why an issue's front matter cannot be read; "" where it can be.

        "" too where there is no such file.
        """
        path = self._settings.issues_folder / f"{name}.md"
        if not name or not path.is_file():
            return ""
        try:
            read_head(path, shown=shown(self._settings, path))
        except NewsletterError as error:
            mistakes = "; ".join(str(error).splitlines())
            return f"{mistakes}, so its front matter cannot be read"
        return ""

    def heads(self) -> dict[str, Head | None]:
        """Return newsletter and day of each issue; None where neither file nor name tells."""
        found: dict[str, tuple[tuple[int, int], Head | None]] = {}
        for name in issue_names(self._settings):
            path = self._settings.issues_folder / f"{name}.md"
            try:
                stat = path.stat()
            except OSError:  # taken away meanwhile
                continue
            stamp = (stat.st_mtime_ns, stat.st_size)
            before = self._known.get(name)
            is_same = before is not None and before[0] == stamp
            found[name] = before if before and is_same else (stamp, self._head(name, path))
        self._known = found
        return {name: head for name, (_, head) in found.items()}

    def _head(self, name: str, path: Path) -> Head | None:
        try:
            issue_path(self._settings, name)  # no link out of the folder
            return read_head(path, shown=shown(self._settings, path))
        except NewsletterError:
            return _by_name(name)


def _by_name(name: str) -> Head | None:
    found = _NAMED.fullmatch(name)
    try:
        return (found[2], date.fromisoformat(found[1])) if found else None
    except ValueError:
        return None
