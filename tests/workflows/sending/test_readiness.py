"""What readiness says of a database, the sender's lock and a disk."""

from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.clock import SystemClock
from newsletter.config.load import load_settings
from newsletter.model.diagnosis import PartHealth
from newsletter.store import open_database
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import init_folder
from newsletter.workflows.sending.begin_sending import SenderLock, readiness


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    init_folder(tmp_path)
    settings = load_settings(tmp_path / "newsletter.toml", {})
    return Desk(
        settings,
        SystemClock(),
        open_database=lambda: open_database(settings.database_url.value, create=True),
    )


def _parts(desk: Desk, lock: SenderLock) -> dict[str, PartHealth]:
    return {part.name: part for part in readiness(desk, lock)}


def test_ready_is_who_holds_the_lock_with_a_current_database(desk: Desk) -> None:
    with desk, SenderLock(desk.settings.var_folder, "run") as lock:
        assert desk.database.path is not None
        parts = _parts(desk, lock)
        assert [parts[name].is_well for name in ("database", "sender", "disk")] == [
            True,
            False,
            True,
        ]
        assert lock.take() is None
        assert all(part.is_well for part in readiness(desk, lock))
        (desk.settings.var_folder / "sender.lock").unlink()  # another could lock a new one
        assert not _parts(desk, lock)["sender"].is_well


def test_a_database_of_another_version_or_none_is_not_ready(desk: Desk) -> None:
    with desk, SenderLock(desk.settings.var_folder, "run") as lock:
        for revision, words in (
            ("0001", "before the first release"),
            ("9999", "of a newer version"),
        ):
            with desk.database.write() as connection:
                connection.execute(
                    text("UPDATE alembic_version SET version_num = :revision"),
                    {"revision": revision},
                )
            part = _parts(desk, lock)["database"]
            assert not part.is_well
            assert words in part.words
        for file in desk.settings.var_folder.glob("newsletter.db*"):
            file.unlink()
        part = _parts(desk, lock)["database"]
        assert (part.is_well, part.words) == (False, "is not there")
