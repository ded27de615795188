"""A draft whose sources fail is tried again: a real source that fails and mends, a moved clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from feed_site import FeedSite
from workflows.digest_room import DAY, ISSUE, DigestRoom
from workflows.newsroom import Newsroom

from newsletter.model.records import OccurrenceState, StepRow
from newsletter.model.schedule import Stage
from newsletter.model.source import SourceRow, SourceState
from newsletter.store import occurrences, sources
from newsletter.workflows.sources.fetch_sources import fetch_sources

SAMPLE = "2022-03-16-daily"


@pytest.fixture
def desk(ready: Newsroom) -> Iterator[DigestRoom]:
    with FeedSite() as site:
        yield DigestRoom(ready, site)


def fails(desk: DigestRoom, status: int = 500, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    desk.site.put("/feed", b"", status=status, headers=named)


def write(desk: DigestRoom, name: str = ISSUE) -> None:
    sample = (desk.room.folder / "issues" / f"{SAMPLE}.md").read_text()
    file = desk.room.folder / "issues" / f"{name}.md"
    file.write_text(sample.replace("date: 2022-03-16", f"date: {DAY}"))


def tries(desk: DigestRoom) -> list[StepRow]:
    with desk.room.desk.database.read() as connection:
        found = occurrences.steps(connection, desk.run().id)
    return [step for step in found if step.name == "fetch"]


def world(desk: DigestRoom) -> SourceRow:
    with desk.room.desk.database.read() as connection:
        return sources.get_source(connection, "world")


def through(desk: DigestRoom, since: str, until: str, *, every_s: int = 20) -> None:
    """Look again and again, as `run` does."""
    at, end = (datetime.fromisoformat(f"{DAY} {local}") for local in (since, until))
    while at <= end:
        desk.at(f"{at:%H:%M:%S}")
        at += timedelta(seconds=every_s)


@pytest.mark.covers("F53")
def test_a_source_that_failed_shortly_before_the_draft_is_asked_for_it(desk: DigestRoom) -> None:
    desk.set_up()
    fails(desk)
    desk.at("06:28:30")
    tools = desk.tools
    fetch_sources(desk.room.desk, (), tools.fetcher, say=lambda _: None, stop=desk.stop)
    assert world(desk).state is SourceState.FAILING
    desk.publish(4)
    run = desk.at("06:30:00")
    assert (run.state, run.issue) == (OccurrenceState.PLANNED, ISSUE)
    assert "world: 4 articles, 4 new" in tries(desk)[0].result
    assert Stage.EDITORS in desk.passed()


@pytest.mark.covers("F53")
def test_where_it_fails_at_draft_at_the_draft_is_tried_again_a_minute_later(
    desk: DigestRoom,
) -> None:
    desk.set_up()
    fails(desk)
    run = desk.at("06:30:00")
    assert run.state is OccurrenceState.PLANNED
    (first,) = tries(desk)
    assert first.result.startswith("its only source fails: world is failing: ")
    assert first.result.endswith("; tried again at 06:31:00")
    assert desk.passed() == []
    desk.publish(4)
    through(desk, "06:30:01", "06:30:59", every_s=1)
    assert len(tries(desk)) == 1
    assert desk.site.count("/feed") == 1
    run = desk.at("06:31:00")
    assert (run.state, run.issue) == (OccurrenceState.PLANNED, ISSUE)
    assert "world: 4 articles, 4 new" in tries(desk)[1].result
    desk.room.approve(ISSUE)
    desk.advance()
    assert desk.is_due()
    assert desk.room.release(ISSUE).verdict == "frozen"


@pytest.mark.covers("F53")
def test_it_is_tried_until_approve_by_politely_and_then_held(desk: DigestRoom) -> None:
    desk.set_up()
    fails(desk)
    through(desk, "06:30:00", "07:24:40")
    assert desk.run().state is OccurrenceState.PLANNED
    run = desk.at("07:25:00")
    assert run.state is OccurrenceState.HELD
    assert run.why.startswith("its only source fails: world is failing: ")
    assert run.why.endswith("; tried 20 times")
    moments = [step.started.strftime("%M") for step in tries(desk)]
    soon = [f"{minute}" for minute in range(30, 41)]
    assert moments == [*soon, "45", "50", "55", "00", "05", "10", "15", "20", "25"]
    assert desk.site.count("/feed") == len(moments)
    row = world(desk)
    assert (row.state, row.failures) == (SourceState.FAILING, 1)  # one failure, not a quarantine
    assert not (desk.room.folder / "issues" / f"{ISSUE}.md").exists()


def test_a_file_that_appears_meanwhile_is_taken_up_and_no_source_asked(desk: DigestRoom) -> None:
    desk.set_up()
    fails(desk)
    desk.at("06:30:00")
    write(desk)
    desk.at("06:30:10")  # the planner attaches the file within seconds; a try finds it too
    run = desk.at("06:31:00")
    assert (run.state, run.issue) == (OccurrenceState.PLANNED, ISSUE)
    assert desk.site.count("/feed") == 1
    assert tries(desk)[1].result == f"issues/{ISSUE}.md is there, no source is asked for it"
    assert "is used as it is" in desk.steps()["draft"].result
    assert Stage.EDITORS in desk.passed()
