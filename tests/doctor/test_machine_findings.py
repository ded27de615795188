"""Database and clock: what their state means."""

from datetime import timedelta
from pathlib import Path

import pytest
from clock import NOW
from doctor.zones import states

from newsletter.doctor.machine_clock import ZoneData, clock_is_kept, zone_data
from newsletter.doctor.machine_findings import judge_clock, judge_database
from newsletter.model.diagnosis import State
from newsletter.store.backup import StoreHealth
from newsletter.store.epoch import Standing

FILE = Path("/srv/paper/var/newsletter.db")
FRESH = ZoneData(version="2026b", of="system")


def standing(epoch: int = 3, marked: int = 3, *, ahead: timedelta = timedelta()) -> Standing:
    return Standing(
        epoch=epoch, marked=marked, known_until=NOW + ahead, is_copy=False, sender_host="here"
    )


def health(**changes: object) -> StoreHealth:
    values: dict[str, object] = {
        "path": FILE,
        "version": "SQLite 3.46",
        "size_bytes": 1_000_000,
        "free_bytes": 50_000_000_000,
        "standing": standing(),
    }
    return StoreHealth(**{**values, **changes})  # type: ignore[arg-type]


def test_a_good_database_is_well() -> None:
    assert set(states(judge_database(health())).values()) == {State.WELL}


@pytest.mark.parametrize(
    ("changes", "check", "state"),
    [
        ({"is_new": True, "version": ""}, "database", State.INFO),
        ({"fault": "x is gone", "hint": "put it back"}, "database", State.ERROR),
        ({"fault": "locked", "hint": "later", "is_out_of_reach": True}, "database", State.UNASKED),
        ({"damage": "row 3 missing"}, "integrity", State.ERROR),
        ({"standing": standing(2, 3)}, "restored", State.ERROR),
        ({"is_elsewhere": True}, "elsewhere", State.ERROR),
        ({"others_read": True}, "rights", State.WARNING),
        ({"network": "nfs4"}, "file-system", State.ERROR),
        ({"free_bytes": 0}, "room", State.ERROR),
        ({"free_bytes": 49_000_000}, "room", State.ERROR),
        ({"free_bytes": 60_000_000}, "room", State.WARNING),
        ({"size_bytes": 40_000_000_000}, "room", State.WARNING),
    ],
)
def test_each_fault_of_a_database_is_told(
    changes: dict[str, object], check: str, state: State
) -> None:
    found = judge_database(health(**changes))
    assert states(found)[check] is state
    assert all(each.remedy for each in found if each.state in {State.ERROR, State.WARNING})


def test_a_clock_that_is_kept_is_well() -> None:
    found = judge_clock(NOW, is_kept=True, zones=FRESH, health=health())
    assert states(found) == {"clock": State.WELL, "zones": State.WELL}


def test_what_cannot_be_told_of_the_clock_is_said() -> None:
    found = judge_clock(NOW, is_kept=None, zones=ZoneData(version="", of="system"), health=None)
    assert states(found) == {"clock": State.INFO, "zones": State.INFO}
    assert all("cannot be told" in each.message for each in found)


@pytest.mark.parametrize(
    ("is_kept", "zones", "seen", "check", "state"),
    [
        (False, FRESH, health(), "clock", State.WARNING),
        (True, ZoneData(version="2024a", of="system"), health(), "zones", State.WARNING),
        (True, FRESH, health(standing=standing(ahead=timedelta(days=1))), "past", State.ERROR),
        (
            *(True, FRESH, health(server_now=NOW + timedelta(minutes=1))),
            *("database-clock", State.WARNING),
        ),
        (True, FRESH, health(server_now=NOW + timedelta(seconds=1)), "database-clock", State.WELL),
    ],
)
def test_each_doubt_of_the_clock_is_told(
    is_kept: bool,  # noqa: FBT001 (a parameter of the test)
    zones: ZoneData,
    seen: StoreHealth,
    check: str,
    state: State,
) -> None:
    found = judge_clock(NOW, is_kept=is_kept, zones=zones, health=seen)
    assert states(found)[check] is state


def test_the_kernel_is_asked_and_nothing_is_set() -> None:
    assert clock_is_kept() in {True, False, None}
    assert clock_is_kept() == clock_is_kept()


def test_the_zone_data_is_that_which_is_read(tmp_path: Path) -> None:
    (tmp_path / "UTC").touch()
    assert zone_data((str(tmp_path),)) == ZoneData(version="", of="system")
    (tmp_path / "tzdata.zi").write_text("# version 2025c\n# more", "ascii")
    assert zone_data((str(tmp_path),)) == ZoneData(version="2025c", of="system")
    package = zone_data(())
    assert package.of == "Python package"
    assert package.version[:2] == "20"
