from pathlib import Path

import pytest

from newsletter.checks.registry import check_rules
from newsletter.config.load import load_settings, newsletter_named
from newsletter.errors import ConfigError
from newsletter.model.finding import CheckLevel, Levels

WITHOUT = """\
[newsletter]
name = "Example News"
from = "Example News <news@example.org>"
postal_address = "1 Example Street, London"
public_url = "https://news.example.org"
language = "en-GB"
timezone = "Europe/London"
[newsletters.daily]
[newsletters.weekly]
"""
OFF, INFO, WARNING, ERROR = CheckLevel


def levels(folder: Path, text: str, newsletter: str = "daily") -> Levels:
    file = folder / "newsletter.toml"
    file.write_text(WITHOUT + text, "utf-8")
    return newsletter_named(load_settings(file, {}, check_rules), newsletter).check_levels


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        levels(folder, text)
    return [problem.removeprefix("newsletter.toml:") for problem in caught.value.problems]


def test_levels_hold_for_every_newsletter_and_its_own_stand_above(tmp_path: Path) -> None:
    text = '[checks]\nS12 = "off"\nS11 = "error"\n[newsletters.weekly.checks]\nS12 = "warning"\n'
    assert levels(tmp_path, text) == (("S11", ERROR), ("S12", OFF))
    assert levels(tmp_path, text, "weekly") == (("S11", ERROR), ("S12", WARNING))


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        '[checks]\nS070 = "off"\nsubject-lenght = "off"\nO15 = "warning"\nO11 = "off"\n'
        'S01 = "loud"\nS07 = false\nzzz = "off"\n[newsletters.weekly.checks]\nS04 = "off"\n'
    )
    assert problems(tmp_path, text) == [
        "11: checks.S070: there is no such check; did you mean S07 (story-complete)?",
        "12: checks.subject-lenght: there is no such check; did you mean S01 (subject-length)?",
        "13: checks.O15: cannot be set: a reader must be able to leave, by law and by the rules of "
        "the large mail providers; take the line out",
        '14: checks.O11: is set elsewhere; write link = "block", "warn" or "off" into [recheck]',
        '15: checks.S01: is "loud"; write "off" or "info" or "warning" or "error"',
        '16: checks.S07: is False; write "off" or "info" or "warning" or "error"',
        "17: checks.zzz: there is no such check; docs/reference/checks.md lists them",
        "19: newsletters.weekly.checks.S04: cannot be set: asking for money for an appeal that is "
        "not open misleads readers; take the line out",
    ]
