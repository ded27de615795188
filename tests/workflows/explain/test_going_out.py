"""When a run goes out is told alike by `approve`, `plan` and `log`, also with a hold."""

from datetime import timedelta

from workflows.newsroom import SAMPLE, Newsroom

from newsletter.model.records import ApprovalRow
from newsletter.store import approvals, occurrences
from newsletter.workflows.explain.explain_plan import PlanLine, explain_plan
from newsletter.workflows.explain.explain_runs import approved_words, explain_log


def approval(room: Newsroom) -> ApprovalRow:
    with room.desk.database.read() as connection:
        found = approvals.standing(connection, SAMPLE)
    assert found is not None
    return found


def claim_early(room: Newsroom, lead: timedelta) -> None:
    """Claim the planned time that much before it, as `run` does."""
    planned = room.occurrence()
    assert planned is not None
    room.clock.forward(planned.planned_at - lead - room.clock.now())
    with room.desk.database.write() as connection:
        assert occurrences.claim(connection, planned.id, owner="test", now=room.clock.now())


def plan_line(room: Newsroom) -> PlanLine:
    return explain_plan(room.desk)[0]


def why(room: Newsroom) -> tuple[str, str]:
    (line,) = explain_log(room.desk, SAMPLE)
    return line.outcome, line.why


def test_an_approval_less_than_the_hold_before_the_time_puts_it_off_and_all_say_so(
    ready: Newsroom,
) -> None:
    ready.set('hold = "60s"', 'hold = "40s"')
    ready.schedule(wait=timedelta(seconds=14))  # at 06:00:14
    ready.approve()
    said = "goes out at 06:00:40"
    at, words = approved_words(ready.desk, approval(ready))
    assert at == ready.clock.now() + timedelta(seconds=40)
    assert words == f"planned for 2026-11-24 06:00:14; it {said}, 40 seconds after the approval"
    line = plan_line(ready)
    assert (line.will, line.note, line.goes_out) == ("send", f"{said}, after the hold", at)
    claim_early(ready, timedelta(seconds=5))
    assert plan_line(ready).is_going_out
    assert why(ready) == ("running", said)


def test_a_run_that_is_taken_up_stays_in_the_plan_until_its_mailing_is_there(
    ready: Newsroom,
) -> None:
    ready.approve()
    assert approved_words(ready.desk, approval(ready)) == (None, "")
    ready.schedule()
    at, words = approved_words(ready.desk, approval(ready))
    assert words == 'planned for 2026-11-24 07:00:00; "newsletter run" sends it'
    line = plan_line(ready)
    assert (line.note, line.goes_out, line.is_going_out) == ("", at, False)
    claim_early(ready, timedelta(seconds=5))
    assert plan_line(ready).is_going_out
    assert why(ready) == ("running", "goes out at 07:00:00")
    claimed = ready.occurrence()
    assert claimed is not None
    assert ready.release_claimed(claimed).verdict == "frozen"
    assert explain_plan(ready.desk) == ()
    assert why(ready) == ("running", "")
