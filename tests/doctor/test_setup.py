"""Settings, database and clock: what is not fit for readers yet."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from clock import NOW
from doctor.zones import states
from paper import PAPER

from newsletter.config.load import load_settings
from newsletter.doctor.setup import (
    judge_clock,
    judge_database,
    judge_mistakes,
    judge_settings,
)
from newsletter.model.diagnosis import Diagnosis, State
from newsletter.store.backup import StoreHealth
from newsletter.store.epoch import Standing

ROOT = Path(__file__).parents[2]
CASES = tomllib.loads(Path(__file__).with_name("setup_cases.toml").read_text("utf-8"))
PASSWORD = "CANARY-settings-77"  # noqa: S105 (a canary)
VARIABLE = "NEWSLETTER_SMTP_PASSWORD"
OWN = f"""\
{PAPER}[newsletters.daily.schedule]
cron = "30 6 * * mon-fri"
[proof]
addresses = ["desk@paper.news"]
[smtp.primary]
host = "mail.paper.news"
username = "news"
password_env = "NEWSLETTER_SMTP_PASSWORD"
return_path = "bounces@paper.news"
"""


def judged(folder: Path, text: str, **environ: str) -> tuple[Diagnosis, ...]:
    file = folder / "newsletter.toml"
    file.write_text(text, "utf-8")
    return judge_settings(load_settings(file, environ))


def test_of_good_settings_nothing_is_said(tmp_path: Path) -> None:
    found = judged(tmp_path, OWN, **{VARIABLE: PASSWORD})
    assert states(found) == {"settings": State.WELL, "secret": State.WELL}
    assert found[0].message == "loads: 1 newsletter, 0 sources, 1 mail server"


def test_a_new_folder_is_told_of_its_placeholders_without_blame(tmp_path: Path) -> None:
    found = judged(tmp_path, (ROOT / "newsletter.toml").read_text("utf-8"))
    told = states(found)
    assert told == {
        "settings": State.WELL,
        "placeholders": State.WARNING,
        "schedule": State.INFO,
    }
    (placeholders,) = [each for each in found if each.check == "placeholders"]
    for key in ("from", "reply_to", "editors", "public_url", "proof.addresses", "postal_address"):
        assert key in placeholders.evidence


@pytest.mark.covers("T55")
@pytest.mark.parametrize(("before", "after", "check", "state"), CASES["gaps"])
def test_each_gap_is_told(tmp_path: Path, before: str, after: str, check: str, state: str) -> None:
    assert before in OWN
    found = judged(tmp_path, OWN.replace(before, after), **{VARIABLE: PASSWORD})
    gaps = {name: how for name, how in states(found).items() if how is not State.WELL}
    assert gaps == {check: State[state]}
    assert all(each.remedy for each in found if each.check == check)


@pytest.mark.covers("T48")
def test_a_secret_is_told_as_set_or_not_and_never_shown(tmp_path: Path) -> None:
    is_set = judged(tmp_path, OWN, **{VARIABLE: PASSWORD})
    not_set = judged(tmp_path, OWN)
    assert states(not_set)["secret"] is State.ERROR
    assert PASSWORD not in repr(is_set)
    assert f"{VARIABLE} is set" in repr(is_set)
    assert f"{VARIABLE} is not set" in repr(not_set)


def test_settings_that_do_not_load_are_told_one_by_one() -> None:
    found = judge_mistakes(("newsletter.toml:3: from: is empty", "X: is wrong"))
    assert [(each.subject, each.message) for each in found] == [
        ("newsletter.toml:3", "from: is empty"),
        ("X", "is wrong"),
    ]


def standing(marked: int = 3, *, ahead: timedelta = timedelta()) -> Standing:
    return Standing(
        epoch=3, marked=marked, known_until=NOW + ahead, is_copy=False, sender_host="here"
    )


def health(**changes: object) -> StoreHealth:
    values: dict[str, object] = {
        "path": Path("/srv/paper/var/newsletter.db"),
        "version": "SQLite 3.46",
        "size_bytes": 1_000_000,
        "free_bytes": 50_000_000_000,
        "standing": standing(),
    }
    return StoreHealth(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "check", "state"),
    [
        ({"is_new": True, "version": ""}, "database", State.INFO),
        ({"fault": "x is gone", "hint": "put it back"}, "database", State.ERROR),
        ({"fault": "locked", "hint": "later", "is_out_of_reach": True}, "database", State.UNASKED),
        ({"damage": "row 3 missing"}, "integrity", State.ERROR),
        ({"standing": standing(4)}, "restored", State.ERROR),
        ({"is_elsewhere": True}, "elsewhere", State.ERROR),
        ({"others_read": True}, "rights", State.WARNING),
        ({"network": "nfs4"}, "file-system", State.ERROR),
        ({"free_bytes": 49_000_000}, "room", State.ERROR),
        ({"free_bytes": 60_000_000}, "room", State.WARNING),
        ({"size_bytes": 40_000_000_000}, "room", State.WARNING),
    ],
)
def test_each_fault_of_a_database_is_told(
    changes: dict[str, object], check: str, state: State
) -> None:
    assert set(states(judge_database(health())).values()) == {State.WELL}
    found = judge_database(health(**changes))
    assert states(found)[check] is state
    assert all(each.remedy for each in found if each.state in {State.ERROR, State.WARNING})


@pytest.mark.parametrize(
    ("is_kept", "seen", "told"),
    [
        (True, health(), {"clock": State.WELL}),
        (False, health(), {"clock": State.WARNING}),
        (None, None, {"clock": State.INFO}),
        (
            *(True, health(standing=standing(ahead=timedelta(days=1)))),
            {"clock": State.WELL, "past": State.ERROR},
        ),
        (
            *(True, health(server_now=NOW + timedelta(minutes=1))),
            {"clock": State.WELL, "database-clock": State.WARNING},
        ),
        (
            *(True, health(server_now=NOW + timedelta(seconds=1))),
            {"clock": State.WELL, "database-clock": State.WELL},
        ),
    ],
)
def test_each_doubt_of_the_clock_is_told(
    is_kept: bool | None,  # noqa: FBT001 (a parameter of the test)
    seen: StoreHealth | None,
    told: dict[str, State],
) -> None:
    assert states(judge_clock(NOW, is_kept=is_kept, health=seen)) == told
