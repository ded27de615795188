"""The planner looks every few seconds of the wall clock, and at once where that has jumped."""

from datetime import timedelta
from pathlib import Path

from clock import FakeClock

from newsletter.config.load import load_settings
from newsletter.schedule.runner import EVERY, Planner
from newsletter.store import occurrences, open_database
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import init_folder

RULE = '\n[newsletters.daily.schedule]\ncron = "30 6 * * *"\n'


def test_it_looks_in_its_time_and_at_once_after_a_sleep_or_a_jump(tmp_path: Path) -> None:
    init_folder(tmp_path)
    file = tmp_path / "newsletter.toml"
    file.write_text(file.read_text() + RULE)
    settings = load_settings(file, {})
    clock = FakeClock()
    said: list[str] = []
    with Desk(
        settings,
        clock,
        open_database=lambda: open_database(settings.database_url.value, create=True, clock=clock),
    ) as desk:

        def forget() -> None:
            with desk.database.write() as connection:
                connection.exec_driver_sql("DELETE FROM occurrences")

        def count() -> int:
            with desk.database.read() as connection:
                return len(occurrences.list_occurrences(connection))

        planner = Planner(desk, said.append)
        planner.look()
        assert count() == 3
        forget()
        clock.forward(EVERY / 2)
        planner.look()
        assert count() == 0
        clock.forward(EVERY)
        planner.look()
        assert count() == 3
        clock.jump(clock.now() + timedelta(days=1))  # no monotonic second has gone by
        planner.look()
        assert any("missed" in sentence for sentence in said)
        forget()
        clock.jump(clock.now() - timedelta(seconds=1))
        planner.look()
        assert count() == 3
