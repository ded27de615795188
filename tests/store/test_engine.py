import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from newsletter.errors import StoreBusy
from newsletter.store import (
    Database,
    StoreDamaged,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    open_database,
)
from newsletter.store.tables import lists

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def _add_list(database: Database, name: str) -> None:
    with database.write() as conn:
        conn.execute(insert(lists).values(name=name, created=NOW))


def _names(database: Database) -> list[str]:
    with database.read() as conn:
        return list(conn.execute(select(lists.c.name)).scalars())


@pytest.mark.covers("F37")
def test_every_connection_is_durable_and_checks_its_keys(database: Database) -> None:
    with database.write() as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 200}
    assert found == expected


@pytest.mark.covers("I07")
def test_a_reading_connection_cannot_write(database: Database) -> None:
    with pytest.raises(StoreReadOnly), database.read() as conn:
        conn.execute(insert(lists).values(name="daily", created=NOW))


@pytest.mark.covers("F33")
def test_a_second_writer_waits_then_says_the_database_is_locked(
    database: Database, url: str
) -> None:
    other = open_database(url, create=False, busy_timeout_s=0.1)
    with database.write() as conn:
        conn.execute(insert(lists).values(name="daily", created=NOW))
        with pytest.raises(StoreBusy, match="locked") as raised, other.write():
            pass
    assert raised.value.exit_code == 3
    _add_list(other, "weekly")
    assert _names(database) == ["daily", "weekly"]
    other.close()


@pytest.mark.covers("F31")
def test_a_full_disk_keeps_nothing_and_later_goes_on(database: Database) -> None:
    _add_list(database, "daily")
    with database.write() as conn:  # the limit stays with this connection, which is used again
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFull, match="disk is full") as raised:
        _add_list(database, "x" * 100_000)
    assert raised.value.exit_code == 3
    assert _names(database) == ["daily"]
    with database.write() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1000000")
        conn.execute(insert(lists).values(name="weekly", created=NOW))
    assert _names(database) == ["daily", "weekly"]


@pytest.mark.covers("F34")
def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    path.write_bytes(b"To whom it may concern. " * 200)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a database") as raised:
        open_database(f"sqlite:///{path}", create=True)
    assert raised.value.exit_code == 2
    assert path.read_bytes() == before


@pytest.mark.covers("F34")
@pytest.mark.parametrize("there_is_another", [True, False])
def test_nothing_is_written_into_a_file_that_was_taken_away_or_replaced(
    database: Database,
    tmp_path: Path,
    there_is_another: bool,  # noqa: FBT001 (a table's column)
) -> None:
    assert database.path is not None
    _add_list(database, "daily")
    kept = tmp_path / "kept.db"
    database.path.rename(kept)
    if there_is_another:
        shutil.copy(kept, database.path)
    with pytest.raises(StoreMissing, match="taken away or replaced"), database.write():
        pytest.fail("it was written to")
    kept.rename(database.path)
    _add_list(database, "weekly")
