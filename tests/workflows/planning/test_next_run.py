"""Force and skip: one run of a schedule, and no other."""

from datetime import date

import pytest
from workflows.newsroom import Newsroom
from workflows.planning.test_plan_ahead import (
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
from newsletter.store import approvals
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
