"""A newsletter folder with real files, a real database and a clock that a test moves."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from clock import FakeClock
from sample import with_appeal

from newsletter.checks.registry import check_rules
from newsletter.compose.composer import Composer
from newsletter.config.load import load_settings
from newsletter.config.settings import Settings
from newsletter.model.address import Address
from newsletter.model.records import NewSubscriber, OccurrenceRow
from newsletter.model.schedule import PlannedTime
from newsletter.store import Database, occurrences, open_database, subscribers
from newsletter.workflows.approval.approve_issue import approve_issue, schedule_issue
from newsletter.workflows.callouts.administer import verify_callout
from newsletter.workflows.desk import Desk, SettingsFile
from newsletter.workflows.project_files import init_folder
from newsletter.workflows.sending.release import Released, release

SAMPLE = "2022-03-16-daily"
OTHER = "2022-03-17-daily"
SOURCE = "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"
HOUR = timedelta(hours=1)


class Newsroom:
    def __init__(self, folder: Path, composer: Composer) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self._composer = composer
        self.environ: dict[str, str] = {}
        init_folder(folder)
        with_appeal(folder)
        self.desk = self._open()

    def _open(self) -> Desk:
        settings = load_settings(self.folder / "newsletter.toml", self.environ, check_rules)

        def database() -> Database:
            url = settings.database_url.value
            return open_database(url, create=True, clock=self.clock, busy_timeout_s=0.2)

        return Desk(
            settings, self.clock, open_database=database, make_composer=lambda: self._composer
        )

    def close(self) -> None:
        self.desk.database.close()

    def set(self, before: str, after: str, file: str = "newsletter.toml") -> None:
        """Change a text in a file; settings are read anew, as the next command would."""
        path = self.folder / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))
        if file == "newsletter.toml":
            self.close()
            self.desk = self._open()

    def edit(self, before: str, after: str) -> None:
        """Change the settings file alone, as while `run` is up."""
        path = self.folder / "newsletter.toml"
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    def follow(self) -> list[str]:
        """Let the desk follow the settings file, as `run` does; gives what is said of it."""
        said: list[str] = []
        self.desk.followed = SettingsFile(
            self.desk.settings, self.read, clock=self.clock, say=said.append
        )
        return said

    def read(self) -> Settings:
        return load_settings(self.folder / "newsletter.toml", self.environ, check_rules)

    def approve_anew(self, issue: str = SAMPLE) -> None:
        """Approve as another process does, which reads the settings now."""
        desk = Desk(
            self.read(),
            self.clock,
            open_database=lambda: self.desk.database,
            make_composer=lambda: self._composer,
        )
        approve_issue(desk, issue, by="A. Editor")

    def subscribe(self, count: int, *, list_name: str = "daily", first: int = 0) -> None:
        people = [
            NewSubscriber(address=Address(local=f"reader{n}", domain="readers.example"))
            for n in range(first, first + count)
        ]
        with self.desk.database.write() as connection:
            subscribers.take_in(
                connection,
                people,
                list_name=list_name,
                consent="a test",
                source="test",
                now=self.clock.now(),
            )

    def verify(self) -> None:
        verify_callout(self.desk, "dec-ukraine", by="A. Tester", source=SOURCE)

    def verified_on(self, day: date) -> None:
        """Write the date of the last verification into the file by hand."""
        path = self.folder / "callouts" / "dec-ukraine.md"
        text = re.sub(r"last_verified: [\d-]+", f"last_verified: {day}", path.read_text())
        path.write_text(text)

    def second_issue(self) -> None:
        text = (self.folder / "issues" / f"{SAMPLE}.md").read_text()
        text = text.replace("date: 2022-03-16", "date: 2022-03-17")
        (self.folder / "issues" / f"{OTHER}.md").write_text(text)

    def in_(self, wait: timedelta) -> PlannedTime:
        at = self.clock.now() + wait
        zone = self.desk.settings.newsletters[0].timezone
        return PlannedTime(local=at.astimezone(zone).replace(tzinfo=None), zone=zone.key, at=at)

    def approve(self, issue: str = SAMPLE) -> None:
        approve_issue(self.desk, issue, by="A. Editor")

    def schedule(self, issue: str = SAMPLE, wait: timedelta = HOUR) -> None:
        schedule_issue(self.desk, issue, self.in_(wait))

    def claim(self, issue: str = SAMPLE) -> OccurrenceRow:
        """Let the planned moment come, and claim it."""
        with self.desk.database.write() as connection:
            planned = occurrences.of_issue(connection, issue)
            assert planned is not None
            if planned.planned_at > self.clock.now():
                self.clock.forward(planned.planned_at - self.clock.now())
            claimed = occurrences.claim(connection, planned.id, owner="test", now=self.clock.now())
        assert claimed is not None
        return claimed

    def wait(self, moment: datetime) -> bool:
        if moment > self.clock.now():
            self.clock.forward(moment - self.clock.now())
        return True

    def release(self, issue: str = SAMPLE) -> Released:
        return self.release_claimed(self.claim(issue))

    def release_claimed(self, occurrence: OccurrenceRow) -> Released:
        return release(
            self.desk, occurrence, wait_until=self.wait, new_key=lambda: f"key{occurrence.id}"
        )

    def occurrence(self, issue: str = SAMPLE) -> OccurrenceRow | None:
        with self.desk.database.read() as connection:
            return occurrences.of_issue(connection, issue)

    @property
    def database_file(self) -> Path:
        return self.folder / "var" / "newsletter.db"

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database_file)) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def locked(self) -> Iterator[sqlite3.Connection]:
        """Write to the database, as another process does; a rollback ends it, or the block."""
        with closing(sqlite3.connect(self.database_file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Keep everybody from reading the database too, as one who repairs it does."""
        self.desk.database.close()
        with closing(sqlite3.connect(self.database_file, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")
            yield


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
