"""Settings that load, and are not fit for readers yet."""

from pathlib import Path

import pytest
from doctor.zones import states
from paper import PAPER

from newsletter.config.load import load_settings
from newsletter.doctor.setting_findings import judge_mistakes, judge_settings
from newsletter.model.diagnosis import Diagnosis, State

ROOT = Path(__file__).parents[2]
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
@pytest.mark.parametrize(
    ("before", "after", "check", "state"),
    [
        ("news@paper.news", "news@paper.example", "placeholders", State.ERROR),
        ("bounces@paper.news", "bounces@example.org", "placeholders", State.ERROR),
        ("1 High Street", "1 Example Street", "placeholders", State.ERROR),
        ("news@paper.news", "paper@gmail.com", "foreign-from", State.ERROR),
        ("https://letters.paper.news", "http://127.0.0.1:8025", "public-url", State.ERROR),
        ('editors = ["desk@paper.news"]\n', "", "editors", State.WARNING),
        ('reply_to = "desk@paper.news"\n', "", "reply-to", State.WARNING),
        ('addresses = ["desk@paper.news"]', "addresses = []", "proof-addresses", State.WARNING),
        ('return_path = "bounces@paper.news"\n', "", "return-path", State.WARNING),
        ('[newsletters.daily.schedule]\ncron = "30 6 * * mon-fri"\n', "", "schedule", State.INFO),
    ],
)
def test_each_gap_is_told(
    tmp_path: Path, before: str, after: str, check: str, state: State
) -> None:
    assert before in OWN
    found = judged(tmp_path, OWN.replace(before, after), **{VARIABLE: PASSWORD})
    gaps = {name: how for name, how in states(found).items() if how is not State.WELL}
    assert gaps == {check: state}
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
    found = judge_mistakes("newsletter.toml", ("newsletter.toml:3: from: is empty", "X: is wrong"))
    assert [each.message for each in found] == ["3: from: is empty", "X: is wrong"]
    assert states(found) == {"settings": State.ERROR}
