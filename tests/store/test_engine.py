import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from newsletter.errors import ConfigError, StoreBusy
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
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 200,
    }


def test_an_error_inside_a_transaction_leaves_nothing(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(lists).values(name="daily", created=NOW))
    with pytest.raises(IntegrityError), database.write() as conn:
        conn.execute(insert(lists), [{"name": n, "created": NOW} for n in ("weekly", "daily")])
    assert _names(database) == ["daily"]


@pytest.mark.covers("I07")
def test_a_reading_connection_cannot_write(database: Database) -> None:
    with pytest.raises(StoreReadOnly), database.read() as conn:
        conn.execute(insert(lists).values(name="daily", created=NOW))


def test_a_reader_sees_one_state_while_another_writes(database: Database) -> None:
    with database.read() as conn:
        before = conn.execute(select(lists.c.name)).scalars().all()
        _add_list(database, "daily")
        assert conn.execute(select(lists.c.name)).scalars().all() == before == []
    assert _names(database) == ["daily"]


def test_a_lock_is_seen_and_what_is_no_database_any_more_has_none(database: Database) -> None:
    assert not database.is_locked()
    with database.write():
        assert database.is_locked()
    assert not database.is_locked()
    assert database.path is not None
    database.path.rename(database.path.with_name("elsewhere.db"))
    assert not database.is_locked()  # what is wrong is told by who reads or writes
    database.path.write_bytes(b"this is no database at all" * 400)
    assert not database.is_locked()


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


@pytest.mark.covers("F33")
def test_the_lock_is_taken_at_the_beginning_not_at_the_first_write(
    database: Database, url: str
) -> None:
    other = open_database(url, create=False, busy_timeout_s=0.1)
    with database.write() as conn:
        conn.execute(select(lists.c.name)).all()
        with pytest.raises(StoreBusy):
            _add_list(other, "weekly")
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
def test_a_broken_page_stops_the_reader_at_once(
    database: Database, url: str, subscribe: Callable[[Sequence[str]], None]
) -> None:
    subscribe([f"r{number}@reader.example" for number in range(2000)])
    path = database.path
    assert path is not None
    database.close()
    whole = bytearray(path.read_bytes())
    for page in range(120, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(whole)
    again = open_database(url, create=False)
    with pytest.raises(StoreDamaged, match="damaged"), again.read() as conn:
        conn.exec_driver_sql("SELECT count(name) FROM subscribers").all()
    again.close()


@pytest.mark.covers("F34")
def test_a_database_this_user_may_not_write_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    open_database(f"sqlite:///{folder}/newsletter.db", create=True).close()
    for path in [*folder.iterdir(), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    program = (
        "import os, sys\n"
        "from newsletter.store import open_database\n"
        "os.chdir(sys.argv[1])\n"
        "if os.getuid() == 0:\n"
        "    os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    with open_database('sqlite:///newsletter.db', create=True).write():\n"
        "        print('written')\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    folder.chmod(0o755)
    assert told.stdout.startswith("StoreReadOnly newsletter.db cannot be "), (
        told.stdout + told.stderr
    )
    assert list(folder.iterdir())


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


@pytest.mark.parametrize("text", ["", "newsletter.db", "oracle9://x/y", "sqlite://"])
def test_an_address_that_names_no_database_is_a_mistake_in_the_settings(text: str) -> None:
    with pytest.raises(ConfigError, match=r"database\.url"):
        open_database(text, create=True)
