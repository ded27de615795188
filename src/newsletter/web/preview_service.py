"""The preview's compositions, and the watcher that notices changed files."""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from newsletter.compose.message.skeleton import parse_message
from newsletter.config.load import newsletter_named
from newsletter.config.settings import Settings
from newsletter.errors import NewsletterError, NotFound, StoreBusy
from newsletter.model.callout import CalloutStatus
from newsletter.model.finding import Report
from newsletter.model.issue import Issue
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import example_message
from newsletter.workflows.issue.check_issue import check_prepared, compose_for_checks
from newsletter.workflows.issue.compose_issue import compose, composed_or_error, prepare
from newsletter.workflows.project_files import issue_names, issue_path, load_issue
from newsletter.workflows.stories.pictures import local_addresses

LOOK_EVERY_S = 0.2

State = frozenset[tuple[str, int, int, int]]


def look_at_files(places: tuple[Path, ...]) -> State:
    """Give every file of the places with time (ns), size and inode: editors save by renaming."""
    found: set[tuple[str, int, int, int]] = set()
    for place in places:
        try:
            paths = [path for path in place.rglob("*") if path.is_file()] or [place]
        except OSError:  # a folder went while it was walked; the next look sees what is left
            paths = [place]
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            found.add((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return frozenset(found)


def look_at_folder(folder: Path) -> tuple[int, int]:
    """Give a flat folder's time (ns) and its number of entries; enough where files never change."""
    try:
        return folder.stat().st_mtime_ns, sum(1 for _ in folder.iterdir())
    except OSError:
        return 0, 0


class Watcher:
    """Counts the changes; `version` grows with each. look gives what is compared."""

    def __init__(self, look: Callable[[], Hashable]) -> None:
        self._look = look
        self._state = look()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self.version = 1

    @property
    def ended(self) -> bool:
        """Whether nothing will be noticed any more: streams of changes end then."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; may be called again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            state = self._look()
            if state != self._state:
                self._state = state
                self.version += 1


MOST_KEPT = 20  # compositions of one version; each is a few hundred KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An issue as it would go out now, marks of unverified appeals included."""

    issue: Issue
    title: str
    sender: str
    html: str
    text: str
    message: bytes
    report: Report
    marks: tuple[str, ...]
    pictures: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Why an issue cannot be composed, a sentence each with its file and line."""

    problems: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One issue at one version of the files."""

    name: str
    version: int
    state: Ready | Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list of issues; problem says why an issue has no subject to show."""

    name: str
    subject: str = ""
    title: str = ""
    on: date | None = None
    problem: str = ""


class PreviewService:
    """Shared by the request threads; open_desk is called again when newsletter.toml changed."""

    def __init__(self, open_desk: Callable[[], Desk], version: Callable[[], int]) -> None:
        self._open_desk = open_desk
        self._version = version
        self._lock = threading.Lock()
        self._desk = open_desk()
        self._settings_stamp = _stamp(self._desk.settings.file)
        self._kept: dict[str, Shown] = {}

    @property
    def settings(self) -> Settings:
        """The settings as they were last read without a mistake."""
        return self._desk.settings

    def look(self) -> State:
        """Return what the watcher is to compare: every file that a composition reads."""
        settings = self._desk.settings
        return look_at_files(
            (
                settings.file,
                settings.issues_folder,
                settings.templates_folder,
                settings.callouts_folder,
            )
        )

    def settings_problems(self) -> tuple[str, ...]:
        """Return the mistakes in newsletter.toml; while there are any, the old settings stand."""
        with self._lock:
            try:
                self._read_settings_again()
            except NewsletterError as error:
                return tuple(str(error).splitlines())
        return ()

    def listed(self) -> tuple[Listed, ...]:
        """List the issues, newest name first, with what stands in each."""
        return tuple(self._listed(name) for name in reversed(issue_names(self.settings)))

    def _listed(self, name: str) -> Listed:
        try:
            issue = load_issue(self.settings, name).issue
            title = newsletter_named(self.settings, issue.newsletter).title
        except NewsletterError as error:
            return Listed(name=name, problem=str(error))
        return Listed(name=name, subject=issue.subject, title=title, on=issue.date)

    def show(self, name: str) -> Shown:
        """Return an issue as it is now; raises NotFound, or StoreBusy while the database is."""
        issue_path(self.settings, name)
        with self._lock:
            version = self._version()
            kept = self._kept.get(name)
            if kept is None or kept.version != version:
                kept = Shown(name=name, version=version, state=self._compose(name))
                self._keep(kept)
            return kept

    def _keep(self, shown: Shown) -> None:
        fresh = [each for each in self._kept.values() if each.version == shown.version]
        self._kept = {each.name: each for each in (*fresh[-MOST_KEPT:], shown)}

    def _compose(self, name: str) -> Ready | Broken:
        try:
            self._read_settings_again()
            prepared = prepare(self._desk, name)
            checked = compose_for_checks(self._desk, prepared)
            real = composed_or_error(checked)
            marked = real
            if any(use.status is not CalloutStatus.OPEN for use in prepared.uses):
                marked = composed_or_error(compose(self._desk, prepared, marked=True))
            message = example_message(self._desk, prepared, marked, real.fingerprint)
            report = check_prepared(self._desk, prepared, checked)
        except NotFound as error:
            if error.kind == "issue":  # it went meanwhile
                raise
            return _broken(error)
        except StoreBusy:
            raise  # not kept as the state of these files: the next request composes anew
        except NewsletterError as error:
            return _broken(error)
        parsed = parse_message(message)
        return Ready(
            issue=prepared.file.issue,
            title=prepared.newsletter.title,
            sender=prepared.newsletter.sender.name or str(prepared.newsletter.sender.address),
            html=parsed.html,
            text=parsed.text,
            message=message,
            report=report,
            pictures=local_addresses(self._desk, parsed.html, prepared.newsletter.public_url),
            marks=tuple(f"{use.callout.name}, {use.reason}" for use in prepared.uses if use.reason),
        )

    def _read_settings_again(self) -> None:
        stamp = _stamp(self._desk.settings.file)
        if stamp == self._settings_stamp:
            return
        fresh = self._open_desk()  # a mistake in it is told, and the old settings stand
        self._desk.close()
        self._desk, self._settings_stamp = fresh, stamp

    def give_up(self) -> None:
        """End the composition at hand, from any thread: nobody waits for it any more."""
        self._desk.give_up()

    def close(self) -> None:
        """End the render child and the database connections."""
        self._desk.close()


def _broken(error: NewsletterError) -> Broken:
    return Broken(problems=tuple(str(error).splitlines()), hint=error.hint)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0, 0
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
