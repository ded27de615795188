"""Planned times: who takes them, and when a run was started."""

from datetime import UTC, datetime, timedelta

from newsletter.model.records import OccurrenceKind
from newsletter.model.schedule import PlannedTime
from newsletter.store import Database, occurrences

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def test_a_run_that_another_process_takes_up_was_started_when_the_first_did(
    database: Database,
) -> None:
    planned = PlannedTime(local=NOW.replace(tzinfo=None), zone="UTC", at=NOW)
    with database.write() as connection:
        row = occurrences.plan_issue(
            connection,
            newsletter="daily",
            issue="one",
            kind=OccurrenceKind.ONE_OFF,
            planned=planned,
        )
        first = occurrences.claim(connection, row.id, owner="first", now=NOW)
        assert first is not None
        occurrences.give_back(connection, row.id)
        later = NOW + timedelta(minutes=5)
        second = occurrences.claim(connection, row.id, owner="second", now=later)
        assert second is not None
    assert (first.claimed_at, first.owner) == (NOW, "first")
    assert (second.claimed_at, second.owner) == (NOW, "second")
    with database.write() as connection:  # planned anew by a person, it starts anew
        occurrences.give_back(connection, row.id)
        fresh = occurrences.plan_issue(
            connection,
            newsletter="daily",
            issue="one",
            kind=OccurrenceKind.ONE_OFF,
            planned=planned,
        )
    assert fresh.claimed_at is None
