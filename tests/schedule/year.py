"""A year of daily newsletters in several zones, on one machine that stops, sleeps and errs.

The program's own planner, preparer, runner and watch work on real files and a real database, and
hand the mail to a real server on loopback; only the clock is ours. People write issues, approve
them, forget to, and break files, as a seed says.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from schedule.machine import Process, next_moment
from schedule.rough_clock import Event, Killed, RoughClock, Trouble
from sending import server_at
from smtp_server import ScriptedServer

from newsletter.compose.composer import Composer
from newsletter.config.load import load_settings
from newsletter.errors import NewsletterError
from newsletter.model.address import Address
from newsletter.model.mailing import MailingState
from newsletter.model.notice import Posted
from newsletter.model.records import MailingRow, NewSubscriber, OccurrenceRow
from newsletter.schedule.runner import LEAD
from newsletter.store import Database, ledger, occurrences, open_database, subscribers
from newsletter.workflows.approval.approve_issue import approve_issue
from newsletter.workflows.desk import Desk
from newsletter.workflows.notices.post_notices import Post
from newsletter.workflows.project_files import init_folder
from newsletter.workflows.sending.settle import hold_mailing

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOP = 3 * HOUR  # the longest between two turns of the program
READERS = 2
ENVIRON = {"NEWSLETTER_WEBHOOK_SECRET": "d2hhdC1zaWducy1ub3RpY2Vz" * 2}
NO_FILE, NO_APPROVAL, BROKEN = "no file", "no approval", "broken file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A newsletter of the year; at is the hour that its cron rule names."""

    name: str
    zone: ZoneInfo
    at: time
    if_late: timedelta
    approval: str = "automatic"
    more: str = ""

    def planned(self, day: date) -> datetime:
        """Return the moment of a day's issue, by another way than the program's.

        In autumn the first of two hours, in spring as much later as the clocks skip: what PEP 495
        gives for fold=0.
        """
        return datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)

    def issue(self, day: date) -> str:
        return f"{day}-{self.name}"


def _title(name: str, zone: str, at: str, hours: int, **more: str) -> Title:
    return Title(
        name=name,
        zone=ZoneInfo(zone),
        at=time.fromisoformat(at),
        if_late=hours * HOUR,
        **more,
    )


TITLES = (  # in 2018 each of the hours but Kathmandu's is skipped once by its zone's clocks
    _title(
        "thames", "Europe/London", "01:30", 2, approval="required", more='approve_by = "01:10"\n'
    ),
    _title("hudson", "America/New_York", "02:30", 1),
    _title("lagoon", "Australia/Lord_Howe", "02:15", 3),
    _title("peaks", "Asia/Kathmandu", "05:45", 2, more='draft_at = "05:00"\n'),
    _title("tiete", "America/Sao_Paulo", "00:15", 2, more='if_unapproved = "skip"\n'),
)


def _settings(titles: tuple[Title, ...]) -> str:
    head = (
        '[newsletter]\nname = "Example News"\nfrom = "Example News <news@example.org>"\n'
        'reply_to = "editor@example.org"\neditors = ["editor@example.org"]\n'
        'language = "en-GB"\npostal_address = "1 Example Street, London"\npublic_url = "https://news.example.org"\n'
        '[proof]\naddresses = ["editor@example.org"]\n'
        '[notices]\nmail = []\nwebhook = "https://hook.example/notices"\n'
        'secret_env = "NEWSLETTER_WEBHOOK_SECRET"\n'
    )
    tables = [
        f'[newsletters.{t.name}]\ntitle = "{t.name}"\nlist = "{t.name}"\ncallouts = []\n'
        f'approval = "{t.approval}"\ntimezone = "{t.zone.key}"\nfewest_stories = 1\nhold = "0s"\n'
        f'[newsletters.{t.name}.schedule]\ncron = "{t.at.minute} {t.at.hour} * * *"\n'
        f'if_late = "{t.if_late // HOUR}h"\n{t.more}'
        for t in titles
    ]
    return "\n".join([head, *tables])


@dataclass
class Hook:
    """The webhook's other end."""

    posts: Counter[str] = field(default_factory=Counter)

    def post(self, body: bytes, *, notice_id: str) -> Posted:
        del body
        self.posts[notice_id] += 1
        return Posted(is_taken=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Trouble as it came, in true time."""

    kind: Trouble
    begun: datetime
    ended: datetime

    def touches(self, begin: datetime, end: datetime) -> bool:
        return self.begun <= end and self.ended >= begin


class Year:
    """The machine, its people, and what became of both."""

    def __init__(
        self,
        folder: Path,
        composer: Composer,
        server: ScriptedServer,
        *,
        seed: int,
        first: date,
        days: int,
    ) -> None:
        self.seed = seed
        self.first, self.last = first, first + timedelta(days=days - 1)
        self.folder = folder
        self.spans: list[Span] = []
        self.hook = Hook()
        self.said: list[str] = []
        self.resumed: set[str] = set()  # issues that a person let go on
        self.starts = 0
        self._keys = count()
        self.attic = folder.parent / "attic"
        self.attic.mkdir()
        self.clock = RoughClock(datetime.combine(first, time(0), tzinfo=UTC) - 2 * DAY)
        self._composer = composer
        self._server = server
        init_folder(folder)
        for sample in (folder / "issues").glob("*.md"):
            sample.unlink()
        (folder / "newsletter.toml").write_text(_settings(TITLES))
        self.desk = self._open()
        for title in TITLES:
            people = [
                NewSubscriber(address=Address(local=f"{title.name}{n}", domain="readers.example"))
                for n in range(READERS)
            ]
            with self.desk.database.write() as connection:
                subscribers.take_in(
                    connection,
                    people,
                    list_name=title.name,
                    consent="a test",
                    source="test",
                    now=self.clock.now(),
                )
        self._events = self._troubles()
        self._armed_until = self.clock.true()
        self._to_write = self._before(10 * HOUR, TITLES)
        self._to_approve = self._before(3 * HOUR, [t for t in TITLES if t.approval == "required"])

    def _before(
        self, lead: timedelta, titles: Sequence[Title]
    ) -> list[tuple[datetime, Title, date]]:
        """Return when people do something so long before each planned time, the earliest first."""
        todo = [(t.planned(day) - lead, t, day) for t in titles for day in self.days()]
        return sorted(todo, key=lambda entry: (entry[0], entry[1].name))

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += DAY

    def lapse(self, name: str, day: date) -> str:
        """Return what people get wrong on a day; "" on most days."""
        chance = random.Random(f"{self.seed} {name} {day}").random()  # noqa: S311
        if chance < 0.04:
            return NO_FILE
        if chance < 0.07:
            return BROKEN
        return NO_APPROVAL if chance < 0.13 else ""

    def _troubles(self) -> list[Event]:
        """Return what happens to the machine: about one thing in three days."""
        chance = random.Random(self.seed)  # noqa: S311 (repeatable by design)
        events = []
        at = self.clock.true() + DAY
        while at.date() <= self.last:
            at += timedelta(hours=chance.uniform(20, 130))
            kind = chance.choice((Trouble.STOP, Trouble.STOP, Trouble.SLEEP, Trouble.JUMP))
            if chance.random() < 0.5:  # in the midst of a release
                title = chance.choice(TITLES)
                at = title.planned(at.astimezone(title.zone).date() + DAY) - LEAD
            hours = chance.choice((0.02, 0.5, 1.5, 4, 11, 30))
            events.append(
                Event(
                    kind=kind,
                    at=at,
                    lasts=timedelta(hours=hours * chance.uniform(0.5, 1.5)),
                    looks=chance.randint(1, 60),
                    jump=chance.choice((-1, 1)) * DAY,
                )
            )
        return events

    def _open(self) -> Desk:
        settings = load_settings(self.folder / "newsletter.toml", ENVIRON)

        def database() -> Database:
            url = settings.database_url.value
            return open_database(url, create=True, clock=self.clock, busy_timeout_s=0.2)

        return Desk(
            settings, self.clock, open_database=database, make_composer=lambda: self._composer
        )

    def live(self) -> None:
        """Let all of it happen."""
        end = max(title.planned(self.last) + title.if_late for title in TITLES) + 2 * DAY
        turn = self._start()
        while self.clock.true() < end:
            self._people()
            self._arm()
            happened, begun = len(self.spans), self.clock.true()
            try:
                with self.clock.watched():
                    turn()
            except Killed:
                turn = self._start_after_rest()
            busy = Span(kind=Trouble.JUMP, begun=begun, ended=self.clock.true())
            if busy.ended - begun > 5 * MINUTE:
                # A run waits for its time by a clock that was set back; with threads of their own
                # the others would go on meanwhile.
                self.spans.append(busy)
            if len(self.spans) > happened:
                self.clock.forward(timedelta(seconds=1))  # it looks again at once
                continue
            self._step()
            if self.clock.is_armed and self.clock.true() > self._armed_until:
                self.clock.strike()  # nothing has looked at the clock so often
                if self.clock.is_dead:
                    turn = self._start_after_rest()

    def _start(self) -> Callable[[], None]:
        """Start the program, as `newsletter run` does; gives one turn of all its parts."""
        while True:
            try:
                with self.clock.watched():
                    return self._try_to_start()
            except Killed:
                self._rest()

    def _try_to_start(self) -> Callable[[], None]:
        self.starts += 1
        process = Process(
            self.desk,
            self.clock,
            [server_at(self._server.port, connections=1)],
            Post(servers=(), webhook=self.hook),
            name=f"process {self.starts}",
            new_key=lambda: f"key{next(self._keys)}",
            said=self.said,
            meanwhile=self._see_to_paused,
        )
        return process.turn

    def _start_after_rest(self) -> Callable[[], None]:
        self._rest()
        return self._start()

    def _rest(self) -> None:
        """Be dead for a while; people work meanwhile."""
        self.desk.database.close()
        self.clock.is_dead = False
        self.desk = self._open()
        until = next(s.ended for s in reversed(self.spans) if s.kind is Trouble.STOP)
        while self.clock.true() < until:
            self.clock.forward(min(HOUR, until - self.clock.true()))
            self._people()

    def _arm(self) -> None:
        if self._events and not self.clock.is_armed and self._events[0].at <= self.clock.true():
            event = self._events.pop(0)
            self._armed_until = self.clock.true() + HOUR
            if event.kind is Trouble.JUMP and self.clock.right_at is not None:
                return  # it is wrong already
            self.clock.arm(event, self._happened)

    def _happened(self, event: Event) -> None:
        begun = self.clock.true()
        self.spans.append(Span(kind=event.kind, begun=begun, ended=begun + event.lasts))

    def _step(self) -> None:
        """Go on to the next moment at which something may be due."""
        now = self.clock.now()
        wait = next_moment(self.desk, now, within=HOP) - now
        if self._events and self._events[0].at > self.clock.true():
            wait = min(wait, self._events[0].at - self.clock.true())
        if self.clock.right_at is not None and self.clock.right_at > self.clock.true():
            wait = min(wait, self.clock.right_at - self.clock.true())
        self.clock.forward(wait)

    def _people(self) -> None:
        """Write and approve what is near, by the clocks on people's own wrists."""
        true = self.clock.true()
        while self._to_write and self._to_write[0][0] <= true:
            _, title, day = self._to_write.pop(0)
            self._write(title, day)
        while self._to_approve and self._to_approve[0][0] <= true:
            _, title, day = self._to_approve.pop(0)
            self._approve(title, day)
        for path in (self.folder / "issues").glob("*.md"):
            if path.name[:10] < f"{true.date() - 5 * DAY}":
                shutil.move(path, self.attic / path.name)

    def _see_to_paused(self) -> None:
        """Let a mailing go on that a long sleep held between its freezing and its first copy."""
        with self.clock.unwatched():
            with self.desk.database.read() as connection:
                paused = ledger.list_mailings(connection, (MailingState.PAUSED,))
            for mailing in paused:
                assert "a person decides" in mailing.why, mailing
                hold_mailing(self.desk, mailing.issue, "resume")
                self.resumed.add(mailing.issue)

    def _write(self, title: Title, day: date) -> None:
        lapse = self.lapse(title.name, day)
        if lapse == NO_FILE:
            return
        text = (
            f"---\nnewsletter: {title.name}\ndate: {day}\nsubject: The news of {day}\n"
            f"preheader: What happened by the {title.name}\n---\n\n# Top story\n\n"
            f"## A bridge opened on {day}\n\nThe bridge was opened by its oldest neighbour.\n"
        )
        if lapse == BROKEN:
            text = text.replace("subject:", "subjct:")
        (self.folder / "issues" / f"{title.issue(day)}.md").write_text(text)

    def _approve(self, title: Title, day: date) -> None:
        if self.lapse(title.name, day) == NO_APPROVAL:
            return
        try:
            approve_issue(self.desk, title.issue(day), by="A. Editor")
        except NewsletterError as error:
            self.said.append(f"{title.issue(day)}: not approved: {error}")

    def rows(self) -> dict[tuple[str, date], list[OccurrenceRow]]:
        found: dict[tuple[str, date], list[OccurrenceRow]] = {}
        with self.desk.database.read() as connection:
            for row in occurrences.list_occurrences(connection):
                found.setdefault((row.newsletter, row.local_date), []).append(row)
        return found

    def mailings(self) -> dict[str, MailingRow]:
        with self.desk.database.read() as connection:
            return {mailing.issue: mailing for mailing in ledger.list_mailings(connection)}

    def troubled(self, begin: datetime, end: datetime) -> list[Span]:
        return [span for span in self.spans if span.touches(begin, end)]


@contextmanager
def lived(folder: Path, composer: Composer, *, seed: int, first: date, days: int) -> Iterator[Year]:
    """Live some days and give what became of them."""
    (folder / "room").mkdir()
    with ScriptedServer(folder / "record", fsync=False) as server:
        year = Year(folder / "room", composer, server, seed=seed, first=first, days=days)
        try:
            year.live()
            yield year
        finally:
            year.desk.database.close()
