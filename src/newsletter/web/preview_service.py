"""The preview's compositions: made anew when a file changed, kept while none did."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsletter.compose.mime import parse_message
from newsletter.config.settings import Settings
from newsletter.errors import NewsletterError
from newsletter.model.finding import Report
from newsletter.model.issue import Issue
from newsletter.workflows.build_issue import example_message
from newsletter.workflows.check_issue import check_prepared
from newsletter.workflows.compose_issue import compose, composed_or_error, prepare
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, issue_path, load_issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One issue as it is now. problem: why it cannot be composed, a line each, "" where it can."""

    name: str
    version: int
    issue: Issue | None = None
    html: str = ""
    text: str = ""
    message: bytes = b""
    report: Report | None = None
    marks: tuple[str, ...] = ()
    problem: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list of issues."""

    name: str
    subject: str
    newsletter: str
    problem: str = ""


class PreviewService:
    """Shared by the request threads.

    open_desk reads the settings; it is called again when newsletter.toml changed, so that the
    preview lives through an edit of it.
    """

    def __init__(self, open_desk: Callable[[], Desk], version: Callable[[], int]) -> None:
        self._open_desk = open_desk
        self._version = version
        self._lock = threading.Lock()
        self._desk = open_desk()
        self._settings_stamp = _stamp(self._desk.settings.file)
        self._shown: dict[str, Shown] = {}

    @property
    def settings(self) -> Settings:
        """The settings as they were last read without a mistake."""
        return self._desk.settings

    def version(self) -> int:
        """Give the number that grows with each change of a file."""
        return self._version()

    def places(self) -> tuple[Path, ...]:
        """Give what the watcher is to look at."""
        settings = self._desk.settings
        return (
            settings.file,
            settings.issues_folder,
            settings.templates_folder,
            settings.callouts_folder,
        )

    def listed(self) -> tuple[Listed, ...]:
        """List the issues, newest name first, with what stands in each."""
        found: list[Listed] = []
        for name in reversed(issue_names(self.settings)):
            try:
                issue = load_issue(self.settings, name).issue
            except NewsletterError as error:
                found.append(Listed(name=name, subject="", newsletter="", problem=str(error)))
            else:
                found.append(Listed(name=name, subject=issue.subject, newsletter=issue.newsletter))
        return tuple(found)

    def show(self, name: str) -> Shown:
        """Give an issue as it is now; one composition at a time, none twice.

        Raises:
            NotFound: no such issue.
        """
        issue_path(self.settings, name)
        with self._lock:
            version = self._version()
            kept = self._shown.get(name)
            if kept is None or kept.version != version:
                kept = self._compose(name, version)
                self._shown[name] = kept
            return kept

    def _compose(self, name: str, version: int) -> Shown:
        try:
            self._read_settings_again()
            prepared = prepare(self._desk, name)
            real = composed_or_error(compose(self._desk, prepared))
            marked = composed_or_error(compose(self._desk, prepared, marked=True))
            message = example_message(self._desk, prepared, marked, real.fingerprint)
            report = check_prepared(self._desk, prepared)
        except NewsletterError as error:
            return Shown(name=name, version=version, problem=str(error), source=self._source(name))
        parsed = parse_message(message)
        return Shown(
            name=name,
            version=version,
            issue=prepared.file.issue,
            html=parsed.html,
            text=parsed.text,
            message=message,
            report=report,
            marks=tuple(use.reason for use in prepared.uses if use.reason),
        )

    def _source(self, name: str) -> str:
        path = issue_path(self.settings, name)
        try:
            return path.read_bytes()[:1_000_000].decode("utf-8", "replace")
        except OSError as error:
            return f"(the file cannot be read: {error.strerror})"

    def _read_settings_again(self) -> None:
        stamp = _stamp(self._desk.settings.file)
        if stamp == self._settings_stamp:
            return
        fresh = self._open_desk()  # a mistake in it is told, and the old settings stand
        self._desk.close()
        self._desk, self._settings_stamp = fresh, stamp

    def close(self) -> None:
        """End the render child and the database connections."""
        self._desk.close()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
