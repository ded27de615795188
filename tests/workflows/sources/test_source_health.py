"""The state machine of sources, tried with any row of readings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.settings import SourceSettings
from newsletter.model.source import SourceRow, SourceState
from newsletter.workflows.sources import source_health as health
from newsletter.workflows.sources.source_health import (
    Success,
    after_failure,
    after_success,
    as_configured,
    is_due,
)
from newsletter.workflows.sources.source_tools import SourceFailedError

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WORLD = SourceSettings(name="world", feed="https://example.org/rss")
NEW = as_configured(SourceRow(name="world"), WORLD)

spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))
successes = st.builds(
    Success,
    keep_for=st.none() | spans,
    ttl_s=st.none() | st.integers(0, 10**7),
    etag=st.none() | st.text(max_size=3),
    moved_to=st.sampled_from(["", "https://example.org/new", WORLD.feed]),
)
failures = st.builds(
    SourceFailedError,
    st.text(min_size=1, max_size=9),
    status=st.sampled_from([0, 410, 500]),
    retry_after=st.none() | spans,
)
chances = st.floats(0, 1)


def fail(row: SourceRow, times: int = 1, *, chance: float = 0.5) -> SourceRow:
    for _ in range(times):
        row = after_failure(row, SourceFailedError("x"), WORLD, now=NOW, chance=chance)
    return row


@given(st.lists(st.tuples(st.one_of(successes, failures), chances, spans)))
def test_any_readings_lead_to_a_state_that_holds_together(
    readings: list[tuple[Success | SourceFailedError, float, timedelta]],
) -> None:
    row, now = NEW, NOW
    for reading, chance, passed in readings:
        before, now = row, min(now + passed, datetime(9000, 1, 1, tzinfo=UTC))
        if isinstance(reading, Success):
            row = after_success(row, reading, WORLD, now=now)
            assert (row.state, row.failures, row.last_error) == (SourceState.WELL, 0, "")
            assert row.moved_to != WORLD.feed
        else:
            row = after_failure(row, reading, WORLD, now=now, chance=chance)
            assert row.failures == before.failures + 1
            assert row.last_error == str(reading)
            assert (row.etag, row.last_modified) == (before.etag, before.last_modified)
            assert (row.state is SourceState.GONE) == (reading.status == 410)
        assert row.checked_at == now
        assert row.since is not None
        assert (row.since == before.since) or row.state is not before.state or before.since is None
        assert not is_due(row, now)
        if row.state is SourceState.GONE:
            assert row.next_at is None
        else:
            assert row.next_at is not None
            assert row.next_at - now >= health.LEAST_EVERY
            assert row.next_at - now <= max(health.MOST_WAIT * 1.1, health.MOST_RETRY_AFTER)
            assert is_due(row, row.next_at)


def test_it_waits_1_2_4_8_16_and_24_hours() -> None:
    rows = [NEW]
    for _ in range(9):
        rows.append(fail(rows[-1]))
    waits = [row.next_at - NOW for row in rows[1:] if row.next_at]
    assert [wait / HOUR for wait in waits] == [1, 2, 4, 8, 16, 24, 24, 24, 24]
    assert [row.state for row in rows[1:]] == [
        *[SourceState.FAILING] * (health.QUARANTINE_AFTER - 1),
        *[SourceState.QUARANTINED] * 2,
    ]


@pytest.mark.parametrize(
    ("every", "asked_for", "waits"),
    [
        (15, None, 15),
        (1, None, 5),
        (15, 10, 15),
        (15, 60, 60),
        (1, 1, 5),
        (15, 60 * 24 * 365, 60 * 24),
        (60 * 48, 60, 60 * 48),
    ],
)
def test_the_interval_is_raised_and_never_lowered(
    every: int, asked_for: int | None, waits: int
) -> None:
    source = replace(WORLD, every=every * MINUTE)
    success = Success(keep_for=None if asked_for is None else asked_for * MINUTE)
    row = after_success(NEW, success, source, now=NOW)
    assert row.next_at == NOW + waits * MINUTE


@pytest.mark.covers("F51")
def test_retry_after_is_honoured() -> None:
    for seconds, waits in ((10, 15 * MINUTE), (7200, 2 * HOUR), (10**9, timedelta(days=7))):
        failure = SourceFailedError("x", retry_after=timedelta(seconds=seconds))
        row = after_failure(NEW, failure, WORLD, now=NOW, chance=0.0)
        assert row.next_at == NOW + waits


@pytest.mark.covers("F51")
def test_a_source_that_is_gone_is_asked_only_by_name_and_may_come_back() -> None:
    row = after_failure(NEW, SourceFailedError("x", status=410), WORLD, now=NOW, chance=0.0)
    assert not is_due(row, NOW + timedelta(days=999))
    assert after_success(row, Success(), WORLD, now=NOW).state is SourceState.WELL


@pytest.mark.covers("F51")
def test_what_the_last_good_answer_said_outlives_failures() -> None:
    good = Success(etag='"1"', last_modified="Tue", location="https://example.org/f", title="W")
    row = fail(after_success(NEW, good, WORLD, now=NOW), 3)
    assert (row.etag, row.last_modified, row.title) == ('"1"', "Tue", "W")
    unchanged = after_success(row, Success(), WORLD, now=NOW)
    assert (unchanged.etag, unchanged.location) == ('"1"', "https://example.org/f")


def test_another_address_in_the_settings_is_another_source() -> None:
    known = replace(fail(NEW, 8), etag='"1"', articles=7)
    assert as_configured(known, WORLD) == known
    moved = as_configured(known, replace(WORLD, feed="https://example.org/new"))
    assert moved == SourceRow(name="world", address=moved.address, articles=7)
    assert is_due(moved, NOW)


@pytest.mark.covers("F40")
def test_a_source_that_was_read_by_a_wrong_clock_is_due_once_that_is_right() -> None:
    ahead = after_success(NEW, Success(), WORLD, now=NOW + timedelta(days=1))
    assert is_due(ahead, NOW)
    assert not is_due(after_success(ahead, Success(), WORLD, now=NOW), NOW + MINUTE)
