import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.store import (
    Database,
    StoreMissing,
    StoreNewer,
    StoreOutdated,
    open_database,
)
from newsletter.store.engine import parse_url
from newsletter.store.schema import (
    SchemaState,
    create_database,
    mark_of,
    schema_state,
)
from newsletter.store.tables import lists


@pytest.fixture
def bare(url: str, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "var").mkdir()
    opened = Database(parse_url(url))
    yield opened
    opened.close()


def _set_revision(database: Database, revision: str) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))


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
