"""Scheduled runs, stage by stage: a real source, a real database, a clock that the test moves."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from feed_site import FeedSite
from workflows.digest_room import DAY, ISSUE, SCHEDULE, DigestRoom
from workflows.newsroom import Newsroom

from newsletter.model.notice import NoticeKind
from newsletter.model.records import OccurrenceState
from newsletter.model.schedule import Stage

BEFORE_APPROVAL = [
    Stage.FETCH,
    Stage.DRAFT,
    Stage.RECHECK,
    Stage.BUILD,
    Stage.CHECK,
    Stage.EDITORS,
]


@pytest.fixture
def desk(ready: Newsroom) -> Iterator[DigestRoom]:
    with FeedSite() as site:
        yield DigestRoom(ready, site)


def test_at_draft_at_the_run_reads_drafts_checks_and_shows_the_editors(desk: DigestRoom) -> None:
    desk.set_up()
    assert desk.at("06:29:59").issue is None
    assert desk.passed() == []
    run = desk.at("06:30:00")
    assert (run.state, run.issue) == (OccurrenceState.PLANNED, ISSUE)
    assert desk.passed() == BEFORE_APPROVAL
    steps = desk.steps()
    assert list(steps) == [str(stage) for stage in BEFORE_APPROVAL]
    assert "world: 4 articles, 4 new" in steps["fetch"].result
    assert steps["draft"].result.startswith(f"issues/{ISSUE}.md written: ")
    assert steps["draft"].result.endswith(" stories of 4 articles")
    asked, *unwell = steps["recheck"].result.split("; ")
    assert " links asked" in asked
    assert asked.endswith("nothing has changed") is not bool(unwell)
    problems = [said.removeprefix("dec-ukraine: ") for said in desk.told if "dec-ukraine" in said]
    for problem in problems:
        assert f"the appeal dec-ukraine: {problem}" in steps["recheck"].result
    assert "no errors" in steps["check"].result
    assert steps["editors"].result == "mail to 1 editor"
    assert (desk.room.folder / "build" / ISSUE / "issue.eml").is_file()
    assert not desk.is_due()


def test_the_drafts_mail_is_the_mail_itself_below_its_check_report(desk: DigestRoom) -> None:
    desk.set_up()
    desk.at("06:30:00")
    (notice,) = desk.notices()
    assert (notice.kind, notice.target) == (NoticeKind.DRAFT, "editor@example.org")
    message = message_from_bytes(notice.body, policy=default)
    assert message["Subject"].startswith("[Draft] ")
    assert message["To"] == "editor@example.org"
    report, mail = message.iter_parts()
    told = report.get_content()
    assert f"newsletter approve {ISSUE}" in told
    assert "Approve it by 07:25; otherwise it is held." in told
    assert "No check fails" in told
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "The harbour bridge opens in May" in text
    assert "The harbour bridge opens in May" in html
    assert desk.room.rows("SELECT count(*) FROM mailings") == [(0,)]  # no ledger knows of it


def test_it_waits_for_approval_reminds_and_is_ready_once_approved(desk: DigestRoom) -> None:
    desk.set_up()
    desk.at("06:30:00")
    desk.at("07:14:59")
    assert desk.passed() == BEFORE_APPROVAL
    desk.at("07:15:00")
    assert desk.passed() == [*BEFORE_APPROVAL, Stage.REMINDER]
    reminder = desk.notices()[-1]
    assert reminder.kind is NoticeKind.REMINDER
    assert b"is not approved yet" in reminder.body.lower()
    desk.room.approve(ISSUE)
    desk.at("07:16:00")
    assert desk.steps()["approval"].result == "approved by A. Editor"
    assert desk.is_due()
    released = desk.room.release(ISSUE)
    assert released.verdict == "frozen", released.why


@pytest.mark.parametrize("then", ["hold", "skip"])
def test_nobody_approves_in_time(desk: DigestRoom, then: str) -> None:
    desk.set_up(schedule=f'{SCHEDULE}if_unapproved = "{then}"\n')
    desk.at("06:30:00")
    desk.at("07:24:59")
    run = desk.at("07:25:00")
    assert run.state == {"hold": OccurrenceState.HELD, "skip": OccurrenceState.SKIPPED}[then]
    assert run.why == "not approved by 07:25"
    assert not desk.is_due()


@pytest.mark.covers("F53")
def test_when_all_sources_fail_the_run_is_held_and_nothing_is_written(desk: DigestRoom) -> None:
    desk.set_up()
    desk.site.put("/feed", b"", status=410)  # for good: it is not tried again
    run = desk.at("06:30:00")
    assert run.state is OccurrenceState.HELD
    assert "its only source fails: world is gone" in run.why
    assert run.issue is None
    assert not (desk.room.folder / "issues" / f"{ISSUE}.md").exists()
    assert desk.steps()["fetch"].result == run.why


def test_a_required_source_that_fails_holds_it_another_does_not(desk: DigestRoom) -> None:
    desk.set_up()
    desk.site.put("/other", b"", status=410)
    other = f'[sources.other]\nfeed = "{desk.site.url("/other")}"\n'
    other += f'allow_local = ["{desk.site.address}"]\n'
    desk.room.set("[proof]", f"{other}\n[proof]")
    desk.room.set('sources = ["world"]', 'sources = ["world", "other"]')
    run = desk.at("06:30:00")
    assert run.state is OccurrenceState.PLANNED, run.why
    assert "other: gone" in desk.steps()["fetch"].result

    desk.room.set("[sources.other]\n", "[sources.other]\nrequired = true\n")
    with desk.room.desk.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM run_stages")
        connection.exec_driver_sql("UPDATE occurrences SET issue = NULL")
    (desk.room.folder / "issues" / f"{ISSUE}.md").unlink()
    run = desk.advance()
    assert run.state is OccurrenceState.HELD
    assert run.why.startswith("daily requires other")


def test_fewer_than_fewest_stories_is_skipped_and_writes_nothing(desk: DigestRoom) -> None:
    desk.set_up(items=2)
    run = desk.at("06:30:00")
    assert run.state is OccurrenceState.SKIPPED
    assert run.why == "2 stories to choose, and fewest_stories is 3"
    assert not (desk.room.folder / "issues" / f"{ISSUE}.md").exists()


@pytest.mark.covers("F49")
def test_a_file_with_mistakes_holds_it_with_their_place(desk: DigestRoom) -> None:
    desk.set_up()
    (desk.room.folder / "issues" / f"{ISSUE}.md").write_text("no front matter\n")
    run = desk.at("06:30:00")
    assert run.state is OccurrenceState.HELD
    assert f"issues/{ISSUE}.md:1" in run.why


@pytest.mark.covers("F47")
def test_a_run_found_too_late_is_missed_and_reads_nothing(desk: DigestRoom) -> None:
    desk.set_up()
    run = desk.at("09:30:01")
    assert run.state is OccurrenceState.MISSED
    assert desk.site.asked == []


@pytest.mark.covers("F46")
def test_a_run_found_late_within_if_late_does_all_at_once(desk: DigestRoom) -> None:
    desk.room.set('approval = "required"', 'approval = "automatic"')
    desk.set_up()
    run = desk.at("07:45:00")
    assert run.state is OccurrenceState.PLANNED
    assert desk.is_due()
    assert desk.room.release(ISSUE).verdict == "frozen"


def test_it_is_taken_up_at_any_stage_and_does_nothing_twice(desk: DigestRoom) -> None:
    """Each stage's transaction fails once, as if the process had ended just then."""
    desk.set_up()
    with desk.room.desk.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE kill (stage TEXT)")
        connection.exec_driver_sql(
            "CREATE TRIGGER killed BEFORE INSERT ON run_stages"
            " WHEN NEW.stage IN (SELECT stage FROM kill)"
            " BEGIN SELECT RAISE(ABORT, 'killed'); END"
        )
    desk.room.clock.forward(timedelta(minutes=30))
    for stage in BEFORE_APPROVAL:
        with desk.room.desk.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM kill")
            connection.exec_driver_sql("INSERT INTO kill VALUES (?)", (str(stage),))
        with pytest.raises(Exception, match="killed"):
            desk.advance()
        assert desk.passed() == BEFORE_APPROVAL[: BEFORE_APPROVAL.index(stage)]
    with desk.room.desk.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM kill")
    desk.advance()
    assert desk.passed() == BEFORE_APPROVAL
    assert len(desk.notices()) == 1
    assert len(list(desk.room.folder.glob(f"issues/{DAY}*daily.md"))) == 1
    assert desk.room.rows("SELECT count(*) FROM occurrences") == [(1,)]
