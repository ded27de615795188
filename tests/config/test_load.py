"""newsletter.toml: every key is accepted and typed; all mistakes are told with their lines."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.load import (
    find_settings_file,
    load_despite_mistakes,
    load_settings,
    newsletter_named,
)
from newsletter.config.settings import ChoiceSettings, IfUnapproved, Security, Settings
from newsletter.config.toml import lines_of_keys
from newsletter.errors import ConfigError, NotFound, UserError

ROOT = Path(__file__).parents[2]
MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))["case"]
WHOLE = """\
[newsletter]
name = "Example News"
from = "Example News <news@example.org>"
reply_to = "editor@example.org"
editors = ["editor@example.org"]
postal_address = "1 Example Street, London"
public_url = "https://news.example.org/"
language = "en-GB"
timezone = "Europe/London"

[newsletters.daily]
title = "The Daily"
list = "daily"
template = "daily"
sources = ["world"]
callouts = ["dec-ukraine"]
callout_if_unverified = "drop"
most_stories = 8
fewest_stories = 3
approval = "automatic"
hold = "60s"
audience_fuse = "5%"
[newsletters.daily.schedule]
cron = "30 6 * * mon-fri"
draft_at = "05:30"
approve_by = "06:25"
if_unapproved = "skip"
if_late = "2h"
skip_dates = ["2026-12-25", 2026-12-26]
holidays = "GB-ENG"
[newsletters.daily.choice]
freshness = 4
half_life = "6h"
source = 1.5
place = 0
carried = 2
variety = 0.5
oldest = "3d"
repeat_after = "30d"
[newsletters.daily.choice.sections]
World = 3
"More stories" = 5

[newsletters.sport]
from = "sport@example.org"
reply_to = "sport-editor@example.org"
editors = []
language = "de"
timezone = "Europe/Berlin"
public_url = "http://127.0.0.1:8025"
postal_address = "Berlin"

[sources.world]
feed = "https://example.org/world/rss"
every = "15m"
required = true
noise = ["Hide Ad", {match = "Visit Shots! now", kind = "callout"}]
allow_local = ["127.0.0.1:8099"]
weight = 2.5
section = "World"

[smtp.primary]
host = "smtp.example.org"
port = 587
security = "starttls"
username = "news"
password_env = "NEWSLETTER_SMTP_PASSWORD"
return_path = "bounces@news.example.org"
connections = 4
per_second = 50
per_day = 100000

[delivery]
window = 1
first_retry = "5m"

[run]
listen = "127.0.0.1:8025"
trusted_proxies = ["10.0.0.0/8"]

[proof]
addresses = ["editor@example.org"]

[database]
url = "sqlite:///var/newsletter.db"
"""


def load(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    file = folder / "newsletter.toml"
    file.write_bytes(text.encode("utf-8"))
    return load_settings(file, environ or {})


def problems(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environ)
    return caught.value.problems


def test_the_shipped_settings_load() -> None:
    settings = load_settings(ROOT / "newsletter.toml", {})
    assert newsletter_named(settings, "daily").title == "The Daily"
    assert settings.smtp == ()


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


def test_a_server_may_take_any_number_a_second(tmp_path: Path) -> None:
    (server,) = load(tmp_path, WHOLE.replace("per_second = 50", "per_second = 250_000")).smtp
    assert server.per_second == 250_000


ELSEWHERE = WHOLE.replace("sqlite:///var/newsletter.db", "sqlite:///other/n.db")


@pytest.mark.parametrize(
    ("before", "after", "told", "newsletters"),
    [
        ('hold = "60s"', "hold = 60", "newsletters.daily.hold: is no length of time", 2),
        ("[delivery]", "[delivry]", "delivry: there is no such key", 2),
        ('title = "The Daily"', 'title = "The Daily', "not TOML", 0),
        ("[newsletters.sport]", "[newsletters.daily]", "here twice", 0),
    ],
)
def test_the_database_is_found_in_a_file_with_mistakes(
    tmp_path: Path, before: str, after: str, told: str, newsletters: int
) -> None:
    (tmp_path / "newsletter.toml").write_text(ELSEWHERE.replace(before, after, 1), "utf-8")
    settings, problems = load_despite_mistakes(tmp_path / "newsletter.toml", {})
    assert told in problems[0]
    assert settings.database_url.value == f"sqlite:///{tmp_path}/other/n.db"
    assert len(settings.newsletters) == newsletters


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[database]", "[databse]"),
        ("[database]", "[database"),
        ("url = ", "ulr = "),
        ('url = "sqlite', "url = sqlite"),
        ("sqlite:///", "mysql://"),
    ],
)
def test_a_mistake_about_the_database_bars_every_command(
    tmp_path: Path, before: str, after: str
) -> None:
    (tmp_path / "newsletter.toml").write_text(ELSEWHERE.replace(before, after), "utf-8")
    with pytest.raises(ConfigError):
        load_despite_mistakes(tmp_path / "newsletter.toml", {})


def test_a_file_without_a_database_has_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text("[newsletter\n", "utf-8")
    settings, problems = load_despite_mistakes(tmp_path / "newsletter.toml", {})
    assert settings.database_url.value == f"sqlite:///{tmp_path}/var/newsletter.db"
    assert len(problems) == 1


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
@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
        "<a@b.example>",
        "@r.example:a@b.example",
        "g:a@b.example;",
        '"a b"@c.example',
        "a(c)@b.example",
        "a@b.example\\r\\nBcc: c@d.example",
        "a@[127.0.0.1]",
        "a@b.example\\u0000",
    ],
)
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


def test_more_than_twenty_proof_addresses_are_refused(tmp_path: Path) -> None:
    many = ", ".join(f'"a{n}@example.org"' for n in range(21))
    text = WHOLE.replace('addresses = ["editor@example.org"]', f"addresses = [{many}]")
    assert problems(tmp_path, text)[0].endswith("holds 21 entries; write at most 20")


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


TOML = st.recursive(
    st.one_of(st.text(max_size=8), st.integers(-9, 9), st.booleans()),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["name", "from", "editors", "timezone", "x", "hold"]), TOML))
def test_any_values_are_settings_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    def written(value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list):
            return "[" + ", ".join(map(written, value)) + "]"
        if isinstance(value, str):
            return (
                '"'
                + "".join(
                    f"\\U{ord(char):08X}" for char in value if not 0xD800 <= ord(char) < 0xE000
                )
                + '"'
            )
        return str(value)

    lines = "\n".join(f"{key} = {written(value)}" for key, value in values.items())
    text = f"[newsletter]\n{lines}\n[newsletters.daily]\n{lines}\n"
    for problem in problems(tmp_path_factory.mktemp("toml"), text):
        assert problem.startswith("newsletter.toml:")
        assert problem.isprintable()


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


def test_an_unknown_newsletter_gets_the_nearest_name(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE)
    with pytest.raises(NotFound) as caught:
        newsletter_named(settings, "dialy")
    assert caught.value.hint == "did you mean daily?"


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "newsletter.toml"
    file.write_bytes(b"# x\n# \xff\n")
    with pytest.raises(ConfigError, match=r"newsletter\.toml:2: a byte that is not UTF-8"):
        load_settings(file, {})


def test_a_newsletter_knows_the_line_that_names_its_template(tmp_path: Path) -> None:
    newsletter = load(tmp_path, WHOLE).newsletters[0]
    assert WHOLE.split("\n")[newsletter.template_line - 1] == 'template = "daily"'
    usual = load(tmp_path, WHOLE.replace('template = "daily"\n', "")).newsletters[0]
    assert WHOLE.split("\n")[usual.template_line - 1] == "[newsletters.daily]"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("postal_address", "postal_adress"), ("name", "nmae"), ("cron", "crno")],
)
def test_a_misspelt_key_is_not_missing_too(tmp_path: Path, right: str, wrong: str) -> None:
    (told,) = problems(tmp_path, WHOLE.replace(f"\n{right} = ", f"\n{wrong} = ", 1))
    assert f"{wrong}: there is no such key; did you mean {right}?" in told
