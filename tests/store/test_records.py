"""Approvals, planned times, sealed messages, keys, tests, waivers, callouts."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from newsletter.errors import UserError
from newsletter.model.composed import Skeleton, Slot, SlotContext
from newsletter.model.records import OccurrenceKind, OccurrenceState
from newsletter.model.schedule import PlannedTime
from newsletter.store import (
    Connection,
    Database,
    StoreDamaged,
    approvals,
    occurrences,
    subscribers,
)
from newsletter.store.tables import signing_keys

ISSUE = "2026-11-24-daily"

slots = st.builds(
    Slot,
    name=st.text(max_size=8),
    context=st.sampled_from(SlotContext),
    fallback=st.text(max_size=8),
)


@st.composite
def skeleton(draw: st.DrawFn) -> Skeleton:
    chosen = draw(st.lists(slots, max_size=5))
    segment = st.binary(max_size=40)
    size = len(chosen) + 1
    return Skeleton(
        segments=tuple(draw(st.lists(segment, min_size=size, max_size=size))), slots=tuple(chosen)
    )


@given(skeleton())
def test_a_sealed_message_comes_back_as_it_was(sealed: Skeleton) -> None:
    body = approvals.encode_skeleton(sealed)
    assert approvals.decode_skeleton(body) == sealed
    assert approvals.encode_skeleton(approvals.decode_skeleton(body)) == body


@given(skeleton(), st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_a_cut_or_lengthened_one_is_refused(sealed: Skeleton, at: int, more: bytes) -> None:
    body = approvals.encode_skeleton(sealed)
    for broken in (body[: at % len(body)], body + more):
        with pytest.raises(StoreDamaged):
            approvals.decode_skeleton(broken)


def _approve(conn: Connection, now: datetime, *, planned_at: datetime | None = None) -> int:
    return approvals.approve(
        conn,
        issue=ISSUE,
        fingerprint="f" * 64,
        seals={"shown": "f" * 64},
        list_name="daily",
        recipients=3,
        planned_at=planned_at,
        planned_local="",
        by="Jane",
        now=now,
    ).id


def test_one_approval_of_an_issue_stands(database: Database, now: datetime) -> None:
    with database.write() as conn:
        assert approvals.standing(conn, ISSUE) is None
        assert approvals.latest(conn, ISSUE) is None
        first, second = _approve(conn, now), _approve(conn, now)
        standing = approvals.standing(conn, ISSUE)
        assert standing is not None
        assert (standing.id, standing.seals) == (second, {"shown": "f" * 64})
        assert first != second
        assert approvals.break_seal(conn, ISSUE, why="the issue changed", now=now)
        assert not approvals.break_seal(conn, ISSUE, why="again", now=now)
        latest = approvals.latest(conn, ISSUE)
    assert latest is not None
    assert (latest.id, latest.broken_why, latest.broken_at) == (second, "the issue changed", now)


def _planned(at: datetime) -> PlannedTime:
    return PlannedTime(local=at.replace(tzinfo=None), zone="Europe/London", at=at)


def _plan(conn: Connection, issue: str, at: datetime) -> int:
    return occurrences.plan_issue(
        conn,
        newsletter="daily",
        issue=issue,
        kind=OccurrenceKind.ONE_OFF,
        planned=_planned(at),
    ).id


@pytest.mark.covers("F44", "I05")
def test_a_planned_time_is_claimed_once(database: Database, now: datetime) -> None:
    with database.write() as conn:
        id_ = _plan(conn, ISSUE, now)
        assert [row.id for row in occurrences.due(conn, before=now)] == [id_]
        assert occurrences.due(conn, before=now - timedelta(seconds=1)) == ()
        claimed = occurrences.claim(conn, id_, owner="w1", now=now)
        assert claimed is not None
        assert (claimed.owner, claimed.claimed_at) == ("w1", now)
        assert occurrences.claim(conn, id_, owner="w2", now=now) is None
        assert [row.id for row in occurrences.claimed(conn)] == [id_]
        occurrences.give_back(conn, id_)
        second = occurrences.claim(conn, id_, owner="w2", now=now + timedelta(minutes=5))
        assert second is not None
        assert (second.owner, second.claimed_at) == ("w2", now)
        occurrences.finish(conn, id_, OccurrenceState.DONE, why="", now=now)
        with pytest.raises(UserError, match="done"):
            occurrences.finish(conn, id_, OccurrenceState.HELD, why="", now=now)
        assert _plan(conn, ISSUE, now) == id_  # it had nobody to send to: no mailing was made


def test_a_missed_run_may_be_planned_anew_and_keeps_its_steps(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        id_ = _plan(conn, ISSUE, now)
        occurrences.add_step(
            conn,
            occurrence_id=id_,
            issue=ISSUE,
            name="build",
            started=now,
            seconds=0.5,
            result="done",
        )
        occurrences.finish(conn, id_, OccurrenceState.MISSED, why="asleep", now=now)
        with pytest.raises(UserError, match="missed"):
            occurrences.unplan(conn, id_, now=now)
        assert _plan(conn, ISSUE, now + timedelta(hours=1)) == id_
        row = occurrences.get_occurrence(conn, id_)
        assert (row.state, row.why, row.ended_at) == (OccurrenceState.PLANNED, "", None)
        assert (row.local_date, row.local_time.hour) == (date(2026, 11, 24), 7)
        assert [step.name for step in occurrences.steps(conn, id_)] == ["build", "missed"]
        occurrences.unplan(conn, id_, now=now)


@pytest.mark.covers("I08")
def test_an_older_key_stays_good(database: Database, now: datetime) -> None:
    with database.write() as conn:
        assert subscribers.newest_key(conn, "links") is None
        first = subscribers.keep_key(conn, key_id="a", purpose="links", secret=b"1", now=now)
        assert (
            subscribers.keep_key(conn, key_id="b", purpose="links", secret=b"2", now=now) == first
        )
        later = now + timedelta(days=1)
        second = replace(first, key_id="c", secret=b"3", created=later)
        conn.execute(insert(signing_keys).values(asdict(second)))
        assert subscribers.newest_key(conn, "links") == second
        assert subscribers.get_key(conn, "a") == first
        assert subscribers.get_key(conn, "z") is None
    assert "b'1'" not in repr(first)
