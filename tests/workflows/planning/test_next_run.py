"""Force and skip: one run of a schedule, and no other."""

from datetime import date, timedelta

import pytest
from workflows.newsroom import Newsroom
from workflows.planning.test_plan_ahead import (
    DAY,
    HOUR,
    RULE,
    give_rule,
    look,
    rows,
    utc,
    write_issue,
)

from newsletter.errors import NothingToDo, UserError
from newsletter.model.records import OccurrenceState
from newsletter.model.schedule import Stage
from newsletter.store import approvals, scheduled
from newsletter.workflows.approval.approve_issue import approve_issue
from newsletter.workflows.explain.explain_plan import PlanLine, explain_plan
from newsletter.workflows.planning.next_run import force_next, skip_run, unskip_run
from newsletter.workflows.planning.plan_ahead import AHEAD


@pytest.fixture
def planned(ready: Newsroom) -> Newsroom:
    """A newsroom with readers and a schedule of 06:30, at 06:00 on 24 November 2026."""
    give_rule(ready)
    return ready


def by_day(newsroom: Newsroom) -> dict[int, OccurrenceState]:
    return {row.local_date.day: row.state for row in rows(newsroom)}


def plan(newsroom: Newsroom) -> dict[int, PlanLine]:
    return {line.planned.day: line for line in explain_plan(newsroom.desk)}


def test_force_has_the_next_run_now_and_leaves_the_others(planned: Newsroom) -> None:
    changed, _ = force_next(planned.desk, "daily", by="Ada")
    first, second, third = rows(planned)
    assert first.planned_at == first.draft_at == planned.clock.now()
    assert first.approve_by == planned.clock.now() + 2 * HOUR
    assert changed == first
    assert first.note == "forced by Ada; it was planned for 2026-11-24 06:30:00 GMT"
    assert second.planned_at == utc("2026-11-25 06:30")
    look(planned)  # the schedule does not move it back, nor plan its time once more
    assert rows(planned) == (first, second, third)
    with pytest.raises(NothingToDo, match="forced already"):
        force_next(planned.desk, "daily", by="Ada")


def test_force_breaks_an_approval_for_the_planned_time(planned: Newsroom) -> None:
    name = write_issue(planned, "2026-11-24")
    approve_issue(planned.desk, name, by="Ada")
    assert force_next(planned.desk, "daily", by="Ben")[1]
    with planned.desk.database.read() as connection:
        assert approvals.standing(connection, name) is None
        last = approvals.latest(connection, name)
    assert last is not None
    assert last.broken_why == (
        "forced to run at 2026-11-24 06:00:00 instead of 2026-11-24 06:30:00"
    )


def test_skip_leaves_out_the_next_run_or_that_of_a_day(planned: Newsroom) -> None:
    skip_run(planned.desk, "daily", None, by="Ada")
    skip_run(planned.desk, "daily", date(2026, 12, 1), by="Ada")
    look(planned)
    assert by_day(planned)[24] is OccurrenceState.SKIPPED
    assert by_day(planned)[25] is OccurrenceState.PLANNED
    assert by_day(planned)[1] is OccurrenceState.SKIPPED
    lines = plan(planned)
    assert (lines[24].will, lines[24].in_the_way) == ("skip", ("skipped by Ada",))
    assert lines[1].will == "skip"
    planned.clock.forward(HOUR)  # past: the log has it, and why
    assert 24 not in plan(planned)


def test_a_skip_may_be_taken_back_until_its_time(planned: Newsroom) -> None:
    skip_run(planned.desk, "daily", None, by="Ada")
    with pytest.raises(NothingToDo, match="skipped already"):
        skip_run(planned.desk, "daily", date(2026, 11, 24), by="Ada")
    unskip_run(planned.desk, "daily", None)
    assert by_day(planned)[24] is OccurrenceState.PLANNED
    skip_run(planned.desk, "daily", None, by="Ada")
    planned.clock.forward(HOUR)
    with pytest.raises(NothingToDo, match="nothing of daily to come is skipped"):
        unskip_run(planned.desk, "daily", None)


def test_what_was_drafted_stays_and_an_approval_is_waited_for_anew(planned: Newsroom) -> None:
    look(planned)
    first, second = rows(planned)[:2]
    with planned.desk.database.write() as connection:
        for row in (first, second):
            for stage in (Stage.DRAFT, Stage.APPROVAL, Stage.READY):
                scheduled.pass_stage(connection, row.id, stage, now=planned.clock.now())
    force_next(planned.desk, "daily", by="Ada")
    skip_run(planned.desk, "daily", date(2026, 11, 25), by="Ada")
    unskip_run(planned.desk, "daily", None)
    with planned.desk.database.read() as connection:
        assert scheduled.passed(connection, first.id).keys() == {Stage.DRAFT}
        assert not scheduled.passed(connection, second.id)


def test_what_has_no_such_run_is_refused(planned: Newsroom) -> None:
    planned.set(RULE, RULE + 'skip_dates = ["2026-11-25"]\nholidays = "GB-ENG"\n')
    with pytest.raises(NothingToDo, match="has no run on 2026-11-25: 2026-11-25 is one of skip_"):
        skip_run(planned.desk, "daily", date(2026, 11, 25), by="Ada")
    with pytest.raises(NothingToDo, match="Christmas Day"):
        skip_run(planned.desk, "daily", date(2026, 12, 25), by="Ada")
    with pytest.raises(UserError, match="2026-11-20 06:30 is past"):
        skip_run(planned.desk, "daily", date(2026, 11, 20), by="Ada")
    planned.set(RULE, RULE.replace("* * *", "* * mon-fri"))
    with pytest.raises(NothingToDo, match='"30 6 \\* \\* mon-fri" does not name that day'):
        skip_run(planned.desk, "daily", date(2026, 11, 28), by="Ada")


def test_a_newsletter_without_a_schedule_has_nothing_to_force_or_skip(ready: Newsroom) -> None:
    for change in (force_next, lambda desk, name, by: skip_run(desk, name, None, by=by)):
        with pytest.raises(UserError, match="daily has no schedule") as caught:
            change(ready.desk, "daily", by="Ada")
        assert "[newsletters.daily.schedule]" in caught.value.hint


def test_the_plan_tells_the_next_runs_of_all_newsletters_and_what_the_clocks_do(
    planned: Newsroom,
) -> None:
    weekly = RULE.replace("daily", "weekly").replace("* * *", "* * sun")
    give_rule(planned, f'[newsletters.weekly]\nlist = "daily"\n{weekly}')
    lines = explain_plan(planned.desk)
    assert [line.planned for line in lines] == sorted(line.planned for line in lines)
    assert [line.newsletter for line in lines].count("weekly") == AHEAD
    planned.set(RULE, RULE.replace("30 6", "30 1").replace('draft_at = "05:30"', ""))
    planned.clock.jump(utc("2026-03-28 12:00"))
    line = explain_plan(planned.desk)[0]
    assert line.local == "Sun 2026-03-29 02:30:00 BST"
    assert "the clocks go forward, so it is 02:30" in line.note


def test_the_plan_says_when_the_draft_is_written_and_approved(planned: Newsroom) -> None:
    first, second = explain_plan(planned.desk)[:2]
    assert (first.issue, first.will, second.will) == ("", *["wait for approval"] * 2)
    why = "its draft is written Wed 05:30 and needs approval by Wed 06:30"
    assert second.in_the_way[0] == why


def test_the_plan_says_when_an_appeal_lapses_before_a_run(planned: Newsroom) -> None:
    text = (planned.folder / "callouts" / "dec-ukraine.md").read_text()
    assert "last_verified: 2026-11-24" in text
    planned.clock.forward(13 * DAY)  # good until 8 December
    lines = {line.planned.date(): line for line in explain_plan(planned.desk)}
    assert not any("appeal" in why for why in lines[date(2026, 12, 8)].in_the_way)
    late = lines[date(2026, 12, 9)]
    assert late.will == "wait for approval"  # as things stand; who verifies it again mends that
    assert late.in_the_way[1] == (
        "the appeal dec-ukraine will not be open on 2026-12-09: "
        "it was last verified on 2026-11-24, good until 2026-12-08"
    )
    planned.clock.forward(2 * DAY)
    held = explain_plan(planned.desk)[0]
    assert held.will == "hold"
    assert any("is not open: it was last verified" in why for why in held.in_the_way)
    planned.set('callout_if_unverified = "hold"', 'callout_if_unverified = "drop"')
    dropped = explain_plan(planned.desk)[0]
    assert dropped.will != "hold"
    assert any("goes out without" in why for why in dropped.in_the_way)


def test_the_plan_says_that_two_files_are_the_issue_of_a_day(planned: Newsroom) -> None:
    write_issue(planned, "2026-11-24")
    assert plan(planned)[24].will == "wait for approval"
    assert plan(planned)[24].issue == "2026-11-24-daily"
    write_issue(planned, "2026-11-24", "2026-11-24-b")
    line = plan(planned)[24]
    assert line.will == "hold"
    assert "are both the issue of daily for 2026-11-24" in line.in_the_way[0]


def test_the_plan_of_a_schedule_without_a_draft_waits_for_the_file(planned: Newsroom) -> None:
    planned.set('draft_at = "05:30"\nif_late', "if_late")
    line = explain_plan(planned.desk)[0]
    assert line.will == "hold"
    assert line.in_the_way == (
        "there is no issue for 2026-11-24 yet, and the schedule has no draft_at",
    )


def test_the_plan_says_the_audience_fuse_of_every_automatic_run(planned: Newsroom) -> None:
    """The list has grown since the last issue: none goes out by itself, with a file or without."""
    planned.set('approval = "required"', 'approval = "automatic"')
    planned.verify()
    planned.approve()
    planned.schedule(wait=timedelta(minutes=1))
    assert planned.release().verdict == "frozen"
    write_issue(planned, "2026-11-24")
    assert "hold" not in {line.will for line in explain_plan(planned.desk)}
    planned.subscribe(6, first=100)
    why = "the list has 106 readers and 100 got the last issue, more than 5% apart"
    lines = explain_plan(planned.desk)
    assert len(lines) > 2
    assert {line.will for line in lines} == {"hold"}
    assert all(why in line.in_the_way for line in lines)
