"""What restore-accept holds, and what it leaves as it is."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from clock import NOW, FakeClock
from sqlalchemy import text

from newsletter.config.load import load_settings
from newsletter.errors import NothingToDo
from newsletter.model.notice import NewNotice, NoticeChannel, NoticeKind, NoticeState
from newsletter.model.records import OccurrenceState
from newsletter.model.schedule import Moments, ScheduledTime
from newsletter.store import Database, StoreRestored, notices, occurrences, open_database, scheduled
from newsletter.store.schema import host_id
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import init_folder
from newsletter.workflows.sending.begin_sending import (
    accept_restored,
    begin_sending,
    doubt_about,
    what_bars_sending,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A folder whose database sent last two hours ago, and has rows around now."""
    init_folder(tmp_path)
    settings = load_settings(tmp_path / "newsletter.toml", {})
    with Desk(
        settings,
        FakeClock(),
        open_database=lambda: open_database(settings.database_url.value, create=True),
    ) as made:
        begin_sending(made)
        for day, moment in ((1, NOW - HOUR), (2, NOW + HOUR)):
            _add(made.database, day, moment)
        with made.database.write() as connection:
            notices.add(
                connection,
                [
                    NewNotice(
                        event="sent 1",
                        kind=NoticeKind.SENT,
                        newsletter="daily",
                        issue="a",
                        channel=NoticeChannel.WEBHOOK,
                        target="webhook",
                        body=b"{}",
                    )
                ],
                now=NOW,
            )
        yield made


def _add(database: Database, day: int, moment: datetime) -> None:
    moments = Moments(draft_at=moment, approve_by=moment, planned_at=moment)
    local = datetime.combine(date(2026, 12, day), time(6, 30))
    with database.write() as connection:
        planned = ScheduledTime(local=local, moments=moments, note="")
        assert scheduled.add_scheduled(connection, "daily", planned) is not None


def _make_backup_of(database: Database, moment: datetime) -> None:
    """Turn the database into what `newsletter backup` copied at that moment."""
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO meta VALUES ('backup_at', :at)"), {"at": moment.isoformat()}
        )


def _states(desk: Desk) -> list[OccurrenceState]:
    with desk.database.read() as connection:
        return [row.state for row in occurrences.list_occurrences(connection)]


@pytest.mark.covers("F36", "I01")
def test_what_may_have_been_sent_or_told_is_held_and_what_cannot_have_been_stays(
    desk: Desk,
) -> None:
    _make_backup_of(desk.database, NOW - 2 * HOUR)
    with pytest.raises(StoreRestored):
        begin_sending(desk)
    assert "is a restored backup" in what_bars_sending(desk)
    accepted = accept_restored(desk, by="Ada")
    assert accepted.known_until == NOW - 2 * HOUR
    assert _states(desk) == [OccurrenceState.HELD, OccurrenceState.PLANNED]
    with desk.database.read() as connection:
        assert [row.state for row in notices.list_notices(connection)] == [NoticeState.UNKNOWN]
    assert what_bars_sending(desk) == ""
    begin_sending(desk)
    with pytest.raises(NothingToDo):
        accept_restored(desk, by="Ada")


@pytest.mark.covers("F36")
def test_a_time_that_the_backup_did_not_know_is_in_doubt_too(desk: Desk) -> None:
    _make_backup_of(desk.database, NOW - 2 * HOUR)
    accept_restored(desk, by="Ada")
    for day, moment in ((3, NOW - 3 * HOUR), (4, NOW - HOUR / 2), (5, NOW + HOUR / 2)):
        _add(desk.database, day, moment)
    with desk.database.read() as connection:
        rows = {row.local_date.day: row for row in occurrences.list_occurrences(connection)}
    assert doubt_about(desk, rows[3]) == ""  # before the backup: it knows
    assert "what was sent since is unknown" in doubt_about(desk, rows[4])
    assert doubt_about(desk, rows[5]) == ""


@pytest.mark.covers("F61")
def test_of_a_database_from_another_machine_what_is_ahead_and_what_waits_stay(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(text("DELETE FROM meta WHERE key = 'sender_host'"))
        connection.execute(text("INSERT INTO meta VALUES ('sender_host', 'other')"))
    if not host_id():  # a machine without an id cannot tell itself from another
        assert what_bars_sending(desk) == ""
        return
    assert "another machine" in what_bars_sending(desk)
    accepted = accept_restored(desk, by="Ada")
    assert not accepted.is_restored
    assert _states(desk) == [OccurrenceState.HELD, OccurrenceState.PLANNED]
    with desk.database.read() as connection:
        assert [row.state for row in notices.list_notices(connection)] == [NoticeState.WAITING]
        rows = occurrences.list_occurrences(connection)
    assert [doubt_about(desk, row) for row in rows] == ["", ""]
