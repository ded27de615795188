"""Backups: whole, of one moment, while others write; for this user's eyes; never over a file."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from newsletter.errors import UserError
from newsletter.store import Database, StoreDamaged, epoch
from newsletter.store.backup import back_up, find_damage


def test_a_backup_is_one_file_for_this_user_alone_and_says_that_it_is_one(
    database: Database, url: str, now: datetime, tmp_path: Path
) -> None:
    target = tmp_path / "keep" / "backup.db"
    target.parent.mkdir()
    size = back_up(url, target, now=now)
    assert [file.name for file in target.parent.iterdir()] == ["backup.db"]
    assert target.stat().st_size == size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as copy:
        facts = dict(copy.execute("SELECT key, value FROM meta"))
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert facts["backup_at"] == now.isoformat()
    found = epoch.standing(database)
    assert not found.is_restored  # the copy says so, and not what it was copied from
    assert found.epoch == int(facts.get("epoch", 0)) + 1


def test_nothing_is_overwritten_and_nothing_is_left_behind(
    database: Database, url: str, now: datetime, tmp_path: Path
) -> None:
    assert database.path is not None
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        back_up(url, target, now=now)
    assert target.read_text() == "mine"
    with pytest.raises(UserError, match="there is no folder"):
        back_up(url, tmp_path / "none" / "backup.db", now=now)
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(UserError, match="is there already"):
        back_up(url, tmp_path / "link.db", now=now)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["backup.db", "link.db", "var"]


def test_a_damaged_database_gives_no_backup_and_is_found(
    database: Database, url: str, now: datetime, tmp_path: Path, begin: Callable[..., int]
) -> None:
    begin(500)
    assert find_damage(database) == ""
    path = database.path
    assert path is not None
    database.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        back_up(url, tmp_path / "backup.db", now=now)
    assert [file.name for file in tmp_path.iterdir()] == ["var"]
