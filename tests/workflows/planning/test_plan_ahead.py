"""The rows of planned times: made ahead, judged after a sleep, moved with the settings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.config.settings import ScheduleSettings
from newsletter.model.records import OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.store import occurrences, scheduled
from newsletter.workflows.approval.approve_issue import (
    approve_issue,
)
from newsletter.workflows.explain.explain_runs import explain_log
from newsletter.workflows.planning.days import IssueDays, planned_times
from newsletter.workflows.planning.plan_ahead import AHEAD, plan_ahead
from newsletter.workflows.sending.release import Verdict

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RULE = '[newsletters.daily.schedule]\ncron = "30 6 * * *"\ndraft_at = "05:30"\nif_late = "2h"\n'
PLANNED = OccurrenceState.PLANNED


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def give_rule(newsroom: Newsroom, rule: str = RULE) -> None:
    path = newsroom.folder / "newsletter.toml"
    path.write_text(path.read_text() + "\n" + rule)
    newsroom.set(rule, rule)  # read anew


@pytest.fixture
def planned(newsroom: Newsroom) -> Newsroom:
    """A newsroom with a schedule, at 06:00 on 24 November 2026, and its rows."""
    give_rule(newsroom)
    look(newsroom)
    return newsroom


def look(newsroom: Newsroom) -> tuple[str, ...]:
    return plan_ahead(newsroom.desk, IssueDays(newsroom.desk.settings))


def rows(newsroom: Newsroom) -> tuple[OccurrenceRow, ...]:
    with newsroom.desk.database.read() as connection:
        return occurrences.list_occurrences(connection)


def states(newsroom: Newsroom) -> list[tuple[int, OccurrenceState]]:
    return [(row.local_date.day, row.state) for row in rows(newsroom)]


def write_issue(newsroom: Newsroom, day: str, name: str = "") -> str:
    text = (newsroom.folder / "issues" / f"{SAMPLE}.md").read_text()
    name = name or f"{day}-daily"
    path = newsroom.folder / "issues" / f"{name}.md"
    path.write_text(text.replace("date: 2022-03-16", f"date: {day}"))
    return name


def done(newsroom: Newsroom, day: int) -> None:
    """End the run of a day as sent, as a sender would."""
    with newsroom.desk.database.write() as connection:
        (row,) = [row for row in rows(newsroom) if row.local_date.day == day]
        claimed = occurrences.claim(connection, row.id, owner="test", now=newsroom.clock.now())
        assert claimed is not None
        occurrences.finish(
            connection, row.id, OccurrenceState.DONE, why="", now=newsroom.clock.now()
        )


def test_the_next_times_have_rows_and_looking_again_changes_nothing(planned: Newsroom) -> None:
    before = rows(planned)
    assert states(planned) == [(24, PLANNED), (25, PLANNED), (26, PLANNED)]
    assert len(before) == AHEAD
    assert before[0].planned_at == utc("2026-11-24 06:30")
    assert before[0].draft_at == utc("2026-11-24 05:30")
    assert before[0].issue is None
    assert look(planned) == ()
    assert rows(planned) == before


@pytest.mark.covers("F46")
def test_a_run_slept_over_within_if_late_stays_planned(planned: Newsroom) -> None:
    planned.clock.forward(2 * HOUR)
    look(planned)
    assert states(planned) == [(24, PLANNED), (25, PLANNED), (26, PLANNED), (27, PLANNED)]


@pytest.mark.covers("F47")
def test_each_run_slept_over_for_longer_is_recorded_missed(planned: Newsroom) -> None:
    planned.clock.forward(5 * DAY + 6 * HOUR)  # more days than there were rows
    told = look(planned)
    assert states(planned)[:6] == [(day, OccurrenceState.MISSED) for day in range(24, 30)]
    assert states(planned)[6:] == [(30, PLANNED), (1, PLANNED), (2, PLANNED)]
    assert len([sentence for sentence in told if "missed" in sentence]) == 6
    log = explain_log(planned.desk)
    assert [line.outcome for line in log] == ["missed"] * 6
    assert log[0].why == (
        "planned for 2026-11-24 06:30:00 UTC, more than 2 hours ago, which if_late does not allow"
    )


@pytest.mark.covers("F47")
def test_of_several_that_are_due_at_once_only_the_latest_is_run(newsroom: Newsroom) -> None:
    give_rule(newsroom, RULE.replace('"2h"', '"4d"'))
    look(newsroom)
    newsroom.clock.forward(3 * DAY + HOUR)
    look(newsroom)
    missed = OccurrenceState.MISSED
    assert states(newsroom)[:4] == [(24, missed), (25, missed), (26, missed), (27, PLANNED)]
    assert rows(newsroom)[0].why == "the one of 2026-11-27 06:30 is due too"


@pytest.mark.covers("F39", "F40")
def test_a_clock_that_was_wrong_repeats_nothing_and_loses_nothing(planned: Newsroom) -> None:
    planned.clock.forward(HOUR)
    done(planned, 24)
    right = planned.clock.now()
    planned.clock.jump(right + DAY + 6 * HOUR)
    look(planned)
    assert (25, OccurrenceState.MISSED) in states(planned)
    planned.clock.jump(right)
    told = look(planned)
    assert any("while the clock was wrong" in sentence for sentence in told)
    found = dict(states(planned))
    assert found[24] is OccurrenceState.DONE
    assert found[25] is PLANNED
    planned.clock.jump(right - DAY)
    look(planned)
    assert dict(states(planned))[24] is OccurrenceState.DONE


@pytest.mark.covers("F39")
def test_a_time_of_its_own_that_a_wrong_clock_missed_is_planned_again_and_sent(
    ready: Newsroom,
) -> None:
    ready.approve()
    ready.schedule(wait=HOUR)
    right = ready.clock.now()
    ready.clock.jump(right + DAY)
    assert ready.release().verdict is Verdict.MISSED
    assert look(ready) == ()  # as the wrong clock has it, the time is past
    ready.clock.jump(right)
    assert look(ready) == (f"{SAMPLE}: planned again: it was missed while the clock was wrong",)
    again = ready.occurrence()
    assert again is not None
    assert (again.state, again.why, again.planned_at) == (PLANNED, "", right + HOUR)
    assert look(ready) == ()
    assert ready.release().verdict is Verdict.FROZEN


@pytest.mark.covers("F43")
def test_times_follow_the_settings_and_the_change_is_shown(planned: Newsroom) -> None:
    planned.set('timezone = "Europe/London"', 'timezone = "Europe/Berlin"')
    look(planned)
    first = rows(planned)[0]  # 06:30 in Berlin is past at 06:00 in London, and in time
    assert first.planned_at == utc("2026-11-24 05:30")
    assert first.note == (
        "moved from 07:30:00 CET (06:30 UTC) to 06:30:00 CET (05:30 UTC): the settings, "
        "or the rules of Europe/Berlin, changed"
    )
    assert look(planned) == ()


def test_a_time_that_the_schedule_has_no_more_is_left_out_with_the_reason(
    planned: Newsroom,
) -> None:
    name = write_issue(planned, "2026-11-25")
    look(planned)
    planned.set('cron = "30 6 * * *"', 'cron = "0 7 * * *"')
    told = look(planned)
    assert any('the schedule "0 7 * * *" has no such time' in sentence for sentence in told)
    old = [row for row in rows(planned) if row.local_time.hour == 6]
    new = [row for row in rows(planned) if row.local_time.hour == 7]
    assert {row.mark for row in old} == {OccurrenceMark.GONE}
    assert {row.state for row in old} == {OccurrenceState.SKIPPED}
    assert [row.issue for row in new] == [None, name, None]  # its file goes with the day
    planned.set('cron = "0 7 * * *"', 'cron = "30 6 * * *"')
    look(planned)
    assert [row.issue for row in rows(planned) if row.state is PLANNED] == [None, name, None]
    assert all(row.local_time.hour == 6 for row in rows(planned) if row.state is PLANNED)


def test_the_file_with_newsletter_and_date_is_attached(planned: Newsroom) -> None:
    name = write_issue(planned, "2026-11-25", "2026-11-25-another-name")
    look(planned)
    assert [row.issue for row in rows(planned)] == [None, name, None]
    path = planned.folder / "issues" / f"{name}.md"
    path.write_text(path.read_text().replace("date: 2026-11-25", "date: 2026-11-26"))
    look(planned)
    assert [row.issue for row in rows(planned)] == [None, None, name]


def test_of_two_files_none_is_attached_and_a_second_one_holds_the_run(planned: Newsroom) -> None:
    write_issue(planned, "2026-11-25")
    write_issue(planned, "2026-11-25", "2026-11-25-b")
    name = write_issue(planned, "2026-11-24")  # its draft_at has come
    look(planned)
    assert [row.issue for row in rows(planned)] == [name, None, None]
    write_issue(planned, "2026-11-24", "2026-11-24-b")
    look(planned)
    held = rows(planned)[0]
    assert held.state is OccurrenceState.HELD
    assert "issues/2026-11-24-b.md and issues/2026-11-24-daily.md are both the issue" in held.why


def test_approving_gives_the_time_that_the_schedule_has_on_its_date(ready: Newsroom) -> None:
    give_rule(ready)
    name = write_issue(ready, "2026-11-26")
    ready.verified_on(datetime(2026, 11, 24, tzinfo=UTC).date())
    approval = approve_issue(ready.desk, name, by="Ada")
    assert approval.planned_at == utc("2026-11-26 06:30")
    assert approve_issue(ready.desk, SAMPLE, by="Ada").planned_at is None  # of another day


@pytest.mark.covers("F44", "T51")
def test_a_time_has_one_row_whoever_plans_it(planned: Newsroom) -> None:
    schedule = ScheduleSettings(cron="30 6 * * *")
    found = next(planned_times(schedule, ZoneInfo("Europe/London"), after=planned.clock.now()))
    with planned.desk.database.write() as connection:
        assert scheduled.add_scheduled(connection, "daily", found) is None
        first = occurrences.at_key(connection, "daily", found.local.date(), found.local.time())
        assert first is not None
        claims = [
            occurrences.claim(connection, first.id, owner=owner, now=planned.clock.now())
            for owner in ("one", "another")
        ]
    assert [claim is not None for claim in claims] == [True, False]
    look(planned)
    assert len(rows(planned)) == AHEAD


@pytest.mark.parametrize("when", ["approved", "draft_at"])
def test_a_front_matter_that_is_broken_holds_the_run_with_its_place(
    planned: Newsroom, when: str
) -> None:
    """Its file stays the run's: no other issue is drafted in its place."""
    name = write_issue(planned, "2026-11-25", "tom-1")
    look(planned)
    if when == "approved":
        planned.subscribe(3)
        planned.verify()
        approve_issue(planned.desk, name, by="A. Editor")
    planned.set("date: 2026-11-25", "date: 2026-11-25: x", f"issues/{name}.md")
    if when == "draft_at":
        look(planned)
        assert rows(planned)[1].state is PLANNED
        assert rows(planned)[1].issue == name
        planned.clock.forward(DAY)
    look(planned)
    row = next(row for row in rows(planned) if row.issue == name)
    assert row.state is OccurrenceState.HELD
    assert "issues/tom-1.md:3:" in row.why
    assert row.why.endswith(", so its front matter cannot be read")
