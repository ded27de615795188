"""Two issues of one newsletter never go out together, wherever a sleep has come between."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import islice

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.model.records import OccurrenceKind, OccurrenceMark, OccurrenceRow, OccurrenceState
from newsletter.store import occurrences, scheduled
from newsletter.workflows.planning.days import planned_times
from newsletter.workflows.planning.occurrence import ABOUT_TO_BE, overtaken
from newsletter.workflows.sending.release import Verdict

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = '[newsletters.daily.schedule]\ncron = "0 * * * *"\nif_late = "2h"\n'


def row(number: int, at: datetime, **changes: object) -> OccurrenceRow:
    values: dict[str, object] = {
        "id": number,
        "newsletter": "daily",
        "issue": None,
        "kind": OccurrenceKind.SCHEDULED,
        "local_date": at.date(),
        "local_time": time(at.hour, at.minute),
        "planned_at": at,
        "state": OccurrenceState.PLANNED,
        "why": "",
        "owner": "",
        "claimed_at": None,
        "ended_at": None,
    }
    return OccurrenceRow(**(values | changes))  # type: ignore[arg-type]


def test_the_earlier_of_two_that_are_due_is_overtaken() -> None:
    first, second = row(1, NOON - HOUR), row(2, NOON)
    both = (first, second)
    assert overtaken(first, both, NOON) == "the one of 2026-11-24 12:00 is due too"
    assert overtaken(first, both, NOON - ABOUT_TO_BE)
    assert not overtaken(first, both, NOON - ABOUT_TO_BE - timedelta(seconds=1))
    assert not overtaken(second, both, NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": OccurrenceState.MISSED},
        {"mark": OccurrenceMark.FORCED},
        {"kind": OccurrenceKind.ONE_OFF},
    ],
)
def test_what_is_left_out_or_done_by_hand_overtakes_nothing(changes: dict[str, object]) -> None:
    first = row(1, NOON - HOUR)
    assert not overtaken(first, (first, row(2, NOON, **changes)), NOON)
    forced = row(1, NOON - HOUR, mark=OccurrenceMark.FORCED)
    assert not overtaken(forced, (forced, row(2, NOON)), NOON)


def _claimed(ready: Newsroom, *, hours: int) -> OccurrenceRow:
    """Approve the sample, plan hourly times, claim the first with it, and sleep so many hours."""
    ready.set("[proof]", f"{RULE}\n[proof]")
    ready.approve()
    (newsletter,) = ready.desk.settings.newsletters
    assert newsletter.schedule is not None
    now = ready.clock.now()
    times = islice(planned_times(newsletter.schedule, newsletter.timezone, after=now), 3)
    with ready.desk.database.write() as connection:
        rows = [scheduled.add_scheduled(connection, "daily", found) for found in times]
        assert rows[0] is not None
        scheduled.attach_issue(connection, rows[0].id, SAMPLE)
        claimed = occurrences.claim(connection, rows[0].id, owner="test", now=now)
    assert claimed is not None
    ready.clock.forward(claimed.planned_at - now + hours * HOUR)
    return claimed


@pytest.mark.covers("F46", "F47")
@pytest.mark.parametrize(("hours", "verdict"), [(0, Verdict.FROZEN), (1, Verdict.MISSED)])
def test_one_that_was_claimed_before_a_sleep_is_not_sent_beside_the_next(
    ready: Newsroom, hours: int, verdict: Verdict
) -> None:
    released = ready.release_claimed(_claimed(ready, hours=hours))
    assert released.verdict is verdict
    assert ("is due too" in released.why) == (verdict is Verdict.MISSED)


@pytest.mark.covers("F40")
@pytest.mark.parametrize("wait", ["approved", "planned"])
def test_an_approval_given_by_a_wrong_clock_holds_no_longer_than_a_hold(
    ready: Newsroom, wait: str
) -> None:
    right = ready.clock.now()
    at: Callable[[], datetime] = ready.clock.now
    ready.clock.jump(right + timedelta(days=1))
    ready.approve()
    ready.clock.jump(right)
    ready.schedule(wait=timedelta(seconds=10) if wait == "approved" else HOUR)
    claimed = ready.claim()
    released = ready.release_claimed(claimed)
    assert released.verdict is Verdict.FROZEN, released.why
    assert at() <= claimed.planned_at + timedelta(seconds=61)
