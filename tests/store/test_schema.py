import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier, Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

import newsletter.store.migrations
from newsletter.store import (
    Database,
    StoreMissing,
    StoreNewer,
    StoreOutdated,
    open_database,
)
from newsletter.store.engine import parse_url
from newsletter.store.schema import (
    BASE,
    HEAD,
    Mark,
    SchemaState,
    create_database,
    host_id,
    mark_of,
    migrate,
    read_mark,
    read_meta,
    schema_state,
)
from newsletter.store.tables import lists, metadata


@pytest.fixture
def bare(url: str, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "var").mkdir()
    opened = Database(parse_url(url))
    yield opened
    opened.close()


def _set_revision(database: Database, revision: str) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))


def test_a_new_database_has_todays_tables_at_the_newest_revision(database: Database) -> None:
    with database.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        revisions = ScriptDirectory(str(Path(newsletter.store.migrations.__file__).parent))
        assert context.get_current_revision() == revisions.get_current_head() == HEAD
        assert revisions.get_base() == BASE


def test_a_new_database_knows_who_made_it(database: Database) -> None:
    with database.read() as conn:
        facts = read_meta(conn)
    assert len(facts["database_id"]) == 32
    assert facts["host"] == host_id()
    path = database.path
    assert path is not None
    assert read_mark(path) == Mark(database_id=facts["database_id"], epoch=0)


def test_migrating_again_changes_nothing(bare: Database) -> None:
    states, facts = [], []
    for _ in range(2):
        states.append(schema_state(bare))
        migrate(bare)
        with bare.read() as conn:
            facts.append(read_meta(conn))
    assert states == [SchemaState.ABSENT, SchemaState.CURRENT]
    assert facts[0] == facts[1]


@pytest.mark.covers("F35")
def test_a_newer_database_is_left_alone(database: Database, url: str) -> None:
    _set_revision(database, "9999")
    with pytest.raises(StoreNewer, match="newer newsletter") as raised:
        open_database(url, create=True)
    assert raised.value.exit_code == 2
    with pytest.raises(StoreNewer):
        create_database(url)


@pytest.mark.covers("F35")
def test_one_from_before_the_first_release_is_refused_and_keeps_its_rows(
    database: Database, url: str
) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("INSERT INTO lists VALUES (7, 'daily', '2026-11-24 06:30:00.000000')")
    _set_revision(database, "0003")
    for open_it in (partial(open_database, create=True), create_database):
        with pytest.raises(StoreOutdated, match="before the first release") as raised:
            open_it(url)
        assert "export the readers" in raised.value.hint
    assert schema_state(database) is SchemaState.TOO_OLD
    with database.read() as conn:
        assert conn.execute(select(lists.c.id)).scalars().all() == [7]


@pytest.mark.covers("F35")
def test_one_of_an_older_release_waits_for_migrate(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.store.schema.HEAD", "0005")
    with pytest.raises(StoreOutdated, match="older newsletter") as raised:
        open_database(url, create=True)
    assert "newsletter migrate" in raised.value.hint
    assert schema_state(database) is SchemaState.OLDER
    create_database(url).close()  # which asks Alembic


@pytest.mark.covers("F34")
def test_no_empty_database_takes_the_place_of_a_lost_one(database: Database, url: str) -> None:
    path = database.path
    assert path is not None
    database.close()
    for file in path.parent.glob("newsletter.db*"):
        if file != mark_of(path):
            file.unlink()
    with pytest.raises(StoreMissing, match="this folder had a database") as raised:
        open_database(url, create=True)
    assert raised.value.exit_code == 2
    assert not path.exists()
    path.touch()  # an empty file is as good as none
    with pytest.raises(StoreMissing):
        open_database(url, create=True)
    create_database(url).close()
    open_database(url, create=False).close()


@pytest.mark.covers("F34")
def test_another_database_in_its_place_is_refused(
    database: Database, url: str, tmp_path: Path
) -> None:
    other = open_database(f"sqlite:///{tmp_path}/other/newsletter.db", create=True)
    assert database.path is not None
    assert other.path is not None
    database.close()
    other.close()
    other.path.replace(database.path)
    with pytest.raises(StoreMissing, match="not the database this folder had"):
        open_database(url, create=True)
    with pytest.raises(StoreMissing):
        create_database(url)


def test_without_create_nothing_is_made(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="is not there"):
        open_database(url, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_mark_lost_between_two_steps_is_written_again(database: Database, url: str) -> None:
    path = database.path
    assert path is not None
    mark_of(path).unlink()
    open_database(url, create=False).close()
    assert mark_of(path).exists()


@pytest.mark.covers("T51")
def test_threads_that_find_no_mark_at_once_write_one(database: Database, url: str) -> None:
    path = database.path
    assert path is not None
    before = mark_of(path).read_bytes()
    together = Barrier(4)

    def open_again(_: int) -> None:
        together.wait(20)
        open_database(url, create=True).close()

    with ThreadPoolExecutor(4) as threads:
        for _ in range(10):
            mark_of(path).unlink()
            list(threads.map(open_again, range(4)))  # none raises
            assert mark_of(path).read_bytes() == before
    assert not [file for file in path.parent.iterdir() if file.suffix == ".new"]


@pytest.mark.covers("T51")
def test_a_new_database_waits_for_another_process_that_begins_to_write_it(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "var" / "newsletter.db"
    path.parent.mkdir()
    path.touch()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")  # where SQLite itself does not wait, but fails at once
        release = Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        with open_database(url, create=True).read() as connection:
            assert read_meta(connection)["database_id"]
        release.join()


@pytest.mark.covers("T51")
def test_processes_that_begin_at_once_make_one_database(url: str) -> None:
    program = (
        "import sys\n"
        "from newsletter.store import open_database\n"
        "from newsletter.store.schema import read_meta\n"
        "with open_database(sys.argv[1], create=True).read() as conn:\n"
        "    print(read_meta(conn)['database_id'])\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [process.communicate()[0].strip() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(set(told)) == 1
