"""newsletter.toml: every key is accepted and typed; all mistakes are told with their lines."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from newsletter.config.load import (
    find_settings_file,
    load_despite_mistakes,
    load_settings,
)
from newsletter.config.settings import ChoiceSettings, IfUnapproved, Security, Settings
from newsletter.config.toml import lines_of_keys
from newsletter.errors import ConfigError, UserError

ROOT = Path(__file__).parents[2]
MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))["case"]
CASES = tomllib.loads(Path(__file__).with_name("load_cases.toml").read_text("utf-8"))
WHOLE = Path(__file__).with_name("whole.toml").read_text("utf-8")


def load(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    file = folder / "newsletter.toml"
    file.write_bytes(text.encode("utf-8"))
    return load_settings(file, environ or {})


def problems(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environ)
    return caught.value.problems


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_is_accepted_and_typed(tmp_path: Path, newline: str) -> None:
    settings = load(tmp_path, WHOLE.replace("\n", newline), {"NEWSLETTER_SMTP_PASSWORD": "hunter2"})
    daily, sport = settings.newsletters
    assert str(daily.sender.address) == "news@example.org"
    assert daily.sender.name == daily.publication == "Example News"
    assert daily.public_url == "https://news.example.org"
    assert daily.audience_fuse == pytest.approx(0.05)
    assert daily.schedule is not None
    assert (daily.schedule.draft_at, daily.schedule.approve_by) == (time(5, 30), time(6, 25))
    assert daily.schedule.if_unapproved is IfUnapproved.SKIP
    assert daily.schedule.if_late == timedelta(hours=2)
    assert daily.schedule.skip_dates == (date(2026, 12, 25), date(2026, 12, 26))
    assert daily.choice == ChoiceSettings(
        freshness=4.0,
        half_life=timedelta(hours=6),
        source=1.5,
        place=0.0,
        carried=2.0,
        variety=0.5,
        oldest=timedelta(days=3),
        repeat_after=timedelta(days=30),
        sections=(("World", 3), ("More stories", 5)),
    )
    assert sport.choice == ChoiceSettings()
    assert (sport.title, sport.list, sport.language) == ("sport", "sport", "de")
    assert (sport.timezone.key, sport.editors) == ("Europe/Berlin", ())
    assert str(sport.reply_to) == "sport-editor@example.org"
    (world,) = settings.sources
    assert [(rule.match, rule.kind) for rule in world.noise] == [
        ("Hide Ad", "noise"),
        ("Visit Shots! now", "callout"),
    ]
    assert (world.weight, world.section) == (2.5, "World")
    (smtp,) = settings.smtp
    assert smtp.security is Security.STARTTLS
    assert smtp.password is not None
    assert smtp.password.value == "hunter2"
    assert "hunter2" not in repr(settings)
    assert settings.database_url.value == f"sqlite:///{tmp_path}/var/newsletter.db"


ELSEWHERE = WHOLE.replace("sqlite:///var/newsletter.db", "sqlite:///other/n.db")


@pytest.mark.parametrize(("before", "after", "told", "newsletters"), CASES["database_found"])
def test_the_database_is_found_in_a_file_with_mistakes(
    tmp_path: Path, before: str, after: str, told: str, newsletters: int
) -> None:
    (tmp_path / "newsletter.toml").write_text(ELSEWHERE.replace(before, after, 1), "utf-8")
    settings, problems = load_despite_mistakes(tmp_path / "newsletter.toml", {})
    assert told in problems[0]
    assert settings.database_url.value == f"sqlite:///{tmp_path}/other/n.db"
    assert len(settings.newsletters) == newsletters


@pytest.mark.parametrize(("before", "after"), CASES["database_barred"])
def test_a_mistake_about_the_database_bars_every_command(
    tmp_path: Path, before: str, after: str
) -> None:
    (tmp_path / "newsletter.toml").write_text(ELSEWHERE.replace(before, after), "utf-8")
    with pytest.raises(ConfigError):
        load_despite_mistakes(tmp_path / "newsletter.toml", {})


def test_the_environment_names_another_database(tmp_path: Path) -> None:
    environ = {"NEWSLETTER_DATABASE_URL": "sqlite:////elsewhere/n.db"}
    assert load(tmp_path, WHOLE, environ).database_url.value == "sqlite:////elsewhere/n.db"
    found = problems(tmp_path, WHOLE, {"NEWSLETTER_DATABASE_URL": "mysql://user:secret@host/db"})
    assert found[0].startswith("NEWSLETTER_DATABASE_URL: is no database")
    assert "secret" not in found[0]


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, case: dict[str, str]) -> None:
    assert case["before"] in WHOLE
    found = problems(tmp_path, WHOLE.replace(case["before"], case["after"], 1))
    assert any(problem.startswith(f"newsletter.toml:{case['told']}") for problem in found), found


@pytest.mark.covers("T28")
@pytest.mark.parametrize("address", CASES["no_address"])
@pytest.mark.parametrize("key", ["reply_to", "editors", "return_path", "addresses"])
def test_an_address_is_exactly_one(tmp_path: Path, key: str, address: str) -> None:
    value = f'["{address}"]' if key in {"editors", "addresses"} else f'"{address}"'
    if '"' in address:
        value = value.replace(f'"{address}"', f"'{address}'")
    lines = WHOLE.splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[number] = f"{key} = {value}"
    found = problems(tmp_path, "\n".join(lines))
    assert any(problem.startswith(f"newsletter.toml:{number + 1}: ") for problem in found)


def test_all_mistakes_come_at_once_in_order(tmp_path: Path) -> None:
    text = WHOLE.replace('"60s"', "1").replace('"05:30"', "1").replace("[run]", "[runn]")
    text = text.replace('name = "Example News"', "name = 3")
    lines = [int(problem.split(":")[1]) for problem in problems(tmp_path, text)]
    assert lines == sorted(lines)
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[newsletter]\nname = \n", 2),
        ("[a\n", 1),
        ('a = """\n\n', 1),
        ("a = 1\na = 2\n", 2),
        ("[" * 5000, 1),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"newsletter.toml:{line}: ")


def test_each_key_has_its_line() -> None:
    text = """\
# [a]
[ a . "b c" ]  # x
d = 1
"e f".g = [
  1,
]
"""
    told = list(lines_of_keys(text))
    assert told == [(("a", "b c"), 2), (("a", "b c", "d"), 3), (("a", "b c", "e f", "g"), 4)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a]\n[b]\n[a]\n", "3: a is here twice, first in line 1"),
        ("[a]\nx = 1\n[b]\nx = 1\nx = 3\n", "5: b.x is here twice, first in line 4"),
        ("x = 1\r\nx = 2\r\n", "2: x is here twice, first in line 1"),
    ],
)
def test_what_is_there_twice_is_told_with_both_places(tmp_path: Path, text: str, told: str) -> None:
    assert problems(tmp_path, text) == (f"newsletter.toml:{told}",)


def test_the_file_is_found_or_the_next_step_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        find_settings_file(tmp_path, {})
    assert "newsletter init" in caught.value.hint
    other = tmp_path / "other.toml"
    with pytest.raises(UserError, match=r"other\.toml"):
        find_settings_file(tmp_path, {"NEWSLETTER_CONFIG": "other.toml"})
    other.touch()
    assert find_settings_file(tmp_path, {"NEWSLETTER_CONFIG": "other.toml"}) == other
    with pytest.raises(UserError, match="there is no file"):
        load_settings(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("postal_address", "postal_adress"), ("name", "nmae"), ("cron", "crno")],
)
def test_a_misspelt_key_is_not_missing_too(tmp_path: Path, right: str, wrong: str) -> None:
    (told,) = problems(tmp_path, WHOLE.replace(f"\n{right} = ", f"\n{wrong} = ", 1))
    assert f"{wrong}: there is no such key; did you mean {right}?" in told
