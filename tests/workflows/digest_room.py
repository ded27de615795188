"""A newsroom with a schedule and a source: what a scheduled run has before its planned time."""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from feed_site import FeedSite, Item, page
from workflows.newsroom import Newsroom

from newsletter.fetch import Fetcher
from newsletter.model.notice import NoticeRow
from newsletter.model.records import OccurrenceKind, OccurrenceRow, StepRow
from newsletter.model.schedule import Stage
from newsletter.store import notices, occurrences, scheduled
from newsletter.workflows.digest.digest_steps import DigestTools
from newsletter.workflows.digest.run_digest import advance
from newsletter.workflows.planning.days import scheduled_time

DAY = "2026-11-24"  # of the tests' clock: a Tuesday, 06:00 in London
ISSUE = f"{DAY}-daily"
SCHEDULE = """[newsletters.daily.schedule]
cron = "30 7 * * *"
draft_at = "06:30"
approve_by = "07:25"
"""
STORIES = {
    "The harbour bridge opens in May": "The harbour bridge will open to cyclists on 3 May, the"
    " mayor said on Monday. Work on it began two years ago and cost 12 million pounds. The old"
    " crossing closes in June, once the lifts for wheelchairs have been tested by residents.",
    "Library finds a lost map of 1612": "A map drawn in 1612 was found behind a shelf of the city"
    " library. It shows four mills that nobody had known of. Historians from Leeds will study its"
    " ink this winter, and children may see it behind glass from Easter onwards.",
    "Market traders win their appeal": "Traders of the covered market have won their appeal against"
    " higher rents. The court found that the council had asked nobody before it decided. Fishmonger"
    " Ann Lee called it a good day, and said that prices would now stay where they are.",
    "Swimming pool cuts its gas bill": "Heat from a bakery next door now warms the swimming pool in"
    " Mill Lane. Its gas bill has fallen by a third since August. Engineers want to do the same at"
    " two schools, if a grant of 90,000 pounds comes through in the new year.",
}
ITEMS = tuple(Item(f"/story{n}", title, guid=str(n)) for n, title in enumerate(STORIES))


@dataclass
class DigestRoom:
    room: Newsroom
    site: FeedSite
    stop: threading.Event = field(default_factory=threading.Event)
    told: list[str] = field(default_factory=list)

    def set_up(self, *, schedule: str = SCHEDULE, source: str = "", items: int = 4) -> None:
        """Write the schedule and a source with that many stories, and plan the day's run."""
        table = f'[sources.world]\nfeed = "{self.site.url("/feed")}"\n{source}'
        table += f'\nallow_local = ["{self.site.address}"]\n'
        self.room.set("[proof]", f"{schedule}\n{table}\n[proof]")
        self.room.set("sources = []", 'sources = ["world"]')
        self.publish(items)
        self.plan()

    def publish(self, items: int) -> None:
        self.site.rss("/feed", *ITEMS[:items])
        for item in ITEMS[:items]:
            self.site.put(item.path, page(item.title, STORIES[item.title]))

    def plan(self) -> None:
        (newsletter,) = self.room.desk.settings.newsletters
        assert newsletter.schedule is not None
        local = datetime.fromisoformat(f"{DAY} 07:30")
        with self.room.desk.database.write() as connection:
            scheduled.add_scheduled(
                connection,
                "daily",
                scheduled_time(newsletter.schedule, newsletter.timezone, local),
            )

    @property
    def tools(self) -> DigestTools:
        fetcher = Fetcher(clock=self.room.clock, user_agent="newsletter/test", pace_s=0)
        return DigestTools(fetcher=fetcher, stop=self.stop, tell=self.told.append)

    def at(self, local: str) -> OccurrenceRow:
        """Let that time of the day come, and do what is due."""
        moment = datetime.fromisoformat(f"{DAY}T{local}+00:00")
        self.room.clock.forward(moment - self.room.clock.now())
        return self.advance()

    def advance(self) -> OccurrenceRow:
        return advance(self.room.desk, self.run().id, self.tools)

    def run(self) -> OccurrenceRow:
        day = date.fromisoformat(DAY)
        with self.room.desk.database.read() as connection:
            runs = occurrences.of_newsletter(connection, "daily", day)
        runs = tuple(run for run in runs if run.local_date == day)
        (run,) = [run for run in runs if run.kind is OccurrenceKind.SCHEDULED]
        return run

    def passed(self) -> list[Stage]:
        with self.room.desk.database.read() as connection:
            return [
                stage for stage in Stage if stage in scheduled.passed(connection, self.run().id)
            ]

    def steps(self) -> dict[str, StepRow]:
        with self.room.desk.database.read() as connection:
            return {step.name: step for step in occurrences.steps(connection, self.run().id)}

    def notices(self) -> list[NoticeRow]:
        with self.room.desk.database.read() as connection:
            return list(notices.list_notices(connection))

    def is_due(self) -> bool:
        """Return whether a sender may claim it five seconds before its planned time."""
        with self.room.desk.database.read() as connection:
            moment = self.run().planned_at + timedelta(seconds=1)
            return bool(occurrences.due(connection, before=moment))
