"""A restored database and one of another machine are told from the one that sent last."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from newsletter.store import Database, StoreElsewhere, StoreRestored, epoch, open_database
from newsletter.store.backup import back_up
from newsletter.store.schema import mark_of, read_mark, write_mark


def _path(database: Database) -> Path:
    assert database.path is not None
    return database.path


def _put_back(database: Database, backup: Path) -> None:
    """Copy a backup into place as the manual says: nothing of the old file stays."""
    path = _path(database)
    database.close()
    for file in path.parent.glob("newsletter.db*"):
        if file != mark_of(path):
            file.unlink()
    shutil.copy(backup, path)


def test_each_epoch_stands_in_the_database_and_in_its_mark(
    database: Database, now: datetime
) -> None:
    assert epoch.standing(database).epoch == 0
    assert [epoch.raise_epoch(database, now=now, host="a") for _ in range(3)] == [1, 2, 3]
    found = epoch.standing(database)
    assert (found.epoch, found.marked, found.sender_host) == (3, 3, "a")
    assert found.known_until == now
    assert not found.is_restored
    epoch.refuse_restored(database, host="a")


@pytest.mark.covers("F36")
def test_a_copy_from_before_the_last_epoch_is_refused_until_a_person_accepts(
    database: Database, url: str, now: datetime, tmp_path: Path
) -> None:
    epoch.raise_epoch(database, now=now)
    database.close()
    shutil.copy(_path(database), tmp_path / "plain.db")
    epoch.raise_epoch(database, now=now)
    _put_back(database, tmp_path / "plain.db")
    restored = open_database(url, create=False)  # it may be looked at
    with pytest.raises(StoreRestored, match="restored backup of 2026-11-24 06:30:00 UTC") as raised:
        epoch.refuse_restored(restored, host="")
    assert raised.value.exit_code == 2
    assert "restore-accept" in raised.value.hint
    with pytest.raises(StoreRestored):  # no raise may hide it
        epoch.raise_epoch(restored, now=now)
    found = epoch.standing(restored)
    with restored.write() as connection:
        epoch.accept_restored(connection, found, by="Ada", now=now, host="")
    epoch.refuse_restored(restored, host="")  # also where the process ends before the mark
    epoch.mark_epoch(restored)
    found = epoch.standing(restored)
    assert (found.epoch, found.marked) == (3, 3)
    with restored.read() as connection:
        assert [row.accepted_by for row in epoch.list_restores(connection)] == ["Ada"]
    restored.close()


@pytest.mark.covers("F36")
def test_our_own_backup_is_known_even_where_nothing_was_sent_since_and_the_mark_is_lost(
    database: Database, url: str, now: datetime, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "backup.db", now=now)
    _put_back(database, tmp_path / "backup.db")
    assert epoch.standing(database).epoch < epoch.standing(database).marked
    mark_of(_path(database)).unlink()
    with open_database(url, create=False).read() as connection:
        assert connection is not None
    with pytest.raises(StoreRestored, match="what was sent since is unknown"):
        epoch.refuse_restored(database, host="")


def test_a_mark_that_is_behind_is_no_restored_database(database: Database, now: datetime) -> None:
    epoch.raise_epoch(database, now=now)
    before = read_mark(_path(database))
    assert before is not None
    epoch.raise_epoch(database, now=now)
    mark_of(_path(database)).unlink()  # the process ended between the two writings
    write_mark(_path(database), before)
    epoch.refuse_restored(database, host="")
    assert epoch.raise_epoch(database, now=now) == 3


def test_a_mark_never_goes_down(database: Database, url: str, now: datetime) -> None:
    epoch.raise_epoch(database, now=now)
    path = _path(database)
    mark = read_mark(path)
    assert mark is not None
    write_mark(path, type(mark)(database_id=mark.database_id, epoch=0))
    assert read_mark(path) == mark
    open_database(url, create=False).close()
    assert read_mark(path) == mark


@pytest.mark.covers("F61")
def test_a_database_that_another_machine_sent_with_is_refused(
    database: Database, now: datetime
) -> None:
    epoch.raise_epoch(database, now=now, host="here")
    epoch.refuse_restored(database, host="here")
    epoch.refuse_restored(database, host="")  # a machine without an id cannot be told apart
    with pytest.raises(StoreElsewhere, match="another machine sent") as raised:
        epoch.refuse_restored(database, host="there")
    assert "sends no more" in raised.value.hint
