"""The parts of the runner: what looks when, by which clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from clock import FakeClock

from newsletter.config.load import load_settings
from newsletter.schedule.runner import EVERY, LEAD, STILL_AFTER_S, Planner, Pulse, leads_of
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


@pytest.mark.parametrize(
    ("approval", "hold", "extra"),
    [("required", "60s", 0), ("automatic", "60s", 60), ("automatic", "0s", 0)],
)
def test_an_automatic_approval_is_made_its_hold_earlier(
    tmp_path: Path, approval: str, hold: str, extra: int
) -> None:
    init_folder(tmp_path)
    file = tmp_path / "newsletter.toml"
    text = file.read_text().replace('approval = "required"', f'approval = "{approval}"')
    file.write_text(text.replace('hold = "60s"', f'hold = "{hold}"'))
    assert leads_of(load_settings(file, {})) == {"daily": LEAD + timedelta(seconds=extra)}


def test_the_alarm_is_well_while_it_looks_whatever_the_wall_clock_does() -> None:
    clock = FakeClock()
    pulse = Pulse(clock)
    assert pulse.health().is_well  # it has just been started
    pulse.beat()
    clock.jump(clock.now() + timedelta(days=1))
    assert pulse.health().is_well
    clock.forward(timedelta(seconds=STILL_AFTER_S))
    assert not pulse.health().is_well
    assert pulse.health().words == "looked for what is due 10.0 s ago"
    pulse.beat()
    assert pulse.health().is_well
