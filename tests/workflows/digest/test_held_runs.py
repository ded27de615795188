"""A held run: what a person is told can be done, and what doing it comes to."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from feed_site import FeedSite
from workflows.digest.test_draft_tries import fails, through, write
from workflows.digest_room import DAY, ISSUE, DigestRoom
from workflows.newsroom import Newsroom

from newsletter.model.records import OccurrenceMark, OccurrenceState
from newsletter.store import notices
from newsletter.workflows.explain.explain_plan import PlanLine, explain_plan
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.notices.find_news import find_news
from newsletter.workflows.planning.next_run import force_next
from newsletter.workflows.planning.occurrence import ways_on


@pytest.fixture
def desk(ready: Newsroom) -> Iterator[DigestRoom]:
    with FeedSite() as site:
        yield DigestRoom(ready, site)


def line(desk: DigestRoom) -> PlanLine:
    return explain_plan(desk.room.desk)[0]


def notice_text(desk: DigestRoom) -> tuple[str, str]:
    """Return subject and words of the last notice that find_news makes."""
    assert find_news(desk.room.desk) >= 1
    with desk.room.desk.database.read() as connection:
        row = list(notices.list_notices(connection))[-1]
    message = message_from_bytes(row.body, policy=default)
    return message["Subject"], message.get_content()


def test_before_and_after_its_time_a_held_run_says_what_to_do(desk: DigestRoom) -> None:
    desk.set_up()
    fails(desk)
    through(desk, "06:30:00", "07:25:00", every_s=60)
    draft = f"to draft it all the same: newsletter draft daily --date {DAY} --anyway"
    approve = "until Tue 07:30: newsletter approve ISSUE lets it go out then"
    send = "newsletter send ISSUE"
    assert line(desk).is_held
    week_before = desk.run().planned_at - timedelta(days=7)
    far = ways_on(desk.run(), ZoneInfo("Europe/London"), week_before)
    assert far[1] == approve.replace("Tue", "Tue 2026-11-24"), "a weekday alone is the next one"
    assert line(desk).ways_on == (draft, approve, f"after that: {send}")
    subject, text = notice_text(desk)
    assert subject == f"[Held] daily of {DAY} 07:30"
    assert f"daily of {DAY} 07:30 was held: its only source fails" in text
    assert all(words[1:] in text for words in (draft, approve, f"after that: {send}"))
    desk.at("07:30:00")
    assert line(desk).ways_on == (draft, f"to send it now: {send}")


def test_a_forced_run_that_was_held_goes_out_when_it_is_approved(desk: DigestRoom) -> None:
    desk.set_up()
    fails(desk)
    desk.at("06:10:00")
    force_next(desk.room.desk, "daily", by="Ada")
    through(desk, "06:10:00", "06:20:00", every_s=60)
    assert desk.run().state is OccurrenceState.HELD
    assert "until Tue 08:10: newsletter approve ISSUE lets it go out at once" in line(desk).ways_on
    _, text = notice_text(desk)
    assert "Note: forced by Ada; it was planned for" in text
    desk.at("07:45:00")  # the schedule's own time is over
    write(desk)
    desk.room.approve(ISSUE)
    run = desk.advance()
    assert (run.state, run.issue, run.mark) == (
        OccurrenceState.PLANNED,
        ISSUE,
        OccurrenceMark.FORCED,
    )
    assert desk.is_due()
    assert desk.room.release(ISSUE).verdict == "frozen"
    (told,) = explain_log(desk.room.desk, ISSUE)
    assert told.note == (
        "forced by Ada; it was planned for 2026-11-24 07:30:00 GMT; "
        "late: begun 1 hour 35 minutes after its planned time"
    )
