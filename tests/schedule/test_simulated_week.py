"""A week of a daily newsletter that nobody looks after, from its feeds to the inbox.

Each day but the first and the last is bad in a way of its own, and the log and the notices say how.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path

import pytest
from feed_site import FeedSite, Item, page
from schedule.machine import Process, next_moment
from workflows.digest_room import ITEMS, STORIES
from workflows.newsroom import Newsroom

from newsletter.compose.composer import Composer
from newsletter.config.settings import Security, SmtpSettings
from newsletter.inbox.server import InboxServer
from newsletter.workflows.explain.explain_runs import RunLine, explain_log

READERS = 3
UNSENT = {"held", "skipped", "missed"}
HALF_AN_HOUR = timedelta(minutes=30)
RULES = """[newsletters.daily.schedule]
cron = "30 7 * * *"
draft_at = "06:30"

[newsletters.noon]
title = "Noon"
list = "noon"
sources = ["world", "city"]
callouts = []
hold = "0s"
[newsletters.noon.schedule]
cron = "0 12 * * tue"
draft_at = "11:00"
approve_by = "11:50"

[newsletters.dusk]
title = "Dusk"
list = "dusk"
sources = ["world", "city"]
callouts = []
[newsletters.dusk.schedule]
cron = "0 17 * * tue"
draft_at = "16:00"
approve_by = "16:50"
if_unapproved = "skip"
"""
MORE = {
    "Orchard plants its thousandth tree": "Volunteers planted a plum tree behind Holly Farm on"
    " Sunday, the thousandth of the orchard. Half of the seedlings came from a nursery in Perth."
    " Foxes have not harmed any since a fence of hazel was woven around the youngest rows.",
    "Night buses return to the valley": "Night buses will serve the valley again from 12 December."
    " Drivers had asked for heated shelters at both ends of the line. The company ordered three"
    " vehicles that run on hydrogen, and will sell its oldest coach to a museum in Cardiff.",
    "Choir records its first album": "A choir of retired miners has recorded eleven songs in a"
    " disused chapel. Its conductor, Mary Rhys, wrote two of them during the strike of 1984. Copies"
    " are sold at the bakery, and the earnings go to the lifeboat station on Gull Point.",
    "Owls nest in the clock tower": "Barn owls have nested above the bells of the clock tower for"
    " the first time in sixty years. Visitors may watch four chicks through a camera. The hourly"
    " chime stays silent until they fly, says the verger, who has oiled every hinge already.",
    "School kitchen wins a prize": "The kitchen of Elm Road primary won a national prize for its"
    " lentil pie. Pupils grow carrots and thyme on the roof. Cook Omar Reyes started with eleven"
    " euros a week from a raffle, and now feeds three hundred children before one o'clock.",
    "Tide mill grinds flour again": "After ninety years the tide mill at Crane Wharf has ground"
    " wheat. Two engineers rebuilt its oak wheel from a drawing in the county archive. Bags go on"
    " sale next Thursday, and the first was given to a hospice that lent its car park.",
    "Ice rink opens beside the harbour": "Skaters may use a rink beside the harbour until February."
    " It is cooled by sea water, which spares four fifths of the usual current. Tickets cost six"
    " pounds, boots included, and pensioners glide free of charge on weekday mornings.",
    "Poet leaves her house to the town": "The poet Ines Calder has left her cottage and its library"
    " of nine thousand volumes to the town. Writers will live there for a season each. Trustees ask"
    " for a gardener, since the roses have climbed through two of the bedroom windows.",
}
EXTRA = tuple(Item(f"/more{n}", title, guid=f"m{n}") for n, title in enumerate(MORE))


@dataclass
class Week:
    """The newsroom, its papers and the machine."""

    room: Newsroom
    site: FeedSite
    process: Process
    said: list[str] = field(default_factory=list)

    def world(self, *items: Item) -> None:
        self.site.rss("/world", *items)
        for item in items:
            self.put(item)

    def put(self, item: Item) -> None:
        """Put a story's page."""
        self.site.put(item.path, page(item.title, (STORIES | MORE)[item.title]))

    def until(self, text: str) -> None:
        """Let the machine work until a moment, and no one be there."""
        clock, end = self.room.clock, moment(text)
        while clock.now() < end:
            self.process.turn()
            now = clock.now()
            clock.forward(min(next_moment(self.room.desk, now, within=HALF_AN_HOUR), end) - now)
        self.process.turn()

    def sleep_until(self, text: str) -> None:
        self.room.clock.jump(moment(text))

    def mails(self) -> list[EmailMessage]:
        """Read the inbox, in the order in which it came."""
        paths = sorted((self.room.folder / "var" / "inbox").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]

    def issues(self) -> Counter[tuple[str, str]]:
        """Count the copies of issues by reader and day."""
        return Counter(
            (str(mail["Delivered-To"]), str(mail["Date"].datetime.date()))
            for mail in self.mails()
            if not mail["X-Newsletter-Notice"]
        )

    def notices(self) -> list[tuple[str, str]]:
        """Return kind and subject of what editors were told, drafts left out."""
        found = ((str(m["X-Newsletter-Notice"]), str(m["Subject"])) for m in self.mails())
        return [(kind, subject) for kind, subject in found if kind not in {"None", "draft"}]

    def log(self, newsletter: str = "daily") -> dict[int, RunLine]:
        lines = explain_log(self.room.desk)
        return {line.planned.day: line for line in lines if line.newsletter == newsletter}


def moment(text: str) -> datetime:
    """Read a London time of the winter of 2026, which is UTC."""
    return datetime.strptime(f"2026 {text}", "%Y %d %b %H:%M").replace(tzinfo=UTC)


@contextmanager
def begun(folder: Path, composer: Composer, site: FeedSite) -> Iterator[Week]:
    """Set a newsroom up on Tuesday, 24 November 2026 at 06:00 and start the program."""
    room = Newsroom(folder, composer)
    sources = "".join(
        f'[sources.{name}]\nfeed = "{site.url(f"/{name}")}"\n{more}'
        f'allow_local = ["{site.address}"]\n'
        for name, more in (("world", ""), ("city", "required = true\n"))
    )
    room.set("[proof]", f"{RULES}\n{sources}\n[proof]")
    room.set("sources = []", 'sources = ["world", "city"]')
    room.set('approval = "required"', 'approval = "automatic"')
    room.set('hold = "60s"', 'hold = "0s"')
    for name in ("daily", "noon", "dusk"):
        room.subscribe(READERS, list_name=name)
    room.verified_on(date(2026, 11, 13))
    room.verify()
    room.verified_on(date(2026, 11, 13))  # good for 14 days: until Friday
    keys, said = count(), list[str]()
    with InboxServer(room.desk.settings.inbox_folder, room.clock) as server:
        servers = (
            SmtpSettings(name="inbox", host="127.0.0.1", port=server.port, security=Security.NONE),
        )
        process = Process(
            room.desk,
            room.clock,
            servers,
            servers,
            name="run",
            new_key=lambda: f"key{next(keys)}",
            said=said,
        )
        yield Week(room, site, process, said)
    room.close()


@pytest.mark.covers("F46", "F47", "F49", "F53")
def test_a_week_from_feeds_to_the_inbox_with_a_bad_day_of_each_kind(
    tmp_path: Path, composer: Composer
) -> None:
    with FeedSite() as site, begun(tmp_path, composer, site) as week:
        site.rss("/city", EXTRA[0])
        week.put(EXTRA[0])
        week.world(*ITEMS[:2])
        week.until("24 Nov 20:00")  # a good day, but nobody approves Noon and Dusk
        week.world(*ITEMS)
        week.until("25 Nov 20:00")  # too few stories
        for feed in ("/world", "/city"):
            site.put(feed, b"", status=503)
        week.until("26 Nov 20:00")  # all feeds are down
        week.world(*ITEMS, *EXTRA[1:5])
        week.until("27 Nov 20:00")  # a required source fails
        site.rss("/city", EXTRA[0])
        week.until("28 Nov 20:00")  # the appeal's verification has lapsed
        week.room.verify()
        week.until("29 Nov 05:00")
        week.sleep_until("29 Nov 12:00")  # asleep over the time, and longer than if_late
        week.until("29 Nov 20:00")
        file = week.room.folder / "issues" / "2026-11-30-daily.md"
        file.write_text("---\nnewsletter: daily\ndate: 2026-11-30\nsubjct: x\n---\n")
        week.until("30 Nov 20:00")  # an editor's file has a mistake
        week.until("01 Dec 06:00")
        week.world(*EXTRA[5:])
        week.sleep_until("01 Dec 08:15")  # asleep over the time, awake within if_late
        week.until("01 Dec 11:30")
        week.room.approve("2026-12-01-noon")
        week.until("01 Dec 20:00")

        log = week.log()
        assert {day: line.outcome for day, line in log.items()} == {
            24: "sent",
            25: "skipped",
            26: "held",
            27: "held",
            28: "held",
            29: "missed",
            30: "held",
            1: "sent",
        }
        reasons = {day: line.why for day, line in log.items() if line.outcome != "sent"}
        assert reasons[25] == "2 stories to choose, and fewest_stories is 3"
        assert reasons[26].startswith("all its sources fail: world is failing")
        assert reasons[27].startswith("daily requires city: city is failing")
        assert reasons[28].startswith("the appeal dec-ukraine is not open")
        assert reasons[29].startswith("planned for 2026-11-29 07:30:00 UTC, more than 2 hours ago")
        assert reasons[30].startswith("issues/2026-11-30-daily.md:")
        for day in (24, 1):
            steps = [step.name for step in log[day].steps]
            assert steps[:7] == [
                "fetch",
                "draft",
                "recheck",
                "build",
                "check",
                "editors",
                "approval",
            ]
            assert steps[-2:] == ["send", "report"]
        noon, dusk = week.log("noon"), week.log("dusk")
        assert [noon[day].outcome for day in (24, 1)] == ["held", "sent"]
        assert [dusk[day].outcome for day in (24, 1)] == ["skipped", "skipped"]
        assert noon[24].why == "not approved by 11:50"

        readers = {f"reader{n}@readers.example" for n in range(READERS)}
        assert week.issues() == Counter(
            dict.fromkeys(((reader, "2026-11-24") for reader in readers), 1)
            | dict.fromkeys(((reader, "2026-12-01") for reader in readers), 2)
        )
        told = week.notices()
        assert Counter(kind for kind, _ in told) == {
            "verification": 1,
            "sent": 3,
            "skipped": 3,
            "held": 5,
            "missed": 1,
            "reminder": 5,  # three unapproved, and two drafts that wait for their sources
        }, told
        assert len({mail["Message-ID"] for mail in week.mails()}) == len(week.mails())
        words = [m.get_content() for m in week.mails() if m["X-Newsletter-Notice"] in UNSENT]
        for line in (*log.values(), *noon.values(), *dusk.values()):
            assert line.outcome == "sent" or any(line.why in text for text in words), line
