"""Upgrades: a database of an earlier version, with rows in every table, comes forward whole."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, MetaData, Table, inspect, select, text
from sqlalchemy.schema import CheckConstraint, Column

from newsletter.store import Database, StoreOutdated, epoch, open_database
from newsletter.store.backup import back_up
from newsletter.store.engine import parse_url
from newsletter.store.schema import SchemaState, create_database, mark_of, schema_state
from newsletter.store.tables import metadata

MOMENT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
ROWS = 2


@pytest.fixture
def old(url: str, tmp_path: Path) -> Iterator[Database]:
    """The database as version 0002 made it, each table with rows, and its mark of then."""
    (tmp_path / "var").mkdir()
    database = Database(parse_url(url))
    path = database.path
    assert path is not None
    path.touch(mode=0o600)
    config = Config()
    folder = resources.files("newsletter.store") / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name not in {"alembic_version", "meta"}:
                for number in range(1, ROWS + 1):
                    connection.execute(table.insert().values(_row(table, number)))
        meta = tables.tables["meta"]
        facts = {"database_id": "0f" * 16, "created_by": "0.0.9", "host": "a"}
        connection.execute(
            meta.insert(), [{"key": key, "value": facts[key]} for key in sorted(facts)]
        )
    mark_of(path).write_text(json.dumps({"database_id": "0f" * 16}) + "\n")
    yield database
    database.close()


def _row(table: Table, number: int) -> dict[str, Any]:
    words: dict[str, str] = {}  # the first word that a CHECK allows
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            found = re.match(r"(\w+) IN \('([^']*)'", str(check.sqltext))
            if found:
                words[found[1]] = found[2]
    return {
        column.name: words.get(column.name) or _value(column, number) for column in table.columns
    }


def _value(column: Column[Any], number: int) -> object:
    if isinstance(column.type, JSON):
        return {"number": number}
    kind = column.type.python_type
    values: dict[type, object] = {
        int: number,
        bool: True,
        float: 0.5,
        bytes: b"\x00bytes",
        datetime: MOMENT,
        date: date(2026, 11, number),
        time: time(6, 30),
        str: f"{'key' if column.name in {'issue', 'key'} else column.name} {number}",
    }
    return values[kind]


def _content(database: Database, names: set[str]) -> dict[str, list[dict[str, Any]]]:
    found = {}
    with database.read() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name in sorted(names):
            rows = connection.execute(select(tables.tables[name])).mappings()
            found[name] = [dict(row) for row in rows]
    return found


@pytest.mark.covers("F35")
def test_every_row_of_0002_is_there_after_migrating_to_the_newest(old: Database, url: str) -> None:
    assert schema_state(old) is SchemaState.OLDER
    with pytest.raises(StoreOutdated, match="older newsletter"):
        open_database(url, create=True)
    with old.read() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    before = _content(old, names)
    assert min(len(rows) for rows in before.values()) >= ROWS
    old.close()

    create_database(url).close()

    after = _content(old, names)
    for name, rows in before.items():
        kept = [{key: row[key] for key in rows[0]} for row in after[name]]
        assert kept == rows, name
    with old.read() as connection:
        assert set(inspect(connection).get_table_names()) - {"alembic_version"} == set(
            metadata.tables
        )
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    new = _content(old, {"article_keys", "story_runs"})
    assert [row["article_id"] for row in new["article_keys"]] == [1, 2]
    assert [row["issue"] for row in new["story_runs"]] == ["key 1", "key 2"]


@pytest.mark.covers("F35", "F36")
def test_a_backup_from_before_the_upgrade_is_migrated_and_known_as_restored(
    old: Database, url: str, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "before.db", now=MOMENT)
    old.close()
    create_database(url).close()
    assert not epoch.standing(old).is_restored
    old.close()
    assert old.path is not None
    (tmp_path / "before.db").replace(old.path)
    create_database(url).close()
    found = epoch.standing(old)
    assert found.is_restored
    assert found.known_until == MOMENT


def test_an_upgrade_that_cannot_be_finished_leaves_the_database_as_it_was(
    old: Database, url: str
) -> None:
    with old.write() as connection:  # a table of that name stands in the way of the new one
        connection.execute(text("CREATE TABLE sources (name TEXT)"))
    names = {"mailings", "deliveries", "subscribers", "articles"}
    before = _content(old, names)
    with pytest.raises(Exception, match="already exists"):
        create_database(url)
    assert schema_state(old) is SchemaState.OLDER
    assert _content(old, names) == before
    with old.write() as connection:
        connection.execute(text("DROP TABLE sources"))
    create_database(url).close()
    assert schema_state(old) is SchemaState.CURRENT
