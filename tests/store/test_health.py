"""How the database is: told, not raised, and nothing is written for it."""

from pathlib import Path

import pytest

from newsletter.store import Database
from newsletter.store.backup import look_at_database
from newsletter.store.engine import parse_url


def file_of(url: str) -> Path:
    return Path(parse_url(url).database or "")


def test_a_good_database_is_told(url: str, database: Database) -> None:
    database.close()
    health = look_at_database(url)
    assert (health.fault, health.damage) == ("", "")
    assert (health.is_new, health.others_read) == (False, False)
    assert health.version.startswith("SQLite 3.")
    assert health.size_bytes == file_of(url).stat().st_size
    assert health.free_bytes
    assert health.standing is not None
    assert health.standing.epoch == 0


@pytest.mark.covers("T48")
def test_a_database_that_others_may_read_is_told(url: str, database: Database) -> None:
    database.close()
    file_of(url).chmod(0o640)
    assert look_at_database(url).others_read
